"""A companion's closed facts: what is told, kept back, or not known."""

from __future__ import annotations

import pytest

from tui.cards import Card, Fact
from tui.game.companion import asked_for, fact_line, things_to_say
from tui.story import Session, new_header

CARD = Card(
    name="Hester",
    kind="companion",
    facts=(
        Fact(topic="the tea", words=("cup",), knows="she makes tea at midnight"),
        Fact(topic="the locked case", words=("glass",), knows="it holds one book"),
        Fact(
            topic="the grey book",
            words=("novel",),
            hides="she wrote it",
            after=("the tea", "the locked case"),
        ),
        Fact(topic="her husband", refuses="she turns her ring"),
    ),
    things_to_say=("Wait",),
)


def session() -> Session:
    header = new_header(session_id="s", name="Hester", card_id="hester", card={}, persona="Ann")
    return Session.open([header])


def say(story: Session, text: str) -> None:
    story.apply(story.say(text, name="Ann"))


@pytest.mark.parametrize(
    ("words", "topic"),
    [
        ("Ask about the tea", "the tea"),
        ("is there another cup?", "the tea"),
        ("what is in the LOCKED CASE", "the locked case"),
        ("tell me about the novell", "the grey book"),
        ("lovely weather", None),
    ],
)
def test_which_fact_words_ask_for(words: str, topic: str | None) -> None:
    fact = asked_for(CARD.facts, words)
    assert (fact.topic if fact else None) == topic


def test_the_four_lines() -> None:
    story = session()
    assert (
        fact_line(story, CARD, "the tea?")
        == "Now: Ann asks about the tea; Hester knows: she makes tea at midnight."
    )
    assert fact_line(story, CARD, "and her husband?") == (
        "Now: Ann asks about her husband; Hester will not speak of it: she turns her ring."
    )
    assert fact_line(story, CARD, "What do you know about the moon?") == (
        "Now: Ann asks about the moon; Hester knows nothing of it."
    )
    assert fact_line(story, CARD, "Good evening.") == "Now: Ann talks with Hester."


@pytest.mark.parametrize(
    ("words", "subject"),
    [
        ("do you like dragons", "dragons"),
        ("Have you seen my hat?", "the hat"),
        ("did you see the old boat yesterday?", "the old boat"),
        ("do you like it here?", None),
        ("are you happy?", None),
    ],
)
def test_what_no_fact_covers_is_not_known(words: str, subject: str | None) -> None:
    line = fact_line(session(), CARD, words)
    told = f"asks about {subject}; Hester knows nothing" if subject else "talks with Hester"
    assert told in line


def test_a_secret_is_not_in_the_prompt_before_it_is_earned() -> None:
    story = session()
    assert "wrote" not in fact_line(story, CARD, "the grey book")
    say(story, "Ask about the tea")
    assert "wrote" not in fact_line(story, CARD, "the grey book")
    say(story, "Ask about the locked case")
    assert "Hester knows: she wrote it." in fact_line(story, CARD, "the grey book")


def test_things_to_say_leave_out_what_was_heard() -> None:
    story = session()
    say(story, "Ask about the tea")
    lines = things_to_say(CARD, story.path())
    assert "Ask about the tea" not in lines
    assert "Ask about the grey book" not in lines
    assert "Ask about the locked case" in lines
