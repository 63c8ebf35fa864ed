from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.ui.prose import excerpt, prose, typeset


def styles(text: str, *, streaming: bool = False) -> list[tuple[str, object]]:
    content = prose(text, streaming=streaming)
    return [(content.plain[span.start : span.end], span.style) for span in content.spans]


def test_speech_actions_and_stress_have_their_own_styles():
    assert styles('*She waits.* "Row," she says, **now**.') == [
        ("She waits.", "italic"),
        ("“Row,”", "$speech"),
        ("now", "bold"),
    ]


@pytest.mark.parametrize("quoted", ["“so”", "«so»", '"so"'])
def test_every_kind_of_quotation_mark_is_speech(quoted: str):
    assert [style for _, style in styles(f"He says {quoted}.")] == ["$speech"]


def test_open_speech_is_tinted_while_it_streams():
    assert styles('She says "you are', streaming=True) == [("“you are", "$speech")]
    assert styles('She says "you are') == []


def test_an_open_action_is_italic_while_it_streams():
    assert styles("*she turns the", streaming=True) == [("she turns the", "italic")]


@pytest.mark.parametrize("text", ["2 * 3 * 4", "* a line", "**", "*", '"', "a*b"])
def test_lone_marks_stay(text: str):
    assert prose(text).plain == text


@pytest.mark.parametrize(
    "text", ["[You see a door]", "a [/b] b", "[red]", "[@click=app.quit]x[/]", "[[", "\\[x]"]
)
def test_brackets_are_words(text: str):
    assert prose(text).plain == text
    assert prose(text).spans == []


def test_typewriter_marks_are_printed_as_in_a_book():
    assert (
        typeset("It's the ferrymen's... well -- yours--mine")
        == "It’s the ferrymen’s… well — yours—mine"
    )


def test_an_excerpt_is_one_line_without_marks():
    assert excerpt("*looks up*\n“Is it the barge?”") == "looks up “Is it the barge?”"
    assert excerpt("*looks up, " + "and up " * 60).startswith("looks up, and up")


@given(st.text(max_size=300), st.booleans())
def test_any_text_can_be_shown_and_loses_only_marks(text: str, streaming: bool):
    from tui.ui.clean import clean

    plain = prose(text, streaming=streaming).plain
    drop = str.maketrans("", "", "*\"“”'’-—….")
    assert plain.translate(drop) == clean(text).translate(drop)
