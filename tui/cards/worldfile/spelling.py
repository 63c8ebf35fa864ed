"""How single values of a `world:` may be written: ids, times, texts of limited length, lists."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

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
"""Words of the conditions and effects, which no id may be."""

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


def words_of(text: str) -> list[str]:
    """The words of a text, as the limits on told text count them."""
    return re.findall(r"[\w’'-]+", text)


def as_list(value: object) -> object:
    """One text, as a list of one."""
    return [value] if isinstance(value, str) else value


def limit(most: int) -> BeforeValidator:
    """A check that a text is on one line and has at most so many words."""

    def check(value: object) -> object:
        if not isinstance(value, str):
            return value
        text = " ".join(value.split())
        if len(words_of(text)) > most:
            raise ValueError(f"is {len(words_of(text))} words long; told whole, it may have {most}")
        return text

    return BeforeValidator(check)


def tidy(value: object) -> object:
    """A text on one line."""
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


def as_on(value: object) -> object:
    """What YAML 1.1 makes of a bare `on`, as the word."""
    return "on" if value is True else value


Clock = Annotated[int, BeforeValidator(parse_clock)]
Conditions = Annotated[list[str], BeforeValidator(as_list)]
Effects = Annotated[list[str], BeforeValidator(as_list)]
Words = Annotated[list[str], BeforeValidator(as_list)]
Ids = Annotated[list[Id], BeforeValidator(as_list)]
Text = Annotated[str, BeforeValidator(tidy)]
Say = Annotated[str, limit(MOST_SAY_WORDS)]
Sight = Annotated[str, limit(MOST_SIGHT_WORDS)]
Article = Literal["the", "a", "an", "some", "none"]
Pronoun = Literal["he", "she", "they", "it"]


class Model(BaseModel):
    """A mapping of the file; a field that is not in the model is an error, not a surprise."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
