"""Every typed command of the table is read as it was meant, or refused for the right cause."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import yaml

from tui.cards.read import read_card
from tui.story.turn import Choice
from tui.world import Reading, State, World
from tui.world.reading import read
from tui.world.reading_nouns import Names

HERE = Path(__file__).parent
LEAST_SHARE = 0.97


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


def is_as_meant(reading: Reading, meant: str) -> bool:
    return any(fits(reading, [part.strip() for part in way.split(";")]) for way in meant.split("|"))


def fits(reading: Reading, wanted: list[str]) -> bool:
    if wanted == ["!"]:
        return reading.kind == "none" or reading.sure < 0.5
    got = [action.id for action in reading.actions]
    wanted = [f"question:{one[1:]}" if one.startswith("?") else one for one in wanted]
    if (
        len(wanted) == 1
        and wanted[0].endswith(":*")
        and got
        and not wanted[0].startswith(("improvise", "say"))
    ):
        return all(fnmatchcase(action, wanted[0]) for action in got)
    return len(got) == len(wanted) and all(
        fnmatchcase(a.lower(), b.lower()) for a, b in zip(got, wanted, strict=True)
    )


def wrong_rows() -> list[str]:
    names = Names.of(mill().model)
    found: list[str] = []
    for row in rows():
        reading = read(names, row.state, row.typed, row.choices, row.recent)
        if not is_as_meant(reading, row.meant):
            got = "; ".join(action.id for action in reading.actions)
            found.append(
                f"{row.position}: {row.typed!r} read as {got or '-'} ({reading.sure}), meant {row.meant}"
            )
    return found


def test_the_table_is_long_enough() -> None:
    assert len(rows()) >= 300


def test_nearly_all_commands_are_read_as_meant() -> None:
    wrong = wrong_rows()
    share = 1 - len(wrong) / len(rows())
    assert share >= LEAST_SHARE, "\n".join([f"{share:.1%} of {len(rows())} read as meant", *wrong])
