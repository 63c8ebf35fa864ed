"""`fabletop card new --invent`, by the real command."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.cli.conftest import Home
from tui.cards import read_card

POCKET = Path(__file__).resolve().parents[2] / "models" / "pocket.gguf"


def test_a_card_is_written_beside_the_others_and_plays(home: Home) -> None:
    words = ("card", "new", "--invent", "Ada", "--seed", "3")
    run = home.run(*words)
    assert run.returncode == 0, run.stderr
    path = home.folder / "characters" / "ada.yaml"
    assert f"Written: {path}." in run.stdout
    assert read_card(path).kind == "companion"
    assert home.run(*words).returncode == 0
    assert read_card(path.with_name("ada-2.yaml")).description == read_card(path).description
    assert home.run("play", "ada", lines=["/quit"]).returncode == 0


def test_the_storyteller_that_ships_says_that_it_is_too_small(home: Home) -> None:
    shutil.copy(POCKET, home.folder / "models" / "pocket.gguf")
    run = home.run("card", "new", "--invent", "Ada", "--model", "pocket.gguf")
    assert run.returncode == 1
    assert run.stderr.startswith("fabletop: The storyteller that ships is too small")
    assert 'card new "Ada" --kind companion' in run.stderr
    assert not (home.folder / "characters" / "ada.yaml").exists()
