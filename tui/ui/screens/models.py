"""ModelsScreen: the storytellers on this machine, and those that can be fetched."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from tui.game.fetching import Fetching
from tui.game.modelwords import entry_lines, page_lines
from tui.modelfiles.catalogue import entry_named, to_fetch
from tui.modelfiles.errors import ModelFileError
from tui.modelfiles.find import FoundModel
from tui.ui.clean import clean_line
from tui.ui.download import Download
from tui.ui.modellines import OTHER, OTHER_WORDS, facts, model_lines
from tui.ui.modelwishes import ask_context, ask_sampling, ask_template
from tui.ui.screens.dialogs import AskDialog, LineDialog
from tui.ui.screens.page import Page, TooSmall
from tui.ui.screens.storymap import keys_content
from tui.ui.widgets.bars import Masthead, bar, spread
from tui.ui.widgets.linelist import LineList
from tui.ui.widgets.rule import Rule

MODEL_KEYS = (
    ("Enter", "wakes it"),
    ("e", "template"),
    ("c", "memory"),
    ("v", "sampling"),
    ("f", "fetch another"),
    ("Esc", "back"),
)
FACTS_MARGIN = 4
FETCH_KEYS = (("Enter", "fetches it"), ("f", "fetch another"), ("Esc", "back"))
DOWNLOAD_KEYS = (("p", "pauses or goes on"), ("x", "drops it"))
SHORT_KEYS = (("p", "pauses"), ("x", "drops"))
OTHER_FACTS = (
    ("from", "any repository of the Hugging Face hub that has GGUF files, or any address of one."),
    ("to", "your models folder; what came before a pause is kept."),
)


class ModelsScreen(Page[None]):
    """Every model that was found, and a list to fetch from; what is known of each stands below."""

    AUTO_FOCUS = "LineList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,f4", "dismiss", "Back", show=False),
        Binding("e", "wish('template')", "Template", show=False),
        Binding("c", "wish('context')", "Memory", show=False),
        Binding("v", "wish('sampling')", "Sampling", show=False),
        Binding("f", "fetch_other", "Fetch another", show=False),
        Binding("p", "pause", "Pause", show=False),
        Binding("x", "drop", "Drop", show=False),
    ]

    lines = getters.query_one(LineList)

    def __init__(self, wanted: str = "") -> None:
        super().__init__()
        self._wanted = wanted
        self._found: list[FoundModel] = []

    def compose(self) -> ComposeResult:
        """Head, the models, what is known of one, a download, foot."""
        yield Masthead()
        yield Rule()
        yield LineList()
        yield Rule()
        yield Static(markup=False, id="model-facts")
        yield Static(markup=False, id="model-download")
        yield Rule()
        yield Static(markup=False, classes="keys", id="model-keys")
        yield TooSmall(id="too-small")

    def on_mount(self) -> None:
        """Look into the folders."""
        self.query_one(Masthead).title = "Models"
        self.watch(self.app, "model_state", self._show_state)
        self.watch(self.app, "download_words", self._show_download)
        self._look()

    def _show_state(self) -> None:
        self.query_one(Masthead).state = self.app.model_words

    @work(exclusive=True, group="look")
    async def _look(self) -> None:
        """Read the folders, beside what the player does."""
        self._found = await asyncio.to_thread(self.app.program.shelf.all)
        used = self.app.teller.path if self.app.teller else None
        free = self.app.program.shelf.memory()
        entries = to_fetch(one.name for one in self._found)
        lines = list(model_lines(self._found, entries, used=used, free=free))
        wanted = next(
            (one.path for one in self._found if self._wanted and self._wanted in one.name), used
        )
        key = self.lines.key or f"model:{wanted}"
        if self.app.download is not None and all(line.key != key for line in lines):
            key = f"model:{self.app.download.path}"
        self.lines.show(lines, key=key)

    # what is under the cursor

    @property
    def model(self) -> FoundModel | None:
        """The model under the cursor, where it is one that is here."""
        path = self.lines.key.removeprefix("model:")
        return next((one for one in self._found if str(one.path) == path), None)

    @on(LineList.Moved)
    @work(exclusive=True, group="facts")
    async def _turn_to(self, event: LineList.Moved) -> None:
        kind = event.key.partition(":")[0]
        self.query_one("#model-keys", Static).update(
            keys_content(MODEL_KEYS if kind == "model" else FETCH_KEYS)
        )
        told = await asyncio.to_thread(lambda: list(self._facts(event.key)))
        known = self.query_one("#model-facts", Static)
        known.update(facts(told, known.content_size.width))

    def _facts(self, key: str) -> Iterator[tuple[str, str]]:
        """What is known of a row; reads the model's header."""
        kind, _, name = key.partition(":")
        if kind == "model" and (model := self.model) is not None:
            program = self.app.program
            lines = page_lines(program.shelf.page(model, program.templates().templates))
        elif kind == "fetch" and (entry := entry_named(name)) is not None:
            lines = entry_lines(entry, self.app.program.shelf.memory())
        else:
            lines = iter(OTHER_FACTS)
        return lines

    @on(LineList.Chosen)
    def _take(self, event: LineList.Chosen) -> None:
        kind, _, name = event.key.partition(":")
        if kind == "model":
            self.app.use_model(Path(name))
            self._look()
        elif event.key == OTHER:
            self.action_fetch_other()
        else:
            self._fetch(name)

    @work(exclusive=True, group="wish")
    async def action_wish(self, what: str) -> None:
        """Ask what the player wants of the model under the cursor, and keep it."""
        model = self.model
        if model is None:
            return
        ask = {"template": ask_template, "context": ask_context, "sampling": ask_sampling}[what]
        if not await ask(self.app, model):
            return
        if self.app.teller is not None and self.app.teller.path == model.path:
            self.app.use_model(model.path)
        self._turn_to(LineList.Moved(self.lines, self.lines.key))

    # fetching

    @work(exclusive=True, group="wish")
    async def action_fetch_other(self) -> None:
        """Ask for a name or an address, and fetch what it stands for."""
        wanted = await self.app.push_screen_wait(LineDialog("Fetch a model", "", OTHER_WORDS))
        if wanted:
            self._fetch(wanted)

    @work(exclusive=True, group="fetch")
    async def _fetch(self, wanted: str) -> None:
        """Ask the hub, show the warning that there is, and begin."""
        if self.app.download is not None and self.app.download.running:
            self.app.notify("One model at a time: p pauses the one that comes, x drops it.")
            return
        fetching = Fetching(self.app.program, wanted)
        try:
            if not await self._accepted(fetching):
                return
            self.app.download_words = f"{fetching.title} · asking the hub"
            async for _ in fetching.look():
                continue
            if not await self._accepted(fetching):
                self.app.download_words = ""
                return
        except ModelFileError as error:
            self.app.download_words = ""
            self.app.notify(str(error), severity="error", timeout=15)
            return
        self.app.download = Download(self.app, fetching)
        self.app.download.go()

    async def _accepted(self, fetching: Fetching) -> bool:
        """Whether there is no warning left to read, or it was read and accepted."""
        warning = fetching.warning
        if not warning:
            return True
        dialog = AskDialog("Not for minors", clean_line(warning), "fetches it", "goes back")
        if not await self.app.push_screen_wait(dialog):
            return False
        self.app.change_settings(**fetching.accept())
        return True

    def action_pause(self) -> None:
        """Let the download rest, or go on."""
        download = self.app.download
        if download is None or download.over:
            return
        if download.running:
            download.rest()
        else:
            download.go()

    def action_drop(self) -> None:
        """Give the download up, with what came."""
        if self.app.download is not None and not self.app.download.over:
            self.app.download.drop()
            self.app.download = None

    def _show_download(self, words: str) -> None:
        line = self.query_one("#model-download", Static)
        line.display = bool(words)
        download = self.app.download
        if words:
            shown = bar(download.share if download is not None else 0.0)
            left = Content.assemble(shown, (f"  {clean_line(words)}", "$ink"))
            keys = DOWNLOAD_KEYS if self.has_margin else SHORT_KEYS
            line.update(spread(left, keys_content(keys), self.size.width - 2 * FACTS_MARGIN))
        elif download is not None and download.over:
            self._look()
