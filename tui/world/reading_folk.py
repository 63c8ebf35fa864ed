"""What is said to somebody: which topic it is about, what it asks them to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from tui.world.model import Person
from tui.world.reading_lexicon import lexicon
from tui.world.reading_names import plain_words
from tui.world.reading_nouns import Found
from tui.world.reading_tokens import stem

NEARLY = 0.4
"""Words that fit one topic so far, and no other as much, mean it."""
A_THIRD = 0.33
"""Of what somebody can be talked into, so many words have to be said."""
OTHERS = {
    "me": "you",
    "my": "your",
    "i": "you",
    "mine": "your",
    "us": "you",
    "our": "your",
    "myself": "yourself",
    "am": "are",
}


@cache
def empty_words() -> frozenset[str]:
    """Words that say nothing of what is meant, as they are typed and as they are compared."""
    empty = lexicon().small.empty
    return empty | {stem(word) for word in empty}


def content(words: Iterable[str]) -> set[str]:
    """The words that carry what is meant, in the singular."""
    empty = empty_words()
    return {stem(word) for word in words if word not in empty and word.isalnum()}


def topic_meant(person: Person, words: Sequence[str]) -> Found | None:
    """The topic of a person's that some words are about."""
    said = content(words)
    if not said:
        return None
    small = lexicon().small
    best: Found | None = None
    nearly: list[str] = []
    for topic in person.topics.values():
        names = [
            plain_words(text, small)
            for text in (topic.name, topic.id.replace("_", " "), *topic.words)
        ]
        fit = max((topic_fit(content(name), said) for name in names), default=0.0)
        for phrase in topic.phrases:
            line = content(plain_words(phrase, small)) - content(
                plain_words(person.name.text, small)
            )
            part = topic_fit(line, said)
            fit = max(fit, part * (1.05 if line and line <= said else 0.9))
        if fit >= NEARLY:
            nearly.append(topic.id)
        if fit > 0.5 and (best is None or fit > best.fit):
            best = Found(topic.id, fit)
    return best or (Found(nearly[0], 0.55) if len(nearly) == 1 else None)


def topic_fit(name: set[str], said: set[str]) -> float:
    """How much of a topic's name was said; longer names count for a little more."""
    if not name:
        return 0.0
    shared = len(name & said) / len(name)
    return shared * 0.9 + min(len(name), 4) * 0.02 if shared > 0.5 else shared * 0.9


def plea_meant(person: Person, words: Sequence[str]) -> Found | None:
    """What a person is asked to do, of what they can be talked into."""
    said = content(words)
    best: Found | None = None
    for plea in person.pleas.values():
        wanted = content(plain_words(plea.to, lexicon().small))
        mine = said | {stem(plea.id)} if plea.id in words else said
        fit = len(wanted & mine) / len(wanted) if wanted else 0.0
        verb = plain_words(plea.to, lexicon().small)[:1]
        fit += 0.5 if stem(plea.id) in said else 0.0
        fit += 0.25 if verb and verb[0] in said else 0.0
        if fit >= A_THIRD and (best is None or fit > best.fit):
            best = Found(plea.id, min(fit, 1.0))
    return best
