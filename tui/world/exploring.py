"""Searching a world: every ending with the shortest way to it, dead ends, what is out of reach.

Two states that differ only in what can never matter again count as one (`relevance`), so that a
tale of the usual size is searched whole.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tui.world.board import Board
from tui.world.model import Model
from tui.world.replaying import least_prepared, shortest_like
from tui.world.searching import Search, Step
from tui.world.values import Action, State
from tui.world.world import World

MOST_SHOWN = 10
MOST_TRIED = 4


@dataclass(frozen=True, slots=True)
class EndingFound:
    """One ending, and the shortest way to it."""

    id: str
    title: str
    kind: str
    turns: int
    """The fewest turns in which it can be reached; 0 where it can't."""
    path: tuple[str, ...]
    """The actions of that way, played from the start; empty where it could not be played in time."""
    ways: int
    """In how many different situations the tale can end so."""

    @property
    def reached(self) -> bool:
        """Whether it was reached by playing."""
        return bool(self.path)


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


def explore(world: World, limit: int = 200_000) -> Exploration:
    """Search a world whole, or its nearest `limit` situations."""
    search = Search.of(world.model, limit)
    search.begin(world.start(0))
    last_chances(search, world.model, world.start(0))
    alive = search.alive()
    return Exploration(
        states=len(search.states),
        complete=search.expanded >= len(search.states),
        endings=endings_found(search, world.model, world.start(0)),
        dead_ends=dead_ends(search, alive),
        dead_states=alive.count(False),
        unreached_places=tuple(id_ for id_ in world.model.places if id_ not in search.places),
    )


def last_chances(search: Search, model: Model, start: State) -> None:
    """Search on from every point of no return as somebody comes to it who did only the needful.

    The search does at once whatever can only help, so it would never leave a key behind.
    """
    tested: set[Step] = set()
    new = True
    while new and len(search.states) < search.limit:
        new = False
        for here, there, step in list(losing_steps(search)):
            if step in tested:
                continue
            tested.add(step)
            like = Likeness(search, search.states[there])
            game = least_prepared(model, start, (*search.path(here), step), like.holds)
            if game is not None:
                after = search.states[there]
                lean = replace(game.state, minutes=after.minutes, turn=after.turn)
                number = search.found(lean, here, (step,), game.done)
                search.followers[here].append((number, step))
                new = True
        search.go_on()


@dataclass(frozen=True, slots=True)
class Likeness:
    """Whether a situation is one from which no more can be come to, and no less is barred."""

    search: Search
    wanted: State

    def holds(self, state: State) -> bool:
        """Whether a situation is like the wanted one."""
        settled = self.search.settled(state)
        barring = self.search.safety.barring
        no_more = set(self.search.region(settled)) <= set(self.search.region(self.wanted))
        return no_more and barring(self.wanted) <= barring(settled)


def losing_steps(search: Search) -> Iterator[tuple[int, int, Step]]:
    """The steps that may bar something: a place, a person, or what something else needs."""
    for here, following in enumerate(search.followers):
        before = search.states[here]
        for there, step in following:
            after = search.states[there]
            if after.ended:
                continue
            region = search.region(after)
            gone = [one for one in search.region(before) if one not in region]
            if (
                gone
                or search.safety.may_bar(before, after)
                or any(folk_gone(search, id_, before, after, region) for id_ in search.model.folk)
            ):
                yield here, there, step


def folk_gone(search: Search, id_: str, before: State, after: State, region: Sequence[str]) -> bool:
    """Whether somebody who matters left for where the player can't follow."""
    was, now = Board(search.model, before).location(id_), Board(search.model, after).location(id_)
    return id_ in search.relevance.things and was != now and now not in region


def endings_found(search: Search, model: Model, start: State) -> tuple[EndingFound, ...]:
    """Each ending of the world, with a way to it that was played for real."""
    by_id: dict[str, list[int]] = {}
    for number, state in enumerate(search.states):
        if state.ended:
            by_id.setdefault(state.ended, []).append(number)
    found: list[EndingFound] = []
    for ending in search.model.endings:
        ways = by_id.get(ending.id, [])
        path: tuple[str, ...] = ()
        for number in ways[:MOST_TRIED]:
            path = shortest_like(model, start, search.path(number), ending.id)
            if path:
                break
        found.append(EndingFound(ending.id, ending.title, ending.kind, len(path), path, len(ways)))
    return tuple(found)


def dead_ends(search: Search, alive: Sequence[bool]) -> tuple[DeadEnd, ...]:
    """The deeds that lead from a living situation into a dead one, the nearest first."""
    found: dict[str, DeadEnd] = {}
    for here, following in enumerate(search.followers):
        for there, (place, action) in following:
            if alive[here] and not alive[there] and action not in found and len(found) < MOST_SHOWN:
                lost = lost_between(search, search.states[here], search.states[there])
                path = search.told_path(here, there, (place, action))
                found[action] = DeadEnd(action, place, path, lost)
    if alive and not alive[0]:
        found.setdefault("", DeadEnd("", search.states[0].place, (), ()))
    return tuple(found.values())


def lost_between(search: Search, before: State, after: State) -> tuple[str, ...]:
    """The things that matter and were to be had before a deed, and are so no more."""
    earlier, later = Board(search.model, before), Board(search.model, after)
    things = sorted(id_ for id_ in search.relevance.things if id_ in search.model.things)
    return tuple(
        id_
        for id_ in things
        if (earlier.is_carried(id_) and not later.is_carried(id_))
        or (earlier.location(id_) != "nowhere" and later.location(id_) == "nowhere")
    )


@dataclass(frozen=True, slots=True)
class RandomPlay:
    """What became of games in which every choice was picked at random."""

    games: int
    ended: int
    lengths: tuple[int, ...]
    """The turns of each game that ended, in ascending order."""
    endings: Mapping[str, int]

    def share_within(self, least: int, most: int) -> float:
        """The share of all games that ended in `least` to `most` turns."""
        return (
            sum(least <= turns <= most for turns in self.lengths) / self.games
            if self.games
            else 0.0
        )


def random_games(
    world: World, n: int, seed: int, *, choices: int = 3, most_turns: int = 60
) -> RandomPlay:
    """Play `n` games by choices alone, each picked at random among those that are offered."""
    dice = random.Random(seed)
    lengths: list[int] = []
    endings: dict[str, int] = {}
    for _ in range(n):
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
