"""Words that a small model makes up are heard; names that were given to it are not among them."""

from __future__ import annotations

from tui.game.wording import known_words, slips, words_in

KNOWN = words_in("you see the only door and what it is of a key")


def test_a_word_that_nobody_said_is_a_slip() -> None:
    assert slips("You see the onlyes door.", KNOWN, ()) == {"onlyes"}
    assert slips("You see the key’s3 door, and 12 of it.", KNOWN, words_in("12")) == {"key’s3"}


def test_names_in_the_prompt_are_no_slips() -> None:
    said = words_in("Now: you look at Vane’s snoofamin.")
    assert not slips("You see Vane’s snoofamin, and Vane.", KNOWN, said)


def test_without_a_list_nothing_is_a_slip() -> None:
    assert not slips("Anything whatsoever goes.", frozenset(), ())
    assert known_words(None) == frozenset()
