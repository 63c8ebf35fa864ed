"""MenuDialog: a few things to pick from, over the page."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from tui.ui.clean import clean_line
from tui.ui.screens.dialogs import Dialog
from tui.ui.widgets.linelist import Line, LineList

MOST_ROWS = 14
"""Rows that are shown at once; the others come with the cursor."""


class MenuDialog(Dialog[str]):
    """Words to pick one of; the result is its key."""

    AUTO_FOCUS = "LineList"
    keys = "Enter picks · Esc goes back"

    def __init__(self, heading: str, ways: Sequence[tuple[str, str]], words: str = "") -> None:
        super().__init__()
        self.heading = clean_line(heading)
        self._ways, self._words = ways, clean_line(words)

    def compose_body(self) -> ComposeResult:
        """What it is about, and the words, one a row."""
        if self._words:
            yield Static(Content.styled(self._words, "$ink"), classes="sheet-text")
        yield LineList()

    def on_mount(self) -> None:
        """Show them."""
        lines = self.query_one(LineList)
        lines.styles.height = min(len(self._ways), MOST_ROWS)
        lines.show([Line(key, Content.styled(words, "$ink")) for key, words in self._ways])

    @on(LineList.Chosen)
    def _pick(self, event: LineList.Chosen) -> None:
        self.dismiss(event.key)
