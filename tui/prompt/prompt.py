"""Prompt: exactly what the model is sent, and what had to stay out of it."""

from __future__ import annotations

from dataclasses import dataclass

from tui.engine.backend import Run
from tui.prompt.block import Kind
from tui.prompt.lorebook import Fate


@dataclass(frozen=True, slots=True)
class Section:
    """One stretch of the prompt as the inspector shows it; `tokens` is its real count."""

    kind: Kind
    text: str
    tokens: int
    turn: int | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that was not sent, and why, in a player's words."""

    kind: Kind
    text: str
    why: str
    turn: int | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt that fits: its runs, its token ids (BOS included) and how it came about.

    `first_turn` is the Turn at which the model's memory of the story begins;
    `stable_tokens` is how many of the first ids do not change from turn to turn;
    `room` is how many tokens the whole prompt may take.
    """

    runs: tuple[Run, ...]
    tokens: tuple[int, ...]
    sections: tuple[Section, ...]
    left_out: tuple[LeftOut, ...]
    first_turn: int | None
    room: int
    stable_tokens: int = 0
    lore: tuple[Fate, ...] = ()
    """What became of each entry of the card's lorebook."""

    @property
    def text(self) -> str:
        """The sections' text in one piece, replies as they are shown."""
        return "".join(section.text for section in self.sections)
