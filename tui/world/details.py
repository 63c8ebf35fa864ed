"""What looking shows: authored looks, else what the state itself says."""

from __future__ import annotations

from collections.abc import Sequence

from tui.world.board import Board
from tui.world.conditions import ALWAYS, holds
from tui.world.model import LookText
from tui.world.names import joined

MOST_LISTED = 3


def look_text(board: Board, looks: Sequence[LookText]) -> str:
    """The wording that is the one now; among several without conditions, one by the turn."""
    for item in looks:
        if item.when is not ALWAYS and holds(item.when, board):
            return item.text
    plain = [item.text for item in looks if item.when is ALWAYS]
    return plain[(board.seed + board.turn) % len(plain)] if plain else ""


def visible_contents(board: Board, holder: str) -> list[str]:
    """What can be seen in or on a thing."""
    scope = board.scope()
    return [id_ for id_ in board.contents(holder) if id_ in scope and id_ in board.model.things]


def listed(board: Board, ids: Sequence[str]) -> str:
    """Names joined, three at most: `the rope and the lantern`."""
    names = [board.model.the(id_) for id_ in ids[:MOST_LISTED]]
    if len(ids) > MOST_LISTED:
        names.append("more")
    return joined(names)


def state_words(board: Board, id_: str) -> list[str]:
    """The states of a thing or person as shown in brackets: `locked`, `lit`."""
    words: list[str] = []
    own = board.value(f"{id_}.state")
    if isinstance(own, str):
        words.append(own.replace("_", " "))
    if board.flag(f"{id_}.locked"):
        words.append("locked")
    elif board.has(id_, "open"):
        words.append("open" if board.flag(f"{id_}.open") else "closed")
    if board.flag(f"{id_}.lit"):
        words.append("lit")
    if board.flag(f"{id_}.broken"):
        words.append("broken")
    return words


def detail(board: Board, id_: str) -> str:
    """What looking at a thing or person tells, as a clause."""
    thing = board.model.things.get(id_)
    looks = thing.looks if thing is not None else board.model.folk[id_].looks
    text = look_text(board, looks).rstrip(".")
    if text:
        return text[:1].lower() + text[1:] if text[:4] in {"The ", "Its ", "It i", "A sm"} else text
    name = board.model.name(id_)
    verb = "are" if name.pronoun == "they" else "is"
    inside = visible_contents(board, id_)
    if thing is not None and inside:
        return f"{name.pronoun} hold{'' if name.pronoun == 'they' else 's'} {listed(board, inside)}"
    words = state_words(board, id_)
    if words:
        return f"{name.pronoun} {verb} {joined(words)}"
    if thing is None:
        role = board.model.folk[id_].file.role
        return (
            f"{name.pronoun} {verb} {role}"
            if role
            else f"{name.pronoun} look{'' if name.pronoun == 'they' else 's'} back at you"
        )
    return "there is nothing strange about " + ("them" if name.pronoun == "they" else "it")


def where_held(board: Board, holder: str, thing: str = "") -> str:
    """How something is where it is: `in the desk`, `under the rug`, `on the quay`."""
    place = board.model.places.get(holder)
    if place is not None:
        return place.where
    held = board.model.things.get(thing)
    at_start = held is not None and board.model.start_at[thing] == holder
    usual = board.model.things[holder].file.holds or "by"
    return (
        f"{held.preposition if held is not None and at_start else usual} {board.model.the(holder)}"
    )
