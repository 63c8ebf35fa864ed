"""The words that the reading knows: patterns of verbs, deeds of no verb, small words, questions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, cast

import yaml

SLOTS = frozenset({"thing", "target", "person", "way", "topic", "words", "holder"})
Binding = Mapping[str, tuple[int, int]]
"""For each slot, where its words begin and end in the clause."""
Deed = tuple[tuple[str, ...], str]
"""A phrase that begins a deed, and what kind it is."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to say an action: words that must stand there, and slots between them."""

    act: tuple[str, ...]
    """The verb, then the slots that become the action's parts."""
    elements: tuple[frozenset[str] | str, ...]
    """A set of words of which one must stand there, or a slot's name."""

    @property
    def own_words(self) -> int:
        """How many words of its own the pattern has: the more, the more particular it is."""
        return sum(not isinstance(element, str) for element in self.elements)

    def bindings(self, words: Sequence[str]) -> Iterator[Binding]:
        """Every way in which the pattern covers all of `words`."""
        return self._bind(words, 0, 0, {})

    def _bind(
        self, words: Sequence[str], at: int, element: int, found: dict[str, tuple[int, int]]
    ) -> Iterator[Binding]:
        if element == len(self.elements):
            if at == len(words):
                yield dict(found)
            return
        wanted = self.elements[element]
        left = len(self.elements) - element - 1
        if isinstance(wanted, frozenset):
            if at < len(words) and words[at] in wanted:
                yield from self._bind(words, at + 1, element + 1, found)
            return
        ends = range(len(words) - left, at, -1) if left else (len(words),)
        for end in ends:
            if end > at:
                found[wanted] = (at, end)
                yield from self._bind(words, end, element + 1, found)
                del found[wanted]


def pattern_of(act: str, text: str) -> Pattern:
    """A pattern from its line in the verbs' file."""
    elements: list[frozenset[str] | str] = []
    for part in text.split():
        slot = part.strip("{}")
        elements.append(
            slot if part.startswith("{") and slot in SLOTS else frozenset(part.split("|"))
        )
    return Pattern(tuple(part.strip("{}") for part in act.split(":")), tuple(elements))


@dataclass(frozen=True, slots=True)
class Small:
    """The small words, by what they do."""

    articles: frozenset[str]
    anybody: Mapping[str, frozenset[str]]
    """What anybody may be called, by the pronoun: `man` for `he`."""
    pronouns: Mapping[str, str]
    """`him` to `he`, and so on."""
    everything: frozenset[str]
    but: frozenset[str]
    openings: tuple[tuple[str, ...], ...]
    closings: tuple[tuple[str, ...], ...]
    contractions: Mapping[str, str]
    directions: Mapping[str, str]
    """`upstairs` to `up`, and so on."""
    parts: frozenset[str]
    greetings: frozenset[str]
    greeting_phrases: tuple[tuple[str, ...], ...]
    joined_by: tuple[str, ...]
    """Words after which a noun only says which one is meant: `the gate behind the counter`."""
    joints: frozenset[str]
    ways: frozenset[str]
    """What a way may be called, whatever it is."""
    tails: frozenset[str]
    """Words with which the manner of a deed begins: `with care`."""
    musing: frozenset[str]
    """First words of what can be done with somebody who isn't here."""
    climbing: frozenset[str]
    """First words of going that are a deed of their own where no way is meant."""
    buying: frozenset[str]
    looking: frozenset[str]
    """Verbs that a sight answers by being looked at."""
    idle: frozenset[str]
    """Verbs of which nothing comes on what can be looked at and no more."""
    titles: frozenset[str]
    """First words of names that are no names alone: `the captain`, but `Nan`."""
    empty: frozenset[str]
    """What says nothing of what somebody is asked or told about."""
    scenery: frozenset[str]
    common: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything that the reading knows of English, as data."""

    patterns: tuple[Pattern, ...]
    deeds: tuple[Deed, ...]
    """The longest first."""
    strange: frozenset[str]
    small: Small
    questions: tuple[tuple[str, re.Pattern[str]], ...]
    starts: frozenset[str]
    """Every word with which a pattern begins."""
    vocabulary: frozenset[str]
    """Every word above: none of them is a typing mistake."""
    patterns_by_word: Mapping[str, tuple[Pattern, ...]]
    """The patterns by each word that they may begin with."""
    deeds_by_word: Mapping[str, tuple[Deed, ...]]
    """The deeds by their first word, the longest first."""

    def deed_kinds(self, words: Sequence[str]) -> dict[str, int]:
        """The kinds of deed that `words` may begin, each with the length of its phrase."""
        kinds: dict[str, int] = {}
        for phrase, kind in self.deeds_by_word.get(words[0], ()) if words else ():
            if tuple(words[: len(phrase)]) == phrase:
                kinds.setdefault(kind, len(phrase))
        return kinds


@cache
def lexicon() -> Lexicon:
    """The words that come with the game."""
    verbs = cast("dict[str, list[str]]", loaded("verbs"))
    patterns = tuple(pattern_of(act, text) for act, texts in verbs.items() for text in texts)
    small = small_words(loaded("words"))
    deeds = deeds_of(loaded("deeds"))
    strange = frozenset(cast("list[str]", loaded("strange")[""]))
    questions = cast("dict[str, list[str]]", loaded("questions"))
    words = {word for phrase, _ in deeds for word in phrase} | strange
    return Lexicon(
        patterns=patterns,
        deeds=deeds,
        strange=strange,
        small=small,
        questions=tuple(
            (kind, re.compile(f"(?:{text})")) for kind, texts in questions.items() for text in texts
        ),
        starts=frozenset(word for pattern in patterns for word in pattern.elements[0]),
        vocabulary=frozenset(
            words | known_words(patterns) | known_small_words(small) | question_words(questions)
        ),
        patterns_by_word=by_first_word(patterns),
        deeds_by_word=deeds_by_first_word(deeds),
    )


def deeds_of(kinds: Mapping[str, Sequence[str]]) -> tuple[Deed, ...]:
    """The deeds of a file of phrases by kind, the longest first."""
    deeds = ((tuple(phrase.split()), kind) for kind in kinds for phrase in kinds[kind])
    return tuple(sorted(deeds, key=lambda deed: -len(deed[0])))


def deeds_by_first_word(deeds: Iterable[Deed]) -> dict[str, tuple[Deed, ...]]:
    """Deeds by the word that they begin with, in their order."""
    found: dict[str, list[Deed]] = {}
    for deed in deeds:
        found.setdefault(deed[0][0], []).append(deed)
    return {word: tuple(some) for word, some in found.items()}


def by_first_word(patterns: Iterable[Pattern]) -> dict[str, tuple[Pattern, ...]]:
    """Patterns by each word that they may begin with."""
    found: dict[str, list[Pattern]] = {}
    for pattern in patterns:
        first = pattern.elements[0]
        for word in first if isinstance(first, frozenset) else ():
            found.setdefault(word, []).append(pattern)
    return {word: tuple(some) for word, some in found.items()}


def own_patterns(id_: str, word: str, *, alone: bool) -> tuple[Pattern, ...]:
    """The ways to say a verb of a tale's own; one that stands alone may have words after it."""
    if alone:
        return pattern_of(id_, word), pattern_of(id_, f"{word} {{words}}")
    return (pattern_of(f"{id_}:{{thing}}", f"{word} {{thing}}"),)


def known_words(patterns: Iterable[Pattern]) -> set[str]:
    """The words of patterns."""
    return {
        word
        for pattern in patterns
        for element in pattern.elements
        if not isinstance(element, str)
        for word in element
    }


def known_small_words(small: Small) -> set[str]:
    """Those of the small words that no typing mistake is made of."""
    phrases = (
        *small.openings,
        *small.closings,
        *small.greeting_phrases,
        *(phrase.split() for phrase in small.contractions.values()),
    )
    return {word for phrase in phrases for word in phrase}.union(
        small.common,
        small.scenery,
        small.parts,
        small.greetings,
        small.directions,
        small.pronouns,
        small.articles,
        small.everything,
        small.but,
    )


def question_words(questions: Mapping[str, Sequence[str]]) -> set[str]:
    """The words of the questions' expressions."""
    return {
        word
        for texts in questions.values()
        for text in texts
        for word in re.findall(r"[a-z]+", text)
    }


def small_words(data: Mapping[str, Any]) -> Small:
    """The small words from their file."""
    return Small(
        articles=frozenset(data["articles"]),
        pronouns={word: kind for kind, words in data["pronouns"].items() for word in words},
        anybody={kind: frozenset(words) for kind, words in data["anybody"].items()},
        everything=frozenset(data["everything"]),
        but=frozenset(data["except"]),
        openings=phrases(data["openings"]),
        closings=phrases(data["closings"]),
        contractions=dict(data["contractions"]),
        directions={word: way for way, words in data["directions"].items() for word in words},
        parts=frozenset(data["parts"]),
        greetings=frozenset(data["greetings"]),
        greeting_phrases=phrases(data["greeting_phrases"]),
        joined_by=tuple(data["joined_by"]),
        joints=frozenset(data["joints"]),
        ways=frozenset(data["ways"]),
        tails=frozenset(data["tails"]),
        musing=frozenset(data["musing"]),
        climbing=frozenset(data["climbing"]),
        buying=frozenset(data["buying"]),
        looking=frozenset(data["looking"]),
        idle=frozenset(data["idle"]),
        titles=frozenset(data["titles"]),
        empty=frozenset(data["empty"]),
        scenery=frozenset(data["scenery"]),
        common=frozenset(data["common"]),
    )


def phrases(texts: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Phrases as words, the longest first."""
    return tuple(sorted((tuple(text.split()) for text in texts), key=len, reverse=True))


def loaded(name: str) -> dict[str, Any]:
    """One of the lexicon's files, every value a word as it is written."""
    text = files("tui.world").joinpath("lexicon", f"{name}.yaml").read_text(encoding="utf-8")
    data = yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    return cast("dict[str, Any]", data) if isinstance(data, dict) else {"": data}
