"""How games of choices end: who mostly takes what leads on comes to a good end in time."""

from __future__ import annotations

import random

import pytest

from tests.world.tales import TALES, tale_world
from tui.world import Ending, World

GAMES = 4
MOST_TURNS = 60
LEADING_ON = 0.8


@pytest.mark.parametrize("tale", TALES)
def test_a_casual_player_comes_to_a_good_end(tale: str) -> None:
    ended = [ending_of(tale_world(tale), seed, LEADING_ON) for seed in range(GAMES)]
    good = sum(one is not None and one.kind in {"good", "secret"} for one in ended)
    assert good >= GAMES - 1, [one and one.id for one in ended]


def test_choices_at_random_end_in_more_than_one_way() -> None:
    world = tale_world("the-borrowed-hour")
    ended = {one.id for seed in range(8) if (one := ending_of(world, seed, 0.0)) is not None}
    assert len(ended) > 1


def ending_of(world: World, seed: int, leading_on: float) -> Ending | None:
    """How a game of choices ends in which the first of three is taken that often, else any."""
    chooser = random.Random(seed)
    state, untaken = world.start(seed), list[str]()
    for turn in range(MOST_TURNS):
        choices = [one.action for one in world.options(state, 3, untaken, seed + turn)[:3]]
        action = choices[0] if chooser.random() < leading_on else chooser.choice(choices)
        untaken = [one.id for one in choices if one != action]
        state, outcome = world.apply(state, [action])
        if outcome.ending is not None:
            return outcome.ending
    return None
