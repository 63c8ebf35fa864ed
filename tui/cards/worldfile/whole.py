"""The whole `world:` of a tale: where and when it starts, and all that is in it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from tui.cards.worldfile.folk import PersonFile
from tui.cards.worldfile.happenings import (
    EndingFile,
    EventFile,
    GoalFile,
    HintFile,
    ImproviseFile,
    RuleFile,
    SecretFile,
    VerbFile,
    as_rule,
)
from tui.cards.worldfile.scenery import PlaceFile, ThingFile
from tui.cards.worldfile.spelling import Clock, Id, Ids, Model, Say, Text, Words


class ClockFile(Model):
    """When the tale starts and how fast its time runs."""

    start: Clock | None = Field(
        default=None, description="The time of day at the start; without it none is ever named."
    )
    minutes_per_turn: int = Field(default=5, ge=0, le=24 * 60, description="How long a turn takes.")
    bands: dict[str, Text] = Field(
        default={}, description='Your own words for the hours: `"06:00": first shift`.'
    )


class StartFile(Model):
    """Where the player is when the tale begins, and with what."""

    place: Id = Field(description="The place where the tale begins.")
    carry: Ids = Field(default=[], description="Things that the player has.")
    wear: Ids = Field(default=[], description="Things that the player wears.")
    now: Say = Field(default="", description="What the opening tells.")


class WorldFile(Model):
    """The whole `world:` of a tale."""

    start: StartFile = Field(description="Where the player is when the tale begins.")
    clock: ClockFile = Field(
        default_factory=ClockFile, description="When the tale starts, and how time runs."
    )
    carry_at_most: int | None = Field(
        default=None, ge=1, description="How many things the player can carry."
    )
    flags: Ids = Field(default=[], description="Names of what is on or off.")
    counters: dict[Id, int] = Field(default={}, description="Names of what is counted, and from.")
    places: dict[Id, PlaceFile] = Field(min_length=1, description="Where the player can be, by id.")
    things: dict[Id, ThingFile] = Field(default={}, description="What is in the world, by id.")
    folk: dict[Id, PersonFile] = Field(default={}, description="Who is in the world, by id.")
    rules: list[Annotated[RuleFile, BeforeValidator(as_rule)]] = Field(
        default=[], description="What comes of deeds; the first whose conditions hold speaks."
    )
    events: dict[Id, EventFile] = Field(
        default={}, description="What happens by the clock, or as soon as something holds."
    )
    goal: GoalFile = Field(description="What the tale is about.")
    endings: dict[Id, EndingFile] = Field(min_length=1, description="How it can end, by id.")
    hints: list[HintFile] = Field(default=[], description="Hints that are offered meanwhile.")
    verbs: dict[Id, VerbFile] = Field(default={}, description="Verbs of the tale's own.")
    refusals: dict[str, Words] = Field(
        default={}, description="Your own wordings of refusals, by their kind."
    )
    sights: dict[str, Say] = Field(
        default={},
        description="What can be looked at from everywhere: `great clock: it is eleven`.",
    )
    strange: Words = Field(default=[], description="Words for what this world has not.")
    phrases: dict[str, Words] = Field(
        default={}, description="Choice lines for the usual verbs: `take: [Pocket {thing}]`."
    )
    secrets: list[SecretFile] = Field(default=[], description="What no reply may say yet.")
    improvise: dict[Id, ImproviseFile] = Field(
        default={}, description="Kinds of free deeds that may succeed."
    )
