"""Flow: text that is laid out by itself for the width there is."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

LEAST_WIDTH = 12


def empty(_: int) -> Content:
    """Nothing."""
    return Content("")


class Flow(Widget):
    """Draws what `lay` makes of the width: hanging lines, columns, bars."""

    DEFAULT_CSS = "Flow { width: 100%; height: auto; color: $ink; }"
    lay: reactive[Callable[[int], Content]] = reactive(lambda: empty, layout=True)

    def render(self) -> Content:
        """Lay the text out for the width there is."""
        return self.lay(max(self.content_size.width, LEAST_WIDTH))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as it has at this width."""
        return self.lay(max(width, LEAST_WIDTH)).plain.count("\n") + 1


def hanging(head: Content, body: Content, width: int) -> Content:
    """`body` broken into lines that hang beside `head`, no wider than `width`."""
    indent = head.cell_length
    lines = body.wrap(max(width - indent, LEAST_WIDTH))
    first, *rest = [line.rstrip() for line in lines] or [Content("")]
    return Content("\n").join([head + first, *(Content(" " * indent) + line for line in rest)])
