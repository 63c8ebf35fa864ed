"""Whether what a deed is about is there at all, and within reach."""

from __future__ import annotations

from tui.world.apply.attempt import Refusal
from tui.world.board import Board
from tui.world.facts import fact, nears
from tui.world.values import Fact

FREE: Refusal = ()


def seen(board: Board, id_: str) -> Refusal:
    """Whether a thing or person can be seen."""
    if id_ in board.scope():
        return FREE
    if board.is_dark():
        return (fact(board.model, "too_dark", {"place": board.place}),)
    return (missed(board, board.model.name(id_).a, id_),)


def missed(board: Board, noun: str, id_: str = "") -> Fact:
    """That a noun is looked for in vain; somebody of that id is told of as a person."""
    ids = {"noun": id_} if id_ in board.model.folk else {}
    near1, near2 = nears(board)
    return fact(board.model, "absent", ids, noun=noun, near1=near1, near2=near2)


def reached(board: Board, id_: str) -> Refusal:
    """Whether a thing or person is within reach, and nobody else's."""
    why = seen(board, id_)
    if why:
        return why
    owner = board.scope()[id_]
    if owner:
        return (
            fact(
                board.model,
                "refuse_person",
                {"person": owner},
                what=f"to give up {board.model.the(id_)}",
            ),
        )
    return FREE


def carried(board: Board, id_: str) -> Refusal:
    """Whether a thing is carried or worn."""
    if board.is_carried(id_):
        return FREE
    return reached(board, id_) or (fact(board.model, "not_held", {"thing": id_}),)


def first_of(*refusals: Refusal) -> Refusal:
    """The first refusal that is one."""
    return next((why for why in refusals if why), FREE)
