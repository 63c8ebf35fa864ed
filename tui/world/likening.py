"""What words that no pattern reads might mean: possible deeds that share a word with them.

Whether one of them is meant is for a model to weigh, by how likely it finds what came of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from tui.world.apply.turn import take_turn
from tui.world.board import Board
from tui.world.hearing import normal, stems
from tui.world.nowline import clause
from tui.world.phrasing import phrasings
from tui.world.possible import possible_actions
from tui.world.reading_echo import in_words
from tui.world.reading_lexicon import lexicon
from tui.world.values import Action, State
from tui.world.verbs import LONE

UNLIKELY_VERBS = LONE | {"improvise", "drop", "say"}
SMALL = ("up", "down", "out", "over", "look", "try", "take", "all", "off", "go", "turn")
"""What too many deeds share."""
MOST_DEEDS = 8


def likened(board: Board, state: State, words: str) -> tuple[tuple[Action, str], ...]:
    """Possible deeds that share a word with `words`, each with the clause that it comes to.

    Those that share most come first, eight at most.
    """
    said = _content(words)
    found: list[tuple[int, Action]] = []
    for action in possible_actions(board):
        if action.verb in UNLIKELY_VERBS:
            continue
        plain = in_words(board.model, board.place, action.id)
        shared = said & _content(plain, *phrasings(board, action))
        if shared:
            found.append((len(shared), action))
    found.sort(key=lambda one: -one[0])
    return tuple((action, _comes_to(board, state, action)) for _, action in found[:MOST_DEEDS])


def _content(*texts: str) -> set[str]:
    return _stems(texts) - _empty_stems()


@cache
def _empty_stems() -> set[str]:
    """Stems that say nothing of what is meant."""
    return stems(" ".join((*lexicon().small.empty, *SMALL)))


def _stems(texts: Iterable[str]) -> set[str]:
    return stems(normal(" ".join(texts)))


def _comes_to(board: Board, state: State, action: Action) -> str:
    _, outcome = take_turn(board.model, state, [action])
    return clause(outcome.facts[0]) if outcome.facts else ""
