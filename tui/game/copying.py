"""What a very small model copies from its prompt: whether it came through, and where it was lost.

Such a model tells names and whole clauses only by copying them, and begins some of them
rightly and then goes astray: `the steward opens` for `the steward’s cabin`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import takewhile

from tui.world.hearing import bare, normal

BEGUN = 0.25
"""How much of a phrase must stand for it to have been begun."""
_WORD = re.compile(r"\w+")
_TWO_WORDS = re.compile(r"\w+\W+\w+")
_ARTICLE = re.compile(r"^(?:the|an?|some) ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phrases:
    """What a prompt gives to be told as it stands."""

    names: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    """Clauses and words as said."""
    ways: tuple[str, ...] = ()
    """What may be left out, but not garbled."""

    def garbled(self, text: str) -> list[str]:
        """The phrases that do not stand in `text`, or of which a part stands by itself there."""
        said = normal(text)
        missing = [one for one in (*self.names, *self.texts) if _plain(one) not in said]
        torn = [one for one in (*self.names, *self.ways) if _is_torn(said, _plain(one))]
        return [*missing, *torn]

    def mended(self, text: str, known: Collection[str]) -> list[str]:
        """The beginnings of `text` up to a phrase that it began and lost, with that phrase whole.

        A phrase has been begun where its first word stands, or a part of that in a word that is
        not among `known`.
        """
        phrases = [_ARTICLE.sub("", one, count=1) for one in dict.fromkeys(self.garbled(text))]
        found = [(_begun(text, phrase, known), phrase) for phrase in phrases]
        return [text[:start] + phrase for start, phrase in found if start is not None]


def _plain(phrase: str) -> str:
    return bare(phrase).strip('“”" .,;:')


def _is_torn(said: str, phrase: str) -> bool:
    """Whether the first two words of a longer phrase stand where the others do not follow."""
    head = _TWO_WORDS.match(phrase)
    if head is None or head[0] == phrase:
        return False
    rest = phrase[head.end() :]
    return re.search(rf"\b{re.escape(head[0])}\b(?!{re.escape(rest)}\b)", said) is not None


def _begun(text: str, phrase: str, known: Collection[str]) -> int | None:
    """Where the longest part of a phrase stands that does not go on to its end."""
    first = _WORD.match(phrase)
    if first is None:
        return None
    longest, found = max(1, int(BEGUN * len(phrase))), None
    for word in _WORD.finditer(text):
        pairs = zip(text[word.start() :].casefold(), phrase.casefold(), strict=False)
        same = sum(1 for _ in takewhile(lambda two: two[0] == two[1], pairs))
        begun = same >= len(first[0]) or word[0].casefold() not in known
        if begun and longest < same < len(phrase):
            longest, found = same, word.start()
    return found
