"""CardSheet: a card's page, laid over the library."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.ui.preview import Preview
from tui.ui.screens.dialogs import Dialog
from tui.ui.widgets.cardpreview import CardPreview


class CardSheet(Dialog[bool]):
    """What a card says; Enter plays it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "dismiss(True)", "Play", show=False),
        Binding("space,q", "dismiss(None)", "Close", show=False),
    ]
    AUTO_FOCUS = "CardPreview"
    keys = "Enter plays · Esc closes"

    def __init__(self, preview: Preview) -> None:
        super().__init__()
        self._preview = preview

    def compose_body(self) -> ComposeResult:
        """The card's page."""
        page = CardPreview(self._preview)
        page.can_focus = True
        yield page
