"""A world file made ready: names, parsed conditions and effects, and indexes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tui.cards.worldfile import PersonFile, PlaceFile, ThingFile, WorldFile
from tui.world.conditions import ALWAYS, Condition
from tui.world.effects import Effect
from tui.world.names import Name

ANY = "any"


@dataclass(frozen=True, slots=True)
class LookText:
    """One wording of a look, and when it is the one."""

    text: str
    when: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class Exit:
    """A way out of a place."""

    place: str
    key: str
    to: str
    by: str
    """`north`, `along the causeway`: fits `you go …`."""
    shown: str
    """`north to the shore`, `the old causeway`: fits `Ways: …`."""
    door: str | None
    when: Condition
    refuse: str
    blocked_by: str | None
    minutes: int | None
    phrases: tuple[str, ...]
    hidden_key: str
    """The key of the value that says whether it is still to be found."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere the player can be."""

    id: str
    name: Name
    file: PlaceFile
    looks: tuple[LookText, ...]
    exits: tuple[Exit, ...]
    where: str
    """`on the quay`."""

    def exit(self, key: str) -> Exit | None:
        """The exit with that key."""
        return next((way for way in self.exits if way.key == key), None)


@dataclass(frozen=True, slots=True)
class Thing:
    """Something in the world."""

    id: str
    name: Name
    file: ThingFile
    looks: tuple[LookText, ...]
    preposition: str
    """How it is where it is at the start: in, on, under, behind."""
    is_door: bool = False

    @property
    def portable(self) -> bool:
        """Whether it can be taken at all."""
        return not (self.file.fixed or self.file.scenery or self.is_door)


@dataclass(frozen=True, slots=True)
class Topic:
    """What a person says of something."""

    id: str
    name: str
    words: tuple[str, ...]
    answer: str
    when: Condition
    withheld: str
    offered: Condition
    effects: tuple[Effect, ...]
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Want:
    """What a person does on a gift or a sight."""

    thing: str
    when: Condition
    gives: tuple[str, ...]
    keeps: bool
    say: str
    effects: tuple[Effect, ...]
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plea:
    """Something a person can be talked into."""

    id: str
    to: str
    when: Condition
    say: str
    unwilling: str
    effects: tuple[Effect, ...]
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the world."""

    id: str
    name: Name
    file: PersonFile
    looks: tuple[LookText, ...]
    topics: Mapping[str, Topic]
    wants: Mapping[str, Want]
    fears: Mapping[str, Want]
    pleas: Mapping[str, Plea]
    schedule: tuple[tuple[int, str], ...]
    moves: Condition


@dataclass(frozen=True, slots=True)
class Pattern:
    """Which actions a rule is about: a verb and ids, `any` for whatever it may be."""

    verb: str
    args: tuple[str, ...] = ()
    place: str = ""

    def fits(self, verb: str, args: tuple[str, ...], place: str) -> bool:
        """Whether an action at a place is meant."""
        if verb != self.verb or (self.place and self.place != place) or len(args) < len(self.args):
            return False
        return all(mine in (ANY, given) for mine, given in zip(self.args, args, strict=False))


@dataclass(frozen=True, slots=True)
class Rule:
    """What comes of an action beyond, or instead of, the usual."""

    id: str
    patterns: tuple[Pattern, ...]
    when: Condition
    effects: tuple[Effect, ...]
    say: str
    refuse: str
    instead: bool
    once: bool
    minutes: int | None
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """What happens by itself."""

    id: str
    at: int | None
    """Minutes since the first midnight, the first time that is meant."""
    after: int | None
    every: int | None
    when: Condition
    seen: tuple[str, ...]
    say: str
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class GoalStep:
    """One step of the goal."""

    id: str
    text: str
    when: Condition
    done: str
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EndingRule:
    """When the tale ends, and how."""

    id: str
    title: str
    text: str
    kind: Literal["good", "bad", "mixed", "secret"]
    when: Condition
    automatic: bool
    weight: int
    missed: str


@dataclass(frozen=True, slots=True)
class OwnVerb:
    """A verb of the tale's own."""

    id: str
    words: tuple[str, ...]
    alone: bool
    phrases: tuple[str, ...]
    say: str


@dataclass(frozen=True, slots=True)
class Hint:
    """A hint and when it is offered."""

    text: str
    when: Condition


@dataclass(frozen=True, slots=True)
class Secret:
    """Words that are not to be said yet."""

    words: tuple[str, ...]
    until: Condition


@dataclass(frozen=True, slots=True)
class Knack:
    """A kind of free deed that may succeed."""

    id: str
    words: tuple[str, ...]
    when: Condition
    say: str
    effects: tuple[Effect, ...]
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """Everything that never changes while a world is played."""

    file: WorldFile
    places: Mapping[str, Place]
    things: Mapping[str, Thing]
    folk: Mapping[str, Person]
    rules: tuple[Rule, ...]
    events: tuple[Event, ...]
    goal: str
    steps: tuple[GoalStep, ...]
    endings: tuple[EndingRule, ...]
    verbs: Mapping[str, OwnVerb]
    hints: tuple[Hint, ...]
    secrets: tuple[Secret, ...]
    knacks: Mapping[str, Knack]
    start_at: Mapping[str, str]
    defaults: Mapping[str, bool | int | str]
    contents_at_start: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: Mapping[str, int] = field(default_factory=dict)
    hidden_exits: frozenset[str] = frozenset()
    """The `hidden_key` of the exits that are hidden at the start."""
    rules_by_verb: Mapping[str, tuple[tuple[Pattern, Rule], ...]] = field(default_factory=dict)
    patterns_by_id: Mapping[str, tuple[tuple[Pattern, Rule], ...]] = field(default_factory=dict)
    """Patterns by the thing or person that they name first; `""` for the rest."""

    def name(self, id_: str) -> Name:
        """The name of a place, thing or person."""
        found = self.things.get(id_) or self.folk.get(id_) or self.places[id_]
        return found.name

    def the(self, id_: str) -> str:
        """`the brass key`, `Marta`."""
        return self.name(id_).the
