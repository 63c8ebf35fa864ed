"""Transcript: the story so far, as one long page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.containers import VerticalScroll
from textual.message import Message
from textual.reactive import var
from textual.widgets import Static

from tui.story import Turn
from tui.ui.widgets.turnview import Shown, TurnView

MOUNTED = 50
"""Turns on the page at first; more only as the reader scrolls up."""
EARLIER = 30
MOST = 80
REMEMBERS = " the storyteller remembers from here "


class MemoryLine(Static):
    """Where the model's memory begins; what is above it, only the page remembers."""

    def render(self) -> str:
        """Draw a dotted line around the words."""
        side = "┄" * max((self.content_size.width - len(REMEMBERS)) // 2, 2)
        return f"{side}{REMEMBERS}{side}"


class Transcript(VerticalScroll, can_focus=False):
    """The turns of one path, the latest last.

    It follows its newest line until the reader scrolls up, and again once they scroll back
    down. Only the latest turns are mounted; earlier ones come as the reader nears them, and
    the text under the reader's eyes stays where it is.
    """

    NEAR_END = 3
    following = var(True)

    class Followed(Message):
        """The reader left the newest line, or came back to it."""

        def __init__(self, following: bool) -> None:
            super().__init__()
            self.following = following

    def __init__(self, describe: Callable[[Turn], Shown], *, widget_id: str | None = None) -> None:
        super().__init__(id=widget_id)
        self._describe = describe
        self._turns: Sequence[Turn] = ()
        self._first = 0
        self._views: dict[int, TurnView] = {}
        self._memory_line = MemoryLine(markup=False)
        self._memory_at: int | None = None
        self._loading = False

    @property
    def turns(self) -> Sequence[Turn]:
        """The whole path, mounted or not."""
        return self._turns

    @property
    def views(self) -> list[TurnView]:
        """The mounted turns, in order."""
        return [
            self._views[turn.id] for turn in self._turns[self._first :] if turn.id in self._views
        ]

    def view_of(self, turn_id: int) -> TurnView | None:
        """The view of a turn, if it is mounted."""
        return self._views.get(turn_id)

    async def show(self, turns: Sequence[Turn]) -> None:
        """Show this path; what it shares with the one before stays as it is."""
        keep = self._shared(turns)
        gone = [
            view
            for turn_id, view in self._views.items()
            if turn_id not in {t.id for t in turns[self._first : keep]}
        ]
        first = self._first if keep > self._first else max(0, len(turns) - MOUNTED)
        with self.app.batch_update():
            for view in gone:
                del self._views[view.turn.id]
            await self.remove_children(gone)
            self._turns, self._first = turns, first
            for turn in turns[first:keep]:
                self._views[turn.id].change(self._describe(turn))
            await self._mount(turns[max(keep, first) :])
            await self._prune()
            await self._place_memory_line()

    def _shared(self, turns: Sequence[Turn]) -> int:
        """How many turns the two paths have in common, 0 if none of them is mounted.

        The same turn at the same place has the same turns before it: they are a tree's paths.
        """
        keep = self._first
        for old, new in zip(self._turns[self._first :], turns[self._first :], strict=False):
            if old.id != new.id:
                break
            keep += 1
        return keep if keep > self._first else 0

    async def add(self, turn: Turn) -> TurnView:
        """A new turn stands at the end of the path."""
        if turn.id not in self._views:
            self._turns = (*self._turns, turn)
            await self._mount((turn,))
            await self._prune()
        return self._views[turn.id]

    async def _mount(self, turns: Sequence[Turn]) -> None:
        views = [TurnView(self._describe(turn)) for turn in turns]
        self._views |= {view.turn.id: view for view in views}
        await self.mount_all(views)

    async def _prune(self) -> None:
        """Unmount the earliest turns once there are far too many, while the reader is at the end."""
        excess = len(self._turns) - self._first - MOST
        if excess <= 0 or not self.following:
            return
        first = len(self._turns) - MOUNTED
        gone = [
            view
            for turn in self._turns[self._first : first]
            if (view := self._views.pop(turn.id, None))
        ]
        self._first = first
        await self.remove_children(gone)

    async def remember_from(self, turn_id: int | None) -> None:
        """Move the memory line before this turn; None where the model remembers all."""
        if turn_id != self._memory_at:
            self._memory_at = turn_id
            await self._place_memory_line()

    async def _place_memory_line(self) -> None:
        view = self._views.get(self._memory_at) if self._memory_at is not None else None
        if view is None or (self.children and self.children[0] is view and self._first == 0):
            if self._memory_line.is_attached:
                await self._memory_line.remove()
            return
        if self._memory_line.is_attached:
            self.move_child(self._memory_line, before=view)
            return
        self._memory_line = MemoryLine(markup=False)
        await self.mount(self._memory_line, before=view)

    # following the end

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Follow the end again once the reader is back there; fetch what is above when near it."""
        super().watch_scroll_y(old_value, new_value)
        if old_value < new_value >= self.max_scroll_y - self.NEAR_END:
            self.following = True
            self.anchor()
        elif new_value < min(old_value, self.max_scroll_y):
            self.following = False
        if new_value < self.size.height and self._first and not self._loading:
            self._loading = True
            self.call_later(self._load_earlier)

    def on_resize(self) -> None:
        """Hold on to the end where there is more room, or less."""
        if self.following:
            self._hold_end()

    def watch_virtual_size(self) -> None:
        """Hold on to the end as soon as there is more than fits; a short story stands at the top."""
        if self.following:
            self._hold_end()

    def _hold_end(self) -> None:
        if self.virtual_size.height > self.size.height:
            self.anchor()
        else:
            self.anchor(False)
            self.set_scroll(None, 0)

    def release_anchor(self) -> None:
        """Stay at the end if the scroll went nowhere: Textual lets go on every one."""
        super().release_anchor()
        self.call_later(self._follow)

    def _follow(self) -> None:
        if self.following and self.scroll_target_y >= self.scroll_y:
            self._hold_end()

    def watch_following(self, following: bool) -> None:
        """Tell the screen, which marks that there is more below."""
        self.post_message(self.Followed(following))

    def to_end(self) -> None:
        """Go to the newest line and follow it."""
        self.following = True
        self._hold_end()

    async def _load_earlier(self) -> None:
        """Mount the turns before the first one, and keep the text where the reader sees it."""
        if self._first and not self.following:
            end, self._first = self._first, max(0, self._first - EARLIER)
            views = [TurnView(self._describe(turn)) for turn in self._turns[self._first : end]]
            self._views |= {view.turn.id: view for view in views}
            before = self.virtual_size.height
            with self.app.batch_update():
                await self.mount_all(views, before=0)
                self.call_after_refresh(self._keep_place, before)
                await self._place_memory_line()
        else:
            self._loading = False

    def _keep_place(self, height_before: int) -> None:
        self.scroll_to(
            y=self.scroll_y + self.virtual_size.height - height_before,
            animate=False,
            immediate=True,
            force=True,
        )
        self._loading = False
