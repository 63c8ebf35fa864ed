"""The scene line: the state and the outcome in the one shape that models are given."""

from __future__ import annotations

from collections.abc import Collection

from tui.world.board import Board
from tui.world.clock import day_of, time_words
from tui.world.details import state_words, where_held
from tui.world.values import Outcome

MOST_NAMED = 5


def scene_line(board: Board, outcome: Outcome) -> str:
    """`Scene: the quay, dusk. Here: … You carry: … Ways: … Goal: … (1 of 5). Now: ….`"""
    model = board.model
    telling = {name for made in outcome.facts for name in made.names}
    time = time_words(model, board.minutes)
    day = day_of(board.minutes)
    when = f", day {day}, {time}" if time and day > 1 else f", {time}" if time else ""
    parts = [f"Scene: {model.the(board.place)}{when}."]
    for label, ids in (("Here", here(board, telling)), ("You carry", carried(board, telling))):
        if ids:
            parts.append(f"{label}: {', '.join(shown(board, id_) for id_ in ids[:MOST_NAMED])}.")
    ways = [way.shown for way in board.exits()]
    if ways:
        parts.append(f"Ways: {', '.join(ways)}.")
    done = sum(board.flag(f"step.{step.id}") for step in model.steps)
    parts.append(f"Goal: {model.goal.rstrip('.')} ({done} of {len(model.steps)}).")
    if outcome.now:
        parts.append(f"Now: {outcome.now.rstrip('.')}.")
    return " ".join(parts)


def here(board: Board, telling: Collection[str] = ()) -> list[str]:
    """Folk and things that are with the player and not carried, the most telling first."""
    model = board.model
    found = [
        id_
        for id_, owner in board.scope().items()
        if not owner
        and not board.is_carried(id_)
        and not (id_ in model.things and model.things[id_].file.scenery)
    ]
    return sorted(found, key=lambda id_: (-_weight(board, id_, telling), model.order[id_]))


def carried(board: Board, telling: Collection[str] = ()) -> list[str]:
    """What the player carries and wears, the most telling first."""
    order = board.model.order
    return sorted(board.carried(), key=lambda id_: (-_weight(board, id_, telling), order[id_]))


def _weight(board: Board, id_: str, telling: Collection[str]) -> int:
    model = board.model
    weight = 50 if model.name(id_).text in telling else 0
    if id_ in model.folk:
        return weight + 100
    thing = model.things[id_]
    weight += 20 if thing.is_door else 0
    weight += 10 if thing.portable else 0
    weight += 8 if id_ in model.patterns_by_id else 0
    weight += 5 if state_words(board, id_) else 0
    return weight


def shown(board: Board, id_: str, *, article: bool = True) -> str:
    """A name with its states: `the lamp-house door (locked)`, `the lantern (lit)`."""
    name = board.model.name(id_)
    words = state_words(board, id_)
    location = board.location(id_)
    if location == "worn":
        words.append("worn")
    elif article and location in board.model.things:
        words.append(where_held(board, location, id_))
    text = name.the if article else name.text
    return f"{text} ({', '.join(words)})" if words else text
