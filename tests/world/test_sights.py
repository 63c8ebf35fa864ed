"""What is only spoken of can be looked at, and nothing else is done with it."""

from __future__ import annotations

import pytest

from tests.world.lamp import file_of
from tui.cards.worldfile import WorldFile
from tui.world import World


def world(dark: bool = False) -> World:
    hall = {
        "look": "Two lions guard the stair, and a moth goes round the lamp.",
        "sight": "the floor is a chessboard of black and white",
        "dark": dark,
        "sights": {"banner, flag": "it has a hole the shape of a heart"},
        "exits": {"north": "yard"},
    }
    places = {"hall": hall, "yard": {"look": "A yard.", "exits": {"south": "hall"}}}
    file: WorldFile = file_of(places=places, sights={"great tower": "it leans a little"})
    return World.build(file)


def now(words: str, *, dark: bool = False) -> str:
    built = world(dark)
    state = built.start(1)
    reading = built.read(state, words)
    return built.apply(state, reading.actions)[1].now


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("look at the lions", "you look at the lions; two lions guard the stair"),
        ("x moth", "you look at the moth; a moth goes round the lamp"),
        (
            "examine chessboard",
            "you look at the chessboard; the floor is a chessboard of black and white",
        ),
        ("look at the flag", "you look at the banner; it has a hole the shape of a heart"),
        ("look at the tower", "you look at the great tower; it leans a little"),
    ],
)
def test_looking_tells_the_clause_that_speaks_of_it(words: str, told: str) -> None:
    assert now(words) == told


def test_nothing_else_is_done_with_it() -> None:
    assert "can't be done" in now("take the lions")


def test_what_nobody_spoke_of_is_not_here() -> None:
    assert "nothing like it here" in now("look at the elephant")


def test_in_the_dark_there_are_none() -> None:
    assert "chessboard of" not in now("look at the chessboard", dark=True)


def test_a_saved_look_is_the_same_again() -> None:
    built = world()
    state = built.start(1)
    actions = built.read(state, "look at the moth").actions
    again = [built.action(one.id) for one in actions]
    assert built.apply(state, again)[1].now == built.apply(state, actions)[1].now
