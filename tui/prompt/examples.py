"""Example dialogue of a card, as turns of its speakers.

Source: the character card specification and what its writers do with it: blocks begin with
`<START>`, lines with `{{user}}:` or `{{char}}:` (or the names, or `You:`); other lines go on.
"""

from __future__ import annotations

import re

from tui.prompt.block import Block

_START = re.compile(r"<START>[^\n]*", re.IGNORECASE)
_USER = ("{{user}}", "<user>", "you")
_CHAR = ("{{char}}", "<bot>", "<char>")
MOST_BLOCKS = 200


def example_blocks(text: str, user: str, char: str) -> tuple[Block, ...]:
    """The examples as blocks, oldest first; text before any speaker is left out."""
    blocks: list[Block] = []
    for talk in _START.split(text):
        blocks += _talk(talk, user, char)
    return tuple(blocks[:MOST_BLOCKS])


def _talk(talk: str, user: str, char: str) -> list[Block]:
    found: list[Block] = []
    for line in talk.strip().splitlines():
        head, colon, rest = line.partition(":")
        who = head.strip().lower()
        if colon and who in (*_USER, user.lower()):
            found.append(Block("player", "example", rest.strip(), user))
        elif colon and who in (*_CHAR, char.lower()):
            found.append(Block("model", "example", rest.strip(), char))
        elif found and line.strip():
            last = found.pop()
            found.append(Block(last.role, "example", f"{last.text}\n{line.strip()}", last.name))
    return found
