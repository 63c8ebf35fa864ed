"""Every card is listed: the good with what they are, the bad with what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.cards.library import CardNotFound, find_card, find_cards
from tui.cards.template import new_card_template


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ada.yaml").write_text(new_card_template("companion", "Ada"))
    (tmp_path / "shed.yaml").write_text(new_card_template("tale", "The Shed"))
    (tmp_path / "star.yml").write_text(
        "name: Star\nkind: tale\nstarred: true\ngenre: mystery\nscenario: A lamp.\n"
    )
    (tmp_path / "bad.yaml").write_text("name: Bad\ntone: grey\nname: twice\n")
    (tmp_path / "worse.yaml").write_text("name: *worse*\n")
    (tmp_path / "binary.yaml").write_bytes(b"\x00\xff\xfe\x00")
    (tmp_path / "notes.txt").write_text("not a card")
    (tmp_path / ".hidden.yaml").write_text("name: Hidden\n")
    (tmp_path / "folder.yaml").mkdir()
    return tmp_path


def test_bad_cards_are_listed_and_hide_no_good_one(folder: Path) -> None:
    entries = {entry.id: entry for entry in find_cards([folder])}
    assert set(entries) == {"ada", "shed", "star", "bad", "worse", "binary"}
    assert entries["bad"].problem == "line 3, name: is given twice (first in line 1)"
    assert entries["bad"].name == "Bad"
    assert entries["worse"].problem.startswith("line 1, name: the text starts with *")
    assert "not a text file" in entries["binary"].problem
    assert not entries["ada"].problem
    assert entries["shed"].kind == "tale"
    assert entries["ada"].kind == "companion"


def test_the_starred_card_comes_first_and_tales_before_companions(folder: Path) -> None:
    good = [entry.id for entry in find_cards([folder]) if not entry.problem]
    assert good == ["star", "shed", "ada"]


def test_of_two_cards_of_one_id_both_are_listed(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "ada.yaml").write_text("name: Another Ada\n")
    entries = {entry.id: entry.name for entry in find_cards([folder, other])}
    assert entries["ada"] == "Ada"
    assert entries["ada-2"] == "Another Ada"


def test_a_card_is_found_by_id_name_and_path(folder: Path) -> None:
    assert find_card([folder], "shed").name == "shed.yaml"
    assert find_card([folder], "the shed").name == "shed.yaml"
    assert find_card([], str(folder / "ada.yaml")).name == "ada.yaml"
    with pytest.raises(CardNotFound, match="There is no card named nobody; there are"):
        find_card([folder], "nobody")


def test_a_folder_that_is_not_there_has_no_cards(tmp_path: Path) -> None:
    assert find_cards([tmp_path / "none"]) == []


def test_mistakes_inside_a_world_are_left_to_the_check(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("name: A\nworld:\n  start: nonsense\n  start: twice\n")
    [entry] = find_cards([tmp_path])
    assert entry.kind == "tale"
    assert not entry.problem
