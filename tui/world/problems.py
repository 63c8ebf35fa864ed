"""What is wrong with a world, all at once, each with its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from pydantic import BaseModel

from tui.cards.problems import Problem
from tui.cards.worldfile import WorldFile
from tui.world.conditions import ALWAYS, AllOf, Condition
from tui.world.effects import Effect
from tui.world.ids import Ids, SpellingError
from tui.world.spelling import parse_condition
from tui.world.spelling_effects import parse_effect

Value = TypeVar("Value")


class WorldError(Exception):
    """A world that can't be played; `problems` carry fields (`things.brass_key.at`), no lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.sentence() for problem in self.problems))


class Report:
    """The problems found so far, and the names to look things up in."""

    def __init__(self, ids: Ids) -> None:
        self.ids = ids
        self.problems: list[Problem] = []

    def add(self, field: str, text: str, mending: str = "") -> None:
        """Note a problem."""
        self.problems.append(Problem(file="", line=0, field=field, text=text, mending=mending))

    def attempt(self, field: str, act: Callable[[], Value]) -> Value | None:
        """What `act` makes, or `None` and a problem."""
        try:
            return act()
        except SpellingError as error:
            self.add(field, error.text, error.mending)
            return None

    def need(self, field: str, id_: str, *kinds: str) -> str | None:
        """An id of one of the kinds, or `None` and a problem."""
        return self.attempt(field, lambda: self.ids.need(id_, *kinds))

    def conditions(self, field: str, texts: list[str]) -> Condition:
        """Parsed conditions; what can't be parsed is a problem and holds always."""
        found: list[Condition] = []
        for index, text in enumerate(texts):
            where = f"{field}.{index}" if len(texts) > 1 else field
            parsed = self.attempt(where, lambda text=text: parse_condition(text, self.ids))
            if parsed is not None:
                found.append(parsed)
        if not found:
            return ALWAYS
        return found[0] if len(found) == 1 else AllOf(tuple(found))

    def effects(self, field: str, texts: list[str]) -> tuple[Effect, ...]:
        """Parsed effects."""
        found: list[Effect] = []
        for index, text in enumerate(texts):
            where = f"{field}.{index}" if len(texts) > 1 else field
            parsed = self.attempt(where, lambda text=text: parse_effect(text, self.ids))
            if parsed is not None:
                found.append(parsed)
        return tuple(found)


def known_ids(file: WorldFile) -> Ids:
    """Every id of a world file; flags and counters also as its effects first name them."""
    effects = list(_effects_in(file))
    flags = set(file.flags) | {
        match[1] for text in effects if (match := re.match(r"\s*flag\s+(\w+)", text))
    }
    counters = set(file.counters) | {
        match[1] for text in effects if (match := re.match(r"\s*count\s+(\w+)", text))
    }
    return Ids(
        places=file.places,
        things=file.things,
        folk=file.folk,
        topics={id_: person.knows for id_, person in file.folk.items()},
        pleas={id_: person.persuade for id_, person in file.folk.items()},
        exits={id_: place.exits for id_, place in file.places.items()},
        states={id_: item.states for id_, item in (*file.things.items(), *file.folk.items())},
        flags=flags,
        counters=counters,
        steps={step.id for step in file.goal.steps if step.id},
        endings=file.endings,
        verbs=file.verbs,
    )


def _effects_in(value: object) -> Iterator[str]:
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            item = getattr(value, name)
            if name == "do":
                yield from item
            else:
                yield from _effects_in(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _effects_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from _effects_in(item)
