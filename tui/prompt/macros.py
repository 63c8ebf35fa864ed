"""Macros of the card specifications, resolved to plain text.

Source: the V1, V2 and V3 character card specifications. Names are matched without regard
to case; what is not known stays as it is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAMES = re.compile(r"\{\{\s*(user|char|original)\s*\}\}|<(user|bot|char)>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Names:
    """Who `{{user}}` and `{{char}}` are; `original` is what `{{original}}` stands for."""

    user: str
    char: str
    original: str = ""


def resolve(text: str, names: Names) -> str:
    """`text` with its names filled in; `{{original}}` counts once, later ones vanish."""
    original = names.original

    def fill(match: re.Match[str]) -> str:
        nonlocal original
        word = (match[1] or match[2]).lower()
        if word == "original":
            text, original = original, ""
            return text
        return names.user if word == "user" else names.char

    return _NAMES.sub(fill, text)
