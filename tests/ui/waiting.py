"""Waiting for what a screen will show, instead of for a time."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from html import unescape
from typing import cast

from textual.pilot import Pilot

from tests.ui.fake_narrator import FakeNarrator
from tui.app import FabletopApp
from tui.game.narrator import Narrator
from tui.ui.screens.play import PlayScreen

LONGEST_SECONDS = 20.0
CELL_WIDTH = 12.2
"""How wide Rich draws a cell in an SVG."""
DRAWN = re.compile(
    r'<text[^>]*? x="(?P<x>[\d.]+)"[^>]*?line-(?P<row>\d+)\)">(?P<text>[^<]*)</text>'
)


async def until(pilot: Pilot[str], condition: Callable[[], bool]) -> None:
    """Let the program run until the condition holds."""
    async with asyncio.timeout(LONGEST_SECONDS):
        while not condition():
            await pilot.pause(0.01)
    await pilot.pause()


async def told(pilot: Pilot[str]) -> None:
    """Let the program run until all of a reply is on the page."""
    await pilot.pause()
    await until(
        pilot, lambda: not play_of(pilot).telling.busy and not play_of(pilot).telling.revealing
    )


def play_of(pilot: Pilot[str]) -> PlayScreen:
    """The play screen, wherever it is on the stack."""
    screens = pilot.app.screen_stack
    return next(screen for screen in reversed(screens) if isinstance(screen, PlayScreen))


@asynccontextmanager
async def playing(
    app: FabletopApp, narrator: FakeNarrator, size: tuple[int, int] = (100, 30)
) -> AsyncGenerator[tuple[Pilot[str], PlayScreen], None]:
    """The App with a story of that narrator laid open."""
    async with app.run_test(size=size, notifications=True) as pilot:
        await app.show(cast("Narrator", narrator))
        await pilot.pause()
        yield pilot, play_of(pilot)


def page_text(pilot: Pilot[str]) -> str:
    """All that the screen shows, line by line, as its picture has it."""
    svg = pilot.app.export_screenshot(simplify=True)
    rows: dict[int, str] = {}
    for match in DRAWN.finditer(svg):
        row = int(match["row"])
        column = round(float(match["x"]) / CELL_WIDTH)
        rows[row] = rows.get(row, "").ljust(column) + unescape(match["text"]).replace("\xa0", " ")
    return "\n".join(rows.get(row, "").rstrip() for row in range(max(rows, default=0) + 1))
