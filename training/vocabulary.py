"""The words that the text is made of, but for invented ones: what the storyteller may know."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

from training.sources import mixed
from training.stock import TEXT
from tui.game.wording import words_in
from tui.world import telling

DOCUMENTS = 1500
OFTEN = 4
"""In how many documents a word has to be told that no prompt there gave: no invented one is."""


def known_words() -> list[str]:
    """All words of the stock, and the forms that telling makes of them, in order."""
    known: set[str] = set()
    phrases = Path(telling.__file__).parent / "phrases"
    for path in (*TEXT.rglob("*.*"), *phrases.glob("*.yaml")):
        known |= words_in(path.read_text(encoding="utf-8"))
    return sorted(known | _formed(known))


def _formed(known: set[str]) -> set[str]:
    source, random = mixed(core=0), Random(7)
    told: Counter[str] = Counter()
    for _ in range(DOCUMENTS):
        given: set[str] = set()
        fresh: set[str] = set()
        for segment in source(random, 5):
            words = words_in(segment.text)
            fresh |= (words - given - known) if segment.own else set()
            given |= words
        told.update(fresh)
    return {word for word, count in told.items() if count >= OFTEN}
