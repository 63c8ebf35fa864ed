"""The tales that ship, and ways to play them at random."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tui.cards import Card
from tui.cards.read import read_card
from tui.world import Action, Outcome, State, World
from tui.world.board import Board
from tui.world.verbs import ROLES

CHARACTERS = Path(__file__).parents[2] / "characters"
TALES = (
    "seven-breaths",
    "the-borrowed-hour",
    "the-cold-echo",
    "the-ship-at-dry-light",
    "what-the-river-forgot",
)


@cache
def card_of(tale: str) -> Card:
    """The card of a tale that ships."""
    return read_card(CHARACTERS / f"{tale}.yaml")


@cache
def tale_world(tale: str) -> World:
    """The World of a tale that ships."""
    card = card_of(tale)
    assert card.world is not None
    return World.build(card.world, player_name=card.user_name or "you")


def odd_deed(world: World, state: State, chooser: random.Random) -> Action:
    """Any verb on anything in sight: mostly what cannot be done."""
    model = world.model
    seen = list(Board(model, state).scope())
    folk = [id_ for id_ in seen if id_ in model.folk] or list(model.folk)
    things = [id_ for id_ in seen if id_ in model.things] or list(model.things)
    verb = chooser.choice([verb for verb in ROLES if verb != "go"])
    args: list[str] = []
    for role in ROLES[verb]:
        known = model.folk.get(args[0]) if args else None
        pools = {
            "thing": things,
            "person": folk,
            "any": things + folk,
            "topic": [*known.topics, "weather"] if known else [],
            "plea": [*known.pleas] if known else [],
        }
        args.append(chooser.choice(pools[role] or folk))
    try:
        return world.action(":".join([verb, *args]))
    except ValueError:
        return world.action("improvise:absent:telephone")


def random_game(
    world: World, seed: int, *, odd: float = 0.0, most: int = 90
) -> Iterator[tuple[Action, State, State, Outcome]]:
    """Each turn of a game of possible actions, some of them replaced by odd ones."""
    chooser = random.Random(seed)
    state = world.start(seed)
    for _ in range(most):
        possible = world.possible(state)
        if not possible:
            return
        strange = chooser.random() < odd
        action = odd_deed(world, state, chooser) if strange else chooser.choice(possible)
        before = state
        state, outcome = world.apply(state, [action])
        yield action, before, state, outcome
