"""The table of typed commands, each at its position in the test world."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.world.tales import tale_world
from tui.cards.read import read_card
from tui.story.turn import Choice
from tui.world import State, World

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Row:
    """One typed command at one position, and what it means."""

    world: World
    position: str
    typed: str
    meant: str
    state: State
    choices: tuple[Choice, ...]
    recent: tuple[str, ...]


@cache
def mill() -> World:
    file = read_card(HERE / "mill.yaml").world
    assert file is not None
    return World.build(file)


@cache
def rows() -> tuple[Row, ...]:
    return tuple(rows_of(mill(), loaded("commands")))


@cache
def tale_rows() -> tuple[Row, ...]:
    """The rows of the tales that ship, in the order of their file."""
    tables = loaded("tales").items()
    return tuple(
        row for name, data in tables for row in rows_of(tale_world(name.split("#")[0]), data)
    )


def loaded(name: str) -> dict[str, Any]:
    """A table as it is written, every value a word."""
    text = (HERE / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)


def rows_of(world: World, data: dict[str, Any]) -> Iterator[Row]:
    """The rows of a table over one world."""
    for position, group in data.items():
        state = world.start(7)
        for action in group["do"]:
            state, outcome = world.apply(state, [world.action(action)])
            assert not outcome.refused, (position, action, outcome.now)
        choices = tuple(Choice(line["text"], line["action"]) for line in group.get("choices", ()))
        recent = tuple(group.get("recent", ()))
        for typed, meant in group["rows"].items():
            yield Row(world, position, typed, meant, state, choices, recent)
