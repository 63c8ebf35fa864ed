"""The check after: what passes, what is missing, what is denied."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.world.lamp import file_of, played, world_of
from tui.world import World

KEY = ("take:brass_key",)
DOOR = (*KEY, "go:causeway", "unlock:lamp_door:brass_key")
GIVEN = ("give:bread:marta",)
SHUT = (*DOOR, "close:lamp_door")
TIN = ("go:east", "search:boat")
LANTERN = ("go:east", "take:lantern")
WORLD = world_of()

GOOD = [
    (KEY, "From the table you gather the brass key. It is cold, and it smells of oil."),
    (
        KEY,
        "Your fingers close around the brass key and lift it off the TABLE, while Marta watches.",
    ),
    (DOOR, "The brass key turns, and the lamp-house door unlocks with a groan and swings open."),
    (
        ("go:causeway", "open:lamp_door"),
        "You push at the lamp-house door. It is locked, and the lock is new.",
    ),
    (("take:table",), "You pull at the table, but it is fixed to the stone and will not come."),
    (
        ("ask:marta:ferry",),
        "You ask Marta about the ferry. “Nobody was aboard when it came in,” says Marta. “And the ropes were cut.”",
    ),
    (
        ("ask:marta:lock",),
        "You ask Marta about the lock. She looks at the water and says nothing of it.",
    ),
    (
        ("ask:marta:lock",),
        "You ask about the lock. Marta has nothing to say of it: she looks at the water.",
    ),
    (("go:east",), "You walk east over the shingle and come to the shore. Gulls stand about."),
    (
        LANTERN,
        "You pick up the lantern and take a deep breath of salt air. The lantern is heavy in your hand.",
    ),
    (
        ("give:bread:marta",),
        "You hold out the bread to Marta. Marta eats slowly, and for the first time she looks at you.",
    ),
    (GIVEN, "You put the bread down before Marta. Marta eats slowly, and she looks at you."),
    (SHUT, "You put a hand to the lamp-house door and close it."),
    (TIN, "You search the boat. You find the tin whistle under the boat."),
    (("improvise:absent:telephone",), "You want a telephone. There is no telephone here."),
    (
        ("improvise:absent:telephone",),
        "You look for a telephone, and there is nothing of the kind here, only the table and the brass key.",
    ),
]
BAD = [
    (KEY, "You look at the brass key on the table and leave it there."),
    (KEY, "You take the lantern from the table."),
    (KEY, "You try to take the brass key from the table, but it will not come."),
    (KEY, "You take the brass key from the table. The black dog growls at you."),
    (KEY, "You wait, and the sea goes on."),
    (
        DOOR,
        "The brass key turns in the lock of the lamp-house door. The lamp-house door stays locked.",
    ),
    (("go:causeway", "open:lamp_door"), "The lamp-house door swings open at your touch."),
    (("take:table",), "You lift the table and carry it off."),
    (("ask:marta:ferry",), "You ask Marta about the ferry. She shrugs and talks of the weather."),
    (("ask:marta:lock",), "Marta tells you that her brother oiled the lock."),
    (("ask:marta:lock",), "Marta knows about the lock, as it turns out: no."),
    (
        ("ask:marta:lock",),
        "You ask Marta about the lock. She looks at the water and says nothing of it: her brother drowned.",
    ),
    (("go:east",), "You stay where you are and look at the shore."),
    (LANTERN, "You pick up the lantern, and you take the silver coin beside it."),
    ((*LANTERN, "light:lantern"), "You light the lantern. The bread lies on the shingle."),
    (
        ("give:bread:marta",),
        "You give the bread to Marta, who eats slowly and looks at you for the first time. Marta refuses the rest.",
    ),
    (("improvise:absent:telephone",), "You find a telephone and call for help."),
    (("improvise:absent:telephone",), "You turn, looking for a telephone; there is no lit here."),
    (("improvise:absent:telephone",), "You want a telephone, but there is no here."),
    (KEY, "You take the brass key of the table."),
    (GIVEN, "You put the bread down at the matter. Marta eats slowly, and she looks at you."),
    (SHUT, "You look for a good spot, and there you put the lamp-house door down."),
    (SHUT, "You set down the lamp-house door. It shuts."),
    (TIN, "You search the boat. Your hands come back empty from the tin whistle."),
    (KEY, ""),
]


@pytest.mark.parametrize(("ids", "reply"), GOOD)
def test_replies_that_tell_what_happened_pass(ids: tuple[str, ...], reply: str) -> None:
    state, outcome = played(WORLD, *ids)
    verdict = WORLD.check(state, outcome, reply)
    assert verdict.passed, verdict


@pytest.mark.parametrize(("ids", "reply"), BAD)
def test_replies_that_do_not_are_caught(ids: tuple[str, ...], reply: str) -> None:
    state, outcome = played(WORLD, *ids)
    verdict = WORLD.check(state, outcome, reply)
    assert not verdict.passed
    assert verdict.missing or verdict.denied


@settings(max_examples=150, deadline=None)
@given(reply=st.text(max_size=300))
def test_any_text_can_be_checked(reply: str) -> None:
    state, outcome = played(WORLD, *DOOR)
    WORLD.check(state, outcome, reply)


def test_a_secret_is_refused_until_its_time_unless_it_has_to_be_told() -> None:
    world = World.build(
        file_of(
            folk={"ann": {"name": "Ann", "at": "hall", "knows": {"rain": {"answer": "it rains"}}}},
            secrets=[{"words": ["Blue Door"], "until": "carried coin"}],
        )
    )
    state, asked = played(world, "ask:ann:rain")
    assert world.check(state, asked, "You ask Ann about the rain. It rains, Ann says.").passed
    early = "You ask Ann about the rain. It rains, Ann says, behind the blue door."
    assert world.check(state, asked, early).denied == ("says too early: Blue Door",)
    state, later = played(world, "take:coin", "ask:ann:rain")
    assert world.check(state, later, early).passed
    state, typed = played(world, "say:ann:where is the blue door")
    reply = "“Where is the blue door?” you say to Ann."
    assert world.check(state, typed, reply).passed
