from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from tui.ui.reveal import Reveal

WORDS = "The lamp takes on the third match and the ferryman says nothing."


def test_words_appear_whole_and_steadily():
    reveal = Reveal(100)
    reveal.arrive(WORDS)
    shown: list[str] = []
    while not reveal.finished:
        if reveal.advance(0.05):
            shown.append(reveal.shown)
        if len(shown) == 4:
            reveal.end()
    assert all(WORDS.startswith(text) for text in shown)
    assert all(text == WORDS or WORDS[len(text)] == " " for text in shown)
    assert shown[-1] == WORDS
    assert max(len(b) - len(a) for a, b in itertools.pairwise(shown)) <= 14


def test_no_pace_shows_all_that_came():
    reveal = Reveal(0)
    reveal.arrive("One two thr")
    reveal.advance(0.05)
    assert reveal.shown == "One two"
    reveal.end("One two three")
    reveal.advance(0.05)
    assert reveal.shown == "One two three"
    assert reveal.finished


def test_a_long_way_behind_it_hurries():
    reveal = Reveal(10)
    reveal.arrive("word " * 400)
    for _ in range(200):
        reveal.advance(0.05)
    assert len(reveal.shown) > 1000


def test_what_is_shown_is_never_taken_back_by_what_arrives():
    reveal = Reveal(1000)
    reveal.arrive("One two ")
    reveal.advance(1)
    before = reveal.shown
    reveal.arrive("three")
    reveal.advance(0)
    assert reveal.shown.startswith(before)


def test_scripts_without_spaces_appear_letter_by_letter():
    reveal = Reveal(20)
    reveal.arrive("夜" * 200)
    for _ in range(60):
        reveal.advance(0.05)
    assert 0 < len(reveal.shown) < 200


@given(st.lists(st.text("ab \n", max_size=20), max_size=20), st.floats(5, 500))
def test_it_always_ends_with_everything(pieces: list[str], pace: float):
    reveal = Reveal(pace)
    for piece in pieces:
        reveal.arrive(piece)
        reveal.advance(0.05)
    reveal.end()
    for _ in range(2000):
        reveal.advance(0.05)
    assert reveal.finished
    assert reveal.shown == "".join(pieces)
