"""CardScreen: all that a card says, what each part costs, and what can be done with it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar, Literal, NamedTuple

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from tui.cards import Card, CardError
from tui.cards.portraits import portrait_of
from tui.engine.backend import BackendError
from tui.ui.cardparts import Part, about_content, part_content, part_lines, parts_of
from tui.ui.clean import clean
from tui.ui.preview import WISH
from tui.ui.screens.cardacts import greetings_of
from tui.ui.screens.menu import MenuDialog
from tui.ui.screens.page import Page, TooSmall
from tui.ui.screens.storymap import keys_content
from tui.ui.widgets.bars import Masthead
from tui.ui.widgets.flow import Flow
from tui.ui.widgets.linelist import LineList
from tui.ui.widgets.portraitview import PortraitView
from tui.ui.widgets.rule import Rule

MOST_COUNTED = 400
"""Parts that are counted; of a lorebook with thousands of entries the first ones."""
MOST_LETTERS = 60_000
KEYS = (
    ("Enter", "play"),
    ("g", "greeting"),
    ("e", "edit"),
    ("d", "duplicate"),
    ("Del", "trash"),
    ("Esc", "back"),
)


class CardWish(NamedTuple):
    """What the player wants of the card when they leave its screen."""

    act: Literal["play", "duplicate", "trash"]
    greeting: int = 0


class CardScreen(Page[CardWish | None]):
    """One card; the result is what is to be done with it."""

    AUTO_FOCUS = "LineList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,i", "dismiss", "Back", show=False),
        Binding("g", "greeting", "Pick a greeting", show=False),
        Binding("e", "edit", "Edit", show=False),
        Binding("d", "wish('duplicate')", "Duplicate", show=False),
        Binding("delete", "wish('trash')", "Trash", show=False),
    ]

    lines = getters.query_one(LineList)
    masthead = getters.query_one(Masthead)
    portrait = getters.query_one(PortraitView)

    def __init__(
        self, card: Card, path: Path, *, greeting: int = 0, wish: bool = False, note: str = ""
    ) -> None:
        """`wish` is whether the card wants a bigger model, `note` what was taken over from it."""
        super().__init__()
        self.card, self.path, self.greeting = card, path, greeting
        self._wish, self._note = WISH if wish else "", note
        self._parts: Sequence[Part] = ()
        self._tokens: dict[str, int] = {}

    def compose(self) -> ComposeResult:
        """Head; portrait and parts beside the part under the cursor; foot."""
        yield Masthead()
        yield Rule(widget_id="head-rule")
        with Horizontal():
            with Vertical(id="card-parts"):
                yield PortraitView(columns=20, rows=11)
                yield LineList()
            with VerticalScroll(id="card-view", can_focus=False):
                yield Flow(id="card-text")
        yield Rule("┴", widget_id="foot-rule")
        yield Static(keys_content(KEYS), classes="keys")
        yield TooSmall(id="too-small")

    def on_mount(self) -> None:
        """Show the card, and count what it costs once there is a model."""
        self.watch(self.app, "model_state", self._count_anew, init=False)
        self._show_card()

    def on_resize(self) -> None:
        """The lines meet where the list ends."""
        self.call_after_refresh(self._joint)

    def _joint(self) -> None:
        for rule in ("#head-rule", "#foot-rule"):
            self.query_one(rule, Rule).joint = self.query_one("#card-view").region.x - 1

    def _show_card(self) -> None:
        self.masthead.title = self.card.name
        self._parts = parts_of(self.card, self.greeting)
        self._tokens = {}
        self.lines.show(part_lines(self._parts, {}))
        self._show_portrait()
        self._count()

    @work(exclusive=True, group="portrait")
    async def _show_portrait(self) -> None:
        found = await asyncio.to_thread(portrait_of, self.card, self.path)
        self.portrait.show(found)

    def _count_anew(self) -> None:
        self._count()

    @work(exclusive=True, group="count")
    async def _count(self) -> None:
        """Count each part as the loaded model would."""
        head, teller = self.masthead, self.app.teller
        model = teller.model if teller else None
        if teller is None or model is None:
            head.state = "tokens are counted once a model is loaded"
            return
        counted = [part for part in self._parts if part.counted][:MOST_COUNTED]
        texts = [(part.weighed or part.text)[:MOST_LETTERS] for part in counted]
        try:
            found = await teller.backend.encode_many(texts)
        except BackendError as error:
            head.state = clean(str(error))
            return
        self._tokens = {part.key: len(ids) for part, ids in zip(counted, found, strict=True)}
        always = sum(self._tokens.get(part.key, 0) for part in self._parts if part.sent)
        head.state = f"{always:,} tokens in every prompt · {model.name}"
        self.lines.show(part_lines(self._parts, self._tokens))

    @on(LineList.Moved)
    def _turn_to(self, event: LineList.Moved) -> None:
        part = next((one for one in self._parts if one.key == event.key), None)
        about = partial(about_content, self.card, (self._note, str(self.path)), self._wish)
        self.query_one(Flow).lay = about if part is None else partial(part_content, part)
        self.query_one("#card-view").scroll_home(animate=False)

    @on(LineList.Chosen)
    def _play(self) -> None:
        self.dismiss(CardWish("play", self.greeting))

    def action_wish(self, act: Literal["duplicate", "trash"]) -> None:
        """Leave, and have that done."""
        self.dismiss(CardWish(act))

    @work
    async def action_greeting(self) -> None:
        """Pick the greeting that the card begins with."""
        ways = greetings_of(self.card)
        if len(ways) < 2:
            self.app.notify("It has one greeting.")
            return
        picked = await self.app.push_screen_wait(MenuDialog("How it begins", ways))
        if picked is not None:
            self.greeting = int(picked)
            self._parts = parts_of(self.card, self.greeting)
            self.lines.show(part_lines(self._parts, self._tokens), key="greeting")
            self._count()

    @work
    async def action_edit(self) -> None:
        """Open the card in the player's editor, and show what has become of it."""
        edited = await self.app.edited_card(self.path)
        if edited is None:
            return
        try:
            self.card = await asyncio.to_thread(self.app.program.card, str(edited))
        except CardError as error:
            self.app.complain(error)
            return
        self.path, self.greeting, self._note = edited, 0, ""
        self._show_card()
