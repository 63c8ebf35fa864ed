"""`fabletop save ...`, run as the player runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Home

CHAT = [
    {"user_name": "Sam", "character_name": "The Quay"},
    {"name": "The Quay", "is_user": False, "mes": "The tide is not early."},
    {"name": "Sam", "is_user": True, "mes": "Row."},
]


@pytest.fixture
def name(home: Home) -> str:
    """A story of one turn."""
    assert home.run("play", "quay", "--seed", "7", lines=["1"]).returncode == 0
    return next((home.folder / "saves").glob("*.jsonl")).stem


def listed(home: Home) -> list[dict[str, object]]:
    return json.loads(home.run("saves", "--json").stdout)


def test_a_story_is_named_tagged_copied_thrown_away_and_taken_back(home: Home, name: str) -> None:
    assert home.run("save", "rename", name, "By the water").returncode == 0
    assert home.run("save", "tag", name, "quiet", "sea").returncode == 0
    (save,) = listed(home)
    assert (save["name"], save["tags"]) == ("By the water", ["quiet", "sea"])
    assert "Copied" in home.run("save", "copy", name).stdout
    assert [save["name"] for save in listed(home)] == ["By the water, a copy", "By the water"]

    thrown = home.run("save", "trash", name)
    assert f"fabletop save back {name}" in thrown.stdout
    assert [save["name"] for save in listed(home)] == ["By the water, a copy"]
    assert "By the water" in home.run("save", "trash").stdout
    assert home.run("save", "back", name).returncode == 0
    assert {save["name"] for save in listed(home)} == {"By the water", "By the water, a copy"}
    assert home.run("save", "back", name).returncode == 1


def test_a_chat_comes_in_is_played_on_and_goes_out(home: Home, tmp_path: Path) -> None:
    chat = tmp_path / "Quay - 2024.jsonl"
    chat.write_text("\n".join(map(json.dumps, CHAT)))
    before = chat.read_bytes()
    taken = home.run("save", "import", str(chat))
    assert taken.returncode == 0, taken.stderr
    (save,) = listed(home)
    assert (save["card"], save["last_line"]) == ("quay", "Row.")
    went_on = home.run("resume", lines=["go on"])
    assert went_on.returncode == 0, went_on.stderr
    assert "The tide is not early." in went_on.stdout
    out = home.run("save", "export", str(save["id"]), "sillytavern", "--to", str(tmp_path / "out"))
    assert out.returncode == 0, out.stderr
    (written,) = (tmp_path / "out").iterdir()
    messages = [json.loads(line) for line in written.read_text().splitlines()]
    assert [one["mes"] for one in messages[1:4]] == ["The tide is not early.", "Row.", "go on"][:3]
    assert chat.read_bytes() == before


def test_what_is_no_chat_is_said_in_a_sentence(home: Home, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text("{}")
    run = home.run("save", "import", str(tmp_path / "x.jsonl"))
    assert run.returncode == 1
    assert run.stderr.startswith("fabletop: This is not a chat")
