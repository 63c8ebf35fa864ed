"""What a conversion says while it runs, and when it cannot go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class ConvertError(Exception):
    """A file cannot be converted; the text is one sentence: what, where, and what to do.

    Names that come from the file may be in it, so what a terminal would obey is taken out.
    """

    def __init__(self, text: str) -> None:
        """Keep what can be printed."""
        super().__init__("".join(letter if letter.isprintable() else "?" for letter in text))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step has come; `done` and `total` are bytes."""

    step: str
    done: int
    total: int


OnProgress = Callable[[Progress], None]
"""Called often; an exception that it raises ends the work, and nothing is left behind."""


def say_nothing(_progress: Progress) -> None:
    """Tell nobody."""
