"""PlayScreen: a story, and the place where the player writes it on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static
from textual.worker import WorkerCancelled, WorkerFailed

from tui.game.ahead import fills_cores
from tui.game.events import Event
from tui.game.narrator import Narrator
from tui.game.verbs import UnknownCommand, read_command, verb_named, verbs_at
from tui.store import Settings
from tui.story import Choice
from tui.ui.keys import bindings_at, label_of
from tui.ui.pageview import PageView
from tui.ui.picking import Picking
from tui.ui.screens.page import TooSmall
from tui.ui.screens.playdoors import PlayDoors
from tui.ui.telling import TICK_SECONDS, Telling
from tui.ui.widgets.bars import KeyLine, Masthead, StatusLine
from tui.ui.widgets.choicelist import ChoiceList
from tui.ui.widgets.composer import Composer
from tui.ui.widgets.pickbar import PickBar
from tui.ui.widgets.rule import Rule
from tui.ui.widgets.scenepanel import ScenePanel
from tui.ui.widgets.transcript import Transcript
from tui.ui.widgets.turnview import TurnView

LONG_REPLY_SECONDS = 8.0
HINT_SECONDS = 5.0
SHOWN_ANYWHERE = (verb_named("commands"), verb_named("help"))
LAST_PAGE = (
    Choice("Turn the last page"),
    Choice("Another way: the story map"),
    Choice("The library"),
)
LAST_ACTS = ("ending", "map", "library")
SIDES = {"left": "previous_swipe", "right": "next_swipe"}


class PlayScreen(PlayDoors):
    """One story. What is told is the Narrator's; what is shown, the widgets'.

    It keeps its widgets, so that what comes late finds them when the screen is being closed.
    """

    AUTO_FOCUS = "Composer"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_at("play"),
        Binding("pageup", "scroll_page(-1)", "Earlier", show=False, id="scroll_up", priority=True),
        Binding("pagedown", "scroll_page(1)", "Later", show=False, id="scroll_down", priority=True),
        Binding("ctrl+end", "to_end", "Latest", show=False, id="to_end"),
    ]

    def __init__(self, narrator: Narrator) -> None:
        super().__init__()
        self.narrator = narrator
        self.view = PageView(narrator)
        self.masthead, self.status = Masthead(), StatusLine()
        self.transcript = Transcript(self.view.shown)
        self.choice_list, self.composer, self.pickbar = ChoiceList(), Composer(), PickBar()
        self.panel = ScenePanel()
        self.key_line = KeyLine([*verbs_at("play"), *SHOWN_ANYWHERE])
        self.choices_rule = Rule(widget_id="choices-rule")
        self._bell = False
        self._panel_wanted: bool | None = None

    def compose(self) -> ComposeResult:
        """Head, page and margin, foot."""
        yield self.masthead
        yield Rule(widget_id="head-rule")
        with Horizontal(id="spread"):
            with Vertical(id="page"):
                yield self.transcript
                with Vertical(id="desk"):
                    yield self.choices_rule
                    yield self.choice_list
                    yield Rule(widget_id="writing-rule")
                    with Horizontal(id="writing"):
                        yield Static("›", id="prompt")
                        yield self.composer
                    yield self.pickbar
            yield self.panel
        yield Rule("┴", widget_id="foot-rule")
        yield self.status
        yield self.key_line
        yield TooSmall(id="too-small")

    async def on_mount(self) -> None:
        """Show the story where it stands."""
        self.telling = Telling(
            transcript=self.transcript,
            choices=self.choice_list,
            path=self.view.turns,
            turn_of=self.view.turn,
            expected=lambda: self.view.expected_choices,
            said=lambda sentence, fault: self.say(sentence, fault=fault),
            reading=self._show_reading,
            settled=self._settled,
            crowded=self._is_crowded,
        )
        self.picking = Picking(self)
        self.narrator.book.on_change = self._show_saved
        self.set_interval(TICK_SECONDS, self._tick)
        self.screen_layout_refresh_signal.subscribe(self, self._joint)
        self.watch(self.app, "model_state", self._show_model)
        self._show_portrait()
        self.watch(self.app, "settings", self._follow_settings)
        await self.show_story()
        self.transcript.to_end()

    def _follow_settings(self, settings: Settings) -> None:
        """Take what concerns the page from the settings as they are now."""
        self.telling.pace = 0.0 if settings.reveal == "off" else float(settings.reveal)
        self.composer.cursor_blink = settings.motion
        self._bell = settings.bell

    def on_unmount(self) -> None:
        """The book outlives the screen only to be closed."""
        self.narrator.book.on_change = None

    async def show_story(self) -> None:
        """Show the story as it stands."""
        await self.transcript.show(self.view.turns())
        self._show_desk()

    def _show_desk(self) -> None:
        """Choices, margin and status as the present turn has them."""
        if not self.is_attached:
            return
        choices = LAST_PAGE if self.narrator.ended else self.narrator.choices
        self.choice_list.show(choices) if choices else self.choice_list.clear()
        self.masthead.title, self.masthead.state = self.view.title, self.view.state
        self.panel.show(self.view.scene())
        self._show_model()
        self.composer.placeholder = self.view.invitation(
            self.app.settings.keymap, ended=self.narrator.ended
        )
        self.key_line.end = ""
        self.call_later(self.transcript.remember_from, self.view.memory_begins)

    def _show_model(self, *_: object) -> None:
        self.status.figures = self.view.figures(getattr(self.app, "model_state", ""))

    @work(exclusive=True, group="portrait")
    async def _show_portrait(self) -> None:
        """A companion's portrait, once it is read; a tale's margin has other things to show."""
        card = self.narrator.card
        if card.kind == "companion":
            found = await asyncio.to_thread(self.app.program.portrait, card)
            self.panel.portrait.show(found)

    def _show_saved(self) -> None:
        if self.is_attached:
            self.masthead.state = self.view.state
            if trouble := self.narrator.book.trouble or self.narrator.book.notice:
                self.say(trouble, fault=True)
                self.narrator.book.notice = ""

    def _show_reading(self, what: str) -> None:
        waiting = getattr(self.app, "model_state", "") if self.narrator.teller.model is None else ""
        figures = self.view.figures(waiting)
        self.status.figures = (
            figures if not what else type(figures)(model=figures.model, reading=what)
        )

    # telling

    def tell(self, events: AsyncGenerator[Event, None]) -> None:
        """Have a reply told; one at a time."""
        self.telling.busy = True
        self.composer.placeholder = "…"
        stop = label_of(verb_named("stop"), self.app.settings.keymap)
        self.key_line.end = f"{stop} stops"
        self.run_worker(self.telling.follow(events), group="telling", exclusive=True)

    def _tick(self) -> None:
        self.telling.tick()
        self.composer.revealing = self.telling.revealing

    def _is_crowded(self) -> bool:
        model = self.narrator.teller.model
        return model is not None and fills_cores(model)

    def _settled(self) -> None:
        if not self.is_attached:
            return
        self._show_desk()
        if self._bell and self.telling.seconds > LONG_REPLY_SECONDS:
            self.app.bell()

    def say(self, sentence: str, *, fault: bool = False) -> None:
        """Tell the player a sentence beside the story; an error stays longer."""
        self.app.notify(
            sentence,
            severity="error" if fault else "information",
            timeout=12 if fault else HINT_SECONDS,
            markup=False,
        )

    def action_stop(self) -> None:
        """End the reply; what came of it is kept."""
        if self.telling.busy:
            self.workers.cancel_group(self, "telling")
        elif self.telling.revealing:
            self.telling.complete()
        elif self._panel_wanted and not self.has_margin:
            self.action_panel()

    # the composer

    @on(Composer.Said)
    def _take_words(self, event: Composer.Said) -> None:
        text = event.text
        if not text and self.telling.revealing:
            self.telling.complete()
        elif not text:
            self._go_on()
        elif not self._obey(text) and self.idle:
            self.composer.accept(text)
            self.tell(
                self.narrator.take_turn(text.removeprefix("/") if text.startswith("//") else text)
            )

    def _go_on(self) -> None:
        here = self.narrator.session.turn
        if not self.narrator.book.writable:
            self.app.go_on_in_copy()
        elif self.narrator.ended:
            self.call_later(self.action_ending)
        elif here is not None and (here.state == "cut" or here.role == "player"):
            self.action_continue_reply()

    def _obey(self, text: str) -> bool:
        """Do what a slash command asks; whether the line was one."""
        try:
            command = read_command(text)
        except UnknownCommand as error:
            self.say(str(error), fault=True)
            return True
        if command is None:
            return False
        self.composer.accept(text)
        self.call_later(self._run, command.verb.id, command.argument)
        return True

    async def _run(self, verb_id: str, argument: str) -> None:
        action = getattr(self, f"action_{verb_id}")
        result = action(argument) if argument else action()
        if result is not None and hasattr(result, "__await__"):
            await result

    @on(Composer.Chose)
    @on(ChoiceList.Picked)
    def _choose(self, event: Composer.Chose | ChoiceList.Picked) -> None:
        """Pick a choice; before the choices stand, a digit does nothing."""
        self.choose(event.number)

    def choose(self, number: int) -> None:
        """Pick the choice of this number, if it stands; at an ending, one of the ways on."""
        if self.narrator.ended and number <= len(self.choice_list.choices):
            self.call_later(self._run, LAST_ACTS[number - 1], "")
        elif number <= len(self.choice_list.choices) and not self.telling.busy and self.idle:
            self.choice_list.wait(self.view.expected_choices)
            self.tell(self.narrator.take_turn(number - 1))

    async def hush(self) -> None:
        """Stop what is being told, and wait until what came of it is kept."""
        telling = [worker for worker in self.workers if worker.group == "telling"]
        for worker in telling:
            worker.cancel()
        for worker in telling:
            with suppress(WorkerFailed, WorkerCancelled):
                await worker.wait()

    @on(Composer.Changed)
    def _suggest(self) -> None:
        self.composer.update_suggestion()

    @on(Composer.Asked)
    async def _ask(self, event: Composer.Asked) -> None:
        if event.what == "hurry":
            self.telling.complete()
        elif event.what == "pick":
            self.picking.begin()
        else:
            await self.run_action(SIDES[event.what])

    def on_key(self, event: events.Key) -> None:
        """Any printable key goes to the composer."""
        if isinstance(self.focused, PickBar | Composer):
            return
        if event.character and event.is_printable:
            self.composer.focus()
            self.composer.insert(event.character)
            event.stop()

    # the page

    @on(PickBar.Asked)
    async def _pick(self, event: PickBar.Asked) -> None:
        await self.picking.do(event.what, event.by, event.typed)

    @on(TurnView.Pressed)
    async def _press(self, event: TurnView.Pressed) -> None:
        if event.part == "swipe-left":
            await self.swipe(-1, self.picking.reply_at(event.view.turn))
        elif event.part == "swipe-right":
            await self.swipe(1, self.picking.reply_at(event.view.turn))
        elif event.part == "note":
            self.picking.view_note(event.view.turn)

    @on(Transcript.Followed)
    def _mark_more(self, event: Transcript.Followed) -> None:
        self.choices_rule.word = "" if event.following else "↓ more below"

    def action_scroll_page(self, by: int) -> None:
        """Turn the page."""
        if by < 0:
            self.transcript.scroll_page_up(animate=False)
        else:
            self.transcript.scroll_page_down(animate=False)

    def action_to_end(self) -> None:
        """Go to the newest line."""
        self.transcript.to_end()

    def action_panel(self) -> None:
        """Show or hide the scene: beside the page, or over it where there is no room."""
        shown = self._panel_wanted if self._panel_wanted is not None else self.has_margin
        self._panel_wanted = not shown
        self.set_class(self._panel_wanted, "-panel")
        self.set_class(not self._panel_wanted, "-no-panel")

    def _joint(self, _screen: object) -> None:
        """The lines meet where the page ends."""
        beside = self.panel.display and self.has_margin
        for rule in ("#head-rule", "#foot-rule"):
            self.query_one(rule, Rule).joint = (self.panel.region.x or -1) if beside else -1
