"""The library lists cards of every format, and takes portraits and lorebooks for none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cards.formats import makers
from tests.cards.formats.makers import json_bytes, packed, png, text, v2
from tui.cards import CardNotFound, find_card, find_cards, read_card

CHARACTERS = Path(__file__).parents[3] / "characters"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "ada.yaml": b"name: Ada of YAML\n",
        "ada.png": png(),
        "ben.png": png([text(b"chara", packed(v2(name="Ben")))]),
        "ben.json": json_bytes(v2(name="Other Ben")),
        "cleo.webp": makers.webp(json_bytes(v2(name="Cleo"))),
        "dora.charx": makers.charx(v2(name="Dora")),
        "elf.yml": b"name: Elf\ngreeting: Hm.\ncontext: x\n",
        "sea.json": json_bytes({"entries": {}}),
        "bad.png": png([text(b"chara", b"%%%")]),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_cards_of_every_format_are_listed(folder: Path) -> None:
    entries = {entry.id: entry for entry in find_cards([folder])}
    assert {entry.name for entry in entries.values()} == {
        "Ada of YAML",
        "Ben",
        "Other Ben",
        "Cleo",
        "Dora",
        "Elf",
        "bad",
    }
    assert entries["ada"].path.name == "ada.yaml"
    assert entries["bad"].problem == "the card inside isn't base64"
    assert not any(entry.shipped for entry in entries.values())


@pytest.mark.parametrize("wanted", ["ben", "ben-2", "Cleo", "dora", "Elf"])
def test_cards_of_every_format_are_found(folder: Path, wanted: str) -> None:
    path = find_card([folder], wanted)
    assert read_card(path).name in {"Ben", "Other Ben", "Cleo", "Dora", "Elf"}


def test_another_kind_of_file_is_named_as_such(folder: Path) -> None:
    (folder / "x.txt").write_text("x")
    with pytest.raises(CardNotFound, match="not a card"):
        find_card([folder], str(folder / "x.txt"))


def test_what_came_with_the_game_says_so() -> None:
    assert [entry.id for entry in find_cards([CHARACTERS]) if entry.shipped]


def test_what_is_kept_is_used_until_the_file_is_another(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache" / "cards.json"
    first = find_cards([folder], cache)
    kept = cache.read_bytes()
    assert find_cards([folder], cache) == first
    assert cache.read_bytes() == kept
    (folder / "ben.json").write_bytes(json_bytes(v2(name="Benjamin")))
    (folder / "dora.charx").unlink()
    names = {entry.name for entry in find_cards([folder], cache)}
    assert "Benjamin" in names
    assert not names & {"Other Ben", "Dora"}
    assert find_cards([folder], cache) == find_cards([folder])


@pytest.mark.parametrize("damage", [b"", b"{", b"[1, {}]", b'[1, {"a": ["a", 1, 1, {}]}]', b"\xff"])
def test_a_damaged_cache_is_thrown_away(folder: Path, tmp_path: Path, damage: bytes) -> None:
    cache = tmp_path / "cards-kept"
    cache.write_bytes(damage)
    assert find_cards([folder], cache) == find_cards([folder])
