"""Searching a world: every ending with the shortest way to it, dead ends, what is out of reach.

Two states that differ only in what can never matter again count as one (`relevance`), so that a
tale of the usual size is searched whole.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tui.world.apply.turn import take_turn
from tui.world.board import Board
from tui.world.possible import possible_actions
from tui.world.relevance import Key, Relevance
from tui.world.values import Action, State
from tui.world.world import World

MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class EndingFound:
    """One ending, and the shortest way to it."""

    id: str
    title: str
    kind: str
    turns: int
    """The fewest turns in which it can be reached; 0 where it can't."""
    path: tuple[str, ...]
    """The actions of that way."""
    ways: int
    """In how many different situations the tale can end so."""

    @property
    def reached(self) -> bool:
        """Whether it can be reached at all."""
        return self.ways > 0


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """A deed after which no ending can be reached any more."""

    action: str
    place: str
    path: tuple[str, ...]
    """The actions that lead to it, itself included."""
    lost: tuple[str, ...]
    """The things that it put out of reach, where that is the reason."""


@dataclass(frozen=True, slots=True)
class Exploration:
    """What a search of a world found."""

    states: int
    complete: bool
    """Everything was searched; else only the nearest `limit` situations."""
    endings: tuple[EndingFound, ...]
    dead_ends: tuple[DeadEnd, ...]
    """At most ten, the shortest first; `dead_states` says how many situations are dead."""
    dead_states: int
    unreached_places: tuple[str, ...]

    @property
    def unreached_endings(self) -> tuple[str, ...]:
        """Endings that no way leads to."""
        return tuple(ending.id for ending in self.endings if not ending.reached)

    @property
    def lost_things(self) -> tuple[str, ...]:
        """Things that can be lost for ever while they are still needed."""
        return tuple(dict.fromkeys(thing for dead in self.dead_ends for thing in dead.lost))


@dataclass(slots=True)
class Search:
    """A search under way: situations by key, in the order in which they were found."""

    world: World
    relevance: Relevance
    limit: int
    states: list[State] = field(default_factory=list[State])
    parents: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    followers: list[list[tuple[int, str]]] = field(default_factory=list[list[tuple[int, str]]])
    number: dict[Key, int] = field(default_factory=dict[Key, int])
    places: set[str] = field(default_factory=set[str])
    expanded: int = 0

    def run(self) -> None:
        """Search, the nearest first, until all is known or the limit is reached."""
        self.found(self.world.start(0), -1, "")
        queue = deque([0])
        while queue and len(self.states) < self.limit:
            here = queue.popleft()
            self.expanded = here + 1
            before = len(self.states)
            if not self.states[here].ended:
                self.expand(here)
            queue.extend(range(before, len(self.states)))

    def expand(self, here: int) -> None:
        """Find everything that one deed leads to."""
        state, model = self.states[here], self.world.model
        board = Board(model, state)
        for action in possible_actions(board):
            if self.relevance.may_matter(board, action.id):
                later, _ = take_turn(model, state, [action])
                self.followers[here].append((self.found(later, here, action.id), action.id))

    def found(self, state: State, parent: int, action: str) -> int:
        """The number of a situation, new or not."""
        key = self.relevance.key(state)
        known = self.number.get(key)
        if known is not None:
            return known
        number = len(self.states)
        self.number[key] = number
        self.states.append(state)
        self.parents.append((parent, action))
        self.followers.append([])
        self.places.add(state.place)
        self.places.update(id_ for id_ in self.world.model.places if state.values.get(f"{id_}.visited"))
        return number

    def path(self, number: int) -> tuple[str, ...]:
        """The actions that lead to a situation."""
        actions: list[str] = []
        while number > 0:
            number, action = self.parents[number]
            actions.append(action)
        return tuple(reversed(actions))

    def alive(self) -> list[bool]:
        """For each situation, whether an ending can be reached, as far as is known."""
        before: list[list[int]] = [[] for _ in self.states]
        for here, following in enumerate(self.followers):
            for there, _ in following:
                before[there].append(here)
        queue = [at for at, state in enumerate(self.states) if state.ended or at >= self.expanded]
        alive = [False] * len(self.states)
        for at in queue:
            alive[at] = True
        while queue:
            for earlier in before[queue.pop()]:
                if not alive[earlier]:
                    alive[earlier] = True
                    queue.append(earlier)
        return alive


def explore(world: World, limit: int = 200_000) -> Exploration:
    """Search a world whole, or its nearest `limit` situations."""
    search = Search(world, Relevance.of(world.model), limit)
    search.run()
    alive = search.alive()
    return Exploration(
        states=len(search.states),
        complete=search.expanded >= len(search.states),
        endings=endings_found(search),
        dead_ends=dead_ends(search, alive),
        dead_states=alive.count(False),
        unreached_places=tuple(id_ for id_ in world.model.places if id_ not in search.places),
    )


def endings_found(search: Search) -> tuple[EndingFound, ...]:
    """Each ending of the world, with the first way that was found to it: the shortest."""
    by_id: dict[str, list[int]] = {}
    for number, state in enumerate(search.states):
        if state.ended:
            by_id.setdefault(state.ended, []).append(number)
    found: list[EndingFound] = []
    for ending in search.world.model.endings:
        ways = by_id.get(ending.id, [])
        path = search.path(ways[0]) if ways else ()
        found.append(EndingFound(ending.id, ending.title, ending.kind, len(path), path, len(ways)))
    return tuple(found)


def dead_ends(search: Search, alive: Sequence[bool]) -> tuple[DeadEnd, ...]:
    """The deeds that lead from a living situation into a dead one, the nearest first."""
    found: dict[str, DeadEnd] = {}
    for here, following in enumerate(search.followers):
        for there, action in following:
            if alive[here] and not alive[there] and action not in found:
                lost = lost_between(search, search.states[here], search.states[there])
                path = (*search.path(here), action)
                found[action] = DeadEnd(action, search.states[here].place, path, lost)
                if len(found) == MOST_SHOWN:
                    return tuple(found.values())
    if alive and not alive[0]:
        found.setdefault("", DeadEnd("", search.states[0].place, (), ()))
    return tuple(found.values())


def lost_between(search: Search, before: State, after: State) -> tuple[str, ...]:
    """The things that were within reach before a deed and are so no more."""
    earlier, later = Board(search.world.model, before), Board(search.world.model, after)
    portable = [id_ for id_ in search.relevance.things if id_ in search.world.model.things]
    gone = [id_ for id_ in portable if earlier.is_carried(id_) and not later.is_carried(id_)]
    gone += [id_ for id_ in portable if earlier.location(id_) != "nowhere" and later.location(id_) == "nowhere"]
    return tuple(dict.fromkeys(sorted(gone)))


@dataclass(frozen=True, slots=True)
class RandomPlay:
    """What became of games in which every choice was picked at random."""

    games: int
    ended: int
    lengths: tuple[int, ...]
    """The turns of each game that ended, in ascending order."""
    endings: Mapping[str, int]

    @property
    def share_ended(self) -> float:
        """The share of games that came to an ending, 0 to 1."""
        return self.ended / self.games if self.games else 0.0

    def share_within(self, least: int, most: int) -> float:
        """The share of all games that ended in `least` to `most` turns."""
        return sum(least <= turns <= most for turns in self.lengths) / self.games if self.games else 0.0


def random_games(world: World, n: int, seed: int, *, choices: int = 3, most_turns: int = 60) -> RandomPlay:
    """Play `n` games by choices alone, each picked at random among those that are offered."""
    dice = random.Random(seed)
    lengths: list[int] = []
    endings: dict[str, int] = {}
    for game in range(n):
        state = world.start(dice.randrange(2**31))
        untaken: tuple[str, ...] = ()
        for turn in range(most_turns):
            offered = world.options(state, choices, untaken, seed=state.seed + turn)[:choices]
            if not offered:
                break
            picked = dice.choice(offered)
            untaken = tuple(option.action.id for option in offered if option is not picked)
            state, _ = world.apply(state, [Action(picked.action.id)])
            if state.ended:
                lengths.append(turn + 1)
                endings[state.ended] = endings.get(state.ended, 0) + 1
                break
    return RandomPlay(n, len(lengths), tuple(sorted(lengths)), endings)
