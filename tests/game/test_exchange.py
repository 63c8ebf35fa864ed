"""A chat comes in as a save that can be played, and a save goes out as a text."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tui.game.book import Book
from tui.game.exchange import take_in, take_out, unfolded
from tui.store import StoreError, list_saves
from tui.story.chats import ChatError
from tui.story.export import EXPORTS

CHAT = [
    {"user_name": "Sam", "character_name": "Marta"},
    {
        "name": "Marta",
        "is_user": False,
        "mes": "The tide is not early.",
        "swipes": ["No.", "x"],
        "swipe_id": 1,
    },
    {"name": "Sam", "is_user": True, "mes": "Row."},
]


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    path = tmp_path / "Marta - 2024.jsonl"
    path.write_text("\n".join(map(json.dumps, CHAT)))
    return path


async def play_on(path: Path) -> None:
    book = Book.open(path)
    await book.record(book.session.reply_started())
    await book.record(book.session.reply_ended(4, " She rows."))
    await book.close()


def test_chat_becomes_a_save_that_is_played_on(chat: Path, tmp_path: Path) -> None:
    before = chat.read_bytes()
    path, found = take_in(
        chat, tmp_path / "saves", session_id="1", card_id="marta", card={"name": "Marta"}
    )
    assert found.turns == 2
    assert chat.read_bytes() == before
    (save,) = list_saves(tmp_path / "saves")
    assert (save.path, save.name, save.card, save.turns, save.last_line) == (
        path,
        "Marta",
        "marta",
        1,
        "Row.",
    )
    asyncio.run(play_on(path))
    assert [turn.text for turn in Book.first_sight(path)] == [
        "The tide is not early.",
        "Row.",
        "She rows.",
    ]


def test_history_of_text_generation_webui(tmp_path: Path) -> None:
    path = tmp_path / "Marta.json"
    path.write_text(json.dumps({"internal": [["Hi", "No."]], "visible": [["Hi", "No."]]}))
    save, found = take_in(path, tmp_path / "saves", session_id="1", user_name="Sam")
    assert (save.name, found.char_name, found.user_name) == ("marta.jsonl", "Marta", "Sam")


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"{}", b"words"])
def test_what_is_no_chat_makes_no_save(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(ChatError, match="not a chat"):
        take_in(tmp_path / "x", tmp_path / "saves", session_id="1")
    assert not (tmp_path / "saves").exists()


@pytest.mark.parametrize("form", EXPORTS)
def test_every_format_is_written_beside_what_is_there(
    chat: Path, tmp_path: Path, form: str
) -> None:
    save, _ = take_in(chat, tmp_path / "saves", session_id="1")
    first, second = (take_out(save, form, tmp_path / "out") for _ in range(2))
    assert first != second
    assert "The tide is not early." in first.read_text()
    assert first.read_bytes() == second.read_bytes()


def test_what_goes_out_to_sillytavern_comes_in_again(chat: Path, tmp_path: Path) -> None:
    save, found = take_in(chat, tmp_path / "saves", session_id="1")
    again, found_again = take_in(
        take_out(save, "sillytavern", tmp_path), tmp_path / "saves", session_id="2"
    )
    assert found_again.records == found.records
    assert again.name == "marta-2.jsonl"


def test_unknown_format_is_named(chat: Path, tmp_path: Path) -> None:
    save, _ = take_in(chat, tmp_path / "saves", session_id="1")
    with pytest.raises(StoreError, match="no format “pdf”; there are: markdown"):
        take_out(save, "pdf", tmp_path)


def test_records_that_do_nothing_are_told() -> None:
    assert unfolded([{"t": "move", "to": 9}]) == ["there is no turn 9"]
