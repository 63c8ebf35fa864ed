"""Guards: what is cut, and that it says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.cards import Card
from tui.game.cast import several_voices
from tui.game.guards import guard, repeats, said_before, stutters
from tui.game.sentences import balanced, beginnings, is_complete, trimmed


@pytest.mark.parametrize(
    "text",
    [
        "It opens.",
        "“Go,” she says.",
        "He said “Stop!”",
        "Who goes there?",
        "Light… *sighs.*",
        "One (or two).",
    ],
)
def test_whole_sentences(text: str) -> None:
    assert is_complete(text)
    assert trimmed(text) == text


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("It opens. Then the", "It opens."),
        ("“Go on. It is la", "“Go on.”"),
        ("*He nods. He", "*He nods.*"),
        ("no end at all", "no end at all"),
    ],
)
def test_a_half_sentence_goes(text: str, whole: str) -> None:
    assert trimmed(text) == whole


def test_a_reply_has_a_beginning_at_the_end_of_each_sentence_but_the_last() -> None:
    assert beginnings("You go. “Come in,” says Ann. It is dark. The") == [
        "You go. “Come in,” says Ann.",
        "You go.",
    ]
    assert beginnings("You go.") == []


def test_speech_in_the_players_name_is_cut_and_said_so() -> None:
    guarded = guard("The door opens.\nAnn: I go in.\nIt is dark.", "Ann")
    assert guarded.text == "The door opens."
    assert [note.kind for note in guarded.notes] == ["speaks-for-you"]
    assert "Ann: I go in." in guarded.notes[0].before


@pytest.mark.parametrize(
    ("card", "several"),
    [
        (Card(name="Marta", kind="companion", first_mes="Marta: Come in."), False),
        (Card(name="Inn", kind="companion", first_mes="Ann: Come in.\n**Tom**: Sit."), True),
        (Card(name="Ada", mes_example="{{user}}: Hm?\n{{char}}: Yes.\nNote: rain."), False),
        (Card(name="Noir City", kind="tale", scenario="Rain."), True),
    ],
)
def test_who_may_speak_for_anybody(card: Card, several: bool) -> None:
    assert several_voices(card) is several


def test_a_name_inside_a_line_stays() -> None:
    text = "Marta looks at Ann: the lamp is out."
    assert guard(text, "Ann").text == text


def test_what_the_model_ended_by_itself_is_not_cut() -> None:
    assert guard("A line without a stop", "Ann", ended=True).text == "A line without a stop"


def test_a_reply_that_says_the_last_one_again_repeats() -> None:
    old = "The lamp gutters, and the stair goes down into the dark below you."
    assert repeats(old.replace("gutters", "flickers"), [old])
    assert not repeats("Marta takes the bread and breaks it in two.", [old])


@pytest.mark.parametrize(
    "text",
    [
        "You take the matches of the the luggage.",
        "You give Nuri the Nuri the time that looking takes.",
        "You light the pocket torch and see what is there, as you light the pocket torch.",
        "Vane’s shop opens\ufffd\ufffds shop.",
        "Make of it what you like.” She turns away.",
    ],
)
def test_what_no_writer_would_let_stand_is_a_stutter(text: str) -> None:
    assert stutters(text)


def test_words_that_come_again_at_once_are_a_stutter() -> None:
    assert stutters("Pell about the key,” you say, and Pell about the key.")
    assert not stutters("You set off for the old mill; soon enough the old mill is all about you.")


def test_one_sentence_of_an_earlier_reply_is_heard_again() -> None:
    before = said_before(["You take the key. A dog barks twice, and thinks better of it."])
    assert before("You open the gate. A dog barks twice, and thinks better of it.") == 1
    assert before("You take the key and hold it. A dog barks.") == 0
    assert before("A dog barks twice, and thinks better of it. You take the key.") == 2


@given(st.text(max_size=200))
def test_any_text_can_be_guarded(text: str) -> None:
    guarded = guard(text, "Ann")
    assert len(guarded.text) <= 2 * len(text) + 4
    assert balanced(balanced(text)) == balanced(text)
