"""What a very small model copies from its prompt: whether it came through, and where it was lost.

Such a model tells names and whole clauses only by copying them, and begins some of them
rightly and then goes astray: `the steward opens` for `the steward’s cabin`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import takewhile

from tui.world.hearing import bare, normal

_WORD = re.compile(r"\w+")
_TWO_WORDS = re.compile(r"\w+\W+\w+")
_CAPITALISED = re.compile(r"\b[A-Z]\w*")
_ARTICLE = re.compile(r"^(?:the|an?|some) ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phrases:
    """What a prompt gives to be told as it stands."""

    names: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    """Clauses."""
    spoken: tuple[str, ...] = ()
    """Words as said, which stand in quotes."""
    ways: tuple[str, ...] = ()
    """What may be left out, but not garbled."""
    pronouns: Mapping[str, str] = field(default_factory=dict[str, str], compare=False)
    """Of every name that there is: he, she, it or they."""

    def missing(self, text: str) -> list[str]:
        """The names, texts and spoken words that do not stand in `text` word for word."""
        said, words = _heard(text), set(_WORD.findall(text))
        return [
            one
            for one in (*self.names, *self.texts)
            if _plain(one) not in said or not words.issuperset(_CAPITALISED.findall(one))
        ] + [one for one in self.spoken if not _is_spoken(said, _plain(one))]

    def torn(self, text: str) -> list[str]:
        """The names and ways of which a part stands by itself in `text`."""
        said = _heard(text)
        return [one for one in (*self.names, *self.ways) if _is_torn(said, _plain(one))]

    def mended(self, text: str, strange: Collection[str]) -> list[str]:
        """The beginnings of `text` up to a phrase that it began and lost, with that phrase whole.

        A phrase has been begun where its first words stand: one of a name, two of any other. Of
        the `strange` words in small letters, which nobody knows, each may be a first one spoilt.
        """
        lost = dict.fromkeys((*self.missing(text), *self.torn(text)))
        phrases = [(_ARTICLE.sub("", one, count=1), 1 if one in self.names else 2) for one in lost]
        found = [(_begun(text, one, words, strange), one) for one, words in phrases]
        return [text[:at] + _as_at(text, at, one) for at, one in found if at is not None]


def _heard(text: str) -> str:
    """A normal text without its commas, of which a small model sets one more or one fewer."""
    return normal(text).replace(",", "")


def _plain(phrase: str) -> str:
    return _heard(bare(phrase)).strip('“”" .;:')


def _is_spoken(said: str, words: str) -> bool:
    """Whether words stand right behind a quote."""
    return any(f"{quote}{words}" in said for quote in ("“", '"'))


def _is_torn(said: str, phrase: str) -> bool:
    """Whether the first two words of a longer phrase stand where the others do not follow."""
    head = _TWO_WORDS.match(phrase)
    if head is None or head[0] == phrase:
        return False
    rest = phrase[head.end() :]
    return re.search(rf"\b{re.escape(head[0])}\b(?!{re.escape(rest)}\b)", said) is not None


def _begun(text: str, phrase: str, words: int, strange: Collection[str]) -> int | None:
    """Where the longest part of a phrase stands that does not go on to its end."""
    ends = [word.end() for word in _WORD.finditer(phrase)][:words]
    if not ends:
        return None
    first, longest, found = phrase[: ends[0]].casefold(), 0, None
    for word in _WORD.finditer(text):
        said = word[0].casefold()
        same = _shared(text[word.start() :], phrase)
        begun = same >= ends[-1] or (said in strange and _is_like(said, first))
        if begun and longest <= same < len(phrase):
            longest, found = same + 1, word.start()
    return found


def _as_at(text: str, start: int, phrase: str) -> str:
    """A phrase with a capital where there is one at its place."""
    return phrase[:1].upper() + phrase[1:] if text[start].isupper() else phrase


def _is_like(spoilt: str, word: str) -> bool:
    return spoilt[0] == word[0] or spoilt[-2:] == word[-2:]


def _shared(one: str, other: str) -> int:
    """How many letters two texts begin with alike."""
    pairs = zip(one.casefold(), other.casefold(), strict=False)
    return sum(1 for _ in takewhile(lambda two: two[0] == two[1], pairs))
