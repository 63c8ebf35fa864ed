"""What can be wrong with a card, as sentences that a player can act on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong: where, what, and what to do about it."""

    file: str
    line: int
    """1-based; 0 where the whole file is meant."""
    field: str
    """Dotted path inside the card (`world.places.cellar.exits`), or empty."""
    text: str
    """What is wrong, without a final full stop."""
    mending: str = ""
    """What to do, as an imperative without a final full stop."""
    weight: Literal["error", "warning"] = "error"
    """A card with warnings alone can be played."""

    def sentence(self) -> str:
        """The problem in one line: `noir.yaml, line 14, name: is given twice; delete one of them`."""
        where = [
            part
            for part in (self.file, f"line {self.line}" if self.line else "", self.field)
            if part
        ]
        ending = f"; {self.mending}" if self.mending else ""
        return f"{', '.join(where)}: {self.text}{ending}" if where else f"{self.text}{ending}"


class CardError(Exception):
    """A card that can't be read, with all of its problems at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.line, problem.field)))
        super().__init__("\n".join(problem.sentence() for problem in self.problems))
