"""What of a state can still make a difference: everything else is left out of a search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tui.world.board import Board
from tui.world.conditions import Condition, Test, tests_in
from tui.world.effects import Effect
from tui.world.model import ANY, Model
from tui.world.values import State

Key = tuple[object, ...]
POWERS = ("open", "locked", "lit", "hidden", "broken", "state")
UNDOING = {"close": ("closed", "open"), "lock": ("locked", "unlocked"), "douse": ("unlit", "lit"), "take_off": ("worn",)}
"""Deeds that only take back another, and the states in which somebody might want that."""
SENSING = frozenset({"look", "examine", "read", "listen", "smell", "touch", "smell_it", "listen_to"})
DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Relevance:
    """What matters in a world's states, found once."""

    model: Model
    values: frozenset[str]
    """Keys of values that some condition, obstacle or event asks for."""
    things: frozenset[str]
    """Things and folk whose whereabouts matter."""
    tested: frozenset[tuple[str, str]]
    """States that are asked for: `(lamp_door, closed)`."""
    spots: frozenset[str]
    """Things that are asked for at a certain spot, so that putting them down may matter."""
    most: dict[str, int]
    """For counters, the number beyond which nothing more happens."""
    turns: int
    """The turn after which turns no longer matter; 0 where they never do, -1 where they always do."""
    minutes: int
    """The same for the clock."""

    @classmethod
    def of(cls, model: Model) -> Relevance:
        """What matters in a world."""
        tests = [test for condition in conditions_of(model) for test in tests_in(condition)]
        return cls(
            model=model,
            values=frozenset(value_keys(model, tests)),
            things=frozenset(mattering(model, tests)),
            tested=frozenset((test.a, test.b) for test in tests if test.kind == "is")
            | frozenset((test.a, "worn") for test in tests if test.kind == "worn"),
            spots=frozenset(test.a for test in tests if test.kind in {"at_place", "held_by", "here"})
            | frozenset(arg for pattern, _ in patterns_of(model) if pattern.verb in {"drop", "put"} for arg in pattern.args),
            most={key: max(1, *(abs(test.n) + 1 for test in found)) for key, found in numbered(tests).items()},
            turns=last_turn(model, tests),
            minutes=last_minute(model, tests),
        )

    def key(self, state: State) -> Key:
        """A state as far as it matters: equal keys, equal futures."""
        at = tuple(sorted(item for item in state.at.items() if item[0] in self.things))
        values = tuple(sorted((key, self.bounded(key, value)) for key, value in state.values.items() if key in self.values))
        turn = state.turn if self.turns < 0 else min(state.turn, self.turns)
        return (state.place, at, values, turn, self.clock(state.minutes), state.ended)

    def bounded(self, key: str, value: bool | int | str) -> bool | int | str:
        """A counter's value, cut off where more of it makes no difference."""
        most = self.most.get(key)
        if most is None or isinstance(value, str | bool):
            return value
        return max(-most, min(most, value))

    def clock(self, minutes: int) -> int:
        """The time as far as it matters."""
        if self.minutes == 0:
            return 0
        if self.minutes > 0:
            return min(minutes, self.minutes)
        return minutes if minutes < -self.minutes else -self.minutes + (minutes + self.minutes) % DAY

    def may_matter(self, board: Board, action: str) -> bool:
        """Whether a possible action can change what matters; looking about never does."""
        verb, *args = action.split(":", 2 if action.startswith(("say:", "improvise:")) else -1)
        if any(pattern.fits(verb, tuple(args), board.place) for pattern, _ in self.model.rules_by_verb.get(verb, ())):
            return True
        if verb in SENSING:
            return False
        if verb == "wait":
            return self.passes_time
        if verb in UNDOING:
            return any((args[0], state) in self.tested for state in UNDOING[verb])
        if verb in {"drop", "put"}:
            return args[0] in self.spots or self.model.file.carry_at_most is not None
        if verb == "take":
            return args[0] in self.things
        return True

    @property
    def passes_time(self) -> bool:
        """Whether waiting can bring anything about."""
        return bool(self.turns or self.minutes or any(event.every for event in self.model.events))


def patterns_of(model: Model) -> Iterator[tuple]:
    """Every pattern with its rule."""
    for found in model.rules_by_verb.values():
        yield from found


def conditions_of(model: Model) -> Iterator[Condition]:
    """Every condition that can make a difference to what happens."""
    for place in model.places.values():
        yield from (way.when for way in place.exits)
    for person in model.folk.values():
        for topic in person.topics.values():
            if topic.effects:
                yield topic.when
        for want in (*person.wants.values(), *person.fears.values()):
            yield want.when
        yield from (plea.when for plea in person.pleas.values())
        yield person.moves
    yield from (rule.when for rule in model.rules if rule.effects or rule.refuse or rule.instead)
    yield from (event.when for event in model.events)
    yield from (step.when for step in model.steps if step_is_asked_for(model, step.id))
    yield from (ending.when for ending in model.endings)
    yield from (knack.when for knack in model.knacks.values() if knack.effects)


def step_is_asked_for(model: Model, step: str) -> bool:
    """Whether any rule, event or ending asks whether a step is done."""
    conditions = (*(rule.when for rule in model.rules), *(event.when for event in model.events), *(one.when for one in model.endings))
    return any(test.kind == "done" and test.a == step for one in conditions for test in tests_in(one))


def numbered(tests: Iterable[Test]) -> dict[str, list[Test]]:
    """The tests of each number."""
    found: dict[str, list[Test]] = {}
    for test in tests:
        if test.kind in {"count", "mood"}:
            key = f"count.{test.a}" if test.kind == "count" else f"{test.a}.mood"
            found.setdefault(key, []).append(test)
    return found


def value_keys(model: Model, tests: Iterable[Test]) -> Iterator[str]:
    """The keys of values that matter."""
    for id_ in model.start_at:
        yield from (f"{id_}.{power}" for power in POWERS)
    for test in tests:
        yield from {
            "flag": [f"flag.{test.a}"],
            "count": [f"count.{test.a}"],
            "mood": [f"{test.a}.mood"],
            "met": [f"{test.a}.met"],
            "visited": [f"{test.a}.visited"],
            "heard": [f"{test.a}.heard.{test.b}"],
            "follows": [f"{test.a}.follows"],
            "done": [f"step.{test.a}"],
        }.get(test.kind, [])
    for place in model.places.values():
        yield from (f"{place.id}.{way.key}.hidden" for way in place.exits)
    yield from (f"{id_}.follows" for id_ in model.folk)
    yield from (f"rule.{rule.id}" for rule in model.rules if rule.once and (rule.effects or rule.refuse or rule.instead))
    yield from (f"event.{event.id}" for event in model.events)
    yield from (f"event.{event.id}.waits" for event in model.events)
    for person in model.folk.values():
        yield from (f"{person.id}.did.{plea}" for plea in person.pleas)


def effects_of(model: Model) -> Iterator[Effect]:
    """Every effect of a world."""
    for rule in (*model.rules, *model.events, *model.knacks.values()):
        yield from rule.effects
    for person in model.folk.values():
        for one in (*person.topics.values(), *person.wants.values(), *person.fears.values(), *person.pleas.values()):
            yield from one.effects


def mattering(model: Model, tests: Iterable[Test]) -> set[str]:
    """Things and folk whose whereabouts can make a difference."""
    found = {id_ for test in tests for id_ in (test.a, test.b) if id_ in model.start_at and test.kind != "is"}
    for id_, thing in model.things.items():
        found.update(key for key in (thing.file.key, thing.file.lit_by) if key)
        if thing.file.lit is not None and any(place.file.dark for place in model.places.values()):
            found.add(id_)
    for person in model.folk.values():
        found.update((*person.wants, *person.fears))
        found.update(given for want in person.wants.values() for given in want.gives)
        if person.topics or person.pleas or person.wants or person.fears:
            found.add(person.id)
    for pattern, rule in patterns_of(model):
        if rule.effects or rule.refuse:
            found.update(arg for arg in pattern.args if arg in model.start_at and arg != ANY)
    found |= {test.a for test in tests if test.kind == "is" and test.a in model.start_at}
    for id_ in list(found):
        found |= holders(model, id_)
    return {id_ for id_ in found if id_ in model.folk or model.things[id_].portable or moved(model, id_)}


def moved(model: Model, id_: str) -> bool:
    """Whether some effect moves a thing that nobody can carry."""
    return any(effect.kind == "move" and effect.a == id_ for effect in effects_of(model))


def holders(model: Model, id_: str) -> set[str]:
    """What a thing is in at the start: a portable box with the key in it matters too."""
    found: set[str] = set()
    at = model.start_at.get(id_, "")
    while at in model.start_at and at not in found:
        found.add(at)
        at = model.start_at[at]
    return found


def last_turn(model: Model, tests: Iterable[Test]) -> int:
    """The turn after which turns no longer matter."""
    numbers = [test.n + 1 for test in tests if test.kind == "turn"]
    numbers += [event.after + 1 for event in model.events if event.after is not None]
    routes = any(person.file.route for person in model.folk.values())
    if routes or any(event.every for event in model.events):
        return -1
    return max(numbers, default=0)


def last_minute(model: Model, tests: Iterable[Test]) -> int:
    """The minute after which the clock no longer matters; negative where each day is like the last."""
    if model.file.clock.minutes_per_turn == 0 and not any(effect.kind == "time" for effect in effects_of(model)):
        return 0
    start = model.file.clock.start or 0
    events = [event.at + 1 for event in model.events if event.at is not None]
    daily = any(test.kind == "time" for test in tests) or any(person.schedule for person in model.folk.values())
    if daily:
        return -max(start + DAY, *events, 1)
    return max(events, default=0)
