"""What a killed process leaves is taken away."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import psutil
import pytest

from tests.modelfiles.results import result_of
from tui.modelfiles.errors import ModelFileError
from tui.modelfiles.halves import clear_half, half_of


def leave(target: Path) -> None:
    """What conversions that were killed can have left."""
    half = half_of(target)
    for name in (half.name, f"{half.name}.part"):
        (target.parent / name).write_bytes(b"half")
    for name in (f"{target.name}.part", f"{half.name}.decoded", f"{half.name}.decoded.part"):
        (target.parent / name).mkdir()
        (target.parent / name / "config.json").write_text("{")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_only_halves_are_taken_away(tmp_path: Path) -> None:
    (tmp_path / "m.gguf").write_bytes(b"an older one")
    (tmp_path / "n.gguf.part").write_bytes(b"another's")
    leave(tmp_path / "m.gguf")
    assert len(names(tmp_path)) == 7
    clear_half(tmp_path / "m.gguf")
    assert names(tmp_path) == ["m.gguf", "n.gguf.part"]


async def test_a_killed_worker_leaves_nothing(tmp_path: Path) -> None:
    """It waits for a source that never says anything, until it is killed."""
    source, target = tmp_path / "source", tmp_path / "m.gguf"
    os.mkfifo(source)
    leave(target)
    asked = {"source": str(source), "target": str(target)}
    work = asyncio.create_task(result_of("convert", asked))
    writing = await asyncio.to_thread(os.open, source, os.O_WRONLY)
    for child in psutil.Process().children():
        if "tui.modelfiles.worker" in child.cmdline():
            child.kill()
    with pytest.raises(ModelFileError, match="SIGKILL"):
        await work
    os.close(writing)
    assert names(tmp_path) == ["source"]
