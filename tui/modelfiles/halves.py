"""Files that are being written: what they are called until they are whole."""

from __future__ import annotations

import shutil
from pathlib import Path


def half_of(target: Path) -> Path:
    """The name under which a file is written until it is whole."""
    return target.with_name(f".{target.name}.half")


def clear_half(target: Path) -> None:
    """Take away what a process left there that was killed or crashed."""
    half = half_of(target)
    ends = (".part", ".decoded", ".decoded.part")
    beside = (target.name + ".part", half.name, *(half.name + end for end in ends))
    for left in (half.with_name(name) for name in beside):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)
