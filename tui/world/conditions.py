"""Conditions as values: what a world's `when:` means, once its words are understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.world.board import Board


@dataclass(frozen=True, slots=True)
class Test:
    """One thing that holds or doesn't."""

    kind: str
    a: str = ""
    b: str = ""
    op: str = ""
    n: int = 0


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    part: Condition


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds; no parts hold always."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Some part holds."""

    parts: tuple[Condition, ...]


Condition = Test | Not | AllOf | AnyOf
ALWAYS = AllOf()


def holds(condition: Condition, board: Board) -> bool:
    """Whether a condition holds on a board."""
    if isinstance(condition, Test):
        return _TESTS[condition.kind](board, condition)
    if isinstance(condition, AllOf):
        return all(holds(part, board) for part in condition.parts)
    if isinstance(condition, Not):
        return not holds(condition.part, board)
    return any(holds(part, board) for part in condition.parts)


def tests_in(condition: Condition) -> tuple[Test, ...]:
    """Every Test of a condition, in order."""
    if isinstance(condition, Test):
        return (condition,)
    if isinstance(condition, Not):
        return tests_in(condition.part)
    return tuple(test for part in condition.parts for test in tests_in(part))


def compare(left: int, op: str, right: int) -> bool:
    """`left op right` for the five comparisons that authors write."""
    return {">=": left >= right, "<=": left <= right, ">": left > right, "<": left < right}.get(
        op, left == right
    )


def _is(board: Board, test: Test) -> bool:
    return board.is_in_state(test.a, test.b)


def _time(board: Board, test: Test) -> bool:
    clock = board.minutes % (24 * 60)
    return clock >= test.n if test.op == "after" else clock < test.n


_TESTS: Mapping[str, Callable[[Board, Test], bool]] = MappingProxyType(
    {
        "carried": lambda board, test: board.is_carried(test.a),
        "worn": lambda board, test: board.location(test.a) == "worn",
        "player_at": lambda board, test: board.place == test.a,
        "visited": lambda board, test: board.flag(f"{test.a}.visited"),
        "at_place": lambda board, test: board.place_of(test.a) == test.b,
        "held_by": lambda board, test: board.location(test.a) == test.b,
        "here": lambda board, test: board.is_here(test.a),
        "is": _is,
        "flag": lambda board, test: board.flag(f"flag.{test.a}"),
        "count": lambda board, test: compare(board.number(f"count.{test.a}"), test.op, test.n),
        "mood": lambda board, test: compare(board.number(f"{test.a}.mood"), test.op, test.n),
        "heard": lambda board, test: board.flag(f"{test.a}.heard.{test.b}"),
        "met": lambda board, test: board.flag(f"{test.a}.met"),
        "follows": lambda board, test: board.flag(f"{test.a}.follows"),
        "time": _time,
        "turn": lambda board, test: compare(board.turn, test.op, test.n),
        "dark": lambda board, _test: board.is_dark(),
        "done": lambda board, test: board.flag(f"step.{test.a}"),
    }
)
