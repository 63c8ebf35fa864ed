"""What of a state can still make a difference: everything else is left out of a search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tui.world.apply.looking import hidden_in
from tui.world.board import Board
from tui.world.conditions import Condition, Test, tests_in
from tui.world.effects import Effect
from tui.world.model import ANY, Model, Pattern, Rule
from tui.world.values import State

Key = tuple[object, ...]
POWERS = ("open", "locked", "lit", "hidden", "broken", "state")
UNDOING: Mapping[str, tuple[str, ...]] = {
    "close": ("closed", "open"),
    "lock": ("locked", "unlocked"),
    "douse": ("unlit", "lit"),
    "take_off": ("worn",),
}
"""Deeds that only take back another, and the states in which somebody might want that."""
STATES: Mapping[str, tuple[str, ...]] = {
    "take": (),
    "eat": (),
    "drink": (),
    "wear": ("worn",),
    "break": ("broken", "whole"),
}
SENSING = frozenset(
    {"look", "examine", "read", "listen", "smell", "touch", "smell_it", "listen_to"}
)


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
    most: Mapping[str, int]
    """For counters, the number beyond which nothing more happens."""

    @classmethod
    def of(cls, model: Model) -> Relevance:
        """What matters in a world."""
        tests = [test for condition in conditions_of(model) for test in tests_in(condition)]
        worn = {(test.a, "worn") for test in tests if test.kind == "worn"}
        put = {
            arg
            for pattern, _ in patterns_of(model)
            if pattern.verb in {"drop", "put"}
            for arg in pattern.args
        }
        return cls(
            model=model,
            values=frozenset(value_keys(model, tests)),
            things=frozenset(mattering(model, tests)),
            tested=frozenset({(test.a, test.b) for test in tests if test.kind == "is"} | worn),
            spots=frozenset(
                {test.a for test in tests if test.kind in {"at_place", "held_by"}} | put
            ),
            most=limits(tests),
        )

    def key(self, state: State) -> Key:
        """A state as far as it matters: equal keys, equal futures."""
        at: list[tuple[str, str]] = []
        for id_, where in state.at.items():
            if id_ in self.things:
                with_player = state.values.get(f"{id_}.follows") and where == state.place
                at.append((id_, "player" if with_player else where))
        values = [
            (key, self.bounded(key, value))
            for key, value in state.values.items()
            if key in self.values
        ]
        return (
            "" if state.ended else state.place,
            tuple(sorted(at)),
            tuple(sorted(values)),
            state.turn,
            state.minutes,
            state.ended,
        )

    def bounded(self, key: str, value: bool | int | str) -> bool | int | str:
        """A counter's value, cut off where more of it makes no difference."""
        most = self.most.get(key)
        if most is None or isinstance(value, str | bool):
            return value
        return max(-most, min(most, value))

    def may_matter(self, board: Board, action: str) -> bool:
        """Whether a possible action can change what matters; looking about never does."""
        verb, *args = action.split(":", 2 if action.startswith(("say:", "improvise:")) else -1)
        rules = self.model.rules_by_verb.get(verb, ())
        if any(pattern.fits(verb, tuple(args), board.place) for pattern, _ in rules):
            return True
        if verb in SENSING or verb == "wait":
            return False
        if verb in UNDOING:
            return any((args[0], state) in self.tested for state in UNDOING[verb])
        if verb in {"drop", "put"}:
            return args[0] in self.spots or self.model.file.carry_at_most is not None
        if verb in {"take", "eat", "drink", "wear", "break"}:
            return args[0] in self.things or any(
                (args[0], one) in self.tested for one in STATES[verb]
            )
        if verb == "search":
            return bool(hidden_in(board, args[0] if args else board.place))
        return self.folk_matter(verb, args) if verb in {"greet", "ask"} else True

    def folk_matter(self, verb: str, args: Sequence[str]) -> bool:
        """Whether greeting or asking somebody can change what matters."""
        if f"{args[0]}.met" in self.values:
            return True
        if verb == "greet":
            return False
        topic = self.model.folk[args[0]].topics[args[1]]
        return bool(topic.effects) or f"{args[0]}.heard.{args[1]}" in self.values


def patterns_of(model: Model) -> Iterator[tuple[Pattern, Rule]]:
    """Every pattern with its rule."""
    for found in model.rules_by_verb.values():
        yield from found


def conditions_of(model: Model) -> Iterator[Condition]:
    """Every condition that can make a difference to what happens."""
    for place in model.places.values():
        yield from (way.when for way in place.exits)
    for person in model.folk.values():
        for topic in person.topics.values():
            yield from (topic.when, topic.offered) if topic.effects else ()
        yield from (want.when for want in (*person.wants.values(), *person.fears.values()))
        yield from (plea.when for plea in person.pleas.values())
        yield person.moves
    yield from (rule.when for rule in model.rules if counts(rule))
    yield from (event.when for event in model.events if event.effects)
    yield from (step.when for step in model.steps if step_is_asked_for(model, step.id))
    yield from (ending.when for ending in model.endings)
    yield from (knack.when for knack in model.knacks.values() if knack.effects)


def counts(rule: Rule) -> bool:
    """Whether a rule does more than say something."""
    return bool(rule.effects or rule.refuse or rule.instead)


def step_is_asked_for(model: Model, step: str) -> bool:
    """Whether any rule, event or ending asks whether a step is done."""
    asking = (*model.rules, *model.events, *model.endings)
    return any(
        test.kind == "done" and test.a == step for one in asking for test in tests_in(one.when)
    )


def limits(tests: Iterable[Test]) -> dict[str, int]:
    """For each number that is asked for, the value beyond which nothing more happens."""
    found: dict[str, int] = {}
    for test in tests:
        if test.kind in {"count", "mood"}:
            key = f"count.{test.a}" if test.kind == "count" else f"{test.a}.mood"
            found[key] = max(found.get(key, 1), abs(test.n) + 1)
    return found


def tested_key(test: Test) -> str:
    """The key of the value that a test reads; empty where it reads none."""
    return {
        "flag": f"flag.{test.a}",
        "count": f"count.{test.a}",
        "mood": f"{test.a}.mood",
        "met": f"{test.a}.met",
        "visited": f"{test.a}.visited",
        "heard": f"{test.a}.heard.{test.b}",
        "follows": f"{test.a}.follows",
        "done": f"step.{test.a}",
    }.get(test.kind, "")


def value_keys(model: Model, tests: Iterable[Test]) -> Iterator[str]:
    """The keys of values that matter; a door's being open is of no account, for going opens it."""
    asked = {(test.a, test.b) for test in tests if test.kind == "is"}
    opened = {
        arg
        for pattern, _ in patterns_of(model)
        if pattern.verb in {"open", "close"}
        for arg in pattern.args
    }
    for id_ in model.start_at:
        door = id_ in model.things and model.things[id_].is_door
        free = door and id_ not in opened and not asked & {(id_, "open"), (id_, "closed")}
        yield from (f"{id_}.{power}" for power in POWERS if not (power == "open" and free))
    yield from (key for test in tests if (key := tested_key(test)))
    for place in model.places.values():
        yield from (f"{place.id}.{way.key}.hidden" for way in place.exits)
    yield from (f"{id_}.follows" for id_ in model.folk)
    yield from (f"rule.{rule.id}" for rule in model.rules if rule.once and counts(rule))
    yield from (f"event.{event.id}" for event in model.events if event.effects)
    for person in model.folk.values():
        yield from (f"{person.id}.did.{plea.id}" for plea in person.pleas.values() if plea.effects)


def effects_of(model: Model) -> Iterator[Effect]:
    """Every effect of a world."""
    for rule in (*model.rules, *model.events, *model.knacks.values()):
        yield from rule.effects
    for person in model.folk.values():
        gifts = (*person.wants.values(), *person.fears.values())
        for one in (*person.topics.values(), *gifts, *person.pleas.values()):
            yield from one.effects


def mattering(model: Model, tests: Iterable[Test]) -> set[str]:
    """Things and folk whose whereabouts can make a difference."""
    tests = list(tests)
    found = {id_ for test in tests for id_ in (test.a, test.b) if id_ in model.start_at}
    dark = any(place.file.dark for place in model.places.values())
    for id_, thing in model.things.items():
        found.update(key for key in (thing.file.key, thing.file.lit_by) if key)
        if thing.file.lit is not None and dark:
            found.add(id_)
    for person in model.folk.values():
        found.update((*person.wants, *person.fears))
        found.update(given for want in person.wants.values() for given in want.gives)
        topics = any(topic.effects for topic in person.topics.values())
        if topics or person.pleas or person.wants or person.fears:
            found.add(person.id)
    for pattern, rule in patterns_of(model):
        if counts(rule):
            found.update(arg for arg in pattern.args if arg in model.start_at and arg != ANY)
    for id_ in list(found):
        found |= holders(model, id_)
    moved = {effect.a for effect in effects_of(model) if effect.kind == "move"}
    return {id_ for id_ in found if id_ in model.folk or id_ in moved or model.things[id_].portable}


def holders(model: Model, id_: str) -> set[str]:
    """What a thing is in at the start: a portable box with the key in it matters too."""
    found: set[str] = set()
    at = model.start_at.get(id_, "")
    while at in model.start_at and at not in found:
        found.add(at)
        at = model.start_at[at]
    return found
