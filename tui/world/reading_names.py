"""What everything in a world may be called, in the words of the tale."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tui.world.model import Exit, Model
from tui.world.reading_lexicon import (
    Lexicon,
    Pattern,
    Small,
    by_first_word,
    lexicon,
    own_patterns,
)
from tui.world.reading_tokens import stem
from tui.world.sights import sight_words

Phrase = tuple[str, ...]
ROLE_TAIL = re.compile(r" (?:of|that|who) .*")
"""What only describes in a role: `the owner of the barge` is no barge."""


@dataclass(frozen=True, slots=True)
class Called:
    """All that something may be called."""

    phrases: frozenset[Phrase]
    heads: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Names:
    """What everything in a world may be called; made once for a world."""

    model: Model
    lexicon: Lexicon
    called: Mapping[str, Called]
    """Things, folk and places, by id."""
    by_head: Mapping[str, frozenset[str]]
    """For each noun, the words that tell the things of that name apart."""
    nouns: frozenset[str]
    """Every word that names something, topics and ways included."""
    verbs: frozenset[str]
    """Every word that can begin a deed."""
    known: frozenset[str]
    """Every word that is no typing mistake."""
    long_nouns: tuple[str, ...]
    long_verbs: tuple[str, ...]
    """The nouns and verbs that a mistake may be mended to."""
    own_patterns: Mapping[str, tuple[Pattern, ...]]
    """The patterns of the tale's own verbs, by the word that they begin with."""
    proper: frozenset[str]
    """Words that name something by themselves, so that they don't stand for `the mill wheel`."""

    @classmethod
    def of(cls, model: Model) -> Names:
        """The names of a world."""
        known = lexicon()
        called = {id_: called_by(phrases) for id_, phrases in phrases_of(model).items()}
        by_head = words_by_head(called.values())
        topics = [phrase for phrases in topic_texts(model) for phrase in phrases]
        nouns = {word for one in called.values() for word in one.words}
        nouns |= {word for phrase in topics for word in phrase} | ways_named(model)
        verbs = first_words(model)
        seen = words_of_sights(model)
        return cls(
            model=model,
            lexicon=known,
            called=called,
            by_head=by_head,
            nouns=frozenset(nouns),
            verbs=frozenset(verbs),
            known=known.vocabulary | nouns | verbs | seen,
            long_nouns=tuple(sorted(numbered(word for word in nouns | seen if len(word) > 2))),
            long_verbs=tuple(sorted(word for word in verbs if len(word) > 2)),
            own_patterns=by_first_word(
                pattern
                for id_, verb in model.verbs.items()
                for word in (*verb.words, id_.replace("_", " "))
                for pattern in own_patterns(id_, word, alone=verb.alone)
            ),
            proper=frozenset(by_head)
            | {word for id_ in model.places for word in called[id_].words}
            | {phrase[-1] for phrase in topics if phrase},
        )


def words_by_head(called: Iterable[Called]) -> dict[str, frozenset[str]]:
    """For each noun, the words that tell those of that name apart."""
    found: dict[str, set[str]] = {}
    for one in called:
        for head in one.heads:
            found.setdefault(head, set()).update(one.words - {head})
    return {head: frozenset(words) for head, words in found.items()}


def first_words(model: Model) -> set[str]:
    """Every word that can begin a deed: the game's, and a tale's own verbs and free deeds."""
    known = lexicon()
    own = (*model.verbs.values(), *model.knacks.values())
    return (
        set(known.patterns_by_word)
        | {phrase[0] for phrase, _ in known.deeds}
        | {phrase.split()[0] for one in own for phrase in one.words}
    )


def ways_named(model: Model) -> set[str]:
    """The words that name ways."""
    small = lexicon().small
    return {
        word
        for place in model.places.values()
        for way in place.exits
        for word in plain_words(f"{way.key.replace('_', ' ')} {way.shown}", small)
    }


def words_of_sights(model: Model) -> set[str]:
    """The words of what can be looked at and no more."""
    files = (model.file, *(place.file for place in model.places.values()))
    return {word for file in files for word in sight_words(file.sights)}


def numbered(nouns: Iterable[str]) -> set[str]:
    """Nouns, and what several of each are called."""
    return {
        form for noun in nouns for form in (noun, f"{noun}{'es' if noun[-1] in 'shx' else 's'}")
    }


def phrases_of(model: Model) -> dict[str, list[Phrase]]:
    """What each thing, person and place is called: its name, its id, its other words, its role."""
    small = lexicon().small
    found: dict[str, list[Phrase]] = {}
    for group in (model.things, model.folk, model.places):
        for id_, one in group.items():
            said = [one.name.text, id_.replace("_", " "), *one.name.words]
            role = ROLE_TAIL.sub("", model.folk[id_].file.role) if id_ in model.folk else ""
            found[id_] = [phrase for text in (*said, role) if (phrase := plain_words(text, small))]
    return found


def topic_texts(model: Model) -> Iterable[list[Phrase]]:
    """What each topic is called."""
    small = lexicon().small
    for person in model.folk.values():
        for topic in person.topics.values():
            yield [
                plain_words(text, small)
                for text in (topic.name, topic.id.replace("_", " "), *topic.words)
            ]


def called_by(phrases: Sequence[Phrase]) -> Called:
    """What something is called, from its phrases."""
    heads = frozenset(phrase[-1] for phrase in phrases)
    return Called(
        frozenset(phrases), heads, frozenset(word for phrase in phrases for word in phrase)
    )


def plain_words(text: str, small: Small) -> Phrase:
    """The words of a name, without articles, as they are compared."""
    bare = text.lower().replace("’", "'").replace("'s", "").replace("-", " ")
    words = ["".join(letter for letter in word if letter.isalnum()) for word in bare.split()]
    return tuple(stem(word) for word in words if word and word not in small.articles) or tuple(
        stem(word) for word in words if word
    )


def way_words(way: Exit, names: Names) -> set[str]:
    """The words that an exit goes by: its name, its manner, where it leads."""
    small = names.lexicon.small
    found = (
        set(plain_words(f"{way.key.replace('_', ' ')} {way.shown} {way.by}", small)) - small.joints
    )
    return found | names.called[way.to].words
