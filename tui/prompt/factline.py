"""The fact line of a companion: what the program decided that they know of a topic.

It follows the player's words as a scene line does in a tale, is kept with the turn, and has
one of four shapes, so that a small model can learn them.
"""

from __future__ import annotations


def told(user: str, topic: str, char: str, fact: str) -> str:
    """The companion knows `fact` (a clause) of `topic` and tells it."""
    return f"Now: {user} asks about {topic}; {char} knows: {_clause(fact)}."


def withheld(user: str, topic: str, char: str, manner: str = "") -> str:
    """The companion knows something of `topic` and keeps it back; `manner` is how it shows."""
    shown = f": {_clause(manner)}" if manner else ""
    return f"Now: {user} asks about {topic}; {char} will not speak of it{shown}."


def unknown(user: str, topic: str, char: str) -> str:
    """The companion knows nothing of `topic`."""
    return f"Now: {user} asks about {topic}; {char} knows nothing of it."


def talk(user: str, char: str) -> str:
    """Nothing was asked: the two of them talk."""
    return f"Now: {user} talks with {char}."


def _clause(text: str) -> str:
    return " ".join(text.split()).rstrip(".;")
