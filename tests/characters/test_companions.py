"""The companions that ship: all that they offer is answered, and a talk of choices runs dry late."""

from __future__ import annotations

from random import Random

import pytest

from tests.world.tales import card_of
from tui.cards import Card
from tui.game import companion
from tui.game.judge import FactJudge
from tui.prompt import factline
from tui.story import Choice, Session, new_header

COMPANIONS = ("hester-quill", "kettle-9", "odo-pinch")
MOST_WORDS = 18
TALK = 13
"""Turns in which nothing is offered that was asked before."""
EVERYDAY = ("Who are you?", "how are you", "tell me about yourself", "goodbye", "can I sit down?")


@pytest.fixture(params=COMPANIONS)
def card(request: pytest.FixtureRequest) -> Card:
    return card_of(request.param)


def session_of(card: Card) -> Session:
    header = new_header(session_id="s", name=card.name, card_id=card.id, card={}, persona="Robin")
    return Session.open([header])


def test_every_thing_to_say_is_answered_with_a_fact_of_its_own(card: Card) -> None:
    named = [companion.asked_for(card.facts, line) for line in card.things_to_say]
    assert None not in named
    assert {fact.topic for fact in named if fact} == {fact.topic for fact in card.facts}
    assert len(named) == len(card.facts)


def test_a_small_model_can_copy_every_fact_and_has_breath_for_it(card: Card) -> None:
    for fact in card.facts:
        told = fact.knows or fact.hides
        line = factline.FactLine("told", fact.topic, told)
        assert fact.refuses or FactJudge(line, card.name).phrases.texts, told
        assert len(told.split()) <= MOST_WORDS


def test_what_a_fresh_player_says_is_mostly_known(card: Card) -> None:
    known = [words for words in EVERYDAY if companion.asked_for(card.facts, words)]
    assert len(known) >= len(EVERYDAY) - 1


def test_a_talk_of_choices_offers_three_and_nothing_twice(card: Card) -> None:
    random, story = Random(7), session_of(card)
    story.apply(story.lay("model", card.first_mes, name=card.name, root=True))
    had: set[str] = set()
    for turn in range(TALK + 9):
        lines = companion.things_to_say(card, story.path(), 3)
        assert len(set(lines)) == len(lines) >= 3
        picked = random.choice(lines)
        fact = companion.asked_for(card.facts, picked)
        assert fact
        assert turn >= TALK or fact.topic not in had
        had.add(fact.topic)
        story.apply(story.say(picked, name="Robin"))
        choices = tuple(Choice(line) for line in lines[:3])
        story.apply(story.lay("model", "Indeed.", name=card.name, choices=choices))
    assert had == {fact.topic for fact in card.facts}
