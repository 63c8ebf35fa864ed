"""Taking, dropping, putting, wearing, eating, drinking, breaking."""

from __future__ import annotations

from tui.world.apply.attempt import Attempt, Refusal
from tui.world.apply.reach import carried, first_of, reached
from tui.world.board import HELD, Board
from tui.world.facts import fact


def can_take(board: Board, id_: str) -> Refusal:
    """Whether a thing within reach can be taken."""
    model = board.model
    if id_ in model.folk:
        return (fact(model, "unwilling", {"person": id_}, what="to be carried"),)
    if board.location(id_) in HELD:
        return (fact(model, "already", {"thing": id_}, state="yours"),)
    if not model.things[id_].portable:
        return (fact(model, "fixed", {"thing": id_}),)
    most = model.file.carry_at_most
    if most is not None and not board.is_carried(id_) and len(board.contents("carried")) >= most:
        return (fact(model, "carried_enough", {"thing": id_}),)
    return ()


def take(attempt: Attempt, id_: str) -> None:
    """Take a thing into the hands."""
    board = attempt.board
    holder = board.location(id_)
    board.move(id_, "carried")
    if holder in board.model.things:
        attempt.tell("take_from", thing=id_, holder=holder)
    else:
        attempt.tell("take", thing=id_)


def drop(attempt: Attempt, id_: str) -> None:
    """Put a thing down."""
    attempt.board.move(id_, attempt.board.place)
    attempt.tell("drop", thing=id_)


def both_there(board: Board, id_: str, target: str) -> Refusal:
    """Whether a thing is carried and its target within reach."""
    return first_of(carried(board, id_), reached(board, target))


def can_put(board: Board, id_: str, target: str) -> Refusal:
    """Whether a thing can be put in or on another."""
    model = board.model
    holder = model.things.get(target)
    if holder is None or holder.file.holds is None or id_ == target or board.place_of(target) == "":
        where = "itself" if id_ == target else model.the(target)
        return (fact(model, "impossible", what=f"put {model.the(id_)} on {where}"),)
    if board.location(id_) == target:
        return (fact(model, "already", {"thing": id_}, state="there"),)
    if not board.shows_contents(target):
        return (fact(model, "not_open", {"thing": target}),)
    if id_ in _around(board, target):
        return (fact(model, "impossible", what=f"put {model.the(id_)} into itself"),)
    return ()


def _around(board: Board, id_: str) -> list[str]:
    chain: list[str] = []
    while id_ in board.model.start_at:
        id_ = board.location(id_)
        chain.append(id_)
    return chain


def put(attempt: Attempt, id_: str, target: str) -> None:
    """Put a thing in or on another."""
    attempt.board.move(id_, target)
    kind = "put_on" if attempt.model.things[target].file.holds == "on" else "put_in"
    attempt.tell(kind, thing=id_, target=target)


def can_wear(board: Board, id_: str) -> Refusal:
    """Whether a thing can be put on."""
    if board.location(id_) == "worn":
        return (fact(board.model, "already", {"thing": id_}, state="on you"),)
    if not board.model.things[id_].file.wearable:
        return (fact(board.model, "impossible", what=f"wear {board.model.the(id_)}"),)
    return () if board.is_carried(id_) else can_take(board, id_)


def wear(attempt: Attempt, id_: str) -> None:
    """Put a thing on."""
    attempt.board.move(id_, "worn")
    attempt.tell("wear", thing=id_)


def is_worn(board: Board, id_: str) -> Refusal:
    """Whether a thing is worn."""
    if board.location(id_) == "worn":
        return ()
    if board.model.things[id_].file.wearable:
        return (fact(board.model, "already", {"thing": id_}, state="off"),)
    return (fact(board.model, "impossible", what=f"take off {board.model.the(id_)}"),)


def take_off(attempt: Attempt, id_: str) -> None:
    """Take a thing off."""
    attempt.board.move(id_, "carried")
    attempt.tell("take_off", thing=id_)


def can_eat(board: Board, id_: str) -> Refusal:
    """Whether a thing is food."""
    if not board.model.things[id_].file.edible:
        return (fact(board.model, "impossible", what=f"eat {board.model.the(id_)}"),)
    return ()


def eat(attempt: Attempt, id_: str) -> None:
    """Eat a thing up."""
    attempt.board.move(id_, "nowhere")
    attempt.tell("eat", thing=id_)


def can_drink(board: Board, id_: str) -> Refusal:
    """Whether a thing is a drink."""
    if not board.model.things[id_].file.drinkable:
        return (fact(board.model, "impossible", what=f"drink {board.model.the(id_)}"),)
    return ()


def drink(attempt: Attempt, id_: str) -> None:
    """Drink a thing up; what is fixed (a spring, a fountain) stays."""
    if attempt.model.things[id_].portable:
        attempt.board.move(id_, "nowhere")
    attempt.tell("drink", thing=id_)


def can_break(board: Board, id_: str) -> Refusal:
    """Whether a thing can be broken by hand."""
    if id_ in board.model.folk or not board.model.things[id_].file.breakable:
        return (fact(board.model, "impossible", what=f"break {board.model.the(id_)}"),)
    if board.flag(f"{id_}.broken"):
        return (fact(board.model, "already", {"thing": id_}, state="broken"),)
    return ()


def break_(attempt: Attempt, id_: str) -> None:
    """Break a thing; what was shut in it lies open."""
    attempt.board.set_state(id_, "broken")
    if attempt.board.has(id_, "open"):
        attempt.board.set_state(id_, "open")
    attempt.tell("break", thing=id_)
