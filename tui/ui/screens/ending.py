"""EndingScreen: a tale's last page."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.game.narrator import Narrator
from tui.story import Choice
from tui.ui.clean import clean_line
from tui.ui.endpage import EndPage, end_content, end_page
from tui.ui.screens.page import Page, TooSmall
from tui.ui.widgets.choicelist import ChoiceList
from tui.ui.widgets.flow import Flow

WAYS = ("again", "map", "library")
LINES = (
    Choice("Again, from the beginning"),
    Choice("Another way: the story map"),
    Choice("The library"),
)
OTHER_ROWS, FLOWER_ROWS = 9, 2
"""What stands on the page beside the text that scrolls; a short page has no flower."""


class EndingScreen(Page[str | None]):
    """The epilogue, what was found and missed, and where to go; the result is one of WAYS."""

    AUTO_FOCUS = "#ending-text"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1,a", "leave('again')", "Again", show=False),
        Binding("2,m", "leave('map')", "Another way", show=False),
        Binding("3,l", "leave('library')", "Library", show=False),
        Binding("escape", "dismiss(None)", "Back to the page", show=False),
    ]
    text = getters.query_one("#ending-text", VerticalScroll)

    def __init__(self, narrator: Narrator) -> None:
        super().__init__()
        self._page: EndPage = end_page(narrator)

    def compose(self) -> ComposeResult:
        """One column in the middle of the page."""
        page = self._page
        with Vertical(id="ending"):
            yield Static(Content.styled(clean_line(page.tale), "$muted"), id="ending-tale")
            yield Static(Content.styled(clean_line(page.title), "bold $player"), id="ending-title")
            yield Static(Content.styled("— ❦ —", "$bar"), id="ending-flower")
            with VerticalScroll(id="ending-text"):
                yield Flow()
            yield Static(Content.styled(page.count, "$muted"), id="ending-count")
            yield ChoiceList()
        yield TooSmall(id="too-small")

    def on_mount(self) -> None:
        """Lay the page, and offer the ways on."""
        self.query_one(Flow).lay = partial(end_content, self._page)
        self.query_one(ChoiceList).show(LINES)

    def on_resize(self) -> None:
        """What has no room is scrolled to; the ways on always stand below it."""
        rows = OTHER_ROWS if self.has_class("-short") else OTHER_ROWS + FLOWER_ROWS
        self.text.styles.max_height = max(self.size.height - rows, 3)

    @on(ChoiceList.Picked)
    def _pick(self, event: ChoiceList.Picked) -> None:
        self.dismiss(WAYS[event.number - 1])

    def action_leave(self, way: str) -> None:
        """Take one of the ways on."""
        self.dismiss(way)
