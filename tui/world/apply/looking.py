"""Looking, searching, reading, listening, smelling: deeds that change little."""

from __future__ import annotations

from tui.world.apply.attempt import Attempt, Refusal
from tui.world.apply.opening import reveal
from tui.world.apply.reach import reached
from tui.world.board import Board
from tui.world.details import detail, where_held
from tui.world.facts import fact


def light_enough(board: Board) -> Refusal:
    """Whether the player can see at all."""
    return (fact(board.model, "too_dark", {"place": board.place}),) if board.is_dark() else ()


def look(attempt: Attempt) -> None:
    """Look round."""
    attempt.tell("look", place=attempt.board.place)
    attempt.say(attempt.model.places[attempt.board.place].file.sight, optional=True)


def examine(attempt: Attempt, id_: str) -> None:
    """Look at one thing or person."""
    attempt.board.set(f"{id_}.seen", True)
    attempt.add(fact(attempt.model, "examine", {"thing": id_}, detail=detail(attempt.board, id_)))


def searchable(board: Board, id_: str = "") -> Refusal:
    """Whether a thing (or the place) can be searched: a closed one can't."""
    if not id_:
        return light_enough(board)
    why = reached(board, id_)
    if why:
        return why
    if id_ in board.model.things and not board.shows_contents(id_) and not _under(board, id_):
        return (fact(board.model, "not_open", {"thing": id_}),)
    return ()


def _under(board: Board, holder: str) -> list[str]:
    things = board.model.things
    return [
        id_
        for id_ in board.contents(holder)
        if id_ in things and things[id_].preposition in {"under", "behind"}
    ]


def hidden_in(board: Board, holder: str) -> list[str]:
    """What searching a thing or a place would find."""
    closed = holder in board.model.things and not board.shows_contents(holder)
    inside = _under(board, holder) if closed else board.contents(holder)
    return [id_ for id_ in inside if board.flag(f"{id_}.hidden")]


def search(attempt: Attempt, id_: str = "") -> None:
    """Search a thing, or the place."""
    board = attempt.board
    holder = id_ or board.place
    if id_:
        attempt.tell("search", thing=id_)
    found = hidden_in(board, holder)
    for item in found[:3]:
        board.set_state(item, "found")
        attempt.add(
            fact(board.model, "find", {"thing": item}, where=where_held(board, holder, item))
        )
    if found or (id_ in board.model.things and reveal(attempt, id_)):
        return
    place = board.model.places.get(holder)
    if place is not None and place.file.finds:
        attempt.say(place.file.finds)
    else:
        attempt.add(fact(board.model, "nothing_found", where=_there(board, holder)))


def _there(board: Board, holder: str) -> str:
    place = board.model.places.get(holder)
    if place is not None:
        return place.where
    thing = board.model.things[holder]
    usual = "in" if thing.file.open is not None else "on"
    return f"{thing.file.holds or usual} {board.model.the(holder)}"


def readable(board: Board, id_: str) -> Refusal:
    """Whether there is something to read on it."""
    if board.is_dark():
        return light_enough(board)
    if not board.model.things[id_].file.text:
        return (fact(board.model, "impossible", what=f"read {board.model.the(id_)}"),)
    return ()


def read(attempt: Attempt, id_: str) -> None:
    """Read a thing."""
    attempt.add(
        fact(attempt.model, "read", {"thing": id_}, text=attempt.model.things[id_].file.text)
    )
    attempt.board.set(f"{id_}.read", True)


def listen(attempt: Attempt) -> None:
    """Listen to the place."""
    model = attempt.model
    sound = model.places[attempt.board.place].file.sound
    heard = {
        id_: model.things[id_].file.sound for id_ in attempt.board.scope() if id_ in model.things
    }
    loudest = next((id_ for id_, text in heard.items() if text), "")
    if loudest and not sound:
        made = fact(model, "handle", {"thing": loudest}, verb="listen to", result=heard[loudest])
    else:
        made = fact(model, "listen", sound=sound or "nothing but your own breath")
    attempt.add(made)


def smell(attempt: Attempt) -> None:
    """Smell the air."""
    text = attempt.model.places[attempt.board.place].file.smell or "nothing out of the way"
    attempt.add(fact(attempt.model, "smell_air", smell=text))


def wait(attempt: Attempt) -> None:
    """Let time pass."""
    attempt.tell("wait")
