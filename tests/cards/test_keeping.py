"""The player's cards are copied, opened for writing, thrown away and taken back; nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cards.formats import makers
from tests.cards.test_portraits import picture, png_card
from tui.cards import CardError, find_cards, read_card
from tui.cards.keeping import duplicate_card, own_text, take_card_back, throw_card

YAML = "# mine\nname: Ada\nfirst_mes: Hello.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "characters"
    made.mkdir()
    (made / "ada.yaml").write_text(YAML)
    return made


def test_a_copy_is_the_same_file_under_a_free_name(folder: Path) -> None:
    copies = [duplicate_card(folder / "ada.yaml", folder) for _ in range(2)]
    assert [path.name for path in copies] == ["ada-2.yaml", "ada-3.yaml"]
    assert {path.read_text() for path in copies} == {YAML}


def test_a_text_of_ones_own_is_edited_where_it_is(folder: Path) -> None:
    assert own_text(folder / "ada.yaml", folder) == folder / "ada.yaml"


def test_a_text_that_came_with_the_game_is_copied_first(folder: Path, tmp_path: Path) -> None:
    shipped = tmp_path / "shipped.yaml"
    shipped.write_text(YAML)
    mine = own_text(shipped, folder)
    assert mine == folder / "shipped.yaml"
    assert shipped.read_text() == mine.read_text() == YAML


def test_a_card_in_a_picture_is_written_out_with_its_picture(folder: Path) -> None:
    source = folder / "wren.png"
    source.write_bytes(png_card(picture()))
    mine = own_text(source, folder)
    assert mine.name == "wren-2.yaml"
    card, before = read_card(mine), read_card(source)
    assert (card.name, card.alternate_greetings) == (before.name, before.alternate_greetings)
    assert card.character_book == before.character_book
    assert mine.with_suffix(".png").read_bytes() == picture()
    assert [entry.id for entry in find_cards([folder])].count("wren-2") == 1


def test_what_is_no_card_is_not_written_out(folder: Path) -> None:
    (folder / "plain.png").write_bytes(makers.png())
    before = sorted(folder.iterdir())
    with pytest.raises(CardError):
        own_text(folder / "plain.png", folder)
    assert sorted(folder.iterdir()) == before


def test_the_trash_gives_cards_back_and_writes_over_none(folder: Path) -> None:
    first = throw_card(folder / "ada.yaml")
    assert find_cards([folder]) == []
    (folder / "ada.yaml").write_text(YAML.replace("Hello", "Later"))
    second = throw_card(folder / "ada.yaml")
    assert first != second
    (folder / "ada.yaml").write_text(YAML)
    assert take_card_back(second).name == "ada-2.yaml"
    assert "Later" in (folder / "ada-2.yaml").read_text()
    assert take_card_back(first).name == "ada-3.yaml"
