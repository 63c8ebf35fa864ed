"""The opening words of a prompt: what a tale or a companion tells the model about itself."""

from __future__ import annotations

from collections.abc import Sequence

_COUNTS = {2: "two", 3: "three", 4: "four", 5: "five"}


def tale_system(
    premise: str,
    *,
    user: str,
    persona: str = "",
    tone: str = "",
    choices: int = 3,
    lore: Sequence[str] = (),
) -> str:
    """The system text of a tale.

    `choices` is 0 (the clause is left out) or 2 to 5; `persona` and `tone` may be empty.
    Each of `lore` follows on a line of its own.
    """
    who = f"The player is {user}, who is {_bare(persona)}." if persona else f"The player is {user}."
    parts = ["This is a text adventure game.", _sentence(premise), who]
    if tone:
        parts.append(f"The tone is {_bare(tone)}.")
    task = "Describe what happens to the player in two to four sentences, in second person and present tense"
    if choices:
        task += f", and give them {_COUNTS[choices]} options to pick from on each turn"
    parts.append(task + ".")
    return _with_lore(parts, lore)


def companion_system(
    char: str,
    *,
    about: Sequence[str],
    user: str,
    persona: str = "",
    lore: Sequence[str] = (),
) -> str:
    """The system text of a companion; `about` is description, personality and scenario."""
    parts = ["Enter RP mode.", f"You are {char}.", *(_sentence(text) for text in about)]
    if persona:
        parts.append(f"{user} is {_bare(persona)}.")
    parts.append("Stay in character and answer in one to three sentences.")
    return _with_lore(parts, lore)


def _with_lore(parts: Sequence[str], lore: Sequence[str]) -> str:
    facts = (" ".join(fact.split()) for fact in lore)
    return "\n".join([" ".join(part for part in parts if part), *(fact for fact in facts if fact)])


def _bare(text: str) -> str:
    return " ".join(text.split()).rstrip(".")


def _sentence(text: str) -> str:
    """`text` on one line, with a full stop where it has no end of its own."""
    line = " ".join(text.split())
    return line if not line or line[-1] in ".!?…”\"'’)*" else line + "."
