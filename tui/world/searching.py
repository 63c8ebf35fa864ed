"""The search of a world: situations, the deeds between them, and what can still be reached.

Three things keep it small, and none of them hides an ending. Places between which the player
can go freely count as one. Deeds that can only help are done at once. The clock stands still
until the search lets it run to the next moment at which it matters; a path that was found so is
then played for real (`tui.world.replaying`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from tui.world.apply.deeds import refusal
from tui.world.apply.rules import live_rules
from tui.world.apply.turn import take_turn
from tui.world.board import Board
from tui.world.conditions import tests_in
from tui.world.model import Exit, Model
from tui.world.possible import possible_actions
from tui.world.relevance import Key, Relevance, conditions_of
from tui.world.safety import Safety
from tui.world.values import Action, State

Step = tuple[str, str]
"""Where something is done, and the action's id; `until:<minute>:<turn>` lets the clock run."""
DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Moments:
    """When the clock or the count of turns matters, in order."""

    minutes: tuple[int, ...]
    turns: tuple[int, ...]
    every: tuple[int, ...]
    """The numbers of turns after which folk on their rounds move, and events come again."""
    circle: int
    """The longest round of anybody's, in turns; 0 where nobody goes round."""

    @classmethod
    def of(cls, model: Model) -> Moments:
        """The moments of a world."""
        start = model.file.clock.start or 0
        tests = [test for condition in conditions_of(model) for test in tests_in(condition)]
        daily = [test.n for test in tests if test.kind == "time"]
        daily += [minute for person in model.folk.values() for minute, _ in person.schedule]
        minutes = {event.at for event in model.events if event.at is not None and event.effects}
        minutes |= {minute if minute > start else minute + DAY for minute in daily}
        turns = {test.n for test in tests if test.kind == "turn"}
        turns |= {
            event.after for event in model.events if event.after is not None and event.effects
        }
        every = {event.every for event in model.events if event.every is not None and event.effects}
        rounds = [one.file for one in model.folk.values() if one.file.route]
        circle = max([*(len(one.route) * one.every for one in rounds), *every], default=0)
        return cls(
            minutes=tuple(sorted(minute for minute in minutes if minute > start)),
            turns=tuple(sorted(turns)),
            every=tuple(sorted(every | {one.every for one in rounds})),
            circle=circle,
        )


def with_effects_only(model: Model) -> Model:
    """A world without the events that only say something: they would crowd out the others."""
    return replace(model, events=tuple(event for event in model.events if event.effects))


def telling_places(model: Model) -> frozenset[str]:
    """The places that events and endings ask for; all of them, if they ask who is with the player."""
    events = [event.when for event in model.events if event.effects]
    endings = [ending.when for ending in model.endings if ending.automatic]
    moves = [person.moves for person in model.folk.values()]
    tests = [test for condition in (*events, *endings, *moves) for test in tests_in(condition)]
    if any(test.kind == "here" for test in tests):
        return frozenset(model.places)
    dark = {id_ for id_, place in model.places.items() if place.file.dark}
    found = {test.a for test in tests if test.kind == "player_at"}
    return frozenset(found | dark if any(test.kind == "dark" for test in tests) else found)


@dataclass(slots=True)
class Search:
    """A search under way: situations by number, in the order in which they were found."""

    model: Model
    limit: int
    relevance: Relevance
    safety: Safety
    moments: Moments
    apart: frozenset[str]
    """Places where being there brings something about by itself: each is a situation of its own."""
    states: list[State] = field(default_factory=list[State])
    parents: list[tuple[int, tuple[Step, ...]]] = field(
        default_factory=list[tuple[int, tuple[Step, ...]]]
    )
    followers: list[list[tuple[int, Step]]] = field(default_factory=list[list[tuple[int, Step]]])
    number: dict[Key, int] = field(default_factory=dict[Key, int])
    places: set[str] = field(default_factory=set[str])
    own_paths: dict[int, tuple[str, ...]] = field(default_factory=dict[int, tuple[str, ...]])
    """The actions that lead to situations that were not found from their parents."""
    outcomes: dict[int, dict[Step, State]] = field(default_factory=dict[int, dict[Step, State]])
    """What each deed makes of a situation that was not looked at yet."""
    expanded: int = 0

    @classmethod
    def of(cls, model: Model, limit: int) -> Search:
        """A search of a world, for at most `limit` situations."""
        model = with_effects_only(model)
        relevance = Relevance.of(model)
        return cls(
            model, limit, relevance, Safety.of(relevance), Moments.of(model), telling_places(model)
        )

    def begin(self, start: State) -> None:
        """Search from the start, the nearest first, until all is known or the limit is reached."""
        if self.outcome(start, "wait") is None:
            self.found(start, -1, ())
        else:
            self.take_first_step(start)
        self.go_on()

    def take_first_step(self, start: State) -> None:
        """Leave a start at which something happens by itself as soon as anything is done."""
        self.states, self.parents, self.followers = [start], [(-1, ())], [[]]
        self.places.add(start.place)
        self.expanded = 1
        for action in possible_actions(Board(self.model, start)):
            later, _ = take_turn(self.model, start, [action])
            self.follow(0, self.still(later, start), (start.place, action.id))

    def go_on(self) -> None:
        """Look at every situation that was found and not looked at yet."""
        while self.expanded < len(self.states) < self.limit:
            if not self.states[self.expanded].ended:
                self.expand(self.expanded)
            self.expanded += 1

    def found(
        self, state: State, parent: int, steps: tuple[Step, ...], whole: Sequence[str] = ()
    ) -> int:
        """The number of a situation, new or not.

        `whole` are all the actions that led to it, where they are not the parent's and `steps`.
        """
        state = self.settled(state)
        first = self.relevance.key(state)
        if (known := self.number.get(first)) is not None:
            return known
        state, more, outcomes = self.helped(state)
        key = self.relevance.key(state)
        known = self.number.get(key)
        if known is None:
            known = len(self.states)
            self.states.append(state)
            self.parents.append((parent, (*steps, *more)))
            self.followers.append([])
            self.outcomes[known] = outcomes
            if whole:
                self.own_paths[known] = tuple(whole)
        self.number[first] = self.number[key] = known
        return known

    def helped(self, state: State) -> tuple[State, tuple[Step, ...], dict[Step, State]]:
        """A situation after every deed that can only help, and what each other deed would make of it."""
        done: list[Step] = []
        others: set[Step] = set()
        outcomes: dict[Step, State] = {}
        changed = not state.ended
        while changed:
            changed = False
            outcomes = {}
            for step in self.deeds(state):
                if changed and step in others:
                    continue  # there will be another round, and this deed is looked at in it
                there = self.at(state, step[0])
                later = self.outcome(there, step[1])
                if later is None:
                    continue
                if self.safety.only_helps(there, later):
                    state = self.settled(later)
                    done.append(step)
                    changed = True
                else:
                    outcomes[step] = later
                    others.add(step)
        return state, tuple(done), outcomes

    def outcome(self, state: State, action: str) -> State | None:
        """What an action makes of a situation; None where nothing that matters."""
        later, _ = take_turn(self.model, state, [Action(action)])
        later = self.still(later, state)
        same = not later.ended and self.relevance.key(later) == self.relevance.key(state)
        return None if same else later

    def expand(self, here: int) -> None:
        """Find everything that one deed leads to, and what the clock brings, wherever one waits."""
        state = self.states[here]
        for step, later in self.outcomes.pop(here, {}).items():
            self.follow(here, later, step)
        for place in self.region(state) if self.moments.minutes or self.moments.turns else ():
            for until in self.next_moments(self.at(state, place)):
                later, _ = take_turn(self.model, until, [Action("wait")])
                self.follow(here, later, (place, f"until:{later.minutes}:{later.turn}"))
        for every in self.moments.every:
            later, _ = take_turn(self.model, replace(state, turn=every - 1), [Action("wait")])
            self.follow(here, self.still(later, state), (state.place, "until:0:0"))

    def follow(self, here: int, later: State, step: Step) -> None:
        """Note that a step leads from one situation to another.

        Where what helps would take the step back at once, the player may also go on without that.
        """
        there = self.found(later, here, (step,))
        if there != here:
            self.followers[here].append((there, step))
        if not later.ended and self.safety.undoes(self.states[here], later, self.states[there]):
            as_it_is = self.left_as_it_is(later, here, step)
            if as_it_is not in (here, there):
                self.followers[here].append((as_it_is, step))

    def left_as_it_is(self, state: State, parent: int, step: Step) -> int:
        """The number of a situation in which nothing that helps has been done yet."""
        state = self.settled(state)
        key = self.relevance.key(state)
        closed = self.number.get(key)
        if closed is not None and self.relevance.key(self.states[closed]) == key:
            return closed
        known = self.number.get(("as it is", *key))
        if known is None:
            known = self.number["as it is", *key] = len(self.states)
            self.states.append(state)
            self.parents.append((parent, (step,)))
            self.followers.append([])
            made = {one: self.outcome(self.at(state, one[0]), one[1]) for one in self.deeds(state)}
            self.outcomes[known] = {one: later for one, later in made.items() if later is not None}
        return known

    def deeds(self, state: State) -> Iterator[Step]:
        """Every deed that may matter, wherever the player can freely go."""
        region = self.region(state)
        for place in region:
            board = Board(self.model, self.at(state, place))
            for action in possible_actions(board):
                if action.verb == "go":
                    way = self.model.places[place].exit(action.args[0])
                    if way is None or way.to in region:
                        continue
                    yield place, action.id
                elif self.relevance.may_matter(board, action.id):
                    yield place, action.id

    # Where the player is, as far as it matters

    def at(self, state: State, place: str) -> State:
        """The same situation with the player at a place that can freely be gone to."""
        if state.place == place:
            return state
        board = Board(self.model, state)
        board.enter(place)
        return replace(board.freeze(), came_from="")

    def region(self, state: State) -> list[str]:
        """The places between which the player can go to and fro, and nothing else happens."""
        ways: dict[str, list[str]] = {}
        queue = [state.place]
        for place in queue:
            if place not in ways:
                ways[place] = [way.to for way in self.free_ways(state, place)]
                queue.extend(ways[place])
        back: dict[str, list[str]] = {}
        for place, following in ways.items():
            for to in following:
                back.setdefault(to, []).append(place)
        region = [state.place]
        for place in region:
            region.extend(one for one in back.get(place, ()) if one not in region)
        return [place for place in self.model.places if place in region]

    def free_ways(self, state: State, place: str) -> Iterator[Exit]:
        """The ways out of a place by which nothing but the player moves."""
        board = Board(self.model, replace(state, place=place))
        for way in board.exits():
            new = f"{way.to}.visited" in self.relevance.values and not board.flag(
                f"{way.to}.visited"
            )
            if new or {place, way.to} & self.apart or refusal(board, Action(f"go:{way.key}")):
                continue
            rules = (
                *live_rules(board, "leave", (place,)),
                *live_rules(board, "enter", (way.to,)),
                *live_rules(board, "go", (way.key,)),
            )
            if not any(rule.effects for rule in rules):
                yield way

    def settled(self, state: State) -> State:
        """A situation with the player at the first place of those that count as one."""
        self.places.add(state.place)
        if state.ended:
            return state
        region = self.region(state)
        self.places.update(region)
        return replace(self.at(state, region[0]), came_from="")

    # The clock

    def still(self, later: State, before: State) -> State:
        """A situation with the clock as it was: only `next_moments` lets it run."""
        return replace(later, minutes=before.minutes, turn=before.turn)

    def next_moments(self, state: State) -> Iterator[State]:
        """The situation just before each next moment at which the clock matters."""
        tick = max(1, self.model.file.clock.minutes_per_turn)
        minute = next((one for one in self.moments.minutes if one > state.minutes), None)
        if minute is not None and self.model.file.clock.minutes_per_turn:
            yield replace(state, minutes=minute - tick)
        turn = next((one for one in self.moments.turns if one > state.turn), None)
        if turn is not None:
            yield replace(state, turn=turn - 1)

    # What was found

    def path(self, number: int) -> tuple[Step, ...]:
        """The steps that lead to a situation."""
        steps: list[Step] = []
        while number >= 0:
            number, made = self.parents[number]
            steps[:0] = made
        return tuple(steps)

    def told_path(self, here: int, there: int, step: Step) -> tuple[str, ...]:
        """The actions that lead from the start over one situation into another."""
        if there in self.own_paths:
            return self.own_paths[there]
        return (*(action for _, action in self.path(here)), step[1])

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
