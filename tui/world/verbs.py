"""Every verb of an action id and what its parts are."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

HANDLING = frozenset(
    [
        "push",
        "pull",
        "turn",
        "touch",
        "smell_it",
        "listen_to",
        "climb",
        "knock",
        "tie",
        "untie",
        "fill",
        "empty",
        "cut",
        "dig",
        "clean",
        "move",
        "shake",
        "pour",
        "throw",
        "sit",
        "ring",
        "blow",
        "follow",
        "attack",
        "pet",
    ]
)
"""Verbs on one thing that do nothing by themselves; rules say what comes of them."""

LONE = frozenset({"look", "search", "wait", "listen", "smell"})
"""Verbs that need nothing after them (`search` may also have a thing)."""

ROLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "go": ("way",),
        "look": (),
        "wait": (),
        "listen": (),
        "smell": (),
        "examine": ("any",),
        "search": ("thing",),
        "take": ("any",),
        "drop": ("thing",),
        "put": ("thing", "thing"),
        "open": ("thing",),
        "close": ("thing",),
        "unlock": ("thing", "thing"),
        "lock": ("thing", "thing"),
        "light": ("thing",),
        "douse": ("thing",),
        "wear": ("thing",),
        "take_off": ("thing",),
        "eat": ("thing",),
        "drink": ("thing",),
        "read": ("thing",),
        "break": ("any",),
        "use": ("thing", "any"),
        "give": ("thing", "person"),
        "show": ("thing", "person"),
        "greet": ("person",),
        "ask": ("person", "topic"),
        "persuade": ("person", "plea"),
        **dict.fromkeys(HANDLING, ("any",)),
    }
)
"""What follows each verb: ids of things, folk, either (`any`), ways, topics, pleas."""

SHORTER = frozenset({"search", "unlock", "lock", "use"})
"""Verbs whose last part may be left out."""

SPOKEN: Mapping[str, str] = MappingProxyType(
    {
        "smell_it": "smell",
        "knock": "knock at",
        "sit": "sit on",
        "dig": "dig at",
        "wear": "put on",
        "douse": "put out",
    }
)
"""Verbs that are said otherwise than their id before a thing."""


def spoken(verb: str, *, alone: bool = False) -> str:
    """A verb's id as it is said: `smell_it` is `smell`, `knock` before a thing `knock at`."""
    if alone:
        return "smell" if verb == "smell_it" else verb.replace("_", " ")
    return SPOKEN.get(verb, verb.replace("_", " "))
