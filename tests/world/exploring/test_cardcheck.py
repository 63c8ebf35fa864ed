"""A card's check tells everything that is wrong, with its line and its mending."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.world.exploring.test_exploring import BACK, ISLE
from tui.cards.template import new_card_template
from tui.world.cardcheck import check_card

TEXTS = "first_mes: The sea is grey.\nscenario: You look for a hut.\n"


def said_of(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    return [problem.sentence() for problem in check_card(path).problems]


def test_what_can_not_be_reached_is_told_with_its_line(tmp_path: Path) -> None:
    said = said_of(tmp_path, TEXTS + BACK)
    assert (
        "a.yaml, line 11, world.places.moon: can't be reached; give some place an exit to it"
        in said
    )
    assert any(
        line.startswith("a.yaml, line 20, world.endings.never: can't be reached") for line in said
    )
    assert len(said) == 2


def test_a_hint_parted_by_its_comma_is_told(tmp_path: Path) -> None:
    bare = "goal: {text: Go, steps: [{text: Go, when: visited a, hints: [It is near, and warm.]}]}"
    quoted = bare.replace("It is near, and warm.", '"It is near, and warm."')
    world = "world: {{start: {{place: a}}, places: {{a: {{look: Sand.}}}}, {goal}, endings: {{e: {{title: End, when: turn >= 1, text: Sand.}}}}}}"
    text = f"name: Sand\n{TEXTS}"
    said = said_of(tmp_path, text + world.format(goal=bare))
    assert any("goal.steps[1].hints: has a hint that begins in the middle" in one for one in said)
    assert said_of(tmp_path, text + world.format(goal=quoted)) == []


def test_what_can_be_lost_is_told_with_the_deed(tmp_path: Path) -> None:
    said = said_of(tmp_path, TEXTS + ISLE)
    assert any(
        "line 14, world.things.iron_key: to go by the boat leads where no ending can be reached"
        in line
        for line in said
    )
    assert any("the iron key can be lost so" in line for line in said)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "key: iron_key",
            "key: iron_kee",
            "a.yaml, line 13, world.things.hut_door.key: there is no thing 'iron_kee'; did you mean iron_key?",
        ),
        ("north: hill", "north: hil", "world.places.quay.exits.north"),
        ("when: at hut}]", "when: [at hut, at hutt]}]", "line 17, world.goal.steps[1].when[2]"),
        (
            "{at: hill}",
            "{at: hill, colour: red}",
            "line 14, world.things.iron_key.colour: is not a field here",
        ),
    ],
)
def test_dangling_names_are_told_with_their_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert any(said in line for line in said_of(tmp_path, TEXTS + BACK.replace(old, new)))


def test_new_cards_pass(tmp_path: Path) -> None:
    assert said_of(tmp_path, new_card_template("tale")) == []
    assert said_of(tmp_path, new_card_template("companion")) == []


def test_a_card_that_is_no_yaml_is_told_of_as_well(tmp_path: Path) -> None:
    check = check_card(tmp_path / "none.yaml")
    assert not check.passed
    assert check.exploration is None
