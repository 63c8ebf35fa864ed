"""Faults that refuse no reply: of several that tell what was decided, one with the fewest is told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType

from tui.game.copying import Phrases
from tui.world.checking import check_words
from tui.world.hearing import bare, normal, sentences, without_speech, words_in

_PRONOUNS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("he", "him", "his", "himself"), "he"),
        **dict.fromkeys(("she", "her", "hers", "herself"), "she"),
        **dict.fromkeys(("it", "its", "itself"), "it"),
    }
)
_DONE_TWICE = re.compile(r"\b(\w{3,}) [^.;!?]*\band \1 (?:it|them)\b")
_NAME_WITH_ARTICLE = re.compile(r"\b(?:an?|the) [A-Z]\w*")


class Proofreading:
    """What the replies to one prompt are read against; made once for all of them."""

    def __init__(self, phrases: Phrases, sent: str) -> None:
        """`sent` is the prompt's text, which ends in what was decided."""
        self._sent, self._plain = sent, normal(sent)
        now = self._plain.rpartition("now: ")[2]
        self._pronouns = {
            name: pronoun
            for shown, pronoun in phrases.pronouns.items()
            if (name := bare(shown)) in now
        }
        self._told = sorted((normal(one) for one in phrases.texts), key=len, reverse=True)
        self._counts = Counter(words_in(now))
        names = " ".join((*phrases.pronouns, *phrases.names))
        free = {*check_words().stop, *words_in(normal(names))}
        self._once = {word for text in self._told for word in words_in(text)} - free
        self._pairs = {
            (one, next_)
            for name in self._pronouns
            for one, next_ in pairwise(words_in(name))
            if one not in check_words().stop
        }

    def faults(self, text: str) -> list[str]:
        """The words of a reply that say a thing twice (`you take it, and take it`), garble a name, or fit none."""
        plain = normal(text)
        return [
            *self._again(plain),
            *self._strayed(plain),
            *self._disagreeing(plain),
            *self._unfit(plain),
            *self._dubbed(text),
            *_DONE_TWICE.findall(plain),
        ]

    def _again(self, plain: str) -> Iterator[str]:
        """Words of what is told whole that stand more often than they were given."""
        said = Counter(words_in(plain))
        return (word for word in self._once if said[word] > self._counts[word])

    def _strayed(self, plain: str) -> Iterator[str]:
        """A name's word before one that follows it nowhere in the prompt: `coach house` for `coach yard`."""
        for one, next_ in self._pairs:
            for found in re.finditer(rf"\b{re.escape(one)} (?!{re.escape(next_)})[\w']+", plain):
                if found[0] not in self._plain:
                    yield found[0]

    def _disagreeing(self, plain: str) -> Iterator[str]:
        """A name before a verb of another number, before `you`, or too near itself."""
        for name, pronoun in self._pronouns.items():
            verbs = "is|was|has|does" if pronoun == "they" else "are|were|have|do|you|him"
            shown = re.escape(name)
            wrong = rf"(?<!and )(?<!and the )\b{shown} (?:{verbs}|(?:\w+ ){{1,2}}{shown})\b"
            yield from re.findall(wrong, plain)

    def _unfit(self, plain: str) -> Iterator[str]:
        """Pronouns in a sentence whose names are none of them; `they` may be any two."""
        for told in self._told:
            plain = plain.replace(told, " ")
        for part in sentences(without_speech(plain)):
            fitting = {pronoun for name, pronoun in self._pronouns.items() if name in part}
            words = words_in(part) if fitting else ()
            yield from (word for word in words if _PRONOUNS.get(word) not in {None, *fitting})

    def _dubbed(self, text: str) -> list[str]:
        """Names with an article that they nowhere have."""
        return [one for one in _NAME_WITH_ARTICLE.findall(text) if one not in self._sent]
