"""Cards are copied as they are, under free names, from files, folders and SillyTavern's data."""

from __future__ import annotations

from pathlib import Path

from tests.cards.formats import makers
from tests.cards.formats.makers import json_bytes, packed, png, text, v2
from tui.cards import read_card
from tui.cards.formats.importing import import_cards, stem_of

ADA = png([text(b"chara", packed(v2()))])


def put(path: Path, content: bytes) -> Path:
    """A file with this content, its folders made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_card_is_copied_as_it_is(tmp_path: Path) -> None:
    source = put(tmp_path / "My Ada.PNG", ADA)
    (one,) = import_cards([source], tmp_path / "cards")
    target = tmp_path / "cards" / "my-ada.png"
    assert one.target == target
    assert target.read_bytes() == ADA
    assert one.name == "Ada"
    assert one.kept == "V2: greeting and 2 more, lorebook of 1, 2 fields of other programs"


def test_nothing_is_written_over_and_the_same_card_comes_once(tmp_path: Path) -> None:
    cards = tmp_path / "cards"
    mine = put(cards / "ada.yaml", b"name: My own\n")
    source = put(tmp_path / "ada.png", ADA)
    (first,) = import_cards([source], cards)
    assert first.target == cards / "ada-2.png"
    assert mine.read_bytes() == b"name: My own\n"
    (again,) = import_cards([source], cards)
    assert again.already
    assert again.target == first.target
    other = put(tmp_path / "other" / "ada.png", ADA[:-12] + b"x" + ADA[-12:])
    (third,) = import_cards([other], cards)
    assert third.target == cards / "ada-3.png"


def test_a_folder_gives_its_cards_and_passes_by_what_is_none(tmp_path: Path) -> None:
    folder = tmp_path / "old"
    put(folder / "a.png", ADA)
    put(folder / "b" / "b.json", json_bytes(v2(name="B")))
    put(folder / "c.webp", makers.webp(json_bytes(v2(name="C"))))
    put(folder / "d.charx", makers.charx(v2(name="D")))
    put(folder / "e.yaml", b"name: E\ngreeting: Hm.\ncontext: x\n")
    put(folder / "photo.png", png())
    put(folder / "package.json", b'{"version": "1"}')
    put(folder / "broken.json", b'{"name": "A"')
    put(folder / "notes.txt", b"name: no")
    put(folder / ".hidden.png", ADA)
    (folder / "link.png").symlink_to(tmp_path / "elsewhere.png")
    found = {one.source.name: one for one in import_cards([folder], tmp_path / "cards")}
    assert {name for name, one in found.items() if one.target} == {
        "a.png",
        "b.json",
        "c.webp",
        "d.charx",
        "e.yaml",
    }
    assert not found["photo.png"].is_card
    assert not found["package.json"].is_card
    assert found["broken.json"].is_card
    assert "isn't whole JSON" in found["broken.json"].problem
    for one in found.values():
        assert one.target is None or read_card(one.target).name == one.name


def test_of_sillytavern_s_data_the_characters_are_taken(tmp_path: Path) -> None:
    for user in ("default-user", "guest"):
        root = tmp_path / "SillyTavern" / "data" / user
        put(root / "characters" / f"{user}.png", ADA[:-12] + user.encode() + ADA[-12:])
        put(root / "worlds" / "Sea.json", json_bytes({"entries": {}}))
        put(root / "backgrounds" / "a.png", png())
        put(root / "chats" / "x.json", b"{}")
    found = list(import_cards([tmp_path / "SillyTavern"], tmp_path / "cards"))
    assert [one.source.name for one in found] == ["default-user.png", "guest.png"]
    assert all(one.target for one in found)


def test_a_link_is_refused_in_one_sentence(tmp_path: Path) -> None:
    secret = put(tmp_path / "secret", b"name: a\n")
    link = tmp_path / "ada.yaml"
    link.symlink_to(secret)
    (one,) = import_cards([link], tmp_path / "cards")
    assert one.problem == "ada.yaml: is a link to another place; name the file"
    assert not (tmp_path / "cards").exists()


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    (one,) = import_cards([tmp_path / "none.png"], tmp_path / "cards")
    assert "can't be read" in one.problem


def test_a_file_s_name_becomes_an_id() -> None:
    assert stem_of("My_Card (v2)") == "my-card-v2"
    assert stem_of("絵本") == "絵本"
    assert stem_of("..") == "card"
