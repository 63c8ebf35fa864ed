"""Verb: one thing that a player can ask of the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Place = Literal["play", "library", "turn", "anywhere"]


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing to ask for; `id` names the action that does it."""

    id: str
    title: str
    """What the palette and the help page call it."""
    help: str
    """One sentence, without its final full stop."""
    keys: str = ""
    """The key, or several with commas; the player's settings may change them."""
    slash: tuple[str, ...] = ()
    """The words that ask for it after a slash, the usual one first."""
    argument: str = ""
    """What may follow the word, as the help page shows it."""
    place: Place = "play"
    label: str = ""
    """What the key line calls it; empty where it is not shown there."""
    plain: bool = True
    """Whether plain mode knows it too."""
    palette: bool = True
    library_key: str = ""
    """The key in the library, where letters need not be typed."""
