"""The ways from where the player is: free ones first, then as if nothing barred them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from tui.world.board import Board
from tui.world.conditions import ALWAYS, holds
from tui.world.model import Exit


class Routes:
    """Shortest ways from the player's place, searched once."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._hidden = board.hidden_exits()
        self._free: dict[str, Exit] | None = None
        self._barred: dict[str, Exit] | None = None

    def free(self, place: str) -> list[Exit] | None:
        """The exits to go through to a place, if every one is open."""
        if self._free is None:
            self._free = self._search(self.is_free)
        return self._way(self._free, place)

    def any(self, place: str) -> list[Exit] | None:
        """The exits to go through, barred ones too."""
        if self._barred is None:
            self._barred = self._search(lambda _way: True)
        return self._way(self._barred, place)

    def is_free(self, way: Exit) -> bool:
        """Whether an exit can be gone as far as doors and its own conditions say."""
        board = self._board
        if way.hidden_key in self._hidden:
            return False
        if way.when is ALWAYS and way.door is None:
            return True
        if way.door is not None and board.flag(f"{way.door}.locked"):
            return False
        return holds(way.when, board)

    def _search(self, passes: Callable[[Exit], bool]) -> dict[str, Exit]:
        came_by: dict[str, Exit] = {}
        start, places = self._board.place, self._board.model.places
        queue = deque([start])
        while queue:
            for way in places[queue.popleft()].exits:
                if way.to not in came_by and way.to != start and passes(way):
                    came_by[way.to] = way
                    queue.append(way.to)
        return came_by

    def _way(self, came_by: dict[str, Exit], place: str) -> list[Exit] | None:
        if place == self._board.place:
            return []
        if place not in came_by:
            return None
        ways: list[Exit] = []
        while place != self._board.place:
            ways.append(came_by[place])
            place = came_by[place].place
        return ways[::-1]
