"""A story reads the same wherever it is taken."""

from __future__ import annotations

import json

import pytest

from tui.story import Choice, Session, new_header
from tui.story.export import EXPORTS, as_html, as_json_lines, as_markdown, as_text
from tui.story.records import Record


def tale() -> Session:
    session = Session()

    def do(record: Record) -> None:
        session.apply(record)

    do(new_header(session_id="1", name="The <Ferry>", card_id="ferry", card={"name": "Narrator"}))
    do(session.lay("player", "Start!", scene="Scene: pier.", root=True))
    do(session.lay("model", "A pier.\n\n*Fog* & 1 < 2.", choices=(Choice("Row"),)))
    do(session.say("# shout\nloudly"))
    do(session.reply_started())
    do(session.reply_ended(4, " You row.\x1b[31m"))
    do(session.reply_started(parent=3))
    do(session.reply_ended(5, " You sink."))
    do(session.reply_started(parent=3))
    do(session.reply_ended(6, " You are seen."))
    do(session.delete(6))
    do(session.move(4))
    return session


def test_markdown() -> None:
    assert as_markdown(tale()) == (
        "# The \\<Ferry>\n\nA pier.\n\n*Fog* & 1 \\< 2.\n\n> \\# shout\n> loudly\n\nYou row.\\[31m\n"
    )


def test_text() -> None:
    assert as_text(tale()) == (
        "The <Ferry>\n===========\n\nA pier.\n\n*Fog* & 1 < 2.\n\n> # shout\n> loudly\n\nYou row.[31m\n"
    )


def test_html_escapes_what_the_story_says() -> None:
    page = as_html(tale())
    assert "<h1>The &lt;Ferry&gt;</h1>" in page
    assert '<p class="player"># shout\nloudly</p>' in page
    assert "*Fog* &amp; 1 &lt; 2." in page
    assert "\x1b" not in page


def test_json_lines_hold_the_tree() -> None:
    about, *turns = map(json.loads, as_json_lines(tale()).splitlines())
    assert about["name"] == "The <Ferry>"
    assert [(turn["id"], turn.get("parent"), turn["path"]) for turn in turns] == [
        *((1, None, True), (2, 1, True), (3, 2, True), (4, 3, True), (5, 3, False)),
    ]


def test_names_stand_in_a_conversation() -> None:
    session = Session()
    session.apply(session.lay("model", "Hello.", name="Marta", root=True))
    session.apply(session.say("Hi.", name="Sam"))
    assert as_text(session).endswith("Marta: Hello.\n\n> Sam: Hi.\n")


@pytest.mark.parametrize("name", EXPORTS)
def test_empty_session_can_be_exported(name: str) -> None:
    ending, write = EXPORTS[name]
    assert ending.startswith(".")
    assert write(Session())
