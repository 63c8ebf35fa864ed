"""Going from place to place."""

from __future__ import annotations

from tui.world.apply.attempt import Attempt, Refusal
from tui.world.apply.rules import live_rules
from tui.world.board import Board
from tui.world.conditions import holds
from tui.world.facts import fact
from tui.world.model import Exit


def way_seen(board: Board, key: str) -> Refusal:
    """Whether there is such a way."""
    if way_of(board, key) is None:
        return (fact(board.model, "no_way", way=key.replace("_", " ")),)
    return ()


def way_of(board: Board, key: str) -> Exit | None:
    """The exit with that key, if it can be seen."""
    return next((way for way in board.exits() if way.key == key), None)


def way_free(board: Board, key: str) -> Refusal:
    """Whether the way can be gone."""
    way = way_of(board, key)
    if way is None:
        return way_seen(board, key)
    if way.door is not None and board.flag(f"{way.door}.locked"):
        return (fact(board.model, "locked", {"thing": way.door}),)
    if holds(way.when, board):
        return ()
    told = (fact(board.model, "result", text=way.refuse),) if way.refuse else ()
    if way.blocked_by is not None:
        return (
            fact(board.model, "blocked", {"by": way.blocked_by}, what=f"the way {way.by}"),
            *told,
        )
    return told or (fact(board.model, "no_way", way=way.by),)


def go(attempt: Attempt, key: str) -> None:
    """Go that way, opening a door that is only shut."""
    board = attempt.board
    way = way_of(board, key)
    if way is None:
        return
    if way.door is not None and not board.flag(f"{way.door}.open"):
        board.set_state(way.door, "open")
        attempt.tell("open", thing=way.door)
    leaving = next(
        (rule for rule in live_rules(board, "leave", (board.place,)) if not rule.refuse), None
    )
    if leaving is not None:
        attempt.obey(leaving)
        attempt.say(leaving.say)
    if way.minutes is not None:
        attempt.minutes += way.minutes
    new = not board.flag(f"{way.to}.visited")
    board.enter(way.to)
    attempt.add(fact(board.model, "arrive", {"place": way.to}, way=way.by))
    if board.is_dark():
        attempt.tell("darkness", place=way.to)
    elif new:
        attempt.say(board.model.places[way.to].file.sight, optional=True)


def come_in(attempt: Attempt) -> None:
    """What rules say of entering the places that were entered since the last time."""
    board = attempt.board
    for _ in range(4):  # a rule may move the player on; a circle of such rules ends here
        entered, board.entered = board.entered, []
        if not entered:
            return
        for place in entered:
            for rule in live_rules(board, "enter", (place,)):
                if not rule.refuse:
                    attempt.obey(rule)
                    attempt.say(rule.say)
                    break
    board.entered = []
