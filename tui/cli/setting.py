"""The pieces of this run, for every command."""

from __future__ import annotations

import time

from tui.game.program import Program
from tui.store import Paths, SettingsFile


def program() -> Program:
    """Folders, settings and clock, from the environment and the settings file."""
    paths = Paths.find()
    return Program(paths, SettingsFile.read(paths.settings).values, time.time)
