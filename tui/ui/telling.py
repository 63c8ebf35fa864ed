"""Telling: one reply on its way from the Narrator to the page."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import cast

from tui.game.events import (
    Answered,
    Ended,
    Event,
    Failed,
    Piece,
    PromptRead,
    ProseEnded,
    ReplyStarted,
    Understood,
)
from tui.story import Turn
from tui.ui.reveal import STEADY, Reveal
from tui.ui.widgets.choicelist import ChoiceList
from tui.ui.widgets.transcript import Transcript
from tui.ui.widgets.turnview import TurnView

TICK_SECONDS = 0.05
CROWDED_TICK_SECONDS = 0.1
"""How often the page is drawn while the model computes on every core: what that takes, it loses."""


@dataclass
class Telling:
    """Feeds events to the page at a steady pace; what comes last waits until the prose is shown.

    `path` gives the story's path anew, `turn_of` a turn as it now stands, `expected` the number of choices to keep rows for;
    `crowded` tells whether the model computes on every core;
    `said` tells a sentence to the player, `reading` what the model is doing right now, and
    `settled` is called once all of a reply is on the page.
    """

    transcript: Transcript
    choices: ChoiceList
    path: Callable[[], tuple[Turn, ...]]
    turn_of: Callable[[int], Turn]
    expected: Callable[[], int]
    said: Callable[[str, bool], None]
    reading: Callable[[str], None]
    settled: Callable[[], None]
    crowded: Callable[[], bool]
    pace: float = STEADY
    busy: bool = False
    """Whether the Narrator is still at work."""
    ending: Ended | None = None
    """Where the tale has ended, once that is told."""
    seconds: float = 0.0
    """How long the present reply has taken to come."""
    _reveal: Reveal | None = None
    _view: TurnView | None = None
    _ending: Ended | None = None
    _failure: str = ""
    _passed: float = 0.0
    """The seconds that have passed since the page was drawn."""

    @property
    def revealing(self) -> bool:
        """Whether some of the reply is still to appear."""
        return self._reveal is not None

    async def follow(self, events: AsyncGenerator[Event, None]) -> None:
        """Show what these events tell; cancel the task to stop the reply."""
        self.busy, self.seconds = True, 0.0
        try:
            async with aclosing(events) as stream:
                async for event in stream:
                    await self._show(event)
        finally:
            self.busy = False
            if self._reveal is not None and not self._reveal.whole:
                self._reveal.end()
                self._reveal.complete()
            self.reading("")
            self._settle_when_shown()

    async def _show(self, event: Event) -> None:
        match event:
            case Understood(turn):
                self.choices.wait(self.expected())
                await self.transcript.add(turn)
                self.transcript.to_end()
            case PromptRead(_, done, total, _):
                self.reading(f"reading {done:,}/{total:,}" if done < total else "")
            case ReplyStarted(turn):
                await self._begin(turn)
            case Piece(turn_id, text) if self._is_current(turn_id):
                cast("Reveal", self._reveal).arrive(text)
            case ProseEnded(turn_id, text) if self._is_current(turn_id):
                cast("Reveal", self._reveal).end(text)
            case Ended():
                self._ending = event
            case Answered(text):
                self.said(text, False)
            case Failed(sentence):
                self._failure = sentence
            case _:
                pass

    async def _begin(self, turn: Turn) -> None:
        """A new reply stands at the end of the path, or an old one goes on."""
        self.complete()
        await self.transcript.show(self.path())
        self._view = self.transcript.view_of(turn.id)
        self._ending = None
        self._reveal = Reveal(self.pace)
        if turn.text:
            self._reveal.arrive(turn.text)
            self._reveal.complete()
        self.choices.wait(self.expected())
        self.transcript.to_end()
        if self._view:
            self._view.stream(self._reveal.shown)

    def _is_current(self, turn_id: int) -> bool:
        return self._reveal is not None and self._view is not None and self._view.turn.id == turn_id

    def tick(self) -> None:
        """Time passes: show a little more."""
        if self.busy:
            self.seconds += TICK_SECONDS
        if self._reveal is None or self._view is None:
            return
        self._passed += TICK_SECONDS
        if self.busy and self._passed < CROWDED_TICK_SECONDS and self.crowded():
            return
        passed, self._passed = self._passed, 0.0
        if self._reveal.advance(passed):
            self._view.stream(self._reveal.shown)
        self._settle_when_shown()

    def complete(self) -> None:
        """Show at once all that has come."""
        if self._reveal is not None and self._view is not None:
            self._reveal.complete()
            self._view.stream(self._reveal.shown)
            self._settle_when_shown()

    def _settle_when_shown(self) -> None:
        """Once the Narrator is done and the prose is shown: what stands in the story."""
        if self.busy or (self._reveal is not None and not self._reveal.finished):
            return
        if self._view is not None and self._reveal is not None:
            self._view.settle(self.turn_of(self._view.turn.id))
        self._reveal = self._view = None
        self.ending, self._ending = self._ending, None
        if self._failure:
            self.said(self._failure, True)
            self._failure = ""
        self.settled()
