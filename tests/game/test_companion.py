"""A companion's closed facts: what is told, kept back, or not known."""

from __future__ import annotations

import pytest

from tui.cards import Card, Fact
from tui.game.companion import asked_for, fact_line, things_to_say
from tui.story import Choice, Session, new_header

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
        ("what does your husband do?", "her husband"),
        ("lovely weather", None),
    ],
)
def test_which_fact_words_ask_for(words: str, topic: str | None) -> None:
    fact = asked_for(CARD.facts, words)
    assert (fact.topic if fact else None) == topic


def test_a_short_word_is_no_misspelt_long_one() -> None:
    train = Fact(topic="the train", knows="it is late")
    assert asked_for((train,), "will the traain come?") is train
    assert asked_for((train,), "do you like rain?") is None


def test_of_words_for_a_topic_all_must_be_said() -> None:
    name = Fact(topic="the desk", words=("your name",), knows="it is hers")
    assert asked_for((name,), "what is your name?") is name
    assert asked_for((name,), "what is the cat’s name?") is None


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


@pytest.mark.parametrize(
    "words",
    [
        "tell me about yourself",
        "what about you?",
        "tell me about what you do at night",
        "do you know who lives upstairs?",
        "do you want to dance?",
        "do you like being here?",
        "do you remember when you were young?",
        "how did you know I was coming?",
        "what do you want from me?",
        "do you know everybody?",
        "and is it always so dark?",
        "And the rain has stopped.",
    ],
)
def test_only_a_thing_can_be_asked_about(words: str) -> None:
    assert fact_line(session(), CARD, words) == "Now: Ann talks with Hester."


@pytest.mark.parametrize(
    ("words", "subject"),
    [
        ("and the mayor?", "the mayor"),
        ("What about Mirembe?", "Mirembe"),
        ("Tell me about Mr. Bead.", "Mr. Bead"),
        ("I heard something about the mayor.", "the mayor"),
        ("do you want some soup?", "soup"),
    ],
)
def test_a_thing_is_asked_about_in_many_ways(words: str, subject: str) -> None:
    assert f"asks about {subject}; Hester knows nothing" in fact_line(session(), CARD, words)


def test_what_is_known_is_said_until_what_is_hidden_is_earned() -> None:
    fog = Fact(topic="the fog", knows="it is old", hides="somebody makes it", after=("the tea",))
    card, story = Card(name="Hester", facts=(*CARD.facts, fog)), session()
    assert "Hester knows: it is old." in fact_line(story, card, "and the fog?")
    say(story, "Ask about the tea")
    assert "Hester knows: somebody makes it." in fact_line(story, card, "and the fog?")


TALKER = Card(
    name="Hester",
    kind="companion",
    facts=CARD.facts,
    things_to_say=("Wait", "Ask what is in the locked case", "Ask whether there is a cup left"),
)


def offered(story: Session, count: int = 3) -> list[str]:
    return things_to_say(TALKER, story.path(), count)


def test_a_line_of_the_cards_own_stands_for_the_topic_that_it_names() -> None:
    assert offered(session()) == [
        "Ask whether there is a cup left",
        "Ask what is in the locked case",
        "Ask about her husband",
        "Wait",
    ]


def test_nothing_that_was_said_is_offered_while_there_is_something_else() -> None:
    story = session()
    say(story, "is there a cup of tea?")
    say(story, "Wait")
    assert offered(story, 2) == ["Ask what is in the locked case", "Ask about her husband"]


def test_when_all_was_said_the_oldest_is_offered_again() -> None:
    story = session()
    for words in ("any tea?", "Wait", "your husband?", "the glass", "the novel?", "another cup?"):
        say(story, words)
    assert offered(story, 2) == ["Ask again about her husband", "Ask again about the locked case"]


def test_a_secret_that_was_kept_is_offered_again_once_it_is_earned() -> None:
    story = session()
    say(story, "the grey book?")
    assert not any("grey book" in line for line in offered(story))
    for words in ("any tea?", "the glass", "her husband?", "Wait"):
        say(story, words)
    assert offered(story, 1) == ["Ask again about the grey book"]


def test_what_was_offered_and_not_taken_rests_for_a_turn() -> None:
    story = session()
    choices = tuple(Choice(line) for line in ("Ask about her husband", "Wait"))
    story.apply(story.lay("model", "Good evening.", name="Hester", choices=choices))
    say(story, "Good evening.")
    rested = ["Ask whether there is a cup left", "Ask what is in the locked case"]
    assert offered(story, 2) == rested
    assert offered(story, 3) == [*rested, "Ask about her husband"]
