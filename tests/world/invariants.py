"""What must hold of every state of every world."""

from __future__ import annotations

from tui.world import State, World
from tui.world.board import HELD, Board


def check_state(world: World, state: State) -> None:
    """Each thing is in exactly one place, and carried means carried."""
    board = Board(world.model, state)
    spots = {*world.model.places, *HELD, "nowhere", "doorway"}
    for id_ in world.model.things:
        assert board.place_of(id_) in spots, id_
        holders = [
            spot
            for spot in (*spots, *world.model.things, *world.model.folk)
            if id_ in board.contents(spot)
        ]
        assert holders == [board.location(id_)]
    for id_ in world.model.folk:
        assert board.location(id_) in {*world.model.places, "nowhere"}
    for id_ in (*board.contents("carried"), *board.contents("worn")):
        assert board.is_carried(id_)
