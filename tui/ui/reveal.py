"""The steady pace at which a reply appears, however unevenly it arrives."""

from __future__ import annotations

STEADY = 120.0
"""Characters in a second."""
LONGEST_LAG_SECONDS = 4.0
"""A reply that is further behind than this is shown faster."""

LONGEST_WORD = 40
"""Scripts without spaces appear letter by letter."""


class Reveal:
    """How much of a growing text is shown.

    Words appear whole, so that no line breaks anew while one grows.
    """

    def __init__(self, pace: float = STEADY) -> None:
        """Begin with nothing; `pace` is in characters a second, 0 shows all at once."""
        self.pace = pace
        self.text = ""
        self.whole = False
        self._place = 0.0
        self._shown = 0

    def arrive(self, text: str) -> None:
        """More of the text is there."""
        self.text += text

    def end(self, text: str | None = None) -> None:
        """The text is complete; `text` is what it is in the end."""
        if text is not None:
            self.text = text
        self.whole = True

    def complete(self) -> None:
        """Everything that arrived is shown at once."""
        self._place = float(len(self.text))
        self._shown = len(self.text) if self.whole else self._word_end(len(self.text))

    def advance(self, seconds: float) -> bool:
        """Time passes; whether more is shown than before."""
        before = self._shown
        if not self.pace:
            self.complete()
            return self._shown != before
        behind = len(self.text) - self._place
        self._place = min(
            self._place + max(self.pace, behind / LONGEST_LAG_SECONDS) * seconds, len(self.text)
        )
        done = self.whole and self._place >= len(self.text)
        self._shown = len(self.text) if done else max(before, self._word_end(int(self._place)))
        return self._shown != before

    def _word_end(self, place: int) -> int:
        """The last place at or before `place` where no word is cut."""
        if place < len(self.text) and self.text[place].isspace():
            return place
        cut = max(self.text.rfind(" ", 0, place), self.text.rfind("\n", 0, place), 0)
        return cut if place - cut <= LONGEST_WORD else place

    @property
    def shown(self) -> str:
        """The text as far as it is shown."""
        return self.text[: self._shown]

    @property
    def finished(self) -> bool:
        """Whether all of a complete text is shown."""
        return self.whole and self._shown >= len(self.text)
