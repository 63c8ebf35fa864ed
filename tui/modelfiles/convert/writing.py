"""Writing a planned file so that there is a whole one or none."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path

from tui.modelfiles.convert.errors import ConvertError, OnProgress, Progress
from tui.modelfiles.convert.gguf_out import Plan

ROOM_TO_SPARE = 64 * 1024 * 1024


def write_plan(plan: Plan, target: Path, step: str, on_progress: OnProgress) -> Path:
    """Write `target.part`, then rename it to `target`; whatever goes wrong, no part is left.

    Raises ConvertError, and whatever `on_progress` raises.
    """
    total = plan.n_bytes
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        need_room(target.parent, total)
        on_progress(Progress(step, 0, total))
        with part.open("wb") as file:
            plan.write(file, lambda done: on_progress(Progress(step, done, total)))
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        raise ConvertError(why_not(target, error)) from error
    finally:
        with suppress(OSError):
            part.unlink()
    return target


def need_room(folder: Path, n_bytes: int) -> None:
    """Raise ConvertError where a folder's disk has no room for so many bytes."""
    free = shutil.disk_usage(folder).free
    if free < n_bytes + ROOM_TO_SPARE:
        raise ConvertError(
            f"{folder} has {in_words(free)} free and {in_words(n_bytes)} are needed; make room there, "
            "or name another place for the result."
        )


def why_not(target: Path, error: OSError) -> str:
    """The sentence for a file that cannot be written."""
    if error.errno == errno.ENOSPC:
        return f"The disk of {target.parent} is full; make room there, or name another place."
    return f"{error.filename or target} cannot be used: {error.strerror}; name another place."


def in_words(n_bytes: int) -> str:
    """A size as disks are labelled."""
    return f"{n_bytes / 1e9:.1f} GB" if n_bytes >= 1e8 else f"{n_bytes / 1e6:.1f} MB"
