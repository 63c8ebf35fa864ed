"""Block: one thing that a model is told, before any template gave it a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "system",
    "persona",
    "lore",
    "example",
    "player",
    "scene",
    "reply",
    "choices",
    "note",
    "memory",
    "recap",
    "recall",
    "post_history",
    "opening",
]
Role = Literal["system", "player", "model"]


@dataclass(frozen=True, slots=True)
class Block:
    """Text in a role, with what it is (`kind`) and the Turn that it comes from.

    `tokens` are the ids of a reply as this model sampled them; they stand for the text.
    `unseen` marks what only begins a tale (its “Start!” and the scene line of it), which a
    model that speaks first is not told as the player's words. `back` is, of a volatile block,
    how many of the player's turns before the newest one it stands.
    """

    role: Role
    kind: Kind
    text: str
    name: str = ""
    turn: int | None = None
    tokens: tuple[int, ...] = ()
    unseen: bool = False
    back: int = 0
