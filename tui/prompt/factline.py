"""The fact line of a companion: what the program decided that they know of a topic.

It follows the player's words as a scene line does in a tale, is kept with the turn, and has
one of four shapes, so that a small model can learn them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_LINE = re.compile(
    r"Now: .+? asks about (?P<topic>.+); .+? "
    r"(?:knows: (?P<told>.+)|will not speak of it(?:: (?P<manner>.+))?|knows nothing of it)\.",
    re.DOTALL,
)
_TALK = re.compile(r"Now: .+ talks with .+\.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact line read again: what was decided, of what topic, and the fact or the manner."""

    kind: Literal["told", "withheld", "unknown", "talk"]
    topic: str = ""
    fact: str = ""


def read(line: str) -> FactLine | None:
    """What a line says; None where it has none of the four shapes."""
    match = _LINE.fullmatch(line)
    if match is None:
        return FactLine("talk") if _TALK.fullmatch(line) else None
    if match["told"] is not None:
        return FactLine("told", match["topic"], match["told"])
    kind = "unknown" if line.endswith(" knows nothing of it.") else "withheld"
    return FactLine(kind, match["topic"], match["manner"] or "")


def told(user: str, topic: str, char: str, fact: str) -> str:
    """The companion knows `fact` (a clause) of `topic` and tells it."""
    return f"Now: {user} asks about {topic}; {char} knows: {_clause(fact)}."


def withheld(user: str, topic: str, char: str, manner: str = "") -> str:
    """The companion knows something of `topic` and keeps it back; `manner` is how it shows."""
    shown = f": {_clause(manner)}" if manner else ""
    return f"Now: {user} asks about {topic}; {char} will not speak of it{shown}."


def unknown(user: str, topic: str, char: str) -> str:
    """The companion knows nothing of `topic`."""
    return f"Now: {user} asks about {topic}; {char} knows nothing of it."


def talk(user: str, char: str) -> str:
    """Nothing was asked: the two of them talk."""
    return f"Now: {user} talks with {char}."


def _clause(text: str) -> str:
    return " ".join(text.split()).rstrip(".;")
