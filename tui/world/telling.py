"""The telling layer: a plain and correct sentence or two for any outcome, without a model."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tui.world.agreement import agreeing, fill, fillable, sentence
from tui.world.board import Board
from tui.world.details import look_text
from tui.world.phrasebook import patterns
from tui.world.values import Fact, Outcome

OPTIONAL_SLOTS = ("thing", "near1", "near2", "from", "way")


def tell(board: Board, outcome: Outcome, seed: int) -> str:
    """What happened, in second person and present tense; variants turn with the seed.

    Looking round adds the place's own look; so does the first arrival, where no sight is told of it.
    """
    said: list[str] = []
    before: Fact | None = None
    for index, made in enumerate(outcome.facts):
        text = _say(board, made, before, seed + 3 * board.turn + index)
        before = made
        if text and text not in said:
            said.append(text)
        if made.kind in {"arrive", "look"} and _looks_round(board, made, outcome):
            said.append(sentence(look_text(board, board.model.places[board.place].looks)))
    if not said:
        return "Nothing happens."
    return " ".join(part for part in said if part)


def _say(board: Board, made: Fact, before: Fact | None, turn: int) -> str:
    words = agreeing(made.args)
    own = board.model.file.refusals.get(made.kind, ())
    ways = fillable(own, words) or _best(fillable(patterns("telling")[made.kind], words))
    if not ways:
        return ""
    if made.kind == "open" and before is not None and before.kind == "unlock":
        return sentence(fill("{it} open{ps}", words))
    return _tidy(fill(ways[turn % len(ways)], words))


def _best(ways: Sequence[str]) -> list[str]:
    """The ways that say most of what is known: not just `Marta comes` where she comes from somewhere."""
    said = [sum(f"{{{slot}}}" in way for slot in OPTIONAL_SLOTS) for way in ways]
    return [way for way, count in zip(ways, said, strict=True) if count == max(said)]


def _looks_round(board: Board, made: Fact, outcome: Outcome) -> bool:
    place = board.model.places[board.place]
    sight = place.file.sight
    if made.kind == "arrive" and any(
        sight and sight == fact.args.get("text") for fact in outcome.facts
    ):
        return False
    if board.is_dark() or made.args["place"] != place.name.the:
        return False
    return made.kind == "look" or not board.flag(f"{board.place}.known")


def _tidy(text: str) -> str:
    """One full stop after another's, and capitals where sentences begin."""
    text = re.sub(r"([.!?…])([”\"]?)\.(?=\s|$)", r"\1\2", text)
    parts = re.split(r"(?<=[.!?])\s+", text.strip())
    return " ".join(sentence(part) for part in parts)
