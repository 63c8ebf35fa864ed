"""The words that a very small model knows: any other that nobody said before it is a slip."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from tui.engine.backend import ModelInfo

_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")
_OWN = re.compile(r"[’'](?:s|ll|d|re|ve)?$")


def words_in(text: str) -> frozenset[str]:
    """The words and numbers of a text in small letters, without what marks whose they are."""
    return frozenset(_OWN.sub("", word.casefold()) for word in _WORD.findall(text))


def known_words(model: ModelInfo | None) -> frozenset[str]:
    """Every word that the model was taught, where its file lists them (`fabletop.words`)."""
    return _listed(model.metadata.get("fabletop.words", "")) if model else frozenset()


@lru_cache(maxsize=2)
def _listed(text: str) -> frozenset[str]:
    return words_in(text)


def slips(text: str, known: Collection[str], said: Collection[str]) -> frozenset[str]:
    """The words of a reply that are neither known nor stand in what was `said`; none if nothing is known."""
    if not known:
        return frozenset()
    return frozenset(word for word in words_in(text) if word not in known and word not in said)
