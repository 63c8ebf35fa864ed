"""Picking: a turn of the page under the reader's finger, and what is done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.story import Turn
from tui.ui.widgets.turnview import TurnView

if TYPE_CHECKING:
    from tui.ui.screens.play import PlayScreen


class Picking:
    """Moves a mark over the turns of a PlayScreen, and asks it for what the reader wants."""

    def __init__(self, screen: PlayScreen) -> None:
        self.screen = screen
        self._view: TurnView | None = None

    def begin(self) -> None:
        """Pick the latest turn; the bar takes the composer's place."""
        views = self.screen.transcript.views
        if views and self.screen.still:
            self.screen.add_class("-picking")
            self.screen.pickbar.focus()
            self._mark(views[-1])

    def end(self) -> None:
        """Give the composer its place again."""
        if self._view is not None:
            self._view.remove_class("-picked")
            self._view = None
        self.screen.remove_class("-picking")
        self.screen.composer.focus()

    def _mark(self, view: TurnView) -> None:
        if self._view is not None:
            self._view.remove_class("-picked")
        self._view = view
        view.add_class("-picked")
        view.scroll_visible(animate=False, immediate=True)

    def _move(self, by: int) -> None:
        views = self.screen.transcript.views
        if self._view not in views:
            return
        place = views.index(self._view) + by
        if place >= len(views):
            self.end()
            self.screen.transcript.to_end()
        elif place >= 0:
            self._mark(views[place])

    async def do(self, what: str, by: int, typed: str) -> None:
        """Do what the bar was asked for."""
        if what == "move":
            self._move(by)
            return
        turn = self._view.turn if self._view else None
        if what != "pick_view":
            self.end()
        if typed:
            self.screen.composer.insert(typed)
        if turn is not None and what == "swipe":
            await self.screen.swipe(by, self.reply_at(turn))
        elif turn is not None and what != "leave":
            await self._act(what, turn)

    async def _act(self, what: str, turn: Turn) -> None:
        screen, session = self.screen, self.screen.narrator.session
        clock = screen.narrator.clock
        match what:
            case "pick_edit":
                screen.edit_turn(turn)
            case "pick_copy":
                screen.app.copy_to_clipboard(turn.text)
                screen.say("Copied.")
            case "pick_pin" if turn.id in session.pins:
                await screen.record(session.unpin(turn.id, clock()), "No longer pinned.")
            case "pick_pin":
                await screen.record(session.pin(turn.id, at=clock()), "Pinned.")
            case "pick_delete":
                await screen.delete(turn)
            case "pick_branch":
                await screen.go_to(self.reply_at(turn).id)
            case "pick_retry":
                await screen.go_to(self.reply_at(turn).id)
                screen.action_retry()
            case "pick_view":
                self.view_note(turn)
            case _:
                pass

    def reply_at(self, turn: Turn) -> Turn:
        """The reply that the turn is, or that followed it on the page."""
        path = self.screen.narrator.session.path()
        if turn.role == "model":
            return turn
        return next((after for after in path if after.parent == turn.id), turn)

    def view_note(self, turn: Turn) -> None:
        """Show what guards changed in a turn."""
        from tui.ui.screens.dialogs import NoteDialog

        notes = [note for note in turn.notes if note.before]
        if not notes:
            self.screen.say("There is no note on this turn.")
            return
        self.end()

        async def put_back(before: str | None) -> None:
            if before is not None:
                await self.screen.narrator.edit(turn.id, before)
                await self.screen.show_story()

        self.screen.app.push_screen(NoteDialog(turn.text, notes), put_back)
