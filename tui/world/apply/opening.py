"""Opening and closing, locking and unlocking, lighting and putting out."""

from __future__ import annotations

from dataclasses import replace

from tui.world.apply.attempt import Attempt, Refusal
from tui.world.apply.reach import carried, reached
from tui.world.board import Board
from tui.world.details import listed, visible_contents, where_held
from tui.world.facts import fact


def _no(board: Board, verb: str, id_: str) -> Refusal:
    return (fact(board.model, "impossible", what=f"{verb} {board.model.the(id_)}"),)


def can_open(board: Board, id_: str) -> Refusal:
    """Whether a thing can be opened."""
    if not board.has(id_, "open"):
        return _no(board, "open", id_)
    if board.flag(f"{id_}.locked"):
        return (fact(board.model, "locked", {"thing": id_}),)
    if board.flag(f"{id_}.open"):
        return (fact(board.model, "already", {"thing": id_}, state="open"),)
    return ()


def open_(attempt: Attempt, id_: str) -> None:
    """Open a thing, and see what is in it."""
    board = attempt.board
    board.set_state(id_, "open")
    attempt.tell("open", thing=id_)
    reveal(attempt, id_)


def reveal(attempt: Attempt, id_: str) -> bool:
    """Tell what can be seen in or on a thing; whether there is anything."""
    board = attempt.board
    inside = visible_contents(board, id_)
    if inside:
        made = fact(board.model, "reveal", {"holder": id_}, things=listed(board, inside))
        names = tuple(board.model.name(item).text for item in inside[:3])
        where = where_held(board, id_, inside[0])
        args = {**made.args, "where": "" if where.startswith("in ") else where}
        attempt.add(replace(made, args=args, names=(*names, *made.names)))
    return bool(inside)


def can_close(board: Board, id_: str) -> Refusal:
    """Whether a thing can be closed."""
    if not board.has(id_, "open") or board.flag(f"{id_}.broken"):
        return _no(board, "close", id_)
    if not board.flag(f"{id_}.open"):
        return (fact(board.model, "already", {"thing": id_}, state="closed"),)
    return ()


def close(attempt: Attempt, id_: str) -> None:
    """Close a thing."""
    attempt.board.set_state(id_, "closed")
    attempt.tell("close", thing=id_)


def key_there(board: Board, id_: str, key: str = "", verb: str = "unlock") -> Refusal:
    """Whether a thing is in reach and its key is carried."""
    why = reached(board, id_)
    if why:
        return why
    if not board.has(id_, "locked"):
        return _no(board, verb, id_)
    wanted = board.model.things[id_].file.key
    if not key:
        if wanted is not None and board.is_carried(wanted):
            return ()
        return (
            fact(
                board.model, "needs", {"thing": id_}, need="a key" if wanted else "more than a key"
            ),
        )
    if key in board.model.folk:
        return _no(board, verb, id_)
    why = carried(board, key)
    if why:
        return why
    return (
        () if key == wanted else (fact(board.model, "needs", {"thing": id_}, need="another key"),)
    )


def lock_key_there(board: Board, id_: str, key: str = "") -> Refusal:
    """The same for locking."""
    return key_there(board, id_, key, "lock")


def can_unlock(board: Board, id_: str, _key: str = "") -> Refusal:
    """Whether a thing is locked."""
    if board.flag(f"{id_}.locked"):
        return ()
    return (fact(board.model, "already", {"thing": id_}, state="unlocked"),)


def unlock(attempt: Attempt, id_: str, key: str = "") -> None:
    """Unlock a thing with its key; it opens."""
    used = key or attempt.model.things[id_].file.key or ""
    attempt.board.set_state(id_, "unlocked")
    attempt.tell("unlock", thing=id_, key=used)
    open_(attempt, id_)


def can_lock(board: Board, id_: str, _key: str = "") -> Refusal:
    """Whether a thing is not locked yet."""
    if not board.flag(f"{id_}.locked"):
        return ()
    return (fact(board.model, "already", {"thing": id_}, state="locked"),)


def lock(attempt: Attempt, id_: str, key: str = "") -> None:
    """Close a thing and lock it."""
    used = key or attempt.model.things[id_].file.key or ""
    attempt.board.set_state(id_, "locked")
    attempt.tell("lock", thing=id_, key=used)


def can_light(board: Board, id_: str) -> Refusal:
    """Whether a thing can be lit now."""
    if not board.has(id_, "lit"):
        return _no(board, "light", id_)
    if board.flag(f"{id_}.lit"):
        return (fact(board.model, "already", {"thing": id_}, state="lit"),)
    need = board.model.things[id_].file.lit_by
    if need is not None and reached(board, need):
        return (fact(board.model, "needs", {"thing": id_}, need="something to light it with"),)
    return ()


def light(attempt: Attempt, id_: str) -> None:
    """Light a thing."""
    attempt.board.set_state(id_, "lit")
    attempt.tell("light", thing=id_)


def can_douse(board: Board, id_: str) -> Refusal:
    """Whether a thing burns."""
    if not board.has(id_, "lit"):
        return _no(board, "put out", id_)
    if not board.flag(f"{id_}.lit"):
        return (fact(board.model, "already", {"thing": id_}, state="out"),)
    return ()


def douse(attempt: Attempt, id_: str) -> None:
    """Put a light out."""
    attempt.board.set_state(id_, "unlit")
    attempt.tell("douse", thing=id_)
