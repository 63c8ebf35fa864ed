"""The `world:` of a tale as its author writes it: shapes and spellings, nothing of how it runs.

Conditions and effects stay strings here (`carried brass_key`, `flag oiled on`); `tui.world`
parses them, because only the whole world knows which names exist. `docs/worlds.md` is the
author's page for everything in this file.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

MOST_SAY_WORDS = 25
MOST_SIGHT_WORDS = 16
RESERVED_IDS = frozenset(
    [
        "carried",
        "worn",
        "nowhere",
        "here",
        "player",
        "you",
        "it",
        "any",
        "anything",
        "all",
        "everything",
        "nothing",
        "flag",
        "count",
        "time",
        "turn",
        "not",
        "or",
        "and",
        "in",
        "on",
        "at",
        "to",
        "with",
        "from",
        "about",
        "is",
        "dark",
        "doorway",
        "visited",
        "heard",
        "mood",
        "done",
        "met",
    ]
)

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


def words_of(text: str) -> list[str]:
    """The words of a text, as the limits on told text count them."""
    return re.findall(r"[\w’'-]+", text)


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _limit(most: int) -> BeforeValidator:
    def check(value: object) -> object:
        if not isinstance(value, str):
            return value
        text = " ".join(value.split())
        if len(words_of(text)) > most:
            raise ValueError(f"is {len(words_of(text))} words long; told whole, it may have {most}")
        return text

    return BeforeValidator(check)


def _tidy(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value


def parse_clock(value: object) -> int:
    """Minutes after midnight of `22:00` (a string, or the number YAML 1.1 makes of it)."""
    if isinstance(value, bool):
        raise ValueError("write the time as 22:00")
    if isinstance(value, int):
        if not 0 <= value < 24 * 60:
            raise ValueError("write the time as 22:00")
        return value
    match = re.fullmatch(r"(\d{1,2}):([0-5]\d)", str(value).strip())
    if match is None or int(match[1]) > 23:
        raise ValueError("write the time as 22:00")
    return int(match[1]) * 60 + int(match[2])


def _on(value: object) -> object:
    return "on" if value is True else value  # what YAML 1.1 makes of a bare `on`


Clock = Annotated[int, BeforeValidator(parse_clock)]
Conditions = Annotated[list[str], BeforeValidator(_as_list)]
Effects = Annotated[list[str], BeforeValidator(_as_list)]
Words = Annotated[list[str], BeforeValidator(_as_list)]
Text = Annotated[str, BeforeValidator(_tidy)]
Say = Annotated[str, _limit(MOST_SAY_WORDS)]
Sight = Annotated[str, _limit(MOST_SIGHT_WORDS)]
Article = Literal["the", "a", "an", "some", "none"]
Pronoun = Literal["he", "she", "they", "it"]


class Model(BaseModel):
    """A mapping of the file; a field that is not in the model is an error, not a surprise."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Variant(Model):
    """One wording of a look, told while its conditions hold."""

    text: Text
    when: Conditions = []


def _variants(value: object) -> object:
    if isinstance(value, (str, dict)):
        value = [value]
    if not isinstance(value, list):
        return value
    return [{"text": item} if isinstance(item, str) else item for item in value]


Look = Annotated[list[Variant], BeforeValidator(_variants)]


class Named(Model):
    """What every place, thing and person may say of its own name."""

    name: Text = ""
    article: Article | None = None
    plural: bool = False
    words: Words = []
    look: Look = []
    phrases: dict[str, Words] = {}


class ExitFile(Model):
    """A way out of a place."""

    to: Id
    name: Text = ""
    by: Text = ""
    door: Id | None = None
    when: Conditions = []
    refuse: Say = ""
    blocked_by: Id | None = None
    hidden: bool = False
    minutes: int | None = Field(default=None, ge=0)
    phrases: Words = []


def _exit(value: object) -> object:
    return {"to": value} if isinstance(value, str) else value


Exit = Annotated[ExitFile, BeforeValidator(_exit)]


class PlaceFile(Named):
    """Somewhere the player can be."""

    sight: Sight = ""
    preposition: Annotated[Literal["in", "on", "at", "under", "by"], BeforeValidator(_on)] = "in"
    exits: dict[Id, Exit] = {}
    dark: bool = False
    outdoors: bool = False
    sound: Say = ""
    smell: Say = ""
    finds: Say = ""


class ThingFile(Named):
    """Something that is in the world; the powers it has are the fields it is given."""

    at: str = ""
    fixed: bool = False
    open: bool | None = None
    locked: bool | None = None
    key: Id | None = None
    lit: bool | None = None
    lit_by: Id | None = None
    holds: Annotated[Literal["in", "on"] | None, BeforeValidator(_on)] = None
    wearable: bool = False
    edible: bool = False
    drinkable: bool = False
    breakable: bool = False
    text: Say = ""
    hidden: bool = False
    scenery: bool = False
    states: list[Id] = []
    sound: Say = ""
    smell: Say = ""
    touch: Say = ""


class TopicFile(Model):
    """Something a person can be asked about: what they say of it, and when they will."""

    name: Text = ""
    words: Words = []
    answer: Say
    when: Conditions = []
    withheld: Say = ""
    offered: Conditions = []
    do: Effects = []
    phrases: Words = []


def _topic(value: object) -> object:
    return {"answer": value} if isinstance(value, str) else value


class WantFile(Model):
    """What a person does on being given (or shown) a thing."""

    when: Conditions = []
    gives: Annotated[list[Id], BeforeValidator(_as_list)] = []
    keeps: bool = True
    say: Say = ""
    do: Effects = []
    phrases: Words = []


def _want(value: object) -> object:
    return {"say": value} if isinstance(value, str) else value


class PersuadeFile(Model):
    """What talking a person round needs and does."""

    when: Conditions = []
    to: Text
    say: Say
    unwilling: Say = ""
    do: Effects = []
    phrases: Words = []


class PersonFile(Named):
    """Somebody (or some creature) who lives in the world."""

    role: Text = ""
    pronoun: Pronoun | None = None
    at: str = ""
    hidden: bool = False
    states: list[Id] = []
    greeting: Say = ""
    mood: int = 0
    knows: dict[Id, Annotated[TopicFile, BeforeValidator(_topic)]] = {}
    wants: dict[Id, Annotated[WantFile, BeforeValidator(_want)]] = {}
    fears: dict[Id, Annotated[WantFile, BeforeValidator(_want)]] = {}
    persuade: dict[Id, PersuadeFile] = {}
    schedule: dict[str, Id] = {}
    route: list[Id] = []
    every: int = Field(default=2, ge=1)
    moves: Conditions = []
    follows: bool = False
    talks: bool = True


class RuleFile(Model):
    """An action (or entering a place), what must hold, and what comes of it."""

    id: Id | None = None
    on: Words
    when: Conditions = []
    do: Effects = []
    say: Say = ""
    refuse: Say = ""
    instead: bool = False
    once: bool = False
    minutes: int | None = Field(default=None, ge=0)
    phrases: Words = []


def _rule(value: object) -> object:
    if isinstance(value, dict) and True in value:
        return {"on" if key is True else key: item for key, item in value.items()}
    return value


class EventFile(Model):
    """Something that happens by the clock, or as soon as its conditions hold."""

    at: Clock | None = None
    day: int | None = Field(default=None, ge=1)
    after: int | None = Field(default=None, ge=1)
    every: int | None = Field(default=None, ge=1)
    when: Conditions = []
    seen: Annotated[list[Id], BeforeValidator(_as_list)] = []
    say: Say = ""
    do: Effects = []


class StepFile(Model):
    """One step of the goal."""

    id: Id | None = None
    text: Text
    when: Conditions
    done: Say = ""
    hints: Words = []


class GoalFile(Model):
    """What the tale is about, in steps."""

    text: Text
    steps: list[StepFile] = Field(min_length=1)


class EndingFile(Model):
    """A way in which the tale ends."""

    title: Text
    text: Text
    kind: Literal["good", "bad", "mixed", "secret"] = "good"
    when: Conditions = []
    missed: Text = ""


class HintFile(Model):
    """A hint that is offered while its conditions hold."""

    text: Text
    when: Conditions = []


class VerbFile(Model):
    """A verb of the tale's own."""

    words: Words
    alone: bool = False
    phrases: Words = []
    say: Say = ""


class SecretFile(Model):
    """Words that no reply may say before the condition holds."""

    words: Annotated[list[str], BeforeValidator(_as_list), Field(min_length=1)]
    until: Conditions


class ImproviseFile(Model):
    """A kind of free deed that may succeed here."""

    words: Annotated[list[str], BeforeValidator(_as_list), Field(min_length=1)]
    when: Conditions = []
    say: Say
    do: Effects = []
    phrases: Words = []


class ClockFile(Model):
    """When the tale starts and how fast its time runs."""

    start: Clock | None = None
    minutes_per_turn: int = Field(default=5, ge=0, le=24 * 60)
    bands: dict[str, Text] = {}


class StartFile(Model):
    """Where the player is when the tale begins, and with what."""

    place: Id
    carry: Annotated[list[Id], BeforeValidator(_as_list)] = []
    wear: Annotated[list[Id], BeforeValidator(_as_list)] = []
    now: Say = ""


class WorldFile(Model):
    """The whole `world:` of a tale."""

    start: StartFile
    clock: ClockFile = ClockFile()
    carry_at_most: int | None = Field(default=None, ge=1)
    flags: Annotated[list[Id], BeforeValidator(_as_list)] = []
    counters: dict[Id, int] = {}
    places: dict[Id, PlaceFile] = Field(min_length=1)
    things: dict[Id, ThingFile] = {}
    folk: dict[Id, PersonFile] = {}
    rules: list[Annotated[RuleFile, BeforeValidator(_rule)]] = []
    events: dict[Id, EventFile] = {}
    goal: GoalFile
    endings: dict[Id, EndingFile] = Field(min_length=1)
    hints: list[HintFile] = []
    verbs: dict[Id, VerbFile] = {}
    refusals: dict[str, Words] = {}
    strange: Words = []
    phrases: dict[str, Words] = {}
    secrets: list[SecretFile] = []
    improvise: dict[Id, ImproviseFile] = {}
