"""From sampled ids to text that can be shown: whole characters, nothing of a stop string."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence


class Stream:
    """Collects a reply's ids and gives out text in whole tokens as soon as it is certain.

    Held back are characters that are not complete and whatever may still become a stop
    string. `stop_string` is set once one is found; `released` are the ids that were given out.
    """

    def __init__(self, piece: Callable[[int], bytes], stops: Sequence[str]) -> None:
        """`piece` tells an id's bytes. Watch for these stop strings; of two at one place the first named is taken."""
        self._piece = piece
        self._stops = tuple(stop for stop in stops if stop)
        self._prefixes = {stop[:length] for stop in self._stops for length in range(1, len(stop))}
        self._longest = max(map(len, self._prefixes), default=0)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self._held_ids: list[tuple[int, int, bool]] = []
        self._text = ""
        self._ids: list[int] = []
        self._ends: list[int] = []
        self.released: list[int] = []
        self.stop_string = ""

    def feed(self, token: int) -> None:
        """Take one sampled id."""
        self._held += self._decoder.decode(self._piece(token))
        whole = not self._decoder.getstate()[0]
        self._held_ids.append((token, len(self._held), whole))
        if not (self._stops and self._find_stop()):
            self._release(len(self._held) - self._possible_stop())

    def _find_stop(self) -> bool:
        """Look for the earliest stop string; give out what is before it, mid-token if need be."""
        places = [(self._held.find(stop), stop) for stop in self._stops if stop in self._held]
        if not places:
            return False
        place, self.stop_string = min(places, key=lambda item: item[0])
        rest = place - self._release(place)
        self._text += self._held[:rest]
        return True

    def _possible_stop(self) -> int:
        """The length of the longest end of the text that a stop string begins with."""
        for length in range(min(self._longest, len(self._held)), 0, -1):
            if self._held[-length:] in self._prefixes:
                return length
        return 0

    def _release(self, limit: int) -> int:
        """Give out the tokens that end at or before `limit`, none of a character's without all.

        How many characters that was.
        """
        count = end = 0
        for place, (_, token_end, whole) in enumerate(self._held_ids, 1):
            if token_end > limit:
                break
            if whole:
                count, end = place, token_end
        if count:
            ids = [token for token, _, _ in self._held_ids[:count]]
            self._ends += [len(self._text) + place for _, place, _ in self._held_ids[:count]]
            self._text += self._held[:end]
            self._ids += ids
            self.released += ids
            self._held = self._held[end:]
            rest = self._held_ids[count:]
            self._held_ids = [(token, place - end, whole) for token, place, whole in rest]
        return end

    def finish(self) -> None:
        """Give out what was held back only because a stop string might have come."""
        if not self.stop_string:
            self._release(len(self._held))

    def take(self) -> tuple[str, list[int], list[int]]:
        """The text and ids given out since the last call, and the characters up to each id's end."""
        taken = self._text, self._ids, self._ends
        self._text, self._ids, self._ends = "", [], []
        return taken
