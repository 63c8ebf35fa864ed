"""The time of day in words."""

from __future__ import annotations

from tui.cards.worldfile import parse_clock
from tui.world.model import Model

DAY = 24 * 60
BANDS = (
    (0, "deep night"),
    (4 * 60, "before dawn"),
    (6 * 60, "early morning"),
    (9 * 60, "morning"),
    (12 * 60, "midday"),
    (14 * 60, "afternoon"),
    (17 * 60, "evening"),
    (19 * 60, "dusk"),
    (21 * 60, "night"),
)


def time_words(model: Model, minutes: int) -> str:
    """`dusk`; empty where the tale has no clock."""
    clock = model.file.clock
    if clock.start is None:
        return ""
    bands = sorted((parse_clock(when), text) for when, text in clock.bands.items()) or list(BANDS)
    now = minutes % DAY
    passed = [text for when, text in bands if when <= now]
    return passed[-1] if passed else bands[-1][1]


def day_of(minutes: int) -> int:
    """The day of the tale, from 1."""
    return minutes // DAY + 1
