"""InspectorScreen: exactly what the model was sent, part by part, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.engine.backend import BackendError
from tui.game.inspecting import Inspection, inspected
from tui.game.narrator import Narrator
from tui.game.rates import rates
from tui.prompt import CannotFit, TemplateError
from tui.store import StoreError
from tui.store.files import free_path, write_whole
from tui.ui.clean import clean
from tui.ui.inspected import ALL, page, rows
from tui.ui.screens.page import Page, TooSmall
from tui.ui.screens.storymap import keys_content
from tui.ui.widgets.bars import Masthead
from tui.ui.widgets.linelist import Line, LineList
from tui.ui.widgets.rule import Rule

COUNTED = "counted"
KEYS = (("c", "copy"), ("s", "save to a file"), ("Esc", "back"))


class InspectorScreen(Page[None]):
    """The prompt of the last reply or, with words in the composer, of the next."""

    AUTO_FOCUS = "LineList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,f2", "dismiss", "Back", show=False),
        Binding("c", "copy", "Copy all", show=False),
        Binding("s", "save", "Save to a file", show=False),
    ]

    lines = getters.query_one(LineList)

    def __init__(self, narrator: Narrator, words: str = "") -> None:
        super().__init__()
        self.narrator = narrator
        self._words = words
        self._seen: Inspection | None = None

    def compose(self) -> ComposeResult:
        """Head, the parts, the part under the cursor, foot."""
        yield Masthead()
        yield Rule(widget_id="head-rule")
        with Horizontal():
            yield LineList(widget_id="sections")
            with VerticalScroll(id="section-view", can_focus=False):
                yield Static(markup=False, id="section-text")
        yield Rule("┴", widget_id="foot-rule")
        yield Static(keys_content(KEYS), classes="keys")
        yield TooSmall(id="too-small")

    def on_mount(self) -> None:
        """Ask for the prompt."""
        self.query_one(Masthead).title = (
            "What the model would be sent next" if self._words else "What the model was sent"
        )
        self.screen_layout_refresh_signal.subscribe(self, self._joint)
        self._tell(Content.styled("waiting for the model …", "$muted"))
        self._ask()

    def _joint(self, _screen: object) -> None:
        """The lines meet where the list ends."""
        for rule in ("#head-rule", "#foot-rule"):
            self.query_one(rule, Rule).joint = self.query_one("#section-view").region.x - 1

    def _tell(self, text: Content) -> None:
        self.query_one("#section-text", Static).update(text)

    @work(exclusive=True)
    async def _ask(self) -> None:
        try:
            seen = await inspected(self.narrator, self._words or None)
        except (BackendError, CannotFit, TemplateError) as error:
            self._tell(Content.styled(clean(str(error)), "$fault"))
            return
        self._seen = seen
        total, room = len(seen.prompt.tokens), seen.prompt.room
        state = f"{total:,} of {room:,} tokens · kept {seen.kept:,}"
        self.query_one(Masthead).state = state
        counted = list(rates(self.narrator.session))
        self.lines.show([*rows(seen), *counted_lines(counted)], key=ALL)

    @on(LineList.Moved)
    def _show(self, event: LineList.Moved) -> None:
        if self._seen is not None:
            counted = event.key == COUNTED
            told = "\n\n".join(rates(self.narrator.session)) if counted else ""
            self._tell(Content(told) if counted else page(self._seen, event.key))
            self.query_one("#section-view").scroll_home(animate=False)

    def action_copy(self) -> None:
        """Put the whole prompt on the clipboard."""
        if self._seen is not None:
            self.app.copy_to_clipboard(self._seen.prompt.text)
            self.app.notify("Copied.")

    def action_save(self) -> None:
        """Write the whole prompt to a file beside the save."""
        if self._seen is None:
            return
        save = self.narrator.book.path
        paths = free_path(save.parent, f"{save.stem}-prompt", ".txt")
        path = next(one for one in paths if not one.exists())
        try:
            write_whole(path, self._seen.prompt.text.encode(errors="replace"))
        except StoreError as error:
            self.app.complain(error)
            return
        self.app.notify(f"Written: {path}")


def counted_lines(counted: Sequence[str]) -> Iterator[Line]:
    """A row for what is counted over the whole story, where anything is."""
    if counted:
        yield Line("", Content(""))
        yield Line(COUNTED, Content.styled("counted so far", "$muted"))
