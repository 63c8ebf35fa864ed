"""Chats of other programs come in as they were, and go out so that they come in again."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.story import Session
from tui.story.chats import Chat, ChatError
from tui.story.sillytavern import read_sillytavern, seconds_of, write_sillytavern
from tui.story.textgen import read_textgen

SILLY: list[dict[str, Any]] = [
    {
        "user_name": "unused",
        "character_name": "unused",
        "create_date": "2024-01-15 @12h 30m 15s 123ms",
        "chat_metadata": {"note_prompt": "Rain.", "note_depth": 3, "integrity": "x"},
    },
    {
        "name": "Marta",
        "is_user": False,
        "mes": "Well met, {{user}}.",
        "swipes": ["Go away.", "Well met, {{user}}."],
        "swipe_id": 1,
        "send_date": "January 15, 2024 12:30pm",
    },
    {"name": "Sam", "is_user": True, "mes": "Hello, {{Char}}!", "send_date": 1705322000000},
    {
        "name": "Marta",
        "is_user": False,
        "mes": "Edited.",
        "swipes": ["First.", {"mes": "Third."}],
        "swipe_id": 0,
    },
    {"name": "System", "is_user": False, "is_system": True, "mes": "A note."},
]


def silly(lines: list[dict[str, Any]]) -> str:
    return "\n".join(map(json.dumps, lines))


def opened(chat: Chat) -> Session:
    session = Session.open(chat.with_header("1", "Marta", "marta", {"name": "Marta"}))
    assert not session.damaged
    return session


def test_sillytavern_chat_keeps_texts_swipes_names_and_note() -> None:
    chat = read_sillytavern("\ufeff" + silly(SILLY) + "\n\n")
    session = opened(chat)
    assert (chat.user_name, chat.char_name, chat.turns) == ("Sam", "Marta", 4)
    assert [(turn.name, turn.role, turn.text) for turn in session.path()] == [
        ("Marta", "model", "Well met, Sam."),
        ("Sam", "player", "Hello, Marta!"),
        ("Marta", "model", "Edited."),
        ("System", "model", "A note."),
    ]
    greeting, _, reply, _ = session.path()
    assert [session.turns[item].text for item in session.siblings(greeting.id)] == [
        "Go away.",
        "Well met, Sam.",
    ]
    assert [session.turns[item].text for item in session.siblings(reply.id)] == [
        "Edited.",
        "Third.",
    ]
    assert session.author_note == ("Rain.", 3)
    assert not session.can_undo
    assert session.persona == "Sam"
    assert greeting.at == 1705321800.0
    assert session.count() == 1


def test_sillytavern_chat_goes_out_and_comes_in_again() -> None:
    session = opened(read_sillytavern(silly(SILLY)))
    again = opened(read_sillytavern(write_sillytavern(session)))
    assert [(t.name, t.role, t.text, t.at) for t in again.path()] == [
        (t.name, t.role, t.text, t.at) for t in session.path()
    ]
    assert [again.siblings(t.id) for t in again.path()] == [
        session.siblings(t.id) for t in session.path()
    ]
    assert again.author_note == session.author_note


def test_bad_lines_are_left_out_and_named() -> None:
    lines = silly(SILLY).split("\n")
    lines[2:2] = ["{torn", "[1]", '{"what": 1}']
    chat = read_sillytavern("\r\n".join(lines))
    assert chat.turns == 4
    assert [problem.split()[1] for problem in chat.problems] == ["3", "4", "5"]


@pytest.mark.parametrize(
    "text", ["", "hello", "{}", '{"t":"header"}\n', silly(SILLY[:1]), "[" * 100_000]
)
def test_what_is_no_chat_is_refused(text: str) -> None:
    with pytest.raises(ChatError):
        read_sillytavern(text)
    with pytest.raises(ChatError):
        read_textgen(text)


JUNK: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)
KEYS = st.sampled_from(
    ["name", "is_user", "mes", "swipes", "swipe_id", "send_date", "chat_metadata", "is_system"]
)


@settings(deadline=None)
@given(st.lists(st.dictionaries(KEYS, JUNK, max_size=6), max_size=5))
def test_any_sillytavern_lines_are_read_or_refused(lines: list[dict[str, Any]]) -> None:
    with suppress(ChatError):
        opened(read_sillytavern(silly(lines)))


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["internal", "visible", "data", "metadata"]),
        JUNK | st.lists(st.lists(st.text(max_size=3), min_size=2, max_size=2)),
    )
)
def test_any_history_is_read_or_refused(history: dict[str, Any]) -> None:
    with suppress(ChatError):
        opened(read_textgen(json.dumps(history)))


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        ("2024-01-15 @12h 30m 15s 123ms", 1705321815.0),
        ("2024-01-15@12h30m15s", 1705321815.0),
        ("January 15, 2024 12:30pm", 1705321800.0),
        ("2024-01-15T12:30:15.000Z", 1705321815.0),
        ("Jan 15, 2024 12:30", 1705321800.0),
        (1705321815000, 1705321815.0),
        (1705321815, 1705321815.0),
        ("some day", 0.0),
        ("2024-99-99 @99h 99m 99s", 0.0),
        (None, 0.0),
        (True, 0.0),
        (1e300, 0.0),
    ],
)
def test_dates_in_all_their_forms(date: object, seconds: float) -> None:
    assert seconds_of(date) == seconds


def test_textgen_history_with_greeting_and_versions() -> None:
    history = {
        "internal": [
            ["<|BEGIN-VISIBLE-CHAT|>", "Hello & well met."],
            ["Hi.", "Second."],
            ["", "More."],
        ],
        "visible": [["", "Hello &amp; well met."], ["Hi.", "Second."], ["", "More."]],
        "metadata": {
            "user_1": {"timestamp": "Jan 15, 2024 12:30"},
            "assistant_1": {
                "timestamp": "Jan 15, 2024 12:31",
                "versions": [{"content": "First."}, {"content": "Second."}, 7],
                "current_version_index": 1,
            },
        },
    }
    session = opened(read_textgen(json.dumps(history), "Sam", "Marta"))
    path = session.path()
    assert [(turn.name, turn.text) for turn in path] == [
        ("Marta", "Hello & well met."),
        ("Sam", "Hi."),
        ("Marta", "Second."),
        ("Marta", "More."),
    ]
    assert [session.turns[item].text for item in session.siblings(path[2].id)] == [
        "First.",
        "Second.",
    ]
    assert path[1].at == 1705321800.0


def test_textgen_history_of_long_ago() -> None:
    data = {"data": [], "data_visible": [["", "Hello &amp; well met."], ["Hi", None], [1, 2]]}
    chat = read_textgen(json.dumps(data), "Sam", "Marta")
    assert [turn.text for turn in opened(chat).path()] == ["Hello & well met.", "Hi"]
    assert len(chat.problems) == 1


def test_chat_that_the_player_began_shows_all_of_it() -> None:
    session = opened(read_sillytavern(silly([SILLY[2], SILLY[3]])))
    assert [turn.unseen for turn in session.path()] == [False, False]
    assert session.count() == 1
