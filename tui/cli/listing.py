"""The lists: saves and cards, as tables or as JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence

from rich import box
from rich.table import Column, Table
from rich.text import Text

from tui.cli.lines import Lines
from tui.game.program import Program
from tui.ui.clean import clean_line


def saves(program: Program, *, as_json: bool) -> None:
    """Every save, the newest first."""
    found = program.saves()
    if as_json:
        write_json([save.as_dict() for save in found])
        return
    if not found:
        say("No story is begun yet: `fabletop play` begins one.")
        return
    rows = [
        (save.id, save.name, str(save.turns), age(save.updated), save.problem or save.last_line)
        for save in found
    ]
    show(("save", "story", "turns", "played", "last line"), rows)


def cards(program: Program, *, as_json: bool) -> None:
    """Every card, what is wrong with a bad one in its place."""
    found = program.cards()
    if as_json:
        keys = ("id", "name", "kind", "tags", "problem")
        rows = [{key: getattr(one, key) for key in keys} | {"path": str(one.path)} for one in found]
        write_json(rows)
        return
    if not found:
        say(f"There is no card yet: put one into {program.paths.characters}.")
        return
    rows = [
        (one.id, one.name + (" ★" if one.starred else ""), one.kind, one.problem or one.genre)
        for one in found
    ]
    show(("card", "name", "kind", ""), rows)


def age(then: float) -> str:
    """How long ago `then` (unix seconds) was, in a word or two."""
    seconds = max(0.0, time.time() - then)
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def show(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table without lines, its first column whole; foreign text in it is made safe."""
    first = Column(heads[0], no_wrap=True, overflow="fold")
    table = Table(first, *heads[1:], box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(clean_line(cell)) for cell in row))
    Lines().print(table)


def say(text: str) -> None:
    """One line."""
    Lines().print(Text(clean_line(text)), soft_wrap=True)


def write_json(value: Sequence[object] | Mapping[str, object]) -> None:
    """`value` as JSON on standard output."""
    Lines().out(json.dumps(value, indent=2, default=list))
