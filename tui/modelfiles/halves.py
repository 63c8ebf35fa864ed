"""Files that are being written: what they are called until they are whole."""

from __future__ import annotations

from pathlib import Path


def half_of(target: Path) -> Path:
    """The name under which a file is written until it is whole."""
    return target.with_name(f".{target.name}.half")


def clear_half(target: Path) -> None:
    """Take away what a process left there that was killed or crashed."""
    half = half_of(target)
    for left in (half, half.with_name(half.name + ".part")):
        left.unlink(missing_ok=True)
