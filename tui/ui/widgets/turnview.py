"""TurnView: one turn as it stands on the page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from tui.story import Turn
from tui.ui.clean import clean, clean_line
from tui.ui.prose import prose

SPOKEN = "›"


@dataclass(frozen=True, slots=True)
class Shown:
    """A turn, and what the page says beside it."""

    turn: Turn
    swipe: int = 0
    """Which of the replies this is, counted from 1; 0 where there is only one."""
    swipes: int = 0
    speaker: str = ""
    """A name over the words; empty where it is clear who speaks."""

    @property
    def marker(self) -> str:
        """The place among other replies, `‹ 2/3 ›`; empty where there is only one."""
        return f"‹ {self.swipe}/{self.swipes} ›" if self.swipes > 1 else ""


class TurnView(Widget):
    """One turn: the player's line and how it was read, or a reply with what guards did to it.

    It is one widget, since the cost of a streaming reply grows with the number of them.
    """

    ALLOW_SELECT: ClassVar[bool] = True
    DEFAULT_CSS = "TurnView { height: auto; }"
    GUTTER = 3
    """Columns before the text."""

    class Pressed(Message):
        """A part of the turn was clicked: `swipe-left`, `swipe-right`, `note` or `turn`."""

        def __init__(self, view: TurnView, part: str) -> None:
            super().__init__()
            self.view = view
            self.part = part

    def __init__(self, shown: Shown) -> None:
        super().__init__()
        self.shown = shown
        self._streaming = False
        self._content = Content("")
        self._laid: tuple[int, list[Content]] = (0, [])
        self.add_class(f"-{shown.turn.role}")
        self._write(shown.turn.text)

    @property
    def turn(self) -> Turn:
        """The turn as last shown."""
        return self.shown.turn

    def change(self, shown: Shown) -> None:
        """Show the turn as it is now."""
        if shown == self.shown and not self._streaming:
            return
        self.shown = shown
        self._streaming = False
        self._write(shown.turn.text)

    def stream(self, text: str) -> None:
        """Show a reply as far as it has come."""
        self._streaming = True
        self._write(text)

    def settle(self, turn: Turn) -> None:
        """The reply is complete."""
        self.change(replace(self.shown, turn=turn))

    def render(self) -> Content:
        """The text as it was last laid."""
        return self._content

    def _write(self, text: str) -> None:
        """Lay the text anew; the page around it moves only where the number of rows changed."""
        self._content = (
            self._player_content() if self.turn.role == "player" else self._reply_content(text)
        )
        self.set_class(bool(self.shown.marker), "-swipes")
        if not self.is_attached:
            return
        width = max(self.content_size.width, 1)
        lines = self._content.wrap(width)
        (width_before, before), self._laid = self._laid, (width, lines)
        if not self._streaming or (width_before, len(before)) != (width, len(lines)):
            self.refresh(layout=True)
            return
        rows = enumerate(zip(before, lines, strict=True))
        if changed := [Region(0, y, width, 1) for y, (old, new) in rows if not old.is_same(new)]:
            self.refresh(*changed)

    def _player_content(self) -> Content:
        turn = self.turn
        number = f"{turn.chosen + 1}  " if turn.chosen is not None else ""
        parts = [Content.styled(number + clean(turn.text).strip(), "$player")]
        if turn.reading:
            parts.append(Content.styled(f"({clean_line(turn.reading)})", "$muted"))
        return Content("\n").join(parts)

    def _reply_content(self, text: str) -> Content:
        parts: list[Content] = []
        if self.shown.speaker:
            parts.append(
                Content.styled(clean_line(self.shown.speaker), "bold $mark") + Content("\n")
            )
        parts.append(prose(text.strip("\n"), streaming=self._streaming))
        if self._streaming:
            parts.append(Content.styled("▌", "$bar"))
        for note in self.turn.notes:
            view = " · ↑ v views" if note.before else ""
            parts.append(Content.styled(f"\n\n⚑ {clean_line(note.text)}{view}", "$muted"))
        return Content("").join(parts)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the mark before the player's words, and the place among other replies."""
        strips = super().render_lines(crop)
        row = self._marker_row() - crop.y
        if not 0 <= row < len(strips):
            return strips
        if self.turn.role == "player":
            strips[row] = self._put(strips[row], self.GUTTER - crop.x, SPOKEN, "$player")
        if marker := self.shown.marker:
            strips[row] = self._put(strips[row], self._marker_column() - crop.x, marker, "$muted")
        return strips

    def _marker_row(self) -> int:
        return self.styles.padding.top

    def _marker_column(self) -> int:
        return self.outer_size.width - len(self.shown.marker) - 2

    def _put(self, strip: Strip, column: int, text: str, color: str) -> Strip:
        if column < 0 or column + len(text) > strip.cell_length:
            return strip
        ink = self.visual_style + Style.parse(color, self.app.theme_variables)
        end = column + len(text)
        drawn = Strip([Segment(text, ink.rich_style)], len(text))
        for line_filter in self.get_line_filters():
            drawn = drawn.apply_filter(line_filter, self.background_colors[1])
        return Strip.join([strip.crop(0, column), drawn, strip.crop(end, strip.cell_length)])

    def on_click(self, event: events.Click) -> None:
        """Tell which part of the turn was clicked."""
        part = "turn"
        if self.shown.marker and event.y == self._marker_row() and event.x >= self._marker_column():
            middle = self._marker_column() + len(self.shown.marker) / 2
            part = "swipe-left" if event.x < middle else "swipe-right"
        elif self.turn.notes and event.y >= self.outer_size.height - 1 - len(self.turn.notes) * 2:
            part = "note"
        self.post_message(self.Pressed(self, part))
