"""The façade of a simulated world: everything that the game and the training ask of one."""

from __future__ import annotations

from tui.cards.worldfile import WorldFile


class World:
    """A world that can be played; immutable, so that any number of games may share it."""

    def __init__(self, file: WorldFile, player_name: str) -> None:
        self.file = file
        self.player_name = player_name

    @classmethod
    def build(cls, worldfile: WorldFile, *, player_name: str = "you") -> World:
        """A World from its file; raises `WorldError` with every problem at once."""
        return cls(worldfile, player_name)
