"""Where the player can be and what is there: places, their exits, and things."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from tui.cards.worldfile.spelling import (
    Article,
    Conditions,
    Id,
    Model,
    Say,
    Sight,
    Text,
    Words,
    as_on,
)


class Variant(Model):
    """One wording of a look, told while its conditions hold."""

    text: Text = Field(description="What is seen.")
    when: Conditions = Field(default=[], description="What must hold for this wording.")


def as_variants(value: object) -> object:
    """One text or several, each with or without conditions, as wordings."""
    if isinstance(value, (str, dict)):
        value = [value]
    if not isinstance(value, list):
        return value
    return [{"text": item} if isinstance(item, str) else item for item in value]


Look = Annotated[list[Variant], BeforeValidator(as_variants)]


class Named(Model):
    """What every place, thing and person may say of its own name."""

    name: Text = Field(default="", description="How it is called; from the id where left out.")
    article: Article | None = Field(
        default=None, description="The article where the usual one is wrong; `none` for none ever."
    )
    plural: bool = Field(default=False, description="Whether the name is a plural: `the stairs`.")
    words: Words = Field(default=[], description="Other words that a player may type for it.")
    look: Look = Field(
        default=[], description="What is seen; of several, the first whose `when` holds is told."
    )
    phrases: dict[str, Words] = Field(
        default={}, description="Choice lines of your own, by verb: `take: [Lift the key off]`."
    )


class ExitFile(Model):
    """A way out of a place."""

    to: Id = Field(description="The place that it leads to.")
    name: Text = Field(default="", description="How the way is shown.")
    by: Text = Field(default="", description="How one goes: `along the causeway`.")
    door: Id | None = Field(default=None, description="A thing that must be open.")
    when: Conditions = Field(default=[], description="What must hold to pass.")
    refuse: Say = Field(default="", description="What is told where `when` fails.")
    blocked_by: Id | None = Field(
        default=None, description="Who or what is in the way while `when` fails."
    )
    hidden: bool = Field(
        default=False, description="Not shown and not open until an effect reveals it."
    )
    minutes: int | None = Field(
        default=None, ge=0, description="How long it takes, where that is not a turn."
    )
    phrases: Words = Field(default=[], description="Choice lines of your own for taking it.")


def as_exit(value: object) -> object:
    """A place's id alone, as the way there."""
    return {"to": value} if isinstance(value, str) else value


Exit = Annotated[ExitFile, BeforeValidator(as_exit)]


class PlaceFile(Named):
    """Somewhere the player can be."""

    sight: Sight = Field(default="", description="What is told when the player first comes.")
    preposition: Annotated[Literal["in", "on", "at", "under", "by"], BeforeValidator(as_on)] = (
        Field(default="in", description="One is `on` the quay, `in` the shed, `at` the gate.")
    )
    exits: dict[Id, Exit] = Field(
        default={}, description="The ways out, by direction or any word: `north: shore`."
    )
    dark: bool = Field(default=False, description="Whether only a light shows what is here.")
    outdoors: bool = Field(default=False, description="Whether it is under the sky.")
    sound: Say = Field(default="", description="What listening hears, as a noun phrase.")
    smell: Say = Field(default="", description="What smelling finds, as a noun phrase.")
    finds: Say = Field(default="", description="What searching tells where it finds nothing.")
    sights: dict[str, Say] = Field(
        default={},
        description="What can only be looked at, and what is seen: `horse, mare: it is asleep`.",
    )


class ThingFile(Named):
    """Something that is in the world; the powers it has are the fields it is given."""

    at: str = Field(
        default="",
        description="Where it is: `quay`, `in desk`, `on table`, `carried`, `worn`, `nowhere`.",
    )
    fixed: bool = Field(default=False, description="Whether it can't be taken.")
    open: bool | None = Field(
        default=None, description="Given, it can be opened and closed; how it starts."
    )
    locked: bool | None = Field(default=None, description="Given, it can be locked; how it starts.")
    key: Id | None = Field(default=None, description="The thing that locks and unlocks it.")
    lit: bool | None = Field(
        default=None, description="Given, it can be lit and lights dark places; how it starts."
    )
    lit_by: Id | None = Field(default=None, description="The thing that lighting it needs.")
    holds: Annotated[Literal["in", "on"] | None, BeforeValidator(as_on)] = Field(
        default=None, description="Things can be put `in` it, or `on` it."
    )
    wearable: bool = Field(default=False, description="Whether it can be worn.")
    edible: bool = Field(default=False, description="Whether it can be eaten.")
    drinkable: bool = Field(default=False, description="Whether it can be drunk.")
    breakable: bool = Field(default=False, description="Whether it can be broken.")
    text: Say = Field(default="", description="What reading it tells.")
    hidden: bool = Field(
        default=False, description="Not seen until it is searched for, or an effect reveals it."
    )
    scenery: bool = Field(
        default=False, description="Fixed, and not listed: only there for those who look."
    )
    states: list[Id] = Field(
        default=[], description="States of your own; the first is the start, rules change them."
    )
    sound: Say = Field(default="", description="What listening to it hears.")
    smell: Say = Field(default="", description="What smelling it finds.")
    touch: Say = Field(default="", description="What touching it feels.")
