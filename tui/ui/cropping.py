"""What is drawn anew of a page: the rows that changed, and of each widget no others."""

from __future__ import annotations

from collections.abc import Iterable

from textual._compositor import Compositor
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

UNCUT = "-uncut"
"""The class of a widget whose child is drawn whole or not at all: a picture in Sixel has no rows."""


class CroppingCompositor(Compositor):
    """Asks widgets only for the rows that changed, and none that has no part in the change.

    Textual's own asks each widget that shares the page with them for all of its rows, and drops
    the rest: most of what a key or a growing reply costs.
    """

    def _get_renders(
        self, crop: Region | None = None
    ) -> Iterable[tuple[Region, Region, list[Strip]]]:
        """The place, the visible part and the rows there of each widget that has some in `crop`."""
        for widget, (region, clip) in self.visible_widgets.items():
            shown = region.intersection(clip)
            changed = shown if crop is None else shown.intersection(crop)
            if changed:
                rows = shown if _is_uncut(widget) else changed
                part = Region(shown.x, rows.y, shown.width, rows.height)
                yield part, part, widget.render_lines(part.translate(-region.offset))


def _is_uncut(widget: Widget) -> bool:
    return isinstance(widget.parent, Widget) and widget.parent.has_class(UNCUT)
