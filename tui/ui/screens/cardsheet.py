"""CardSheet: a card's page, laid over the library."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui.ui.preview import Preview, preview_content
from tui.ui.screens.dialogs import Dialog


class CardSheet(Dialog[bool]):
    """What a card says; Enter plays it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "dismiss(True)", "Play", show=False),
        Binding("space,q", "dismiss(None)", "Close", show=False),
    ]
    AUTO_FOCUS = "VerticalScroll"
    keys = "Enter plays · Esc closes"

    def __init__(self, preview: Preview) -> None:
        super().__init__()
        self._preview = preview

    def compose_body(self) -> ComposeResult:
        """The card's page."""
        with VerticalScroll():
            yield Static(preview_content(self._preview), markup=False)
