"""A portrait as half blocks: two pixels to a character, for terminals without graphics."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

from textual.color import Color
from textual.content import Content
from textual.style import Style

from tui.ui.clean import clean

if TYPE_CHECKING:
    from tui.cards.portraits import Portrait

Pixel = tuple[int, int, int, int]
COLUMNS = 24
ROWS = 12
"""The room that a portrait takes at most, in characters."""
OPAQUE = 128


def size_in(portrait: Portrait, columns: int = COLUMNS, rows: int = ROWS) -> tuple[int, int]:
    """How many characters wide and high a portrait is where there is so much room."""
    if portrait.text:
        return min(portrait.width, columns), min(portrait.height, rows)
    scale = min(columns / portrait.width, rows * 2 / portrait.height)
    if portrait.drawn:
        scale = min(scale, 1)
    return max(round(portrait.width * scale), 1), max(round(portrait.height * scale / 2), 1)


def blocks(portrait: Portrait, columns: int = COLUMNS, rows: int = ROWS) -> Content:
    """The portrait in so much room."""
    if portrait.text:
        lines = clean(portrait.text).split("\n")[:rows]
        return Content("\n").join(Content(line[:columns]) for line in lines)
    width, height = size_in(portrait, columns, rows)
    pixels = resized(portrait, width, height * 2)
    lines = (zip(pixels[row], pixels[row + 1], strict=True) for row in range(0, height * 2, 2))
    return Content("\n").join(Content("").join(runs(line)) for line in lines)


def resized(portrait: Portrait, width: int, height: int) -> list[list[Pixel]]:
    """The portrait's pixels, as many as are wanted; drawn ones are never smoothed."""
    from PIL import Image

    image = Image.frombytes("RGBA", (portrait.width, portrait.height), portrait.pixels)
    if portrait.drawn and portrait.width <= width and portrait.height <= height:
        whole = Image.new("RGBA", (width, height))
        whole.paste(image)
        image = whole
    else:
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    flat = list(zip(*[iter(image.tobytes())] * 4, strict=True))
    return [flat[row * width : (row + 1) * width] for row in range(height)]


def runs(line: Iterable[tuple[Pixel, Pixel]]) -> list[Content]:
    """One row of characters, the equal ones together."""
    made: list[Content] = []
    for (upper, lower), same in groupby(line):
        count = sum(1 for _ in same)
        above = upper[3] >= OPAQUE
        below = lower[3] >= OPAQUE
        if not above and not below:
            made.append(Content(" " * count))
        elif upper == lower:
            made.append(Content.styled("█" * count, Style(foreground=Color(*upper[:3]))))
        elif above and below:
            style = Style(foreground=Color(*upper[:3]), background=Color(*lower[:3]))
            made.append(Content.styled("▀" * count, style))
        else:
            mark, seen = ("▀", upper) if above else ("▄", lower)
            made.append(Content.styled(mark * count, Style(foreground=Color(*seen[:3]))))
    return made
