"""The opening words of tales and companions, as the prompt contract has them."""

from __future__ import annotations

import pytest

from tui.prompt import companion_system, tale_system


def test_a_tale() -> None:
    text = tale_system(
        "The lamp is dark",
        user="Ann",
        persona="a sailor.",
        tone="wry",
        choices=3,
        lore=["Salt burns blue."],
    )
    assert text == (
        "This is a text adventure game. The lamp is dark. The player is Ann, who is a sailor. "
        "The tone is wry. Describe what happens to the player in two to four sentences, in second "
        "person and present tense, and give them three options to pick from on each turn.\n"
        "Salt burns blue."
    )


@pytest.mark.parametrize(("count", "word"), [(2, "two"), (4, "four"), (5, "five")])
def test_the_number_of_options_follows_the_setting(count: int, word: str) -> None:
    assert f"give them {word} options" in tale_system("A.", user="Ann", choices=count)


def test_with_choices_off_the_clause_is_left_out() -> None:
    text = tale_system("A.", user="Ann", choices=0)
    assert text.endswith("in second person and present tense.")


def test_a_companion() -> None:
    text = companion_system(
        "Marta", about=("Marta rows the ferry.", "", "It is night"), user="Ann", persona="a sailor"
    )
    assert text == (
        "Enter RP mode. You are Marta. Marta rows the ferry. It is night. Ann is a sailor. "
        "Stay in character and answer in one to three sentences."
    )
