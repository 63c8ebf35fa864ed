"""The lines above and below the page: Masthead, StatusLine and KeyLine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.game.verbtable import Verb
from tui.ui.clean import clean_line
from tui.ui.keys import keymap_of, label_of

BAR_CELLS = 10


def bar(share: float, cells: int = BAR_CELLS) -> Content:
    """A bar that is filled to `share`, 0 to 1."""
    full = min(max(round(share * cells), 0), cells)
    return Content.assemble(("▰" * full, "$bar"), ("▱" * (cells - full), "$dots"))


def spread(left: Content, right: Content, width: int) -> Content:
    """Both on one line; what doesn't fit of the left is cut."""
    room = width - right.cell_length
    if left.cell_length >= room:
        left = left.truncate(max(room - 1, 0), ellipsis=True)
    return Content.assemble(left, " " * max(room - left.cell_length, 0), right)


class Masthead(Widget):
    """The page's first line: a title, and how things stand."""

    DEFAULT_CSS = "Masthead { height: 1; padding: 0 1; }"
    title = reactive("")
    state = reactive("")

    def render(self) -> Content:
        """Draw the title left and the state right."""
        left = Content.styled(clean_line(self.title), "bold $ink")
        right = Content.styled(clean_line(self.state), "$muted")
        width = self.content_size.width
        return spread(left, right.truncate(max(width - 12, 0), ellipsis=True), width)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the status line tells of the model and its memory."""

    model: str = ""
    used: int = 0
    window: int = 0
    kept: int = 0
    read: int = 0
    speed: float = 0.0
    """Tokens in a second, written."""
    reading: str = ""
    """What goes on right now; stands in place of the counts."""

    def parts(self) -> list[Content]:
        """The parts of the line, the most telling first."""
        parts = [Content.styled(clean_line(self.model), "$muted")] if self.model else []
        if self.reading:
            return [*parts, Content.styled(clean_line(self.reading), "$mark")]
        if self.window:
            counts = f" {self.used:,}/{self.window:,}"
            parts.append(
                Content.assemble(
                    ("memory ", "$muted"), bar(self.used / self.window), (counts, "$muted")
                )
            )
        if self.kept or self.read:
            parts.append(Content.styled(f"kept {self.kept:,}, read {self.read:,}", "$muted"))
        if self.speed:
            parts.append(Content.styled(f"{self.speed:,.0f} tok/s", "$muted"))
        return parts


class StatusLine(Widget):
    """The model, how full its memory is, and what it kept and read for this turn."""

    DEFAULT_CSS = "StatusLine { height: 1; padding: 0 1; }"
    figures = reactive(Figures())
    hint = reactive("")
    """A word at the right end, for as long as it holds."""

    def render(self) -> Content:
        """Draw as many parts as there is room for."""
        width = self.content_size.width
        right = Content.styled(self.hint, "$mark")
        line = Content("")
        for part in self.figures.parts():
            longer = Content.assemble(line, (" · ", "$muted"), part) if line else part
            if longer.cell_length + right.cell_length + 2 > width:
                break
            line = longer
        return spread(line, right, width)


class KeyLine(Widget):
    """The keys that matter here; a click does what the key does."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "KeyLine { height: 1; padding: 0 1; }"
    end = reactive("")
    """What stands at the right end."""

    def __init__(self, verbs: Sequence[Verb], *, in_library: bool = False) -> None:
        super().__init__()
        self._in_library = in_library
        self._verbs = [
            verb for verb in verbs if verb.label and (in_library or verb.place != "library")
        ]

    def on_mount(self) -> None:
        """Follow the keys that the player sets."""
        self.watch(self.app, "settings", self._follow_keys, init=False)

    def _follow_keys(self) -> None:
        self.refresh()

    def _parts(self) -> list[tuple[int, Verb, Content]]:
        """Each key and its word with its column, as many as there is room for."""
        parts: list[tuple[int, Verb, Content]] = []
        column, room = 0, self.content_size.width - len(self.end) - 2
        for verb in self._verbs:
            name = label_of(verb, keymap_of(self.app), in_library=self._in_library)
            key = Content.assemble((name, "bold $mark"), (f" {verb.label}", "$muted"))
            if column + key.cell_length > room:
                break
            parts.append((column, verb, key))
            column += key.cell_length + 2
        return parts

    def render(self) -> Content:
        """Draw keys and words."""
        line = Content("  ").join(key for _, _, key in self._parts())
        return spread(line, Content.styled(self.end, "$muted"), self.content_size.width)

    async def on_click(self, event: events.Click) -> None:
        """Do what the key does."""
        column = event.x - 1
        for start, verb, key in self._parts():
            if start <= column < start + key.cell_length:
                await self.run_action(f"screen.{verb.id}")
