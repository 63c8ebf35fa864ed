"""A program of the tests' own: its cards, its clock, its folders, and a tiny model."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tui.app import FabletopApp
from tui.game.program import Program
from tui.store import Paths, Settings, SettingsFile

NOW = 1_800_000_000.0
CARDS = Path(__file__).parent / "cards"


@pytest.fixture
def make_program(tmp_path: Path, tiny_model: Path) -> Callable[..., Program]:
    """Makes a program whose folders are empty but for the tests' cards and the tiny model."""

    def make(*, model: bool = True, cards: bool = True, **settings: object) -> Program:
        shipped = tmp_path / "shipped"
        (shipped / "models").mkdir(parents=True)
        if cards:
            shutil.copytree(CARDS, shipped / "characters")
        if model:
            shutil.copy(tiny_model, shipped / "models" / "pocket.gguf")
        paths = Paths.within(tmp_path / "home", shipped)
        chosen = {"motion": False, "reveal": "off", "user_name": "Robin"} | settings
        values = SettingsFile.read(paths.settings).write(**chosen).values
        assert isinstance(values, Settings)
        return Program(paths, values, lambda: NOW)

    return make


@pytest.fixture
def make_app(make_program: Callable[..., Program]) -> Callable[..., FabletopApp]:
    """Makes the App on such a program."""

    def make(**settings: object) -> FabletopApp:
        return FabletopApp(make_program(**settings))

    return make
