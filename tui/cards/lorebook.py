"""Lorebooks: facts that enter the prompt when they are mentioned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def as_list(value: object) -> object:
    """One word, or several parted by commas, as the list that the specification wants."""
    if value is None:
        return []
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def as_text(value: object) -> object:
    """What YAML read as a number or as true/false, as the word that was written; nothing as ``""``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def as_mapping(value: object) -> object:
    """Nothing, as an empty mapping."""
    return {} if value is None else value


Text = Annotated[str, BeforeValidator(as_text)]
Words = Annotated[tuple[Text, ...], BeforeValidator(as_list)]
Extensions = Annotated[dict[str, Any], BeforeValidator(as_mapping)]


class Entry(BaseModel):
    """One fact, and the words that bring it into the prompt."""

    model_config = ConfigDict(frozen=True, extra="allow", defer_build=True)

    keys: Words = Field(default=(), description="Words that bring the fact into the prompt.")
    content: Text = Field(default="", description="The fact itself.")
    enabled: bool = Field(default=True, description="Whether the entry is used at all.")
    insertion_order: float = Field(
        default=100, description="Lower numbers come first in the prompt."
    )
    constant: bool | None = Field(
        default=None, description="Always in the prompt, mentioned or not."
    )
    secondary_keys: Words = Field(
        default=(), description="With `selective`: one of these must be mentioned too."
    )
    selective: bool | None = Field(default=None, description="Whether `secondary_keys` count.")
    case_sensitive: bool | None = Field(
        default=None, description="Whether KEY and key are different words."
    )
    use_regex: bool = Field(default=False, description="Whether the keys are regular expressions.")
    name: Text = Field(default="", description="What the entry is called in lists.")
    comment: Text = Field(default="", description="A note for the author; never in the prompt.")
    priority: float | None = Field(
        default=None, description="Where the budget is short, lower numbers are dropped first."
    )
    position: Literal["before_char", "after_char"] | None = Field(
        default=None, description="Before or after the character."
    )
    id: int | str | None = Field(default=None, description="A number or name of the entry's own.")
    extensions: Extensions = Field(
        default_factory=dict, description="What other programs keep here."
    )


def as_entries(value: object) -> object:
    """Entries that some programs write as a mapping by number, as a list."""
    if value is None:
        return []
    return list(value.values()) if isinstance(value, Mapping) else value


class Lorebook(BaseModel):
    """The facts of a card, with how they are looked for."""

    model_config = ConfigDict(frozen=True, extra="allow", defer_build=True)

    name: Text = Field(default="", description="What the book is called.")
    description: Text = Field(default="", description="What the book is about.")
    scan_depth: int | None = Field(
        default=None, ge=0, description="How many of the last turns are searched for keys."
    )
    token_budget: int | None = Field(
        default=None, ge=0, description="How many tokens the facts may take."
    )
    recursive_scanning: bool | None = Field(
        default=None, description="Whether facts may bring in other facts."
    )
    entries: Annotated[tuple[Entry, ...], BeforeValidator(as_entries)] = Field(
        default=(), description="The facts."
    )
    extensions: Extensions = Field(
        default_factory=dict, description="What other programs keep here."
    )
