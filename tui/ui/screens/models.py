"""ModelsScreen: the storytellers on this machine."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from tui.modelfiles.find import FoundModel
from tui.ui.clean import clean_line
from tui.ui.screens.page import Page, TooSmall
from tui.ui.screens.storymap import keys_content
from tui.ui.widgets.bars import Masthead
from tui.ui.widgets.linelist import Line, LineList
from tui.ui.widgets.rule import Rule

WORDS = (
    "The pocket storyteller is small and made for the game's own tales and companions.\n"
    "For your own cards, drop a bigger model (.gguf, or an old .bin) into the models folder:"
)
KEYS = (("Enter", "wakes it"), ("Esc", "back"))
NAME_WIDTH = 48


class ModelsScreen(Page[None]):
    """Every model file that was found; Enter loads it."""

    AUTO_FOCUS = "LineList"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,f4", "dismiss", "Back", show=False)]

    lines = getters.query_one(LineList)

    def __init__(self, wanted: str = "") -> None:
        super().__init__()
        self._wanted = wanted

    def compose(self) -> ComposeResult:
        """Head, the files, where to put more, foot."""
        yield Masthead()
        yield Rule()
        yield LineList()
        yield Static(markup=False, id="models-words")
        yield Rule()
        yield Static(keys_content(KEYS), classes="keys")
        yield TooSmall(id="too-small")

    def on_mount(self) -> None:
        """Look into the folders."""
        self.query_one(Masthead).title = "Models"
        words = f"{WORDS}\n{self.app.program.paths.models}"
        self.query_one("#models-words", Static).update(words)
        self.watch(self.app, "model_state", self._show_state)
        self._look()

    def _show_state(self) -> None:
        self.query_one(Masthead).state = self.app.model_words

    @work(exclusive=True)
    async def _look(self) -> None:
        found = await asyncio.to_thread(self.app.program.shelf.all)
        used = self.app.teller.path if self.app.teller else None
        lines = [model_line(one, used=one.path == used) for one in found]
        wanted = next(
            (str(one.path) for one in found if self._wanted and self._wanted in one.name), None
        )
        self.lines.show(lines, key=wanted or str(used))

    @on(LineList.Chosen)
    def _take(self, event: LineList.Chosen) -> None:
        self.app.use_model(Path(event.key))
        self._look()


def model_line(model: FoundModel, *, used: bool) -> Line:
    """A model as a row."""
    name = clean_line(model.name)
    size = model.size_bytes
    words = f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"
    right = Content.styled("telling now" if used else "", "$mark")
    return Line(
        str(model.path),
        Content.assemble((name.ljust(NAME_WIDTH), "$ink"), (words, "$muted")),
        right,
    )
