"""Which changes can only help: a search may make them at once, instead of weighing when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tui.world.conditions import Condition, Not, Test
from tui.world.model import Model, Rule
from tui.world.relevance import Relevance, counts, patterns_of, step_is_asked_for, tested_key
from tui.world.values import State
from tui.world.verbs import HANDLING

GOOD, BAD, UNSURE = 1, -1, 0
STATE_VALUES: dict[str, tuple[str, bool]] = {
    "open": ("open", True),
    "closed": ("open", False),
    "locked": ("locked", True),
    "unlocked": ("locked", False),
    "lit": ("lit", True),
    "unlit": ("lit", False),
    "hidden": ("hidden", True),
    "found": ("hidden", False),
    "broken": ("broken", True),
    "whole": ("broken", False),
}
Value = bool | int | str


@dataclass(frozen=True, slots=True)
class Safety:
    """For each value and place of a thing, what it may become without barring anything."""

    relevance: Relevance
    unsure: frozenset[str]
    """Keys (`flag.oiled`, `at.brass_key`) whose change may do good or harm."""
    wanted: frozenset[tuple[str, Value]]
    """What somebody or something waits for; a change to anything else bars it."""
    waiting: frozenset[str]
    """The keys of `wanted`."""
    unwanted: frozenset[tuple[str, Value]]
    """What stands in the way of something."""
    ends: frozenset[tuple[str, Value]]
    """What an ending asks for: no reason for haste, and to lose it bars the ending."""

    @classmethod
    def of(cls, relevance: Relevance) -> Safety:
        """The safety of changes in a world."""
        unsure: set[str] = set()
        wanted: set[tuple[str, Value]] = set()
        unwanted: set[tuple[str, Value]] = set()
        for sign, condition in signed(relevance.model):
            for test, positive in signed_tests(condition):
                key, value = reading(test)
                good = sign if positive else -sign
                if sign == UNSURE or key is None:
                    unsure.update(keys_of(test))
                elif good == GOOD:
                    wanted.add((key, value))
                else:
                    unwanted.add((key, value))
        if relevance.model.file.carry_at_most is not None:
            unsure.update(f"at.{id_}" for id_ in relevance.model.things)
        return cls(
            relevance,
            frozenset(unsure),
            frozenset(wanted),
            frozenset(key for key, _ in wanted),
            frozenset(unwanted),
            frozenset(asked_by_endings(relevance.model)),
        )

    def only_helps(self, before: State, after: State) -> bool:
        """Whether everything that a deed changed can only help."""
        if after.ended or before.place != after.place:
            return False
        for key in before.values.keys() | after.values.keys():
            old, new = before.values.get(key), after.values.get(key)
            if (
                old != new
                and key in self.relevance.values
                and not self.may_become(key, self.value(key, new))
            ):
                return False
        for id_ in before.at.keys() | after.at.keys():
            if (
                before.at.get(id_) != after.at.get(id_)
                and id_ in self.relevance.things
                and not self.may_go(id_, after)
            ):
                return False
        return True

    def may_bar(self, before: State, after: State) -> bool:
        """Whether something that a deed changed may bar anything, so that it may come too early."""
        for key in (before.values.keys() | after.values.keys()) & self.relevance.values:
            old, new = before.values.get(key), after.values.get(key)
            if old != new and self.bars(key, self.value(key, new)):
                return True
        moved = [id_ for id_ in self.relevance.things if before.at.get(id_) != after.at.get(id_)]
        return any(after.at.get(id_) != "carried" or f"at.{id_}" in self.unsure for id_ in moved)

    def undoes(self, before: State, after: State, helped: State) -> bool:
        """Whether what only helps took back something that a deed did and that may bar anything."""
        changed = {
            key for key in self.relevance.values if before.values.get(key) != after.values.get(key)
        }
        return any(
            after.values.get(key) != helped.values.get(key)
            and self.bars(key, self.value(key, after.values.get(key)))
            for key in changed
        )

    def barring(self, state: State) -> frozenset[tuple[str, Value]]:
        """Everything in a situation that may bar something."""
        values = {
            (key, value) for key, value in state.values.items() if key in self.relevance.values
        }
        away = {
            (f"at.{id_}", at)
            for id_, at in state.at.items()
            if id_ in self.relevance.things and at != "carried"
        }
        return frozenset({one for one in values if self.bars(*one)} | away)

    def bars(self, key: str, value: Value) -> bool:
        """Whether a value may bar something, being what it is now."""
        if key.startswith("event.") or ".did." in key:
            return False
        return not self.may_become(key, value) and (key, value) not in self.ends

    def value(self, key: str, value: Value | None) -> Value:
        """A value, or the one at the start where it is as at the start."""
        return self.relevance.model.defaults.get(key, False) if value is None else value

    def may_become(self, key: str, value: Value) -> bool:
        """Whether a value may become another without barring anything."""
        if key in self.unsure or key.startswith("event.") or key.endswith(".broken"):
            return False
        if key in self.waiting and (key, value) not in self.wanted:
            return False
        return (key, value) not in self.unwanted

    def may_go(self, id_: str, after: State) -> bool:
        """Whether a thing may have gone to where it is now: into the player's hands, at most."""
        return after.at.get(id_) == "carried" and self.may_become(f"at.{id_}", "carried")


def signed(model: Model) -> Iterator[tuple[int, Condition]]:
    """Every condition that matters, with whether its holding helps, hinders, or may do both."""
    for place in model.places.values():
        yield from ((GOOD, way.when) for way in place.exits)
    for person in model.folk.values():
        for topic in person.topics.values():
            yield from ((GOOD, topic.when), (GOOD, topic.offered)) if topic.effects else ()
        yield from ((GOOD, want.when) for want in (*person.wants.values(), *person.fears.values()))
        yield from ((GOOD, plea.when) for plea in person.pleas.values())
        yield UNSURE, person.moves
    yield from ((sign_of(model, rule), rule.when) for rule in model.rules if counts(rule))
    yield from ((UNSURE, event.when) for event in model.events if event.effects)
    yield from ((UNSURE, step.when) for step in model.steps if step_is_asked_for(model, step.id))
    yield from ((UNSURE, ending.when) for ending in model.endings if ending.automatic)
    yield from ((GOOD, knack.when) for knack in model.knacks.values() if knack.effects)


def asked_by_endings(model: Model) -> Iterator[tuple[str, Value]]:
    """What the endings ask for."""
    for ending in model.endings:
        for test, positive in signed_tests(ending.when):
            key, value = reading(test)
            if key is not None and positive:
                yield key, value


def sign_of(model: Model, rule: Rule) -> int:
    """Whether a rule's conditions help when they hold: only if it adds a deed and hides no other."""
    if rule.refuse:
        return BAD
    verbs = {pattern.verb for pattern in rule.patterns}
    if not verbs <= HANDLING | {"use", "say"} | model.verbs.keys():
        return UNSURE
    others = [
        pattern for pattern, other in patterns_of(model) if other is not rule and not other.refuse
    ]
    shared = any(
        one.verb == pattern.verb and overlap(one.args, pattern.args)
        for one in others
        for pattern in rule.patterns
    )
    return UNSURE if shared else GOOD


def overlap(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Whether two patterns may be about one deed."""
    return all(a == b or "any" in (a, b) for a, b in zip(first, second, strict=False))


def signed_tests(condition: Condition, positive: bool = True) -> Iterator[tuple[Test, bool]]:
    """Every test of a condition, with whether it counts as it stands or as its opposite."""
    if isinstance(condition, Test):
        yield condition, positive
    elif isinstance(condition, Not):
        yield from signed_tests(condition.part, not positive)
    else:
        for part in condition.parts:
            yield from signed_tests(part, positive)


def reading(test: Test) -> tuple[str | None, Value]:
    """The key and value that a test wants; None where it is of another kind."""
    if test.kind in {"flag", "met", "visited", "heard", "follows", "done"}:
        return tested_key(test), True
    if test.kind == "is":
        power, value = STATE_VALUES.get(test.b, ("state", test.b))
        return f"{test.a}.{power}", value
    return (f"at.{test.a}", "carried") if test.kind in {"carried", "here"} else (None, False)


def keys_of(test: Test) -> Iterator[str]:
    """Every key that a test may read."""
    key, _ = reading(test)
    yield from (one for one in (key, tested_key(test)) if one)
    if test.kind in {"worn", "at_place", "held_by", "here", "carried"}:
        yield f"at.{test.a}"
