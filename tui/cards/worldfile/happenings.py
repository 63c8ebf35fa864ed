"""What happens: rules, events, verbs of the tale's own, improvised deeds; and how it ends."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from tui.cards.worldfile.spelling import (
    Clock,
    Conditions,
    Effects,
    Id,
    Ids,
    Model,
    Say,
    Text,
    Words,
    as_list,
)

SomeWords = Annotated[list[str], BeforeValidator(as_list), Field(min_length=1)]


class RuleFile(Model):
    """An action (or entering a place), what must hold, and what comes of it."""

    id: Id | None = Field(default=None, description="A name of its own.")
    on: Words = Field(description="The deed, or several: `use oil on lamp_door`, `enter cellar`.")
    when: Conditions = Field(default=[], description="What must hold for the rule.")
    do: Effects = Field(default=[], description="What comes of the deed.")
    say: Say = Field(default="", description="What is told.")
    refuse: Say = Field(
        default="", description="Given, the deed does not happen, and this is told."
    )
    instead: bool = Field(
        default=False, description="Whether it replaces what the deed usually does."
    )
    once: bool = Field(default=False, description="Whether it holds at most once.")
    minutes: int | None = Field(
        default=None, ge=0, description="How long the deed takes, where that is not a turn."
    )
    phrases: Words = Field(default=[], description="Choice lines of your own for the deed.")


def as_rule(value: object) -> object:
    """A rule whose `on` YAML 1.1 read as true."""
    if isinstance(value, dict) and True in value:
        return {"on" if key is True else key: item for key, item in value.items()}
    return value


class EventFile(Model):
    """Something that happens by the clock, or as soon as its conditions hold."""

    at: Clock | None = Field(default=None, description="The time of day when it happens.")
    day: int | None = Field(default=None, ge=1, description="With `at`: on that day only.")
    after: int | None = Field(default=None, ge=1, description="The turn at which it happens.")
    every: int | None = Field(
        default=None, ge=1, description="How many turns pass from one time to the next."
    )
    when: Conditions = Field(default=[], description="What must hold for it to happen.")
    seen: Ids = Field(default=[], description="The places where it is told; everywhere if none.")
    say: Say = Field(default="", description="What is told.")
    do: Effects = Field(default=[], description="What comes of it.")


class StepFile(Model):
    """One step of the goal."""

    id: Id | None = Field(default=None, description="Its name for `done get_key`.")
    text: Text = Field(description="What is to be done, as the panel shows it.")
    when: Conditions = Field(description="What holds when it is done; once done, it stays so.")
    done: Say = Field(default="", description="What is told when it is done.")
    hints: Words = Field(default=[], description="Hints on how to do it.")


class GoalFile(Model):
    """What the tale is about, in steps."""

    text: Text = Field(description="The goal as a short deed: `Light the great lamp`.")
    steps: list[StepFile] = Field(min_length=1, description="The steps, the first to do first.")


class EndingFile(Model):
    """A way in which the tale ends."""

    title: Text = Field(description="What the ending is called.")
    text: Text = Field(description="The epilogue, in whole sentences.")
    kind: Literal["good", "bad", "mixed", "secret"] = Field(
        default="good", description="What sort of ending it is."
    )
    when: Conditions = Field(
        default=[], description="The tale ends as soon as this holds; else by `end` only."
    )
    missed: Text = Field(
        default="", description="What is said of it to those who did not come to it."
    )


class HintFile(Model):
    """A hint that is offered while its conditions hold."""

    text: Text = Field(description="The hint, a whole sentence.")
    when: Conditions = Field(default=[], description="What must hold for it.")


class VerbFile(Model):
    """A verb of the tale's own."""

    words: Words = Field(description="What a player may type for it.")
    alone: bool = Field(default=False, description="Whether it needs no thing: `pray`.")
    phrases: Words = Field(default=[], description="Choice lines for it: `Ring {thing}`.")
    say: Say = Field(default="", description="What is told where no rule answers.")


class SecretFile(Model):
    """Words that no reply may say before the condition holds."""

    words: SomeWords = Field(description="The words that give it away.")
    until: Conditions = Field(description="What must hold before they may be said.")


class ImproviseFile(Model):
    """A kind of free deed that may succeed here."""

    words: SomeWords = Field(description="Words of the deed: `sing`, `hum`.")
    when: Conditions = Field(default=[], description="What must hold for it to succeed.")
    say: Say = Field(description="What is told when it does.")
    do: Effects = Field(default=[], description="What comes of it.")
    phrases: Words = Field(default=[], description="Given, it is offered as a choice too.")
