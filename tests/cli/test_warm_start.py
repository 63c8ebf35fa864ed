"""A story that is left and resumed: the real program, the real pocket model, and what it reads."""

from __future__ import annotations

import json
from pathlib import Path

import psutil
import pytest

from tests.cli.conftest import Home

POCKET = Path(__file__).parents[2] / "models" / "pocket.gguf"
NEW_TOKENS = 150
"""More than what a player says with its scene line takes, less than the card's words alone do not."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home folder in which the pocket model is chosen."""
    (tmp_path / "settings.yaml").write_text(f"model: {POCKET}\n", encoding="utf-8")
    return Home(tmp_path)


def costs(home: Home) -> list[dict[str, float]]:
    """What reading and writing each reply took, from the save."""
    [save] = (home.folder / "saves").glob("*.jsonl")
    records = [json.loads(line) for line in save.read_text(encoding="utf-8").splitlines()]
    return [record["stats"] for record in records if record.get("t") == "ended"]


def states(home: Home) -> list[Path]:
    return sorted((home.folder / "cache" / "states").glob("*.state"))


def kept(home: Home) -> list[Path]:
    """The states, once the worker that outlasts the program to write them has ended."""
    mine = [one for one in psutil.process_iter(["cmdline"]) if belongs(one, home)]
    psutil.wait_procs(mine, timeout=30)
    return states(home)


def belongs(process: psutil.Process, home: Home) -> bool:
    return any(str(home.folder) in word for word in process.info["cmdline"] or ())


def test_a_resumed_story_is_not_read_again(home: Home) -> None:
    run = home.run("play", "the-borrowed-hour", "--seed", "5", lines=["1", "/quit"])
    assert run.returncode == 0, run.stderr
    assert kept(home)
    run = home.run("resume", lines=["1", "/quit"])
    assert run.returncode == 0, run.stderr
    last = costs(home)[-1]
    assert last["kept"] + last["read"] == last["prompt"]
    assert last["prompt"] > 300
    assert last["read"] < NEW_TOKENS


def test_without_its_state_it_is_read_anew(home: Home) -> None:
    home.run("play", "the-borrowed-hour", "--seed", "5", lines=["1", "/quit"])
    for state in kept(home):
        state.write_bytes(state.read_bytes()[:-1] + b"?")
    run = home.run("resume", lines=["1", "/quit"])
    assert run.returncode == 0, run.stderr
    assert costs(home)[-1]["kept"] == 0
