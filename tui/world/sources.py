"""What can make each thing true: a world's rules read backwards, once, for the planner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from tui.world.conditions import ALWAYS, AllOf, Condition, Test
from tui.world.effects import Effect
from tui.world.model import ANY, Model, Pattern, Rule


@dataclass(frozen=True, slots=True)
class Source:
    """An action (as an id; `wait` for what happens by itself), what it needs and what it does."""

    action: str
    needs: Condition
    effects: tuple[Effect, ...]


@dataclass(frozen=True)
class Sources:
    """Every Source of a Model."""

    model: Model
    found: tuple[Source, ...] = field(default=())

    @classmethod
    def of(cls, model: Model) -> Sources:
        """The Sources of a Model."""
        return cls(model, (*_of_rules(model), *_of_folk(model), *_of_the_rest(model)))

    @cached_property
    def by_key(self) -> dict[str, tuple[Source, ...]]:
        """Sources by what they change: `flag.oiled`, `brass_key@`, `lamp.lit`."""
        found: dict[str, list[Source]] = {}
        for source in self.found:
            for key in {key_of(effect) for effect in source.effects}:
                found.setdefault(key, []).append(source)
        return {key: tuple(items) for key, items in found.items()}


def key_of(effect: Effect) -> str:
    """What an effect changes."""
    if effect.kind == "move":
        return f"{effect.a}@"
    if effect.kind == "set":
        return f"{effect.a}."
    return effect.a


def _of_rules(model: Model) -> Iterator[Source]:
    for rule in model.rules:
        if rule.refuse or not rule.effects:
            continue
        for pattern in rule.patterns:
            yield from _of_pattern(model, pattern, rule)


def _of_pattern(model: Model, pattern: Pattern, rule: Rule) -> Iterator[Source]:
    if pattern.verb == "enter":
        yield Source(f"enter:{pattern.args[0]}", rule.when, rule.effects)
    elif pattern.verb == "leave":
        yield Source(f"leave:{pattern.args[0]}", rule.when, rule.effects)
    elif pattern.verb == "say":
        person, words = pattern.args
        listener = "" if person == ANY else person
        yield Source(f"say:{listener}:{words}", rule.when, rule.effects)
    elif pattern.verb == "go" and pattern.place:
        yield Source(
            f"go:{pattern.args[0]}",
            AllOf((Test("player_at", pattern.place), rule.when)),
            rule.effects,
        )
    elif ANY not in pattern.args:
        args = list(pattern.args)
        if (
            pattern.verb in {"unlock", "lock"}
            and len(args) == 1
            and (key := model.things[args[0]].file.key)
        ):
            args.append(key)
        yield Source(":".join([pattern.verb, *args]), rule.when, rule.effects)


def _of_folk(model: Model) -> Iterator[Source]:
    for person in model.folk.values():
        for topic in person.topics.values():
            heard = Effect("value", f"{person.id}.heard.{topic.id}", n=1)
            needs = AllOf((topic.offered, topic.when))
            yield Source(f"ask:{person.id}:{topic.id}", needs, (heard, *topic.effects))
        for want in person.wants.values():
            given = tuple(Effect("move", id_, "carried") for id_ in want.gives)
            yield Source(f"give:{want.thing}:{person.id}", want.when, (*given, *want.effects))
        for fear in person.fears.values():
            yield Source(f"show:{fear.thing}:{person.id}", fear.when, fear.effects)
        for plea in person.pleas.values():
            yield Source(f"persuade:{person.id}:{plea.id}", plea.when, plea.effects)
        yield Source(f"greet:{person.id}", ALWAYS, (Effect("value", f"{person.id}.met", n=1),))


def _of_the_rest(model: Model) -> Iterable[Source]:
    for event in model.events:
        yield Source("wait", event.when, event.effects)
    for knack in model.knacks.values():
        if knack.phrases:
            words = knack.phrases[0]
            yield Source(
                f"improvise:{knack.id}:{words[:1].lower()}{words[1:]}", knack.when, knack.effects
            )
