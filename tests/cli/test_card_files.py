"""Cards come in from files, go out into files, and are never written over."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.cards.formats.makers import json_bytes, packed, png, text, v2
from tui.cards import read_card
from tui.cli.groups.card import app
from tui.store import StoreError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FABLETOP_HOME", str(tmp_path / "home"))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.png").write_bytes(png([text(b"chara", packed(v2()))]))
    (tmp_path / "in" / "photo.png").write_bytes(png())
    (tmp_path / "sea.json").write_bytes(json_bytes({"entries": {"0": {"key": ["sea"]}}}))
    return tmp_path


def run(*words: object) -> tuple[int, str]:
    """A command's exit code and what it said; a sentence for the player is raised."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout


def test_import_says_what_it_took_and_export_gives_it_back(folder: Path) -> None:
    code, said = run("import", folder / "in")
    assert code == 0
    assert "Ada is now ada.png (V2: greeting and 2 more, lorebook of 1" in said
    assert "1 card taken in, 1 other file passed by." in said
    code, said = run("export", "ada", "--to", folder / "ada.charx")
    assert code == 0
    first = read_card(folder / "in" / "ada.png")
    assert read_card(folder / "ada.charx").model_dump() == first.model_dump()
    with pytest.raises(StoreError, match="is there already"):
        run("export", "ada", "--to", folder / "ada.charx")


def test_what_is_wrong_is_a_sentence_a_line(folder: Path) -> None:
    card = folder / "ada.yaml"
    card.write_text(
        "name: Ada\nfirst_mes: Hello.\nscenari: A quay.\nworld: {start: {place: quay}}\n"
    )
    code, said = run("check", card)
    assert code == 1
    assert "did you mean `scenario`?\n" in said
    assert all(line.endswith((".", "?")) for line in said.splitlines())


def test_convert_adds_a_lorebook_and_says_what_is_left(folder: Path) -> None:
    source, target = folder / "in" / "ada.png", folder / "ada.yaml"
    code, said = run("convert", source, target, "--lorebook", folder / "sea.json")
    assert code == 0
    assert "without the picture" in said
    book = read_card(target).character_book
    assert book is not None
    assert [entry.keys for entry in book.entries] == [("gull",), ("sea",)]


def test_a_lorebook_alone_is_no_card_and_says_what_to_do(folder: Path) -> None:
    code, said = run("import", folder / "sea.json")
    assert code == 1
    assert "is a lorebook, not a card; add it to a card" in said
