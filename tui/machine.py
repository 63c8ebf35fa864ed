"""What the machine has that more than one room asks for."""

from __future__ import annotations

import os
from pathlib import Path


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def at_home(path: str | Path) -> Path:
    """A path whose `~` is the home folder; as it stands where no such user is known."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def place_to_log(log: Path) -> str:
    """Where a child process may write what is logged: the file, or nowhere where it can't be written."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    except OSError:
        return os.devnull
    return str(log)
