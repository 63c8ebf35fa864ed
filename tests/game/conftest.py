"""A program in a folder of its own, with a tiny model and a small tale that has a world."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tui.engine import LlamaBackend, LoadSettings
from tui.game.narrator import Narrator
from tui.game.program import Program
from tui.game.storyteller import Storyteller
from tui.store import Paths, Settings

POCKET = Path(__file__).parents[2] / "models" / "pocket.gguf"
LAMP = Path(__file__).parents[1] / "world" / "worlds" / "lamp.yaml"


@pytest.fixture
def program(tmp_path: Path, tiny_model: Path) -> Program:
    paths = Paths.within(tmp_path, tmp_path / "shipped")
    paths.models.mkdir()
    shutil.copy(tiny_model, paths.models / "tiny.gguf")
    paths.characters.mkdir()
    world = "".join(f"  {line}\n" for line in LAMP.read_text(encoding="utf-8").splitlines())
    head = (
        "name: The Lamp\nkind: tale\nscenario: A lamp is dark.\nfirst_mes: You stand on the quay.\n"
    )
    (paths.characters / "lamp.yaml").write_text(f"{head}world:\n{world}", encoding="utf-8")
    clock = itertools.count(1_000_000)
    return Program(paths, Settings(model="tiny.gguf", n_threads=1), lambda: float(next(clock)))


@pytest.fixture
async def teller(program: Program) -> AsyncIterator[Storyteller]:
    teller = program.storyteller()
    yield teller
    await teller.close()


@pytest.fixture
async def narrator(program: Program, teller: Storyteller) -> AsyncIterator[Narrator]:
    narrator = await program.begin(program.card("lamp"), teller, seed=3)
    yield narrator
    await narrator.close()


@pytest.fixture
async def pocket(tmp_path: Path) -> AsyncIterator[LlamaBackend]:
    backend = LlamaBackend(log=tmp_path / "log", cache=tmp_path)
    await backend.load(POCKET, LoadSettings())
    yield backend
    await backend.close()
