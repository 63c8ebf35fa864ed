"""Picking a choice by its number, its place in the list, or its words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from tui.story.turn import Choice
from tui.world.values import Action, Reading

NUMBERS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
DIGITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
PICK = re.compile(
    r"(?:i )?(?:pick |choose |take |do |select |go with |try )?(?:the )?(?:option |choice |number |no )*"
    rf"(?P<n>[1-9]|{'|'.join(DIGITS)}|{'|'.join(NUMBERS)}|last)(?: one| option| choice)?(?: please)?"
)


def picked_choice(typed: str, choices: Sequence[Choice]) -> Choice | None:
    """The choice that was picked by its number, its place in the list, or its very words."""
    told = plain(typed)
    for choice in choices:
        if choice.action and plain(choice.text) == told:
            return choice
    match = PICK.fullmatch(told)
    if match is None or not choices:
        return None
    said = match["n"]
    if said == "last":
        at = len(choices) - 1
    else:
        at = next(
            (row.index(said) for row in (NUMBERS, DIGITS) if said in row),
            int(said) - 1 if said.isdigit() else -1,
        )
    return choices[at] if 0 <= at < len(choices) and choices[at].action else None


def likelier_choice(reading: Reading, typed: str, choices: Sequence[Choice]) -> Reading:
    """The choice whose words were nearly typed, where nothing surer was read."""
    if reading.sure >= 0.8 or len(typed) < 6:
        return reading
    near = max(
        choices, key=lambda choice: fuzz.ratio(plain(choice.text), plain(typed)), default=None
    )
    if near is None or not near.action or fuzz.ratio(plain(near.text), plain(typed)) < 82:
        return reading
    return Reading(
        (Action(near.action),), 0.85, near.text[:1].lower() + near.text[1:], "", "actions"
    )


def plain(text: str) -> str:
    """A text in small letters, words only."""
    return " ".join(re.findall(r"[^\W_]+", text.lower()))
