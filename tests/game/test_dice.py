"""Dice: read as players write them, rolled from a seed, and deciding how a deed goes."""

from __future__ import annotations

from collections import Counter

import pytest

from tui.game.dice import OUTCOMES, rolled
from tui.game.opening import begin
from tui.game.program import Program
from tui.game.storyteller import Storyteller
from tui.prompt.rolls import Dice, read_dice


@pytest.mark.parametrize(
    ("text", "dice"),
    [
        ("2d6+1", Dice(2, 6, 1)),
        ("d20", Dice(1, 20)),
        ("D%", Dice(1, 100)),
        ("3d8 - 2", Dice(3, 8, -2)),
        ("12", Dice(1, 12)),
        ("0d6", None),
        ("1d0", None),
        ("999d6", None),
        ("sword", None),
    ],
)
def test_dice_are_read(text: str, dice: Dice | None) -> None:
    assert read_dice(text) == dice


def test_rolls_are_fair_and_frozen() -> None:
    faces = Counter(Dice(1, 6).rolled(seed)[0] for seed in range(6000))
    assert set(faces) == {1, 2, 3, 4, 5, 6}
    assert all(850 < count < 1150 for count in faces.values())
    assert Dice(3, 6).rolled(5) == Dice(3, 6).rolled(5)


def test_bare_dice_are_only_shown() -> None:
    roll = rolled("2d6+1", 4)
    one, two = Dice(2, 6).rolled(4)
    assert roll.shown == f"2d6+1: {one} + {two} + 1 = {one + two + 1}."
    assert roll.now == ""
    assert rolled("", 4).shown.startswith("1d20: ")


def test_a_deeds_roll_has_a_word_for_the_model() -> None:
    words = {rolled("I leap the gap.", seed).now for seed in range(300)}
    assert words == {f"Now: you try to leap the gap; {told}." for _, told, _ in OUTCOMES}
    roll = rolled("2d6 Climb", 1)
    assert roll.deed == "Climb"
    assert roll.now.startswith("Now: you try to climb; the roll of 2d6 is ")


async def test_a_check_is_told_in_a_tale_without_a_world(
    program: Program, teller: Storyteller
) -> None:
    (program.paths.characters / "free.yaml").write_text(
        "name: Free\nkind: tale\nscenario: A gap.\nfirst_mes: You stand at a gap.\n"
    )
    card = program.card("free")
    narrator = await begin(card, program.paths.saves, teller, program.clock)
    async for _ in narrator.roll("leap the gap"):
        pass
    said = next(turn for turn in reversed(narrator.session.path()) if turn.role == "player")
    assert said.text == "leap the gap"
    assert said.scene.startswith("Now: you try to leap the gap; it ")
    assert said.reading.startswith("d20: ")
    before = narrator.session.here
    answers = [event async for event in narrator.roll("3d6")]
    assert len(answers) == 1
    assert narrator.session.here == before
    await narrator.close()
