"""Terminals that show pictures: which ones, and the widget that draws there.

A terminal is asked only before Textual has it, and only one that is known to have Kitty graphics or
Sixel: any other might take the question for text. Half blocks work everywhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from PIL.Image import Image as Picture
    from textual.widget import Widget

PictureWidget: TypeAlias = "Callable[[Picture], Widget]"
"""Makes the widget that shows a picture."""

TERMS = ("xterm-kitty", "xterm-ghostty", "foot", "contour", "mlterm")
PROGRAMS = frozenset({"WezTerm", "iTerm.app", "ghostty", "mintty"})
VARIABLES = ("KITTY_WINDOW_ID", "KONSOLE_VERSION", "WEZTERM_PANE")
BETWEEN = ("TMUX", "STY", "NO_COLOR")
"""A multiplexer passes no pictures on; without colours none are wanted."""


def may_have_graphics(environ: Mapping[str, str]) -> bool:
    """Whether the terminal is one that shows pictures, by what it says of itself."""
    if any(environ.get(name) for name in BETWEEN):
        return False
    return (
        environ.get("TERM", "").startswith(TERMS)
        or environ.get("TERM_PROGRAM", "") in PROGRAMS
        or any(environ.get(name) for name in VARIABLES)
    )


def picture_widget(environ: Mapping[str, str]) -> PictureWidget | None:
    """The widget that draws pictures in this terminal; None where half blocks do it.

    Asks the terminal, whose answer comes on standard input: call it before Textual runs.
    """
    if not may_have_graphics(environ):
        return None
    from textual_image.renderable import HalfcellImage, UnicodeImage
    from textual_image.renderable import Image as Found
    from textual_image.widget import Image

    return None if Found in (HalfcellImage, UnicodeImage) else Image
