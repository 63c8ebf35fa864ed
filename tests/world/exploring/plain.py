"""A search without any cleverness, to hold the clever one against: for small worlds only."""

from __future__ import annotations

from dataclasses import dataclass

from tui.world import Action, State, World
from tui.world.board import Board
from tui.world.relevance import Relevance

MOST = 20_000


@dataclass(frozen=True, slots=True)
class PlainFind:
    """What there is in a world whose clock does not matter."""

    endings: set[str]
    has_dead_end: bool
    states: int


def plain_search(world: World) -> PlainFind:
    relevance = Relevance.of(world.model)

    def key(state: State) -> object:
        kept = {name: value for name, value in state.values.items() if name in relevance.values}
        at = {id_: where for id_, where in state.at.items() if id_ in relevance.things}
        return (state.place, state.ended, tuple(sorted(at.items())), tuple(sorted(kept.items())))

    start = world.start(0)
    states = [start]
    number = {key(start): 0}
    before: list[list[int]] = [[]]
    for here, state in enumerate(states):
        if state.ended:
            continue
        board = Board(world.model, state)
        for action in world.possible(state):
            idle = state.turn and action.verb != "go"
            if idle and not relevance.may_matter(board, action.id):
                continue
            later, _ = world.apply(state, [Action(action.id)])
            there = number.setdefault(key(later), len(states))
            if there == len(states):
                assert there < MOST
                states.append(later)
                before.append([])
            before[there].append(here)
    queue = [at for at, state in enumerate(states) if state.ended]
    alive = set(queue)
    while queue:
        for earlier in before[queue.pop()]:
            if earlier not in alive:
                alive.add(earlier)
                queue.append(earlier)
    return PlainFind(
        {state.ended for state in states if state.ended}, len(alive) < len(states), len(states)
    )
