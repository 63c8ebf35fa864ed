"""Random games over the tales that ship: `make games-10000` plays as many as its name says."""

from __future__ import annotations

import os
import random

import pytest

from tests.world.invariants import check_state
from tests.world.tales import TALES, odd_deed, tale_world
from tui.cards.worldfile import words_of
from tui.world import Action, State, World

GAMES = int(os.environ.get("FABLETOP_GAMES", "30")) // len(TALES)
MOST_TURNS = 90
CHECKED_EVERY = 8


@pytest.mark.timeout(0)
@pytest.mark.parametrize("tale", TALES)
def test_random_games_never_raise_and_keep_what_must_hold(tale: str) -> None:
    world = tale_world(tale)
    for seed in range(GAMES):
        state = world.start(seed)
        done: list[list[str]] = []
        chooser = random.Random(seed)
        for turn in range(MOST_TURNS):
            action = next_deed(world, state, chooser)
            if action is None:
                break
            state = step(world, state, action)
            done.append([action.id])
            if turn % CHECKED_EVERY == 0:
                check_state(world, state)
        check_state(world, state)
        assert world.replay(seed, done) == state


def next_deed(world: World, state: State, chooser: random.Random) -> Action | None:
    """A choice as offered, another possible deed, or an odd one; None after an ending."""
    possible = world.possible(state)
    assert bool(possible) != bool(state.ended)
    options = world.options(state, 3, seed=chooser.randrange(99))
    assert {option.action for option in options} <= {*possible}
    firsts = [option.phrasings[0] for option in options]
    assert len({*firsts}) == len(firsts), firsts
    if not possible:
        return None
    kind = chooser.random()
    if kind < 0.2:
        return odd_deed(world, state, chooser)
    return chooser.choice(possible) if kind < 0.5 else chooser.choice(options[:3]).action


def step(world: World, state: State, action: Action) -> State:
    """One turn, checked: a possible deed is done, the same again comes to the same."""
    after, outcome = world.apply(state, [action])
    assert world.action(action.id) == action
    assert outcome.refused <= (action not in world.possible(state)), (action, outcome.now)
    assert len(words_of(outcome.now)) <= 40, outcome.now
    assert world.tell(after, outcome, state.turn)
    assert world.scene_line(after, outcome).endswith(".")
    assert world.apply(state, [action]) == (after, outcome)
    return after
