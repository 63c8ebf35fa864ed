"""Saves, settings and folders on disk; it knows lines and records, and nothing of stories."""

from tui.store.errors import (
    SaveDamaged,
    SaveLocked,
    SaveMissing,
    SaveNewer,
    SaveReadOnly,
    StoreError,
)
from tui.store.journal import Journal, Moved, Opened
from tui.store.lines import BadLine, Record, Report
from tui.store.paths import Paths, shown
from tui.store.saves import SaveInfo, find_save, list_saves
from tui.store.settings import Settings, SettingsFile

__all__ = [
    "BadLine",
    "Journal",
    "Moved",
    "Opened",
    "Paths",
    "Record",
    "Report",
    "SaveDamaged",
    "SaveInfo",
    "SaveLocked",
    "SaveMissing",
    "SaveNewer",
    "SaveReadOnly",
    "Settings",
    "SettingsFile",
    "StoreError",
    "find_save",
    "list_saves",
    "shown",
]
