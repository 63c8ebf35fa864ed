"""What is odd in a reply that tells what was decided: said twice, garbled, fitting nobody."""

from __future__ import annotations

import pytest

from tests.world.tales import tale_world
from tui.game.judge import WorldJudge
from tui.game.proofreading import Proofreading


def proofreading(tale: str, *ids: str) -> Proofreading:
    world = tale_world(tale)
    state = world.start(1)
    for id_ in ids[:-1]:
        state, _ = world.apply(state, [world.action(id_)])
    state, outcome = world.apply(state, [world.action(ids[-1])])
    sent = f"<|system|>{world.scene_line(state, outcome)}<|model|>"
    return Proofreading(WorldJudge(world, state, outcome).phrases, sent)


ECHO, STONE = "the-cold-echo", ("go:up", "listen")
HOUR, RIVER, BREATHS = "the-borrowed-hour", "what-the-river-forgot", "seven-breaths"


@pytest.mark.parametrize(
    ("tale", "ids", "text", "faults"),
    [
        (ECHO, STONE, "You hear wind, and no answer. The way has one stone fewer in it.", []),
        (ECHO, STONE, "You find it, and hear wind, and hear wind, and no answer.", ["wind"]),
        (ECHO, STONE, "You hear wind, there is wind, and no answer.", ["wind"]),
        (BREATHS, ("search",), "Nothing in the steward’s cabin is new.", []),
        (BREATHS, ("search",), "Nothing in the steward’s mill is new.", ["steward's mill"]),
        (BREATHS, ("search",), "You let them take their time.", []),
        (
            RIVER,
            ("examine:oake",),
            "Captain Oake is easy to see: she sits on a crate and holds her tea level, out of habit.",
            [],
        ),
        (RIVER, ("examine:oake",), "You look at Captain Oake. It is so quiet.", []),
        (RIVER, ("examine:oake",), "You bend over Captain Oake until you touch it.", ["it"]),
        (RIVER, ("examine:oake",), "You look at a Captain.", ["a Captain"]),
        (HOUR, ("take:matches",), "You take the matches from the luggage, and keep them.", []),
        (HOUR, ("take:matches",), "You take the matches from the luggage, and take it.", ["take"]),
        (HOUR, ("examine:tobit",), "You look at Tobit, and he at you.", []),
        (HOUR, ("examine:tobit",), "You look at Tobit, and she at you.", ["she"]),
        (HOUR, ("examine:tobit",), "You look at the Tobit.", ["the Tobit"]),
        (HOUR, ("examine:tobit",), "The luggage and Tobit are here. Tobit has a hat.", []),
        (HOUR, ("examine:tobit",), "Tobit have a hat.", ["tobit have"]),
        (HOUR, ("examine:tobit",), "For Tobit you have a hat.", ["tobit you"]),
        (HOUR, ("examine:tobit",), "Tobit listens to Tobit.", ["tobit listens to tobit"]),
        (HOUR, ("examine:tobit",), "You look at Tobit, and Tobit looks at you.", []),
        (HOUR, ("take:matches",), "The matches are yours. The matches is yours.", ["matches is"]),
        (HOUR, ("take:matches",), "You take the matches, and they are yours.", []),
        (HOUR, ("take:matches",), "You take the matches, and he is yours.", ["he"]),
        (HOUR, ("ask:tobit:clock",), "“She knows?” you say to Tobit.", []),
        (HOUR, ("improvise:absent:telephone",), "You want a telephone; here is no telephone.", []),
    ],
)
def test_what_is_odd_in_a_reply_is_found(
    tale: str, ids: tuple[str, ...], text: str, faults: list[str]
) -> None:
    assert proofreading(tale, *ids).faults(text) == faults
