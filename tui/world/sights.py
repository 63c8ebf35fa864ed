"""What is spoken of and no thing of the world: it can be looked at, and that is all.

An author names such sights; every other noun of a place's look is one by itself, and what
looking tells of it is the clause that speaks of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tui.cards.worldfile import words_of
from tui.world.board import Board
from tui.world.checking import check_words
from tui.world.details import look_text
from tui.world.reading_tokens import stem

MOST_WORDS = 22
SHORT = 50
"""Letters up to which a clause is likely to speak of one thing only."""
_CLAUSES = re.compile(r"(?<=[.!?;:])\s+|,\s+and\s+(?=[a-z]+\s+[a-z]+\s)")


@dataclass(frozen=True, slots=True)
class Sight:
    """Something to look at: how it was called, and what looking tells, as a clause."""

    name: str
    text: str


def sight_of(board: Board, noun: Sequence[str]) -> Sight | None:
    """The sight that words name here, as the author or the place's own look has it."""
    said = [stem(word.lower()) for word in noun]
    if not said or board.is_dark():
        return None
    place = board.model.places[board.place]
    for sights in (place.file.sights, board.model.file.sights):
        found = _named(sights, said)
        if found is not None:
            return found
    if said[-1] in check_words().stop or len(said[-1]) < 3:
        return None
    return min(_told(board, said[-1]), key=lambda sight: len(sight.text) > SHORT, default=None)


def sight_words(sights: Mapping[str, str]) -> set[str]:
    """Every word of the names of an author's sights."""
    return {word for names in sights for word in names.lower().replace(",", " ").split()}


def _told(board: Board, head: str) -> Iterator[Sight]:
    """What the place's own texts say of a noun, clause for clause."""
    for clause in _clauses(board):
        words = [word.lower() for word in words_of(clause)]
        shown = next((word for word in words if stem(word) == head), "")
        if shown and len(words) <= MOST_WORDS:
            yield Sight(f"the {shown}", _as_clause(board, clause))


def _named(sights: Mapping[str, str], said: Sequence[str]) -> Sight | None:
    """The author's sight that any of its names fits; it is told by its first."""
    for names, text in sights.items():
        every = [name.strip() for name in names.split(",")]
        for name in every:
            own = [stem(word) for word in name.lower().split()]
            if own == list(said) or own[-1:] == list(said):
                shown = every[0] if every[0][:1].isupper() else f"the {every[0]}"
                return Sight(shown, text)
    return None


def _clauses(board: Board) -> Iterator[str]:
    place = board.model.places[board.place]
    for text in (place.file.sight, look_text(board, place.looks)):
        yield from (part.strip() for part in _CLAUSES.split(text) if part.strip())


def _as_clause(board: Board, text: str) -> str:
    """A sentence as the end of another: a small first letter, unless a name begins it."""
    first, *rest = words_of(text)
    model = board.model
    named = (*model.places.values(), *model.things.values(), *model.folk.values())
    own = any(first in words_of(one.name.text) for one in named)
    proper = own or first == "I" or "".join(rest[:1])[:1].isupper()
    return (text if proper else text[:1].lower() + text[1:]).rstrip(".!?;:,")
