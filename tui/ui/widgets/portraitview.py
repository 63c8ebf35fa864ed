"""PortraitView: a portrait, as a picture where the terminal shows pictures, else as half blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import getters
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from tui.ui.blocks import COLUMNS, ROWS, blocks, size_in
from tui.ui.cropping import UNCUT
from tui.ui.host import Host

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

    from tui.cards.portraits import Portrait

ENLARGED = 16


class PortraitView(Vertical, can_focus=False):
    """Room for one portrait; takes none while there is none, or the player wants none."""

    app = getters.app(Host)
    DEFAULT_CSS = """
    PortraitView { width: auto; height: auto; display: none; }
    PortraitView.-shown { display: block; }
    PortraitView Static { width: auto; height: auto; color: $speech; }
    """

    def __init__(self, *, columns: int = COLUMNS, rows: int = ROWS) -> None:
        super().__init__()
        self._room = columns, rows
        self._shown: Portrait | None = None

    def compose(self) -> ComposeResult:
        """The portrait, if there is one."""
        if self._shown is not None:
            yield self._picture(self._shown)

    def show(self, portrait: Portrait | None) -> None:
        """Show this portrait; None shows nothing."""
        wanted = portrait if self.app.settings.portraits != "off" else None
        if self.app.no_color and wanted is not None and not wanted.text:
            wanted = None
        if wanted == self._shown:
            return
        self._shown = wanted
        self.set_class(wanted is not None, "-shown")
        self.refresh(recompose=True)

    def _picture(self, portrait: Portrait) -> Widget:
        columns, rows = self._room
        widget = self.app.picture_widget
        if widget is None or portrait.text or self.app.settings.portraits == "blocks":
            return Static(blocks(portrait, columns, rows), markup=False)
        made = widget(image_of(portrait))
        made.add_class(UNCUT)
        made.styles.width, made.styles.height = size_in(portrait, columns, rows)
        return made


def image_of(portrait: Portrait) -> Picture:
    """The portrait as the library of pictures has it; a drawn one enlarged without smoothing."""
    from PIL import Image

    image = Image.frombytes("RGBA", (portrait.width, portrait.height), portrait.pixels)
    if not portrait.drawn:
        return image
    size = portrait.width * ENLARGED, portrait.height * ENLARGED
    return image.resize(size, Image.Resampling.NEAREST)
