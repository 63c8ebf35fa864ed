"""StoryMapScreen: every path that a story took."""

from __future__ import annotations

from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.game.narrator import Narrator
from tui.story import Record
from tui.ui.clean import clean_line
from tui.ui.prose import prose
from tui.ui.screens.dialogs import LineDialog
from tui.ui.screens.page import Page, TooSmall
from tui.ui.screens.storyacts import READING
from tui.ui.storytree import map_lines
from tui.ui.widgets.bars import Masthead
from tui.ui.widgets.linelist import LineList
from tui.ui.widgets.rule import Rule

KEYS = (
    ("Enter", "goes there"),
    ("n", "names it"),
    ("m", "next"),
    ("f", "folds"),
    ("Del", "hides"),
    ("^Z", "undo"),
    ("Esc", "back"),
)


def keys_content(keys: tuple[tuple[str, str], ...]) -> Content:
    """Keys and their words, side by side."""
    return Content("  ").join(
        Content.assemble((key, "bold $mark"), (f" {word}", "$muted")) for key, word in keys
    )


class StoryMapScreen(Page[int | None]):
    """The tree of turns; the result is the turn to go to."""

    AUTO_FOCUS = "LineList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+t,q", "dismiss(None)", "Back", show=False),
        Binding("n", "name", "Name this place", show=False),
        Binding("m,tab", "next_name", "The next named place", show=False),
        Binding("f", "fold", "Fold what follows", show=False),
        Binding("delete,h", "hide", "Hide this and what follows", show=False),
        Binding("ctrl+z", "undo", "Undo", show=False),
        Binding("ctrl+y", "redo", "Redo", show=False),
    ]

    lines = getters.query_one(LineList)

    def __init__(self, narrator: Narrator) -> None:
        super().__init__()
        self.narrator = narrator

    def compose(self) -> ComposeResult:
        """Head, the tree, the turn under the cursor, foot."""
        yield Masthead()
        yield Rule()
        yield LineList()
        yield Rule()
        with VerticalScroll(id="map-turn", can_focus=False):
            yield Static(markup=False, id="map-text")
        yield Static(keys_content(KEYS), classes="keys")
        yield TooSmall(id="too-small")

    def on_mount(self) -> None:
        """Show the tree, with the cursor where the story stands."""
        self.query_one(Masthead).title = f"{self.narrator.session.name} · the paths so far"
        self._lay(str(self.narrator.session.here))

    def _lay(self, key: str | None = None) -> None:
        rows = list(map_lines(self.narrator.session))
        self.lines.show(rows, key=key)
        marks = len(self.narrator.session.bookmarks)
        words = f"{len(rows)} places" + (f" · {marks} named" if marks else "")
        self.query_one(Masthead).state = words

    @property
    def turn_id(self) -> int:
        """The turn under the cursor."""
        return int(self.lines.key)

    @on(LineList.Moved)
    def _show_turn(self, event: LineList.Moved) -> None:
        turn = self.narrator.session.turns[int(event.key)]
        before = self.narrator.session.turns[turn.parent] if turn.parent is not None else None
        said = before.text if before is not None and before.parent is not None else ""
        parts = [Content.styled(f"› {clean_line(said)}\n", "$player")] if said else []
        self.query_one("#map-text", Static).update(Content("").join([*parts, prose(turn.text)]))

    @on(LineList.Chosen)
    def _go(self, event: LineList.Chosen) -> None:
        self.dismiss(int(event.key))

    @property
    def _writable(self) -> bool:
        """Whether the story can be changed; says so if not."""
        if not self.narrator.book.writable:
            self.app.notify(READING)
        return self.narrator.book.writable

    async def _record(self, record: Record, key: str | None = None) -> None:
        if self._writable:
            await self.narrator.book.record(record)
            self._lay(key)

    @work
    async def action_name(self) -> None:
        """Give the place under the cursor a name, or take it away."""
        turn_id, session = self.turn_id, self.narrator.session
        dialog = LineDialog(
            "A name for this place", session.bookmarks.get(turn_id, ""), "No name takes it away."
        )
        name = await self.app.push_screen_wait(dialog)
        if name is not None:
            await self._record(session.bookmark(turn_id, name, self.narrator.clock()))

    async def action_fold(self) -> None:
        """Fold or unfold what follows the place."""
        session, turn_id = self.narrator.session, self.turn_id
        folded = turn_id not in session.folded
        await self._record(session.fold_branch(turn_id, folded, self.narrator.clock()))

    async def action_hide(self) -> None:
        """Take the place and all that follows out of the story; undo brings it back."""
        session, turn = self.narrator.session, self.narrator.session.turns[self.turn_id]
        if turn.parent is None or session.turns[turn.parent].parent is None:
            self.app.notify("The opening can't be hidden.")
            return
        if turn.role == "model" and session.children(turn.parent) == (turn.id,):
            turn = session.turns[turn.parent]  # its row shows what was said, too
        above = self.lines.lines[max(self.lines.cursor - 1, 0)].key
        await self._record(session.delete(turn.id, self.narrator.clock()), above)

    def action_next_name(self) -> None:
        """Go to the next place that has a name, from the last one to the first again."""
        names = {str(turn_id) for turn_id in self.narrator.session.bookmarks}
        named = [row for row, line in enumerate(self.lines.lines) if line.key in names]
        if named:
            ahead = (row for row in named if row > self.lines.cursor)
            self.lines.cursor = next(ahead, named[0])

    async def action_undo(self) -> None:
        """Take back the last thing that was done."""
        if self._writable and await self.narrator.undo():
            self._lay()

    async def action_redo(self) -> None:
        """Do again what was taken back."""
        if self._writable and await self.narrator.redo():
            self._lay()
