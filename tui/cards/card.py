"""Card: a companion to talk with, or a tale to play, as its file says.

The field names are those of the character card specification, V2 and V3
(formats: `chara_card_v2` by malfoyslastname, `chara_card_v3` by kwaroran), plus ours. What checks
them is built when the first card is read, not when this is imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, model_validator

from tui.cards.lorebook import Extensions, Lorebook, Text, Words
from tui.cards.worldfile import WorldFile

Kind = Literal["tale", "companion"]


def as_greetings(value: object) -> object:
    """A single greeting, as a list of one; never split, since greetings hold commas."""
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


Paragraphs = Annotated[tuple[Text, ...], BeforeValidator(as_greetings)]


class Persona(BaseModel):
    """Who the player is, until they say otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    user_name: Text = Field(default="", description="The player's name in this card.")
    user_persona: Text = Field(
        default="", description="Who the player is, as a clause: `a lamplighter's child`."
    )


class Fact(BaseModel):
    """One thing that a companion knows, hides, or refuses to speak of."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    topic: Text = Field(description="What the fact is about: `the lock`.")
    words: Words = Field(default=(), description="Other words that mean the topic.")
    knows: Text = Field(default="", description="What the companion knows and will say.")
    hides: Text = Field(default="", description="What the companion knows and keeps back.")
    refuses: Text = Field(
        default="", description="What the companion will not speak of, and how it shows."
    )
    after: Words = Field(
        default=(), description="Topics that must have come up before what is hidden is told."
    )


class Card(BaseModel):
    """A companion or a tale; a frozen value. Unknown fields are kept in `extra`."""

    model_config = ConfigDict(
        frozen=True, extra="allow", arbitrary_types_allowed=True, defer_build=True
    )

    name: Annotated[Text, Field(min_length=1)] = Field(
        description="What the card is called, as lists show it."
    )
    kind: Kind = Field(
        default="companion", description="`tale` to play, or `companion` to talk with."
    )
    description: Text = Field(
        default="", description="Who the companion is, or what the tale is about."
    )
    personality: Text = Field(default="", description="The companion's character, in a few words.")
    scenario: Text = Field(
        default="", description="Where things stand at the start; a tale's premise."
    )
    first_mes: Text = Field(default="", description="The greeting, or the tale's opening.")
    mes_example: Text = Field(
        default="", description="Example dialogue; each block begins with <START>."
    )
    system_prompt: Text = Field(
        default="", description="Stands in place of the player's own system prompt."
    )
    post_history_instructions: Text = Field(
        default="", description="What the model reads last, just before it replies."
    )
    alternate_greetings: Paragraphs = Field(default=(), description="Other greetings to pick from.")
    group_only_greetings: Paragraphs = Field(
        default=(), description="Greetings for talks of several (V3)."
    )
    character_book: Lorebook | None = Field(
        default=None, description="Facts that enter the prompt when mentioned."
    )
    tags: Words = Field(default=(), description="Words to find the card by.")
    creator: Text = Field(default="", description="Who wrote the card.")
    creator_notes: Text = Field(
        default="", description="The author's word to the player; never in the prompt."
    )
    character_version: Text = Field(default="", description="The card's version.")
    nickname: Text = Field(
        default="", description="What {{char}} becomes, where it isn't the name (V3)."
    )
    extensions: Extensions = Field(
        default_factory=dict, description="What other programs keep here."
    )

    tone: Text = Field(default="", description="A tale's tone, in a word or two: `quiet mystery`.")
    genre: Text = Field(
        default="", description="What the library shows beside the name: `mystery`."
    )
    length: Text = Field(default="", description="How long it takes: `about 25 turns`.")
    persona: Persona = Field(
        default_factory=Persona, description="The player in this card: name, and who that is."
    )
    choices: int = Field(
        default=3, ge=0, le=9, description="How many choices are offered; 0 for none."
    )
    opening_choices: Words = Field(
        default=(), description="Choices after the opening, where no world offers them."
    )
    things_to_say: Words = Field(
        default=(),
        description="What a companion's player may say, the first lines under the greeting.",
    )
    facts: tuple[Fact, ...] = Field(
        default=(), description="All that a companion knows, hides and refuses to say."
    )
    starred: bool = Field(default=False, description="Whether it is the one to start with.")
    adult: bool = Field(default=False, description="Whether the card is for adults.")
    portrait: Text = Field(
        default="",
        description="A picture in the card's folder, by its file name; or one drawn in letters.",
    )
    world: WorldFile | None = Field(default=None, description="The tale's simulated world.")

    _id: str = PrivateAttr(default="")
    _data: Mapping[str, Any] = PrivateAttr(default_factory=dict[str, Any])

    @model_validator(mode="before")
    @classmethod
    def _guess_kind(cls, data: object) -> object:
        """A card with a world is a tale, one without is a companion, unless it says what it is."""
        if not isinstance(data, Mapping):
            return data
        known = {key: value for key, value in data.items() if value is not None}
        known.setdefault("kind", "tale" if "world" in known else "companion")
        return known

    @property
    def id(self) -> str:
        """The file's stem; the card's name in commands and saves."""
        return self._id

    @property
    def data(self) -> Mapping[str, Any]:
        """What the file held, field for field, JSON-able: a save's copy of its card."""
        return self._data

    @property
    def extra(self) -> Mapping[str, Any]:
        """The fields that are neither the specification's nor ours."""
        return self.model_extra or {}

    @property
    def user_name(self) -> str:
        """The player's name until they have given their own; may be empty."""
        return self.persona.user_name

    @property
    def user_persona(self) -> str:
        """Who the player is until they have said so; may be empty."""
        return self.persona.user_persona

    def known_as(self, card_id: str, data: Mapping[str, Any]) -> Self:
        """The same card, with its id and the data that it was read from."""
        card = self.model_copy()
        card._id, card._data = card_id, data
        return card
