"""The names that a world's conditions and effects may use, and how a wrong one is said."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tui.world.board import STATE_WORDS


class SpellingError(ValueError):
    """A condition, effect or pattern that makes no sense; `mending` says what would."""

    def __init__(self, text: str, mending: str = "") -> None:
        self.text = text
        self.mending = mending
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class Ids:
    """Every id that a world has, by kind."""

    places: Collection[str]
    things: Collection[str]
    folk: Collection[str]
    topics: Mapping[str, Collection[str]]
    pleas: Mapping[str, Collection[str]]
    exits: Mapping[str, Collection[str]]
    states: Mapping[str, Collection[str]]
    flags: Collection[str]
    counters: Collection[str]
    steps: Collection[str]
    endings: Collection[str]
    verbs: Collection[str]

    def need(self, id_: str, *kinds: str) -> str:
        """The id, if it is one of these kinds; a `SpellingError` with the nearest else."""
        known: list[str] = [name for kind in kinds for name in getattr(self, kind)]
        if id_ in known:
            return id_
        what = " or ".join(_SINGULAR[kind] for kind in kinds)
        raise SpellingError(f"there is no {what} '{id_}'", nearest(id_, known))

    def state(self, id_: str, word: str) -> str:
        """A state that a thing or person can be in."""
        self.need(id_, "things", "folk")
        own = self.states.get(id_, ())
        if word in own or word in STATE_WORDS:
            return word
        raise SpellingError(
            f"'{id_}' has no state '{word}'",
            nearest(word, [*own, *STATE_WORDS]) or f"give it `states: [..., {word}]`",
        )


_SINGULAR = {
    "places": "place",
    "things": "thing",
    "folk": "person",
    "flags": "flag that is ever set",
    "counters": "counter",
    "steps": "step with the id",
    "endings": "ending",
}


def nearest(word: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"did you mean {near[0]}?" if near else ""
