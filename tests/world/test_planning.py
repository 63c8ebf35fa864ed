"""The way on among the choices: it is never there and back again."""

from __future__ import annotations

from typing import Any

from tests.world.lamp import file_of
from tui.world import World

HOUSE: dict[str, Any] = {
    "start": {"place": "hall"},
    "flags": ["paid"],
    "places": {
        "hall": {"exits": {"east": "parlour", "west": "attic", "down": "pier"}},
        "parlour": {"exits": {"west": "hall"}},
        "attic": {"exits": {"east": "hall"}},
        "pier": {"exits": {"up": "hall"}},
    },
    "things": {
        "tin_box": {"at": "parlour", "fixed": True, "open": False, "holds": "in"},
        "ruby": {"at": "in tin_box"},
        "ribbon": {"at": "attic"},
        "biscuit": {"at": "attic"},
        "whistle": {"at": "pier", "fixed": True},
    },
    "folk": {
        "ada": {
            "name": "Ada",
            "at": "parlour",
            "wants": {"ribbon": {"say": "Ada smiles", "do": "flag paid on"}},
        },
        "mule": {
            "at": "attic",
            "talks": False,
            "wants": {"biscuit": {"say": "the mule follows", "do": "mule follows"}},
        },
    },
    "rules": [
        {
            "on": ["open tin_box", "take ruby"],
            "when": ["ada here", "not flag paid"],
            "refuse": "Ada lays her hand on the box",
        },
        {"on": "blow whistle", "when": "not flag paid", "refuse": "it is stopped with wax"},
        {
            "on": "blow whistle",
            "when": ["flag paid", "not mule here"],
            "refuse": "nobody is here to hear it",
        },
        {
            "on": "blow whistle",
            "when": ["flag paid", "mule here"],
            "do": "end blown",
            "say": "it blows",
        },
    ],
    "endings": {"blown": {"title": "Blown", "text": "The whistle blows."}},
}


def house(changes: dict[str, Any]) -> World:
    """The house as a World."""
    return World.build(file_of(**changes))


def followed(world: World, turns: int) -> list[str]:
    """The actions of a game that takes the first choice each time."""
    state, taken = world.start(1), list[str]()
    while len(taken) < turns and not state.ended:
        action = world.options(state, 3)[0].action
        state, _ = world.apply(state, [action])
        taken.append(action.id)
    return taken


def test_a_guarded_box_is_planned_for_from_afar() -> None:
    world = house(
        HOUSE | {"goal": {"text": "Get it", "steps": [{"text": "Get it", "when": "carried ruby"}]}}
    )
    assert followed(world, 7) == [
        "go:west",
        "take:ribbon",
        "go:east",
        "go:east",
        "give:ribbon:ada",
        "open:tin_box",
        "take:ruby",
    ]


def test_who_goes_along_is_thought_of_as_coming_along() -> None:
    steps = [
        {"text": "Pay", "when": "flag paid"},
        {"text": "Take the mule", "when": "mule follows"},
        {"text": "Blow", "when": "flag blown"},
    ]
    rules = [*HOUSE["rules"][:-1], HOUSE["rules"][-1] | {"do": "flag blown on"}]
    endings = {"blown": HOUSE["endings"]["blown"] | {"when": "flag blown"}}
    world = house(
        HOUSE
        | {
            "flags": ["paid", "blown"],
            "goal": {"text": "Blow", "steps": steps},
            "rules": rules,
            "endings": endings,
        }
    )
    taken = followed(world, 16)
    assert taken[-1] == "blow:whistle"
    assert len(taken) <= 12
