"""Verbs looked up: by place, by id, by what was typed after a slash; and how keys are written."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from tui.game.verbtable import VERBS, Place, Verb


@dataclass(frozen=True, slots=True)
class Command:
    """A line that began with a slash: what it asks for, and what follows the word."""

    verb: Verb
    argument: str


class UnknownCommand(ValueError):
    """A slash was followed by a word that asks for nothing; says which words are near."""


def verbs_at(*places: Place) -> tuple[Verb, ...]:
    """The verbs of these places, in the table's order."""
    return tuple(verb for verb in VERBS if verb.place in places)


def verb_named(verb_id: str) -> Verb:
    """The verb with this id; raises KeyError."""
    for verb in VERBS:
        if verb.id == verb_id:
            return verb
    raise KeyError(verb_id)


def read_command(
    line: str, *, plain: bool = False, places: tuple[Place, ...] = ("play", "anywhere")
) -> Command | None:
    """The command on a line that begins with one slash; None for any other line.

    Two slashes say a line that begins with one. Raises `UnknownCommand`.
    """
    words = line.strip()
    if not words.startswith("/") or words.startswith("//"):
        return None
    word, _, rest = words[1:].partition(" ")
    every = {name: verb for verb in verbs_at(*places) for name in verb.slash}
    known = {name: verb for name, verb in every.items() if verb.plain or not plain}
    if verb := known.get(word.lower()):
        return Command(verb, rest.strip())
    if word.lower() in every:
        raise UnknownCommand(f"/{word} is for the full screen.")
    near = difflib.get_close_matches(word.lower(), known, n=2, cutoff=0.5)
    meant = " or ".join(f"/{name}" for name in near) or "/help"
    raise UnknownCommand(f"There is no command /{word}. Perhaps you meant {meant}.")


KEY_NAMES = {
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "slash": "/",
    "plus": "+",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "delete": "Del",
    "pageup": "PgUp",
    "pagedown": "PgDn",
}


def key_label(keys: str, *, short: bool = True) -> str:
    """How the first of these keys is written: `^R` on the key line, `Ctrl+R` on the help page."""
    key = keys.split(",")[0].strip()
    *held, last = key.split("+")
    name = KEY_NAMES.get(last) or (last.upper() if held or last[1:].isdigit() else last)
    if short and held == ["ctrl"]:
        return f"^{name}"
    return "+".join([*(part.capitalize() for part in held), name])
