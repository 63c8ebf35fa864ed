"""Whatever is typed, the reading neither raises nor proposes what a World doesn't know."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.world.reading.table import mill, rows
from tui.story.turn import Choice
from tui.world.reading_lexicon import lexicon

WORDS = st.sampled_from(sorted(lexicon().vocabulary)) | st.sampled_from(
    [
        "mill",
        "door",
        "key",
        "marta",
        "bread",
        "osk",
        "dog",
        ",",
        "and",
        '"',
        "?",
        "lantern",
        "kitchen",
    ]
)
PHRASES = st.lists(WORDS, max_size=12).map(" ".join)
POSITIONS = sorted({row.position for row in rows()})


def state_at(position: str):
    return next(row.state for row in rows() if row.position == position)


@settings(max_examples=300, deadline=None)
@given(typed=PHRASES | st.text(max_size=80), position=st.sampled_from(POSITIONS))
def test_any_words_are_read_and_can_be_played(typed: str, position: str) -> None:
    world, state = mill(), state_at(position)
    reading = world.read(state, typed)
    assert 0 <= reading.sure <= 1
    if reading.kind == "question":
        return
    actions = [world.action(action.id) for action in reading.actions]
    later, outcome = world.apply(state, actions)
    assert outcome.now
    assert later.turn == state.turn + 1


@settings(max_examples=60, deadline=None)
@given(typed=st.text(alphabet=string.printable, max_size=60))
def test_no_control_character_comes_out(typed: str) -> None:
    reading = mill().read(state_at("kitchen"), typed)
    out = reading.echo + "".join(action.id for action in reading.actions)
    assert all(letter.isprintable() for letter in out)


@pytest.mark.parametrize(
    "typed", ["", "   ", "\x1b[2J", "!!!", "a" * 100_000, "and " * 20_000, '"' * 5000, "go " * 3000]
)
def test_odd_input_is_read_quickly(typed: str) -> None:
    mill().read(state_at("kitchen"), typed)


def test_a_choice_is_picked_by_its_words_its_number_and_its_place() -> None:
    choices = (
        Choice("Ask Marta about the lock", "ask:marta:lock"),
        Choice("Go back into the yard", "go:west"),
    )
    for typed in (
        "Go back into the yard",
        "go back into the yard.",
        "2",
        "the second one",
        "option 2",
        "the last",
    ):
        reading = mill().read(state_at("kitchen"), typed, choices)
        assert [action.id for action in reading.actions] == ["go:west"]
        assert reading.sure == 1.0
        assert not reading.echo


def test_what_was_plain_is_not_echoed_and_what_was_guessed_is() -> None:
    kitchen = state_at("kitchen")
    assert not mill().read(kitchen, "take the brass key").echo
    assert mill().read(kitchen, "tkae the brass kye").echo == "you take the brass key"
    assert mill().read(state_at("laden"), "put it out", recent=("light:lantern",)).echo
