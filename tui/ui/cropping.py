"""What is drawn anew of a page: the rows that changed, and of each widget no others."""

from __future__ import annotations

from collections.abc import Iterable

from textual._compositor import Compositor
from textual.geometry import Region
from textual.strip import Strip


class CroppingCompositor(Compositor):
    """Asks widgets only for the rows that changed.

    Textual's own asks each widget that shares the page with them for all of its rows, and drops
    the rest: most of what a key or a growing reply costs.
    """

    def _get_renders(
        self, crop: Region | None = None
    ) -> Iterable[tuple[Region, Region, list[Strip]]]:
        """The place, the visible part and the rows there of each widget that has some in `crop`."""
        rows = self.size.region if crop is None else Region(0, crop.y, self.size.width, crop.height)
        for widget, (region, clip) in self.visible_widgets.items():
            shown = clip.intersection(rows)
            part = region.intersection(shown)
            if part:
                yield region, shown, widget.render_lines(part.translate(-region.offset))
