"""Dice: `2d6+1` read and rolled from a seed, the same each time."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

_DICE = re.compile(r"^\s*(\d{0,3})\s*d\s*(\d{1,4}|%)\s*(?:([+-])\s*(\d{1,4}))?\s*$", re.IGNORECASE)
_SIDES = re.compile(r"^\s*(\d{1,4})\s*$")
MOST_DICE = 100


def drawn(seed: int, *marks: object, below: int) -> int:
    """A whole number from 0 to `below` - 1 that only the seed and the marks decide."""
    text = "\x1f".join(str(mark) for mark in (seed, *marks))
    digest = hashlib.blake2b(text.encode(errors="replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") % below


@dataclass(frozen=True, slots=True)
class Dice:
    """So many dice of so many sides, and what is added to their sum."""

    count: int
    sides: int
    plus: int = 0

    def rolled(self, seed: int, *marks: object) -> tuple[int, ...]:
        """The faces that a seed throws."""
        return tuple(
            1 + drawn(seed, *marks, place, below=self.sides) for place in range(self.count)
        )

    def __str__(self) -> str:
        """Write the dice as players do."""
        plus = f"{self.plus:+d}" if self.plus else ""
        return f"{self.count}d{self.sides}{plus}"


def read_dice(text: str) -> Dice | None:
    """The dice that a text names (`2d6+1`, `d20`, `d%`, or only the sides); None for any other."""
    if plain := _SIDES.match(text):
        text = f"1d{plain[1]}"
    match = _DICE.match(text)
    if match is None:
        return None
    count = int(match[1] or 1)
    sides = 100 if match[2] == "%" else int(match[2])
    plus = int(match[4] or 0) * (-1 if match[3] == "-" else 1)
    if not 1 <= count <= MOST_DICE or sides < 1:
        return None
    return Dice(count, sides, plus)
