"""MenuDialog: a few things to pick from, over the page."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.content import Content

from tui.ui.clean import clean_line
from tui.ui.screens.dialogs import Dialog
from tui.ui.widgets.linelist import Line, LineList


class MenuDialog(Dialog[str]):
    """Words to pick one of; the result is its key."""

    AUTO_FOCUS = "LineList"
    keys = "Enter picks · Esc goes back"

    def __init__(self, heading: str, ways: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.heading = clean_line(heading)
        self._ways = ways

    def compose_body(self) -> ComposeResult:
        """The words, one a row."""
        yield LineList()

    def on_mount(self) -> None:
        """Show them."""
        lines = self.query_one(LineList)
        lines.styles.height = len(self._ways)
        lines.show([Line(key, Content.styled(words, "$ink")) for key, words in self._ways])

    @on(LineList.Chosen)
    def _pick(self, event: LineList.Chosen) -> None:
        self.dismiss(event.key)
