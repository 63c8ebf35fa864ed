"""How much of a foreign file is read, and how a refusal is worded."""

from __future__ import annotations

from tui.cards.problems import CardError, Problem

MAX_TEXT = 8 * 1024 * 1024
"""Bytes of JSON or YAML that a card may have, inflated."""
MAX_ENCODED = MAX_TEXT // 3 * 4 + 1024
"""Bytes that such a text may have in base64."""
MAX_FILE = 256 * 1024 * 1024
"""Bytes of a picture or an archive; they are walked over, not read whole."""
MAX_PICTURE = 48 * 1024 * 1024
"""Bytes of a picture that is written into another file."""
MAX_ASSETS = 64 * 1024 * 1024
"""Bytes of all pictures and sounds of one card, inflated."""
MAX_CHUNKS = 100_000
MAX_MEMBERS = 10_000
MAX_DEPTH = 50
MAX_VALUES = 200_000
MAX_ENTRIES = 10_000
MAX_DIGITS = 40


class NotACard(CardError):
    """The file is whole, for all one can tell, but nothing in it says that it is a card."""


def refusal(file: str, text: str, mending: str = "", line: int = 0) -> CardError:
    """The error that says in one sentence why `file` isn't read."""
    return CardError([Problem(file, line, "", text, mending)])


def not_a_card(file: str, text: str, mending: str = "") -> NotACard:
    """The same for a file that is something else."""
    return NotACard([Problem(file, 0, "", text, mending)])


def warning(file: str, field: str, text: str, mending: str = "") -> Problem:
    """Something odd that doesn't keep the card from being used."""
    return Problem(file, 0, field, text, mending, "warning")
