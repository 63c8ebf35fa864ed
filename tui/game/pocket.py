"""The model that ships with the game, and what is raised where there is no model."""

from __future__ import annotations

POCKET = "pocket.gguf"


class NoModel(Exception):
    """There is no such model file; the text says what there is."""
