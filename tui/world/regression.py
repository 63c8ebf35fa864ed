"""Which effects make which conditions true: the planner's rules of regression."""

from __future__ import annotations

from tui.world.board import Board
from tui.world.conditions import AllOf, AnyOf, Condition, Not, Test, compare, tests_in
from tui.world.effects import Effect
from tui.world.sources import key_of


def is_lasting(condition: Condition) -> bool:
    """Whether a condition means the same wherever the player stands."""
    return all(
        test.kind not in {"here", "player_at", "visited", "dark"} for test in tests_in(condition)
    )


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """What must hold one by one for a condition to hold."""
    return condition.parts if isinstance(condition, AllOf) else (condition,)


def is_where(condition: Condition) -> bool:
    """Whether it asks only where the player stands: true now and false a step later."""
    if isinstance(condition, Not):
        return is_where(condition.part)
    if isinstance(condition, Test):
        return condition.kind in {"player_at", "here", "dark"}
    return bool(condition.parts) and all(is_where(part) for part in condition.parts)


def where_last(parts: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """The parts, those that ask where the player stands last."""
    return tuple(sorted(parts, key=is_where))


def lasting(condition: Condition) -> Condition | None:
    """What of a condition can be brought about for good; nothing where only a place matters."""
    if is_where(condition):
        return None
    if isinstance(condition, Not) and isinstance(condition.part, AllOf):
        kept = tuple(Not(part) for part in condition.part.parts if not is_where(part))
        return AnyOf(kept)
    return condition


def key_of_test(test: Test) -> str:
    """What an effect has to change to make a test true; empty where none can."""
    if test.kind in {"carried", "worn", "held_by", "at_place"}:
        return f"{test.a}@"
    return {
        "is": f"{test.a}.",
        "here": f"{test.a}@",
        "flag": f"flag.{test.a}",
        "count": f"count.{test.a}",
        "mood": f"{test.a}.mood",
        "heard": f"{test.a}.heard.{test.b}",
        "met": f"{test.a}.met",
        "follows": f"{test.a}.follows",
        "done": f"step.{test.a}",
        "player_at": "player@",
        "visited": "player@",
    }.get(test.kind, "")


def makes(effect: Effect, test: Test, wanted: bool, board: Board) -> bool:
    """Whether an effect brings a test nearer to being so (or not so)."""
    if key_of(effect) != key_of_test(test):
        return False
    if effect.kind == "move":
        return _moves_there(effect, test, wanted, board)
    if effect.kind == "set":
        if test.kind != "is":
            return False
        same = effect.b == test.b or (test.b == "unlocked" and effect.b == "open")
        return same == wanted
    if effect.kind == "value":
        return bool(effect.n) == wanted
    if test.op:
        now = board.number(effect.a)
        then = effect.n if effect.kind == "number" else now + effect.n
        reaches = compare(then, test.op, test.n)
        rises = then > now and test.op in {">=", ">", "="} and now < test.n
        falls = then < now and test.op in {"<=", "<", "="} and now > test.n
        return reaches == wanted or (wanted and (rises or falls))
    return False


def _moves_there(effect: Effect, test: Test, wanted: bool, board: Board) -> bool:
    target = {
        "carried": "carried",
        "worn": "worn",
        "player_at": test.a,
        "visited": test.a,
        "here": board.place,
    }.get(test.kind, test.b)
    there = effect.b == target or (effect.b == "here" and test.kind in {"here", "carried"})
    if test.kind == "carried" and effect.b == "here":
        there = True
    return there == wanted
