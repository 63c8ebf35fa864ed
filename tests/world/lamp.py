"""The small world of the tests, and a way to play it."""

from __future__ import annotations

from pathlib import Path

import yaml

from tui.cards.worldfile import WorldFile
from tui.world import Outcome, State, World

WORLDS = Path(__file__).parent / "worlds"


def world_of(name: str = "lamp") -> World:
    """A World of `tests/world/worlds`."""
    text = (WORLDS / f"{name}.yaml").read_text(encoding="utf-8")
    return World.build(WorldFile.model_validate(yaml.safe_load(text)))


def file_of(**changes: object) -> WorldFile:
    """A one-room world with changes, for what a single rule or field does."""
    base: dict[str, object] = {
        "start": {"place": "hall"},
        "places": {
            "hall": {"look": "A hall.", "exits": {"north": "yard"}},
            "yard": {"look": "A yard.", "exits": {"south": "hall"}},
        },
        "things": {"coin": {"at": "hall"}},
        "goal": {"text": "Find the coin", "steps": [{"text": "Take it", "when": "carried coin"}]},
        "endings": {
            "rich": {"title": "Rich", "text": "You are rich.", "when": "at yard and carried coin"}
        },
    }
    return WorldFile.model_validate(base | changes)


def played(world: World, *ids: str, seed: int = 1) -> tuple[State, Outcome]:
    """The state and the last outcome after some actions, one a turn."""
    state = world.start(seed)
    outcome = world.opening(state)
    for id_ in ids:
        state, outcome = world.apply(state, [world.action(id_)])
    return state, outcome
