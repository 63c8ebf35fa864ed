"""Memory: what the player and the card want kept in mind, as blocks near the end of the prompt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import cast

from tui.cards import Card
from tui.prompt import Block, Moment
from tui.story import Session, Turn

PINS_CHARACTERS = 600
SEEDS = 0x7FFF_FFFF


def reminders(session: Session, card: Card, fill: Callable[[str], str]) -> list[Block]:
    """The pins, the card's own note and the player's, the least important first."""
    blocks: list[Block] = []
    if pins := _pins(session):
        blocks.append(Block("system", "memory", fill(pins)))
    prompt, depth = _depth_prompt(card)
    if prompt:
        blocks.append(note_at(fill(prompt), depth))
    note = session.author_note
    if note.text:
        blocks.append(note_at(fill(note.text), note.depth))
    return blocks


def note_at(text: str, depth: int) -> Block:
    """A note so many messages from the end; two messages are one turn of the player's."""
    return Block("system", "note", text, back=max(0, (depth - 1) // 2))


def turn_moment(session: Session, turn: Turn | None, said: Mapping[str, str]) -> Moment:
    """What chance and time are at a turn; at the story's beginning where there is none."""
    story = session.header.world_seed
    at = turn.at if turn and turn.at else session.header.created_at
    seed = (story * 1_000_003 + (turn.id if turn else 0) * 7_919) & SEEDS
    now = datetime.fromtimestamp(at).astimezone() if at else None
    return Moment(seed, story, now, said)


def _pins(session: Session) -> str:
    """What is pinned, on one line, the newest kept where there is too much."""
    kept: list[str] = []
    room = PINS_CHARACTERS
    for text in reversed(list(session.pinned.values())):
        line = " ".join(text.split())
        if len(line) > room:
            break
        kept.insert(0, line)
        room -= len(line)
    return "Remember: " + " ".join(kept) if kept else ""


def _depth_prompt(card: Card) -> tuple[str, int]:
    """The note that other programs keep in a card's extensions, and how deep it stands."""
    found: object = card.extensions.get("depth_prompt")
    if not isinstance(found, Mapping):
        return "", 0
    data = cast("Mapping[str, object]", found)
    prompt, depth = data.get("prompt"), data.get("depth")
    deep = int(depth) if isinstance(depth, int | float | str) and str(depth).isdecimal() else 4
    return (prompt.strip() if isinstance(prompt, str) else ""), deep
