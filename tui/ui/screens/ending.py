"""EndingScreen: a tale's last page."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.game.narrator import Narrator
from tui.story import Choice
from tui.ui.clean import clean_line
from tui.ui.endpage import EndPage, end_page
from tui.ui.prose import prose
from tui.ui.screens.page import Page, TooSmall
from tui.ui.widgets.choicelist import ChoiceList

WAYS = ("again", "map", "library")
LINES = (
    Choice("Again, from the beginning"),
    Choice("Another way: the story map"),
    Choice("The library"),
)


class EndingScreen(Page[str | None]):
    """The epilogue, what was found and missed, and where to go; the result is one of WAYS."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1,a", "leave('again')", "Again", show=False),
        Binding("2,m", "leave('map')", "Another way", show=False),
        Binding("3,l", "leave('library')", "Library", show=False),
        Binding("escape", "dismiss(None)", "Back to the page", show=False),
    ]

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
            with VerticalScroll(id="ending-text", can_focus=False):
                yield Static(prose(page.text), markup=False)
            with Horizontal(id="ending-columns"):
                yield Static(column("FOUND", page.found, "✓"), classes="ending-column")
                yield Static(column("MISSED", page.missed, "·"), classes="ending-column")
            yield Static(Content.styled(page.count, "$muted"), id="ending-count")
            yield ChoiceList()
        yield TooSmall(id="too-small")

    def on_mount(self) -> None:
        """Offer the ways on."""
        self.query_one(ChoiceList).show(LINES)
        self.query_one("#ending-columns").display = bool(self._page.found or self._page.missed)

    @on(ChoiceList.Picked)
    def _pick(self, event: ChoiceList.Picked) -> None:
        self.dismiss(WAYS[event.number - 1])

    def action_leave(self, way: str) -> None:
        """Take one of the ways on."""
        self.dismiss(way)


def column(head: str, lines: tuple[str, ...], mark: str) -> Content:
    """A heading and its lines; nothing where there are none."""
    if not lines:
        return Content("")
    parts = [Content.styled(head, "bold $muted")]
    parts += [Content.assemble((f"  {mark} ", "$mark"), clean_line(line)) for line in lines]
    return Content("\n").join(parts)
