"""The telling layer: a plain and correct sentence or two for any outcome, without a model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from zlib import crc32

from tui.world.agreement import agreeing, fill, fillable, sentence
from tui.world.board import Board
from tui.world.checking import check_words
from tui.world.details import look_text
from tui.world.hearing import content, normal, stems
from tui.world.nowline import kind_of
from tui.world.phrasebook import patterns
from tui.world.values import Fact, Outcome

OPTIONAL_SLOTS = ("thing", "near1", "near2", "from", "way", "where")
AFTER: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("unlock", "open"): "open_unlocked",
        ("search", "find"): "find_searching",
        ("search", "nothing_found"): "nothing_searching",
        ("search", "reveal"): "reveal_searching",
    }
)
"""What is said otherwise after what was just said of the same thing."""


def tell(board: Board, outcome: Outcome, seed: int) -> str:
    """What happened, in second person and present tense.

    The variants follow each other from turn to turn; another seed begins elsewhere. Looking
    round adds the place's own look; so does the first arrival, where no sight is told of it.
    """
    said: list[str] = []
    before: list[Fact] = []
    looks = ""
    turn = crc32(str(seed).encode()) + board.turn
    for index, made in enumerate(outcome.facts):
        text = "" if _was_seen(board, made, looks) else _say(board, made, before, turn + index)
        before.append(made)
        if text and text not in said:
            said.append(text)
        if made.kind in {"arrive", "look"} and _looks_round(board, made, outcome):
            looks = look_text(board, board.model.places[board.place].looks)
            said.append(sentence(looks))
    return " ".join(part for part in said if part) or "Nothing happens."


def _say(board: Board, made: Fact, before: Sequence[Fact], turn: int) -> str:
    words = _spoken(agreeing(made.args)) if made.kind == "tell" else agreeing(made.args)
    own = board.model.file.refusals.get(made.kind, ())
    usual = patterns("telling")[_key(board, made, before)]
    ways = fillable(own, words) or _best(fillable(usual, words))
    return _tidy(fill(ways[turn % len(ways)], words)) if ways else ""


def _key(board: Board, made: Fact, before: Sequence[Fact]) -> str:
    """Under which key a fact's sentences are, after what was said before it."""
    if made.kind == "examine" and any(
        one.name.text in made.names for one in board.model.folk.values()
    ):
        return "examine_person"
    if not before or kind_of(made) != made.kind:
        return kind_of(made)
    person = made.args.get("person", "")
    if made.kind == "receive" and any(one.args.get("person") == person for one in before):
        return "receive_then"
    return AFTER.get((before[-1].kind, made.kind), made.kind)


def _spoken(words: Mapping[str, str]) -> dict[str, str]:
    """What is said as a quoted sentence (`words`), and as one that goes on (`said`)."""
    text = words["words"].strip('“”" ').rstrip(" ,;:")
    text = text[:1].upper() + text[1:]
    ended = text.endswith(("!", "?", "…"))
    plain = text if ended else text.rstrip(".")
    return {
        **words,
        "words": plain if ended else f"{plain}.",
        "said": plain if ended else f"{plain},",
    }


def _best(ways: Sequence[str]) -> list[str]:
    """The ways that say most of what is known: not just `Marta comes` where she comes from somewhere."""
    said = [sum(f"{{{slot}}}" in way for slot in OPTIONAL_SLOTS) for way in ways]
    return [way for way, count in zip(ways, said, strict=True) if count == max(said)]


def _was_seen(board: Board, made: Fact, looks: str) -> bool:
    """Whether a third of a place's sight was told with its look already: twice is too often."""
    sight = board.model.places[board.place].file.sight
    if not looks or made.kind != "result" or made.args["text"] != sight:
        return False
    words, _ = content(sight, check_words().stop)
    return 3 * len(words & stems(normal(looks))) >= len(words)


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
