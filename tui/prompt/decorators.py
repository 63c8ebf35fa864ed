"""Decorators of lorebook entries: lines `@@name value` at the very start of a fact.

Source: the V3 character card specification. What is not known here is removed from the text;
`@@@name` stands in for the decorator before it where that one is not known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_LINE = re.compile(r"^\s*(@{2,})\s*(\w+)[ \t]*(.*?)[ \t]*$")
KNOWN = frozenset(
    (
        "activate",
        "activate_only_after",
        "activate_only_every",
        "additional_keys",
        "depth",
        "dont_activate",
        "dont_activate_after_match",
        "exclude_keys",
        "ignore_on_max_context",
        "is_greeting",
        "keep_activate_after_match",
        "position",
        "reverse_depth",
        "role",
        "scan_depth",
    )
)


@dataclass(frozen=True, slots=True)
class Decorated:
    """A fact without its decorators, and what they said, by name."""

    text: str
    said: Mapping[str, str]

    def number(self, name: str) -> int | None:
        """The whole number that a decorator gives; None where it gives none."""
        value = self.said.get(name, "").strip()
        return int(value) if value.isdecimal() and len(value) < 7 else None

    def words(self, name: str) -> tuple[str, ...]:
        """The words of a decorator, which commas part."""
        return tuple(word.strip() for word in self.said.get(name, "").split(",") if word.strip())


def undecorated(content: str) -> Decorated:
    """Take the decorators off the start of a fact."""
    said: dict[str, str] = {}
    lines = content.splitlines()
    place = 0
    taken = True
    while place < len(lines) and (match := _LINE.match(lines[place])):
        place += 1
        fallback = len(match[1]) > 2
        if fallback and taken:
            continue
        taken = match[2].lower() in KNOWN
        if taken:
            said[match[2].lower()] = match[3]
    return Decorated("\n".join(lines[place:]).strip(), said)
