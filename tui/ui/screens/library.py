"""LibraryScreen: what can be gone on with, what can be begun, and a look inside."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from tui.game.verbs import verbs_at
from tui.ui.clean import clean
from tui.ui.keys import library_bindings
from tui.ui.preview import WISH, Preview, closed_preview, preview_of, problem_preview
from tui.ui.screens.cardacts import CardActs
from tui.ui.screens.page import TooSmall
from tui.ui.shelves import (
    MOST_RECENT,
    card_lines,
    head_content,
    matching,
    matching_saves,
    recent_lines,
)
from tui.ui.textsearch import TextSearch, hit_lines
from tui.ui.widgets.bars import KeyLine, Masthead
from tui.ui.widgets.cardpreview import CardPreview
from tui.ui.widgets.linelist import Line, LineList, Row
from tui.ui.widgets.rule import Rule

if TYPE_CHECKING:
    from tui.cards import CardEntry
    from tui.store import SaveInfo

POCKET_WORDS = (
    "A storyteller of four megabytes, made for the tales above. It is small, and it knows it.\n"
    "For your own cards give it a bigger brother: m models · or drop a .gguf into models/"
)
NO_MODEL = "no model"
NO_MODEL_WORDS = "There is no storyteller here yet: put a .gguf file into models/, then press m."
NO_CARDS_WORDS = "No cards yet. n writes one, or drop .yaml cards into characters/."
MOST_FOUND = 8
STAYS_SECONDS = 0.5
"""How long the cursor stays on a card before the storyteller reads it."""
LEAST_FOR_PORTRAITS = 30
"""Rows of a window in which a sheet has room for a portrait above what the card says."""


class LibraryScreen(CardActs):
    """Stories and cards on their shelves, and the page of the one under the cursor."""

    AUTO_FOCUS = "#shelf"
    BINDINGS: ClassVar[list[BindingType]] = [
        *library_bindings(),
        Binding("escape", "leave_search", "Back", show=False),
    ]

    recent = getters.query_one("#recent", LineList)
    shelf = getters.query_one("#shelf", LineList)
    masthead = getters.query_one(Masthead)
    search_line = getters.query_one("#search", Input)
    preview = getters.query_one("#preview", CardPreview)

    def __init__(self) -> None:
        super().__init__()
        self._entries: Sequence[CardEntry] = ()
        self._saves: Sequence[SaveInfo] = ()
        self._looked = False
        """Whether the folders were read; what was asked for before waits in `_wish`."""
        self._wish: Callable[[], None] | None = None
        self._texts: TextSearch | None = None
        self._pages: dict[tuple[str, int], Preview] = {}

    def compose(self) -> ComposeResult:
        """Head, stories, shelves beside a page, foot."""
        yield Masthead()
        yield Rule(widget_id="head-rule")
        yield LineList(widget_id="recent")
        yield Rule(widget_id="recent-rule")
        with Horizontal(id="shelves"):
            yield LineList(widget_id="shelf")
            yield CardPreview(widget_id="preview")
        yield Rule("┴", widget_id="foot-rule")
        yield Static(POCKET_WORDS, markup=False, id="pocket-words")
        with Horizontal(id="search-row"):
            yield Static("/", id="search-mark")
            yield Input(placeholder="search", compact=True, id="search")
        yield KeyLine(verbs_at("library", "anywhere"), in_library=True)
        yield TooSmall(id="too-small")

    def on_mount(self) -> None:
        """Show what there is as soon as it is read."""
        self.masthead.title = "Fabletop"
        self.search_line.can_focus = False
        self.recent.keeps_mark = False
        self.screen_layout_refresh_signal.subscribe(self, self._joint)
        self.watch(self.app, "model_state", self._show_state)
        self.refresh_shelves()

    def on_screen_resume(self) -> None:
        """A story was played meanwhile."""
        if self._entries or self._saves:
            self.refresh_shelves()

    def _show_state(self) -> None:
        self.masthead.state = f"{self.app.model_words} · offline"
        words = POCKET_WORDS if self.app.small_model else ""
        words = NO_MODEL_WORDS if self.app.model_state == NO_MODEL else words
        self.query_one("#pocket-words", Static).update(words)

    @work(exclusive=True, group="shelves")
    async def refresh_shelves(self) -> None:
        """Read the folders anew, beside what the player does."""
        program = self.app.program
        self._saves, self._entries = await asyncio.gather(
            asyncio.to_thread(program.saves), asyncio.to_thread(program.cards)
        )
        if not self.children:
            return  # the program was left meanwhile
        self._pages.clear()
        if self._texts is not None:
            await self._texts.close()
        self._texts = TextSearch(program.paths.cache, program.paths.saves)
        self._looked = True
        self._show_state()
        self._lay()
        wish, self._wish = self._wish, None
        if wish is not None:
            self.call_after_refresh(wish)

    def _lay(self) -> None:
        """Put on the shelves what the search leaves."""
        words = self.search_line.value
        now = self.app.program.clock()
        saves = matching_saves(self._saves, words) if words else self._saves
        entries = matching(self._entries, words) if words else self._entries
        self._show_recent(recent_lines(saves, now, MOST_FOUND if words else MOST_RECENT))
        small = self.app.small_model
        self.shelf.show(card_lines(entries, small_model=small, marked=self.marked))
        if not entries:
            self.preview.say("Nothing found." if words else NO_CARDS_WORDS)

    def _show_recent(self, lines: Sequence[Row]) -> None:
        self.recent.show(lines)
        for part in ("#recent", "#recent-rule"):
            self.query_one(part).display = bool(lines)
        self.recent.styles.height = min(len(lines), MOST_FOUND + 2)

    def _joint(self, _screen: object) -> None:
        """The lines meet where the shelf ends."""
        joint = (self.preview.region.x or -1) if self.preview.display else -1
        self.query_one("#head-rule", Rule).joint = -1 if self.recent.display else joint
        for rule in ("#recent-rule", "#foot-rule"):
            self.query_one(rule, Rule).joint = joint

    # moving about

    @on(LineList.Left)
    def _pass(self, event: LineList.Left) -> None:
        """Past the end of one list comes the other."""
        if event.lines is self.recent and event.by > 0:
            self.shelf.focus()
        elif event.lines is self.shelf and event.by < 0 and self.recent.display:
            self.recent.focus()

    @on(LineList.Moved, "#shelf")
    def _turn_to(self, event: LineList.Moved) -> None:
        self.turned_to(event.key)
        self._show_preview(event.key)

    @on(LineList.Chosen)
    def _choose(self, event: LineList.Chosen) -> None:
        kind, _, path = event.key.partition(":")
        if kind == "save":
            self.app.open_save(Path(path))
        else:
            self.action_play_card()

    @property
    def entry(self) -> CardEntry | None:
        """The card under the cursor."""
        path = self.shelf.key.removeprefix("card:")
        return next((entry for entry in self._entries if str(entry.path) == path), None)

    @work(exclusive=True, group="preview")
    async def _show_preview(self, key: str) -> None:
        """Open the card under the cursor; it is built beside what the player does."""
        page = (key, self.greeting)
        if page not in self._pages:
            self._pages[page] = await asyncio.to_thread(self._build_preview, key, self.greeting)
        self.preview.show(self._pages[page])
        await self._foresee()

    async def _foresee(self) -> None:
        """Have the storyteller read the card, if the cursor stays on it and nothing is played."""
        from tui.cards import CardError, CardNotFound

        entry, teller = self.entry, self.app.teller
        if entry is None or entry.problem or teller is None or teller.model is None:
            return
        await asyncio.sleep(STAYS_SECONDS)
        with suppress(CardError, CardNotFound):
            card = await asyncio.to_thread(self.app.program.card, str(entry.path))
            if not card.adult or card.id in self.app.settings.opened_adult:
                await self.app.program.foresee(card, teller, self.greeting)

    def _build_preview(self, key: str, greeting: int) -> Preview:
        from tui.cards import CardError
        from tui.cards.portraits import portrait_of
        from tui.world import WorldError

        entry = next(entry for entry in self._entries if f"card:{entry.path}" == key)
        if entry.problem:
            return problem_preview(entry, (entry.problem,))
        wish = WISH if self.app.wants_more(entry) else ""
        try:
            card = self.app.program.card(str(entry.path))
            if card.adult and card.id not in self.app.settings.opened_adult:
                return closed_preview(card, wish)
            portrait = portrait_of(card, entry.path)
            return preview_of(card, greeting, wish=wish, portrait=portrait)
        except CardError as error:
            return problem_preview(entry, tuple(problem.sentence() for problem in error.problems))
        except WorldError as error:
            return problem_preview(entry, (str(error),))

    # what can be asked for

    def action_play_card(self) -> None:
        """Begin the card under the cursor."""
        entry = self.entry
        if not self._looked:
            self._wish = self.action_play_card
        if entry is None:
            return
        if entry.problem:
            self.app.notify(f"{entry.path.name}: {entry.problem}", markup=False)
            return
        together = self.take_marked()
        self.app.play(*(together or (str(entry.path),)), greeting=0 if together else self.greeting)

    def action_continue_story(self) -> None:
        """Go on with the latest story."""
        if not self._looked:
            self._wish = self.action_continue_story
        elif self._saves:
            self.app.open_save(self._saves[0].path)
        else:
            self.app.notify("There is no story to go on with yet.")

    def show_shelves(self) -> None:
        """Show the shelves as they are now."""
        self._lay()

    def show_preview(self) -> None:
        """Show the page of the card under the cursor."""
        self._show_preview(self.shelf.key)

    async def action_preview(self) -> None:
        """Lay the card's page over the list where there is no room beside it."""
        from tui.ui.screens.cardsheet import CardSheet

        if self.entry is not None and not self.preview.display:
            page = await asyncio.to_thread(self._build_preview, self.shelf.key, self.greeting)
            if self.size.height < LEAST_FOR_PORTRAITS:
                page = replace(page, portrait=None)
            await self.app.push_screen(CardSheet(page), self._leave_sheet)

    def _leave_sheet(self, play: bool | None) -> None:
        if play:
            self.action_play_card()

    def action_search(self) -> None:
        """Go to the search line."""
        self.search_line.can_focus = True
        self.set_focus(self.search_line)

    def action_leave_search(self) -> None:
        """Empty the search line, take all marks away, and go back to the shelves."""
        self.marked.clear()
        self._lay()
        self.search_line.value = ""
        self.search_line.can_focus = False
        self.shelf.focus()

    @on(Input.Changed, "#search")
    def _search(self) -> None:
        self._lay()
        self._search_texts(self.search_line.value)

    @work(exclusive=True, group="texts")
    async def _search_texts(self, words: str) -> None:
        """Add the stories in whose text the words are, once they are found."""
        hits = await self._texts.find(words) if self._texts else []
        lines = list(self.recent.lines)
        shown = {Path(line.key.removeprefix("save:")) for line in lines if line.key}
        found = hit_lines(hits, {save.path: save for save in self._saves}, shown)
        if found:
            head = Line("", head_content("IN THE TEXT" if lines else "CONTINUE"))
            self._show_recent([*lines, head, *found])

    async def on_unmount(self) -> None:
        """Close the index."""
        if self._texts is not None:
            await self._texts.close()

    @on(Input.Submitted, "#search")
    def _searched(self, event: Input.Submitted) -> None:
        if not self._open_path(event.value):
            self.search_line.can_focus = False
            (self.shelf if self.shelf.key else self.recent).focus()

    def on_paste(self, event: events.Paste) -> None:
        """Cards whose paths are pasted or dropped here are taken in; other words are searched for."""
        if not self._open_path(event.text):
            self.action_search()
            self.search_line.insert_text_at_cursor(clean(event.text).strip())

    def _open_path(self, text: str) -> bool:
        """Open what the pasted or dropped paths name; whether there is something."""
        from tui.ui.dropped import paths_in

        paths = paths_in(text)
        if not paths:
            return False
        self.search_line.value = ""
        if len(paths) == 1 and paths[0].suffix == ".jsonl":
            self.app.open_save(paths[0])
        else:
            self.app.take_in(paths)
        return True

    def action_new_card(self) -> None:
        """Write a card in the player's editor."""
        self.app.edit_card(None)

    def action_edit_card(self) -> None:
        """Open the card's file in the player's editor."""
        if self.entry is not None:
            self.app.edit_card(self.entry.path)

    @work
    async def action_card_menu(self) -> None:
        """Name, copy, write out or throw away the story or the card under the cursor."""
        from tui.ui.savemenu import save_menu

        path = Path(self.recent.key.removeprefix("save:"))
        save = next((save for save in self._saves if save.path == path), None)
        if save is not None and self.recent.has_focus:
            await save_menu(self.app, save)
            self.refresh_shelves()
        elif (entry := self.entry) is not None:
            await self.card_menu(entry)
