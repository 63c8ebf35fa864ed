"""Filling sentence patterns so that verbs and pronouns agree with the names in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_SLOT = re.compile(r"\{(\w+)\}")
_OBJECTS = {"he": "him", "she": "her", "it": "it", "they": "them"}
_OWN = {"he": "his", "she": "her", "it": "its", "they": "their"}


def agreeing(args: Mapping[str, str]) -> dict[str, str]:
    """The args with the words that agree with them: `{s} {es} {is} {it} {them} {their} {It} {ps} {pis}`."""
    pronoun = args.get("pronoun") or "it"
    many = args.get("plural") == "yes"
    they = pronoun == "they"
    return {
        **args,
        "s": "" if many else "s",
        "es": "" if many else "es",
        "is": "are" if many else "is",
        "has": "have" if many else "has",
        "it": pronoun,
        "It": pronoun.capitalize(),
        "them": _OBJECTS[pronoun],
        "their": _OWN[pronoun],
        "ps": "" if they else "s",
        "pis": "are" if they else "is",
    }


def slots(pattern: str) -> tuple[str, ...]:
    """The names of a pattern's slots."""
    return tuple(_SLOT.findall(pattern))


def fill(pattern: str, words: Mapping[str, str]) -> str:
    """The pattern with its slots filled; unknown slots are left empty."""
    return _SLOT.sub(lambda match: words.get(match[1], ""), pattern)


def fillable(patterns: Iterable[str], words: Mapping[str, str]) -> list[str]:
    """The patterns of which every slot has something in it (agreeing endings may be empty)."""
    return [
        pattern
        for pattern in patterns
        if all(words.get(slot) or slot in {"s", "es", "ps"} for slot in slots(pattern))
    ]


def sentence(text: str) -> str:
    """A clause as a sentence: a capital, a full stop."""
    text = text.strip()
    if not text:
        return ""
    start = re.search(r"\w", text)
    if start is not None:
        text = text[: start.start()] + text[start.start()].upper() + text[start.start() + 1 :]
    return text if text.endswith((".", "!", "?", "…", ".”", "!”", "?”", '."')) else f"{text}."
