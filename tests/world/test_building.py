"""Building: names, and every mistake of an author with its field."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.world.lamp import file_of
from tui.cards.worldfile import WorldFile, parse_clock
from tui.world import World, WorldError


@pytest.mark.parametrize(
    ("changes", "field", "text"),
    [
        ({"start": {"place": "moon"}}, "start.place", "no place 'moon'"),
        ({"things": {"coin": {"at": "hal"}}}, "things.coin.at", "'hal'"),
        ({"things": {"coin": {}}}, "things.coin.at", "is missing"),
        (
            {"things": {"coin": {"at": "in box"}, "box": {"at": "in coin"}}},
            "things.coin.at",
            "inside",
        ),
        (
            {"things": {"coin": {"at": "hall", "locked": True}}},
            "things.coin.locked",
            "does not open",
        ),
        (
            {"things": {"coin": {"at": "hall"}, "hall": {"at": "yard"}}},
            "things.hall",
            "is an id under `places` too",
        ),
        (
            {"things": {"coin": {"at": "hall"}, "carried": {"at": "yard"}}},
            "things.carried",
            "can't be an id",
        ),
        (
            {"rules": [{"on": "take coyn", "say": "it hums"}]},
            "rules.0.on",
            "no thing or person 'coyn'",
        ),
        ({"rules": [{"on": "juggle coin", "say": "it hums"}]}, "rules.0.on", "no verb 'juggle'"),
        ({"rules": [{"on": "push coin"}]}, "rules.0", "says nothing"),
        (
            {"rules": [{"on": "push coin", "say": "it spins", "when": "coin is spun"}]},
            "rules.0.when",
            "no state 'spun'",
        ),
        (
            {"rules": [{"on": "push coin", "say": "it spins", "when": "flag lucky"}]},
            "rules.0.when",
            "no flag",
        ),
        (
            {"rules": [{"on": "push coin", "say": "it spins", "do": "move coin to moon"}]},
            "rules.0.do",
            "'moon'",
        ),
        (
            {"rules": [{"on": "push coin", "say": "it spins", "do": "shine"}]},
            "rules.0.do",
            "is not an effect",
        ),
        (
            {"rules": [{"on": "push coin", "say": "it spins", "when": "the moon is full"}]},
            "rules.0.when",
            "not a condition",
        ),
        ({"events": {"dawn": {"say": "the sun rises"}}}, "events.dawn", "never happens"),
        (
            {"folk": {"ann": {"at": "hall", "wants": {"moon": "she smiles"}}}},
            "folk.ann.wants.moon",
            "'moon'",
        ),
        (
            {"folk": {"ann": {"at": "hall", "schedule": {"25:00": "yard"}}}},
            "folk.ann.schedule.25:00",
            "22:00",
        ),
        ({"phrases": {"juggle": ["Juggle {thing}"]}}, "phrases.juggle", "no verb"),
    ],
)
def test_each_mistake_has_its_field(changes: dict[str, Any], field: str, text: str) -> None:
    with pytest.raises(WorldError) as caught:
        World.build(file_of(**changes))
    assert any(
        problem.field == field and text in problem.text for problem in caught.value.problems
    ), caught.value.problems


def test_a_near_name_is_proposed() -> None:
    with pytest.raises(WorldError) as caught:
        World.build(file_of(rules=[{"on": "take coyn", "say": "it hums"}]))
    assert caught.value.problems[0].mending == "did you mean coin?"


def test_all_problems_come_at_once() -> None:
    with pytest.raises(WorldError) as caught:
        World.build(file_of(start={"place": "moon"}, things={"coin": {"at": "sun"}}))
    assert {problem.field for problem in caught.value.problems} == {"start.place", "things.coin.at"}


def test_long_told_texts_and_unknown_fields_are_refused_by_the_schema() -> None:
    with pytest.raises(ValidationError, match="26 words long"):
        file_of(rules=[{"on": "push coin", "say": "word " * 26}])
    with pytest.raises(ValidationError, match="colour"):
        file_of(things={"coin": {"at": "hall", "colour": "red"}})


def test_what_yaml_makes_of_on_and_of_times_is_understood() -> None:
    file = WorldFile.model_validate(
        file_of().model_dump()
        | {
            "places": {"hall": {"preposition": True, "exits": {"north": "yard"}}, "yard": {}},
            "rules": [{True: "take coin", "say": "it hums"}],
        }
    )
    assert file.places["hall"].preposition == "on"
    assert file.rules[0].on == ["take coin"]
    assert parse_clock(1320) == parse_clock("22:00") == 1320


def test_names_take_the_articles_of_english() -> None:
    world = World.build(
        file_of(
            things={
                "coin": {"at": "hall"},
                "hourglass": {"at": "hall"},
                "stairs": {"at": "hall", "plural": True},
                "bread": {"at": "hall", "article": "some"},
                "excalibur": {"at": "hall", "name": "Excalibur"},
                "lamp": {"at": "hall", "name": "the old lamp"},
            }
        )
    )
    names = {id_: (thing.name.the, thing.name.a) for id_, thing in world.model.things.items()}
    assert names == {
        "coin": ("the coin", "a coin"),
        "hourglass": ("the hourglass", "an hourglass"),
        "stairs": ("the stairs", "stairs"),
        "bread": ("the bread", "some bread"),
        "excalibur": ("Excalibur", "Excalibur"),
        "lamp": ("the old lamp", "an old lamp"),
    }


def test_plurals_agree_in_refusals() -> None:
    world = World.build(
        file_of(
            things={
                "coin": {"at": "hall"},
                "gates": {
                    "at": "hall",
                    "plural": True,
                    "fixed": True,
                    "open": False,
                    "locked": True,
                },
            }
        )
    )
    _, outcome = world.apply(world.start(1), [world.action("open:gates")])
    assert outcome.now == "you try the gates; they are locked"
