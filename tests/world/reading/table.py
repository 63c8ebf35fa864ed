"""The table of typed commands, each at its position in the test world."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from tui.cards.read import read_card
from tui.story.turn import Choice
from tui.world import State, World

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Row:
    """One typed command at one position, and what it means."""

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
    text = (HERE / "commands.yaml").read_text(encoding="utf-8")
    data = yaml.load(text, Loader=yaml.BaseLoader)
    world = mill()
    found: list[Row] = []
    for position, group in data.items():
        state = world.start(7)
        for action in group["do"]:
            state, outcome = world.apply(state, [world.action(action)])
            assert not outcome.refused, (position, action, outcome.now)
        choices = tuple(Choice(line["text"], line["action"]) for line in group.get("choices", ()))
        recent = tuple(group.get("recent", ()))
        found += [
            Row(position, typed, meant, state, choices, recent)
            for typed, meant in group["rows"].items()
        ]
    return tuple(found)
