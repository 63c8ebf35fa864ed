"""FirstSight: the last turns of a long story, while the rest of it is still being read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual import events
from textual.app import ComposeResult

from tui.game.book import Book
from tui.game.cast import NARRATOR
from tui.store.saves import info_of
from tui.story import Turn
from tui.ui.screens.page import Page, TooSmall
from tui.ui.widgets.bars import KeyLine, Masthead, StatusLine
from tui.ui.widgets.rule import Rule
from tui.ui.widgets.transcript import Transcript
from tui.ui.widgets.turnview import Shown

LONG_BYTES = 1 << 20
"""A save from this size on takes long enough to open for its end to be shown first."""


def first_sight(save: Path) -> tuple[str, tuple[Turn, ...]]:
    """A long story's name and last turns; none where a save is short, or its end does not tell.

    Raises:
        StoreError: It can't be read.
    """
    if not save.is_file() or save.stat().st_size < LONG_BYTES:
        return "", ()
    return info_of(save).name, Book.first_sight(save)


def shown(turn: Turn) -> Shown:
    """A turn with its speaker, as far as it tells by itself."""
    named = turn.role == "model" and turn.name != NARRATOR
    return Shown(turn, speaker=turn.name if named else "")


class FirstSight(Page[None]):
    """The end of a story as its save's last lines tell it; what is typed meanwhile is kept."""

    def __init__(self, title: str, turns: Sequence[Turn]) -> None:
        super().__init__()
        self._title, self._turns = title, turns
        self.transcript = Transcript(shown)
        self.typed = ""
        """What the player has typed so far."""

    def compose(self) -> ComposeResult:
        """Head and page, as the play screen has them."""
        yield Masthead()
        yield Rule(widget_id="head-rule")
        yield self.transcript
        yield Rule(widget_id="foot-rule")
        yield StatusLine()
        yield KeyLine(())
        yield TooSmall(id="too-small")

    async def on_mount(self) -> None:
        """Show the turns, the last one at the foot."""
        head = self.query_one(Masthead)
        head.title, head.state = self._title, "opening"
        await self.transcript.show(self._turns)
        self.transcript.to_end()

    def on_key(self, event: events.Key) -> None:
        """Keep what is typed for the composer."""
        if event.character and event.is_printable:
            self.typed += event.character
