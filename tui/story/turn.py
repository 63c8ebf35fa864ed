"""The values that a story is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Role = Literal["player", "model"]
Origin = Literal["said", "chosen", "sampled", "authored", "edited", "told", "imported"]
State = Literal["streaming", "whole", "cut"]

NOTHING: Mapping[str, object] = MappingProxyType({})
NO_STATS: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Choice:
    """One numbered thing that the player can do next; it belongs to one Turn."""

    text: str
    action: str = ""
    """The World's action id; empty where the model made the line up."""


@dataclass(frozen=True, slots=True)
class Note:
    """What a guard did to a reply, kept so that the player can see it and take it back."""

    kind: str
    text: str
    before: str = ""
    """The text before the guard acted; empty where it changed nothing."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said, by the player, the narrator or a character."""

    id: int
    parent: int | None
    role: Role
    name: str
    text: str
    """As shown: the space that a sampled reply begins with is stripped."""
    origin: Origin
    choices: tuple[Choice, ...] = ()
    tokens: tuple[int, ...] = ()
    """Sampled ids: the prose, then the choices with their markers; () if no model sampled it."""
    prose_tokens: int = 0
    model: str = ""
    seed: int | None = None
    sampling: Mapping[str, object] = field(default_factory=lambda: NOTHING)
    state: State = "whole"
    finish: str = ""
    """end, stop, length or cancelled; empty where nothing was generated."""
    scene: str = ""
    """Of a player's turn: the scene line, as sent; never edited later."""
    reading: str = ""
    """Of a player's turn: how it was understood; empty where it was taken literally."""
    actions: tuple[str, ...] = ()
    """Of a player's turn: the ids of the World's actions, in the order they were applied."""
    chosen: int | None = None
    """Of a player's turn: the index of the parent's choice that was picked."""
    notes: tuple[Note, ...] = ()
    stats: Mapping[str, float] = field(default_factory=lambda: NO_STATS)
    at: float = 0.0
    """Unix seconds, passed in by the caller."""

    @property
    def unseen(self) -> bool:
        """Whether it is the “Start!” that a tale's prompt begins with, which no reader sees."""
        return self.parent is None and self.role == "player" and self.origin == "authored"
