"""The package as `pipx install .` installs it: built, installed apart, and run from elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Installed:
    """Where the package lies, and a home and a working folder that have nothing to do with it."""

    site: Path
    home: Path

    def run(self, *words: str, lines: str = "") -> str:
        """What the installed command prints."""
        done = subprocess.run(
            [sys.executable, str(self.site / "bin" / "fabletop"), *words],
            input=lines,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            cwd=self.home,
            env={
                **os.environ,
                "PYTHONPATH": str(self.site),
                "FABLETOP_HOME": str(self.home / "fabletop"),
                "NO_COLOR": "1",
                "COLUMNS": "200",
            },
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def python(*words: str) -> None:
    """Run Python in the checkout, quietly, to a good end."""
    command = [sys.executable, *words]
    subprocess.run(command, capture_output=True, check=True, cwd=CHECKOUT, timeout=120)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel of this checkout, in a folder of its own; what it needs is this environment's."""
    folder = tmp_path_factory.mktemp("installed")
    python("-m", "hatchling", "build", "-t", "wheel", "-d", str(folder))
    [wheel] = folder.glob("*.whl")
    site = folder / "site"
    python("-m", "pip", "install", "--no-deps", "--no-index", "--target", str(site), str(wheel))
    (home := folder / "elsewhere").mkdir()
    return Installed(site, home)


def test_the_command_says_what_it_is(installed: Installed) -> None:
    assert installed.run("--version").startswith("fabletop ")


def test_what_ships_is_found_and_the_player_s_things_are_apart(installed: Installed) -> None:
    said = installed.run("cards", "--json")
    assert str(installed.site / "tui" / "shipped" / "characters") in said
    assert str(CHECKOUT / "characters") not in said


def test_a_tale_is_played_saved_and_resumed_from_another_folder(installed: Installed) -> None:
    played = installed.run("play", "--plain", "--seed", "5", lines="1\n/quit\n")
    assert played.count("\n1. ") == 2
    assert "Saved." in played
    assert len(list((installed.home / "fabletop" / "saves").glob("*.jsonl"))) == 1
    assert not list(installed.home.glob("*.jsonl"))
    resumed = installed.run("resume", "--plain")
    assert played.split("\n1. ")[-1].splitlines()[0] in resumed
