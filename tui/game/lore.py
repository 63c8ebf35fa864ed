"""Lore in play: a card's lorebook, searched with the story's last turns and kept to its budget."""

from __future__ import annotations

from collections.abc import Sequence

from tui.cards import Card
from tui.engine.backend import Backend
from tui.prompt import Block, Found, Scene, facts_of, scanned, within
from tui.prompt.lorebook import MOST_TURNS, Fact
from tui.story import Turn

SHARE = 8
"""The context's part that matched facts take at most where the book has no budget: an eighth."""


def constant_lore(card: Card) -> list[str]:
    """The facts that are always in the prompt, those before the character first."""
    if card.character_book is None:
        return []
    facts = [fact for fact in facts_of(card.character_book) if fact.constant and fact.text]
    facts.sort(key=_place)
    return [fact.text for fact in facts]


def _place(fact: Fact) -> int:
    """Before the description, where the book leaves it, or after the character."""
    said = fact.decorated.said.get("position", "").strip().lower()
    if said == "before_desc":
        return -1
    return int(said == "after_desc" or fact.entry.position == "after_char")


async def matched_lore(
    card: Card,
    path: Sequence[Turn],
    seed: int,
    context: int,
    backend: Backend,
    *,
    greeting: int = 0,
) -> Found:
    """The facts that the last turns of `path` mention, within the book's budget of real tokens."""
    book = card.character_book
    if book is None:
        return Found()
    texts = [
        "\n".join(filter(None, (turn.name, turn.text, turn.scene)))
        for turn in reversed(path[-MOST_TURNS:])
    ]
    replies = sum(turn.role == "model" for turn in path)
    found = scanned(book, facts_of(book), Scene(texts, seed, replies, greeting))
    if not found.facts:
        return found
    sizes = [len(ids) for ids in await backend.encode_many([fact.text for fact in found.facts])]
    return within(found, sizes, book.token_budget or context // SHARE)


def lore_blocks(found: Found, exchanges: int) -> list[Block]:
    """The matched facts as volatile blocks, each at its depth; `exchanges` came before the newest."""
    return [
        Block(fact.role, "lore", " ".join(fact.text.split()), back=_back(fact, exchanges))
        for fact in found.facts
    ]


def _back(fact: Fact, exchanges: int) -> int:
    """How many of the player's turns a fact stands before the newest one."""
    from_start = fact.decorated.number("reverse_depth")
    if fact.depth is None and from_start is not None:
        return max(0, exchanges - from_start // 2)
    return 0 if fact.depth is None else max(0, (fact.depth - 1) // 2)
