"""LineList: a long list of which only the rows in sight are drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Protocol

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style

POINTER = "▸"
NOTHING = Content("")


class Row(Protocol):
    """What a list asks of a row."""

    @property
    def key(self) -> str:
        """Tells the rows that can be chosen apart; empty for the others."""
        ...

    @property
    def content(self) -> Content:
        """What stands in it."""
        ...

    @property
    def right(self) -> Content:
        """What stands at its right end."""
        ...


@dataclass(frozen=True, slots=True)
class Line:
    """One row; `key` tells the rows that can be chosen apart, and is empty for the others."""

    key: str
    content: Content
    right: Content = NOTHING
    """What stands at the row's right end."""


class LateLine:
    """A row that is written when it is first drawn, which of thousands few ever are."""

    def __init__(self, key: str, write: Callable[[], Row]) -> None:
        self.key = key
        self._write = write

    @cached_property
    def _row(self) -> Row:
        return self._write()

    @property
    def content(self) -> Content:
        """What stands in it."""
        return self._row.content

    @property
    def right(self) -> Content:
        """What stands at its right end."""
        return self._row.right


class LineList(ScrollView, can_focus=True):
    """Rows with a cursor that skips headings; thousands cost no more than a screenful."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    LineList { height: 1fr; color: $ink; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "jump(0)", "First", show=False),
        Binding("end", "jump(-1)", "Last", show=False),
        Binding("enter", "choose", "Choose", show=False),
    ]

    keeps_mark = True
    """Whether the cursor is marked while the keys go elsewhere."""
    cursor = reactive(-1)
    """The row of the cursor; -1 while nothing can be chosen."""

    class Moved(Message):
        """The cursor came to a row."""

        def __init__(self, lines: LineList, key: str) -> None:
            super().__init__()
            self.lines = lines
            self.key = key

        @property
        def control(self) -> LineList:
            """The list."""
            return self.lines

    class Chosen(Moved):
        """Enter, or a click on the cursor's row."""

    class Left(Message):
        """The cursor was moved past the first row (`by` is -1) or the last (1)."""

        def __init__(self, lines: LineList, by: int) -> None:
            super().__init__()
            self.lines = lines
            self.by = by

        @property
        def control(self) -> LineList:
            """The list."""
            return self.lines

    def __init__(self, *, widget_id: str | None = None) -> None:
        super().__init__(id=widget_id)
        self._lines: Sequence[Row] = ()
        self._stops: list[int] = []

    @property
    def lines(self) -> Sequence[Row]:
        """All rows."""
        return self._lines

    @property
    def key(self) -> str:
        """The key of the cursor's row; empty where there is none."""
        return self._lines[self.cursor].key if 0 <= self.cursor < len(self._lines) else ""

    def show(self, lines: Sequence[Row], *, key: str | None = None) -> None:
        """Show these rows, with the cursor on `key`, or else where it was."""
        wanted = key if key is not None else self.key
        self._lines = lines
        self._stops = [row for row, line in enumerate(lines) if line.key]
        found = next((row for row in self._stops if lines[row].key == wanted), None)
        self.cursor = -1
        self.virtual_size = Size(self.size.width, len(lines))
        self.cursor = found if found is not None else (self._stops[0] if self._stops else -1)
        self.refresh()

    def on_resize(self) -> None:
        """Rows are as wide as the list, and the cursor stays in sight."""
        self.virtual_size = Size(self.size.width, len(self._lines))
        self.call_after_refresh(self._show_cursor)

    def watch_cursor(self, cursor: int) -> None:
        """Keep the cursor in sight, and tell where it is."""
        if 0 <= cursor < len(self._lines):
            self._show_cursor()
            self.post_message(self.Moved(self, self.key))

    def _show_cursor(self) -> None:
        cursor = self.cursor
        if 0 <= cursor < len(self._lines):
            top = 0 if cursor == (self._stops or [0])[0] else max(cursor - 1, 0)
            region = Region(0, top, 1, cursor - top + 2)
            self.scroll_to_region(region, animate=False, immediate=True)

    def action_move(self, by: int) -> None:
        """Go to the next row up or down that can be chosen."""
        ahead = [row for row in self._stops if (row > self.cursor if by > 0 else row < self.cursor)]
        if ahead:
            self.cursor = ahead[0] if by > 0 else ahead[-1]
        else:
            self.post_message(self.Left(self, by))

    def action_page(self, by: int) -> None:
        """Go up or down by a screenful."""
        goal = self.cursor + by * max(self.size.height - 2, 1)
        if self._stops:
            self.cursor = min(self._stops, key=lambda row: abs(row - goal))

    def action_jump(self, to: int) -> None:
        """Go to the first or the last row."""
        if self._stops:
            self.cursor = self._stops[to]

    def action_choose(self) -> None:
        """Choose the cursor's row."""
        if self.key:
            self.post_message(self.Chosen(self, self.key))

    def on_click(self, event: events.Click) -> None:
        """Go to the row that was clicked; choose it if the cursor was there."""
        row = event.y + self.scroll_offset.y
        if not (0 <= row < len(self._lines) and self._lines[row].key):
            return
        if row == self.cursor or event.chain > 1:
            self.cursor = row
            self.action_choose()
        self.cursor = row

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        row = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        base = self.visual_style
        if row >= len(self._lines):
            return Strip.blank(width, base.rich_style)
        line = self._lines[row]
        if row == self.cursor and self.has_focus:
            base += Style.parse("on $chosen", self.app.theme_variables)
            mark = Content.styled(f" {POINTER} ", "$mark")
        elif row == self.cursor and self.keeps_mark:
            mark = Content.styled(f" {POINTER} ", "$muted")
        else:
            mark = Content("   ") if line.key else Content(" ")
        room = max(width - line.right.cell_length - 3, 1)
        left = Content.assemble(mark, line.content).truncate(room, ellipsis=True)
        if left.plain.endswith("  …"):
            left = left[:-1]
        space = " " * max(width - left.cell_length - line.right.cell_length - 1, 0)
        whole = Content.assemble(left, space, line.right, " ")
        parts = whole.render_segments(base)
        return Strip([Segment(text, style) for text, style, _ in parts]).adjust_cell_length(
            width, base.rich_style
        )
