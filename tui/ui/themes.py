"""The two themes of our own, and the colours of the page in every other one.

A page knows seven colours of text on two grounds, all at a contrast of 4.5:1 or more
(WCAG 2.2, 1.4.3): prose, speech, the player's words, what is muted, a mark, an error, and the
digit of a choice on its key. Lines and bars carry no words.
"""

from __future__ import annotations

from textual.color import Color
from textual.theme import Theme

LEAST_CONTRAST = 4.5

LAMPLIGHT = Theme(
    name="lamplight",
    dark=True,
    primary="#e0a458",
    secondary="#a9c4b4",
    accent="#e8b45e",
    warning="#e0a458",
    error="#ec8a72",
    success="#9dbf8a",
    foreground="#e9dfcb",
    background="#171410",
    surface="#1e1a15",
    panel="#26211a",
    text_alpha=1.0,
    variables={
        "ink": "#e9dfcb",
        "player": "#edb862",
        "speech": "#b4cfbf",
        "muted": "#a2947f",
        "mark": "#dba15a",
        "fault": "#f0937c",
        "key": "#171410",
        "key-ground": "#c9954a",
        "raised": "#221d17",
        "chosen": "#332b20",
        "rule": "#43392c",
        "bar": "#d39a4c",
        "dots": "#5c5040",
        "input-selection-background": "#5a4a2f",
        "input-selection-foreground": "#f4ecdc",
        "input-cursor-background": "#edb862",
        "input-cursor-foreground": "#171410",
        "screen-selection-background": "#5a4a2f",
        "screen-selection-foreground": "#f4ecdc",
        "scrollbar": "#43392c",
        "scrollbar-hover": "#6b5c47",
        "scrollbar-active": "#c9954a",
        "scrollbar-background": "#171410",
        "scrollbar-background-hover": "#171410",
        "scrollbar-background-active": "#171410",
        "scrollbar-corner-color": "#171410",
        "border": "#c9954a",
        "border-blurred": "#43392c",
    },
)

PAPER = Theme(
    name="paper",
    dark=False,
    primary="#8a4b1f",
    secondary="#2d5f62",
    accent="#8f3f1d",
    warning="#8a5a00",
    error="#a3281f",
    success="#3d6b2e",
    foreground="#2a241c",
    background="#f7f1e3",
    surface="#f2ead8",
    panel="#ece2cc",
    text_alpha=1.0,
    variables={
        "ink": "#2a241c",
        "player": "#8f3f1d",
        "speech": "#1f5c66",
        "muted": "#675c4c",
        "mark": "#84521a",
        "fault": "#a3281f",
        "key": "#fdf9ef",
        "key-ground": "#8a4b1f",
        "raised": "#f0e7d3",
        "chosen": "#e6d9bd",
        "rule": "#cfc1a4",
        "bar": "#a5672c",
        "dots": "#b8a88a",
        "input-selection-background": "#e2c793",
        "input-selection-foreground": "#2a241c",
        "input-cursor-background": "#8f3f1d",
        "input-cursor-foreground": "#fdf9ef",
        "screen-selection-background": "#e2c793",
        "screen-selection-foreground": "#2a241c",
        "scrollbar": "#cfc1a4",
        "scrollbar-hover": "#b39f78",
        "scrollbar-active": "#8a4b1f",
        "scrollbar-background": "#f7f1e3",
        "scrollbar-background-hover": "#f7f1e3",
        "scrollbar-background-active": "#f7f1e3",
        "scrollbar-corner-color": "#f7f1e3",
        "border": "#8a4b1f",
        "border-blurred": "#cfc1a4",
    },
)

OUR_THEMES = (LAMPLIGHT, PAPER)

INKS = ("ink", "speech", "player", "muted", "mark", "fault")
"""The colours of text."""
GROUNDS = ("background", "raised", "chosen")
"""What text stands on."""

ANSI_PAGE = {
    "ink": "ansi_default",
    "player": "ansi_yellow",
    "speech": "ansi_cyan",
    "muted": "ansi_default",
    "mark": "ansi_yellow",
    "fault": "ansi_red",
    "key": "ansi_black",
    "key-ground": "ansi_yellow",
    "raised": "ansi_default",
    "chosen": "ansi_default",
    "rule": "ansi_bright_black",
    "bar": "ansi_yellow",
    "dots": "ansi_bright_black",
}
"""The page in a terminal's own sixteen colours, which only its owner knows."""


def page_colors(variables: dict[str, str], *, dark: bool, ansi: bool) -> dict[str, str]:
    """The page's colours for a theme that does not name them: its own, made readable."""
    if ansi:
        return dict(ANSI_PAGE)
    ground = Color.parse(variables["background"])
    written = Color.parse(variables["foreground"])
    raised, chosen = ground.blend(written, 0.05), ground.blend(written, 0.12)
    grounds = (ground, raised, chosen)
    ink = readable(written, grounds, dark=dark)

    def ink_of(name: str) -> str:
        return readable(Color.parse(variables[name]), grounds, dark=dark).hex

    key_ground = Color.parse(ink_of("accent"))
    return {
        "ink": ink.hex,
        "player": ink_of("accent"),
        "speech": ink_of("secondary"),
        "muted": readable(ground.blend(ink, 0.55), grounds, dark=dark).hex,
        "mark": ink_of("primary"),
        "fault": ink_of("error"),
        "key": readable(ground, (key_ground,), dark=not dark).hex,
        "key-ground": key_ground.hex,
        "raised": raised.hex,
        "chosen": chosen.hex,
        "rule": ground.blend(ink, 0.22).hex,
        "bar": key_ground.hex,
        "dots": ground.blend(ink, 0.35).hex,
    }


def readable(color: Color, grounds: tuple[Color, ...], *, dark: bool) -> Color:
    """`color`, moved towards white (or black on a light page) until it can be read on each ground."""
    end = Color.parse("#ffffff" if dark else "#000000")
    for step in range(21):
        moved = color.blend(end, step / 20)
        if all(contrast(moved, ground) >= LEAST_CONTRAST for ground in grounds):
            return moved
    return end


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of two opaque colours, 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: Color) -> float:
    """The relative luminance of a colour, 0 to 1 (WCAG 2.2)."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in color.normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
