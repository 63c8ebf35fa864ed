"""Effects as values, and what each does to a board."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.world.board import Board


@dataclass(frozen=True, slots=True)
class Effect:
    """One change."""

    kind: str
    a: str = ""
    b: str = ""
    n: int = 0


def carry_out(effects: Iterable[Effect], board: Board) -> None:
    """Do every effect, in order."""
    for effect in effects:
        _ONE[effect.kind](board, effect)


def _move(board: Board, effect: Effect) -> None:
    target = board.place if effect.b == "here" else effect.b
    if effect.a == "player":
        board.enter(target)
    else:
        board.move(effect.a, target)


def _end(board: Board, effect: Effect) -> None:
    board.ended = board.ended or effect.a


def _pass_time(board: Board, effect: Effect) -> None:
    board.minutes += effect.n


def _set_state(board: Board, effect: Effect) -> None:
    board.set_state(effect.a, effect.b)


def _set_value(board: Board, effect: Effect) -> None:
    board.set(effect.a, bool(effect.n))


def _count(board: Board, effect: Effect) -> None:
    board.set(effect.a, board.number(effect.a) + effect.n)


def _set_number(board: Board, effect: Effect) -> None:
    board.set(effect.a, effect.n)


_ONE = {
    "move": _move,
    "set": _set_state,
    "value": _set_value,
    "count": _count,
    "number": _set_number,
    "time": _pass_time,
    "end": _end,
}
