"""Lore in play: a card's lorebook, searched with the story's last turns and kept to its budget."""

from __future__ import annotations

from collections.abc import Sequence

from tui.cards import Card
from tui.engine.backend import Backend
from tui.prompt import Block, Found, Scene, facts_of, scanned, within
from tui.story import Turn

SHARE = 8
"""The context's part that matched facts take at most where the book has no budget: an eighth."""
DEEPEST = 100


def constant_lore(card: Card) -> list[str]:
    """The facts that are always in the prompt, those before the character first."""
    if card.character_book is None:
        return []
    facts = [fact for fact in facts_of(card.character_book) if fact.constant and fact.text]
    facts.sort(key=lambda fact: fact.entry.position == "after_char")
    return [fact.text for fact in facts]


async def matched_lore(
    card: Card, path: Sequence[Turn], seed: int, context: int, backend: Backend
) -> Found:
    """The facts that the last turns of `path` mention, within the book's budget of real tokens."""
    book = card.character_book
    if book is None:
        return Found()
    texts = [
        "\n".join(filter(None, (turn.name, turn.text, turn.scene)))
        for turn in reversed(path[-DEEPEST:])
    ]
    replies = sum(turn.role == "model" for turn in path)
    found = scanned(book, facts_of(book), Scene(texts, seed, replies))
    if not found.facts:
        return found
    sizes = [len(ids) for ids in await backend.encode_many([fact.text for fact in found.facts])]
    return within(found, sizes, book.token_budget or context // SHARE)


def lore_blocks(found: Found) -> list[Block]:
    """The matched facts as volatile blocks, each at its depth."""
    return [
        Block(
            "system",
            "lore",
            " ".join(fact.text.split()),
            back=0 if fact.depth is None else max(0, (fact.depth - 1) // 2),
        )
        for fact in found.facts
    ]
