"""The turns of a session by id and parent, and the way from the root to where the story stands."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from tui.story.records import RecordError
from tui.story.turn import Turn


class Tree:
    """Turns, never taken out again; what was added last can be found in O(1)."""

    def __init__(self) -> None:
        """Begin without a turn."""
        self._turns: dict[int, Turn] = {}
        self._children: dict[int | None, list[int]] = {}
        self._depth: dict[int, int] = {}
        self._plays: dict[int, int] = {}
        self._streaming: set[int] = set()
        self._newest_child: dict[int, int] = {}
        self._way: list[int] = []
        self._path: tuple[Turn, ...] | None = ()
        self._next = 1
        self.rewritten = False
        """Whether turns were ever changed by other records than their own."""

    @property
    def turns(self) -> Mapping[int, Turn]:
        """All turns by id, hidden ones too."""
        return MappingProxyType(self._turns)

    @property
    def next_id(self) -> int:
        """The id that the next new turn gets."""
        return self._next

    @property
    def streaming(self) -> tuple[int, ...]:
        """The turns whose reply hasn't ended."""
        return tuple(sorted(self._streaming))

    def __contains__(self, turn_id: object) -> bool:
        """Say whether there is such a turn."""
        return turn_id in self._turns

    def turn(self, turn_id: int) -> Turn:
        """Return a turn.

        Raises:
            RecordError: There is none of that id.
        """
        found = self._turns.get(turn_id)
        if found is None:
            raise RecordError(f"there is no turn {turn_id}")
        return found

    def add(self, turn: Turn) -> None:
        """Put a new turn under its parent.

        Raises:
            RecordError: Its id is taken, or its parent isn't there.
        """
        if turn.id in self._turns:
            raise RecordError(f"turn {turn.id} is there already")
        if turn.parent is not None and turn.parent not in self._turns:
            raise RecordError(f"turn {turn.id} answers turn {turn.parent}, which is not there")
        self._turns[turn.id] = turn
        self._children.setdefault(turn.parent, []).append(turn.id)
        if turn.parent is None:
            self._depth[turn.id] = 0
            self._plays[turn.id] = int(turn.role == "player" and not turn.unseen)
        else:
            self._depth[turn.id] = self._depth[turn.parent] + 1
            self._plays[turn.id] = self._plays[turn.parent] + (turn.role == "player")
        if turn.state == "streaming":
            self._streaming.add(turn.id)
        self._next = max(self._next, turn.id + 1)

    def change(self, turn_id: int, **fields: object) -> Turn:
        """Put a turn's newer self in its place; its id and parent stay."""
        changed = replace(self.turn(turn_id), **fields)
        self._turns[turn_id] = changed
        self._path = None
        if changed.state == "streaming":
            self._streaming.add(turn_id)
        else:
            self._streaming.discard(turn_id)
        return changed

    def graft(self, children: Sequence[int], new: int) -> None:
        """Let turns that followed a turn follow its sibling instead; `go` must come after it.

        Costs O(the children of both).
        """
        self.rewritten = True
        for child in children:
            old = self._turns[child].parent
            self._children[old].remove(child)
            if self.on_path(child):
                self._way[self._depth[child] - 1] = new
            self._turns[child] = replace(self._turns[child], parent=new)
            if old is not None and self._newest_child.get(old) == child:
                self._newest_child[new] = self._newest_child.pop(old)
        self._children[new] = sorted([*self._children.get(new, []), *children])
        self._path = None

    def children(self, turn_id: int | None) -> list[int]:
        """Return the ids under a turn (or the roots), oldest first; not a copy."""
        return self._children.get(turn_id, [])

    def on_path(self, turn_id: int) -> bool:
        """Say whether a turn lies between the root and where the story stands, in O(1)."""
        depth = self._depth[turn_id]
        return depth < len(self._way) and self._way[depth] == turn_id

    def plays(self, turn_id: int | None) -> int:
        """Return how often the player has spoken on the way to a turn, the root not counted."""
        return 0 if turn_id is None else self._plays[turn_id]

    def go(self, turn_id: int | None) -> None:
        """Make a turn the end of the path: O(how far it is from the path's end)."""
        self._path = None
        new: list[int] = []
        at = turn_id
        while at is not None and not self.on_path(at):
            new.append(at)
            parent = self._turns[at].parent
            if parent is not None:
                self._newest_child[parent] = at
            at = parent
        del self._way[0 if at is None else self._depth[at] + 1 :]
        new.reverse()
        self._way += new
        if len(self._way) > 1:
            self._newest_child[self._way[-2]] = self._way[-1]

    def way_to(self, turn_id: int) -> list[int]:
        """Return the ids from the root to a turn."""
        way: list[int] = []
        at: int | None = turn_id
        while at is not None:
            way.append(at)
            at = self.turn(at).parent
        way.reverse()
        return way

    def path(self) -> tuple[Turn, ...]:
        """Return the turns from the root to where the story stands; kept until something changes."""
        if self._path is None:
            self._path = tuple(map(self._turns.__getitem__, self._way))
        return self._path

    def tip(self, turn_id: int, hidden: Mapping[Hashable, object]) -> int:
        """Return the place under a turn where the story was last."""
        at = turn_id
        while (child := self._newest_child.get(at)) is not None and child not in hidden:
            at = child
        return at
