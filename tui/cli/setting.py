"""The pieces of this run, for every command."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tui.game.program import Program
from tui.modelfiles.find import Places
from tui.store import Paths, SettingsFile


def program() -> Program:
    """Folders, settings and clock, from the environment and the settings file."""
    paths = Paths.find()
    places = Places.of(os.environ, Path.home())
    return Program(paths, SettingsFile.read(paths.settings).values, time.time, places)
