"""Who lives in the world: what people know, want, fear, and can be talked into."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from tui.cards.worldfile.scenery import Named
from tui.cards.worldfile.spelling import (
    Conditions,
    Effects,
    Id,
    Ids,
    Model,
    Pronoun,
    Say,
    Text,
    Words,
)


class TopicFile(Model):
    """Something a person can be asked about: what they say of it, and when they will."""

    name: Text = Field(
        default="", description="How the topic is said; from the id or its thing where left out."
    )
    words: Words = Field(default=[], description="Other words that ask for it.")
    answer: Say = Field(description="What they say, after `tells you that`.")
    when: Conditions = Field(default=[], description="What must hold for them to say it.")
    withheld: Say = Field(default="", description="What is told while they will not.")
    offered: Conditions = Field(
        default=[], description="What must hold before it is offered as a choice."
    )
    do: Effects = Field(default=[], description="What comes of the answer.")
    phrases: Words = Field(default=[], description="Choice lines of your own for asking.")


def as_topic(value: object) -> object:
    """An answer alone, as the topic."""
    return {"answer": value} if isinstance(value, str) else value


class WantFile(Model):
    """What a person does on being given (or shown) a thing."""

    when: Conditions = Field(default=[], description="What must hold for it.")
    gives: Ids = Field(default=[], description="What they give back.")
    keeps: bool = Field(default=True, description="Whether they keep the thing.")
    say: Say = Field(default="", description="What is told.")
    do: Effects = Field(default=[], description="What comes of it.")
    phrases: Words = Field(default=[], description="Choice lines of your own for it.")


def as_want(value: object) -> object:
    """What is told alone, as the want."""
    return {"say": value} if isinstance(value, str) else value


class PersuadeFile(Model):
    """What talking a person round needs and does."""

    when: Conditions = Field(default=[], description="What must hold for them to do it.")
    to: Text = Field(description="What they are talked into: `row you over to the rock`.")
    say: Say = Field(description="What is told when they do it.")
    unwilling: Say = Field(default="", description="What is told while they will not.")
    do: Effects = Field(default=[], description="What comes of it.")
    phrases: Words = Field(default=[], description="Choice lines of your own for it.")


class PersonFile(Named):
    """Somebody (or some creature) who lives in the world."""

    role: Text = Field(default="", description="Who they are: `the ferrywoman`.")
    pronoun: Pronoun | None = Field(default=None, description="`he`, `she`, `they` or `it`.")
    at: str = Field(default="", description="The place where they are, or `nowhere`.")
    hidden: bool = Field(default=False, description="Not seen until an effect reveals them.")
    states: list[Id] = Field(
        default=[], description="States of your own; the first is the start, rules change them."
    )
    greeting: Say = Field(default="", description="What is told when they are greeted.")
    mood: int = Field(default=0, description="How they feel about the player at the start.")
    knows: dict[Id, Annotated[TopicFile, BeforeValidator(as_topic)]] = Field(
        default={}, description="What they can be asked about, by topic."
    )
    wants: dict[Id, Annotated[WantFile, BeforeValidator(as_want)]] = Field(
        default={}, description="What they do on being given a thing."
    )
    fears: dict[Id, Annotated[WantFile, BeforeValidator(as_want)]] = Field(
        default={}, description="What they do on being shown a thing."
    )
    persuade: dict[Id, PersuadeFile] = Field(
        default={}, description="What they can be talked into."
    )
    schedule: dict[str, Id] = Field(
        default={}, description='Where they go by the clock: `"20:00": shore`.'
    )
    route: list[Id] = Field(default=[], description="A round of places that they walk.")
    every: int = Field(default=2, ge=1, description="How many turns they stay at each.")
    moves: Conditions = Field(default=[], description="What must hold for them to move.")
    follows: bool = Field(default=False, description="Whether they go where the player goes.")
    talks: bool = Field(
        default=True, description="False for beasts: no topics, but gifts and fears work."
    )
