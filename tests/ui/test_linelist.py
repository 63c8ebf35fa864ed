"""Rows of a list: nothing is hidden under the scrollbar, and nothing is cut to dots alone."""

from __future__ import annotations

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.content import Content

from tui.app import STYLES
from tui.ui.themes import LAMPLIGHT
from tui.ui.widgets.linelist import Line, LineList


class Listed(App[None], inherit_bindings=False):
    """So many rows, ten of which are in sight."""

    CSS_PATH: ClassVar = [STYLES / "base.tcss"]

    def __init__(self, rows: int, words: str) -> None:
        super().__init__()
        self.register_theme(LAMPLIGHT)
        self.theme = "lamplight"
        right = Content("here")
        self.rows = [Line(str(row), Content(words), right) for row in range(rows)]

    def compose(self) -> ComposeResult:
        yield LineList()

    def on_mount(self) -> None:
        self.query_one(LineList).show(self.rows)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(LAMPLIGHT.variables)


async def row_of(rows: int, words: str) -> str:
    """What is seen of the second row, without the scrollbar."""
    app = Listed(rows, words)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        lines = app.query_one(LineList)
        return lines.render_line(1).text[: lines.scrollable_content_region.width]


async def test_a_row_ends_before_the_scrollbar() -> None:
    assert await row_of(5, "a row") == "   a row" + " " * 27 + "here "
    assert await row_of(50, "a row") == "   a row" + " " * 26 + "here "


async def test_a_column_without_room_is_left_out() -> None:
    assert await row_of(5, "what was said".ljust(28) + "  what came") == (
        "   what was said" + " " * 19 + "here "
    )
    assert "what came of i…" in await row_of(5, "what was said  what came of it there")
