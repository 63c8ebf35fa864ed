"""CardPreview: the page of the card under the cursor, with its portrait."""

from __future__ import annotations

from textual import getters
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.ui.preview import Preview, preview_body, preview_head
from tui.ui.widgets.portraitview import PortraitView


class CardPreview(VerticalScroll, can_focus=False):
    """A portrait beside the card's name, and below them how it begins."""

    DEFAULT_CSS = """
    CardPreview {
        Horizontal { height: auto; }
        PortraitView { margin-right: 2; }
        .preview-head { width: 1fr; height: auto; }
        .preview-body { height: auto; margin-top: 1; }
    }
    """

    portrait = getters.query_one(PortraitView)
    head = getters.query_one(".preview-head", Static)
    body = getters.query_one(".preview-body", Static)

    def __init__(self, preview: Preview | None = None, *, widget_id: str | None = None) -> None:
        super().__init__(id=widget_id)
        self.shown = preview

    def compose(self) -> ComposeResult:
        """Portrait and name, then the rest."""
        with Horizontal():
            yield PortraitView(columns=20, rows=11)
            yield Static(markup=False, classes="preview-head")
        yield Static(markup=False, classes="preview-body")

    def on_mount(self) -> None:
        """Show the page that it was made with, if there was one."""
        if self.shown is not None:
            self.show(self.shown)

    def show(self, preview: Preview) -> None:
        """Show this page, from its top."""
        self.shown = preview
        self.portrait.show(preview.portrait)
        self.head.update(preview_head(preview))
        self.body.update(preview_body(preview))
        self.scroll_home(animate=False)

    def say(self, words: str) -> None:
        """Show one muted sentence in the place of a page."""
        self.shown = None
        self.portrait.show(None)
        self.head.update(Content.styled(words, "$muted"))
        self.body.update("")
