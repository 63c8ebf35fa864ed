"""Which thing, person, way or topic some words mean, here and now."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tui.world.board import Board
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
GOOD_ENOUGH = 0.6
ROLE_TAIL = re.compile(r" (?:of|that|who) .*")
"""What only describes in a role: `the owner of the barge` is no barge."""
WHOLE = 0.85
"""From here on words are a name of something, and no part of something else's."""


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
        by_head: dict[str, set[str]] = {}
        for one in called.values():
            for head in one.heads:
                by_head.setdefault(head, set()).update(one.words - {head})
        nouns = {word for one in called.values() for word in one.words}
        for texts in topic_texts(model):
            nouns.update(word for phrase in texts for word in phrase)
        for place in model.places.values():
            for way in place.exits:
                nouns.update(plain_words(f"{way.key.replace('_', ' ')} {way.shown}", known.small))
        verbs = {
            word
            for pattern in known.patterns
            if isinstance(first := pattern.elements[0], frozenset)
            for word in first
        }
        verbs |= {word.split()[0] for verb in model.verbs.values() for word in verb.words}
        verbs |= {word.split()[0] for knack in model.knacks.values() for word in knack.words}
        verbs |= {phrase[0] for phrase, _ in known.deeds}
        own = (
            pattern
            for id_, verb in model.verbs.items()
            for word in (*verb.words, id_.replace("_", " "))
            for pattern in own_patterns(id_, word, alone=verb.alone)
        )
        seen = {
            word
            for file in (model.file, *(place.file for place in model.places.values()))
            for word in sight_words(file.sights)
        }
        by_words = {head: frozenset(words) for head, words in by_head.items()}
        proper = set(by_head) | {word for id_ in model.places for word in called[id_].words}
        proper |= {phrase[-1] for texts in topic_texts(model) for phrase in texts if phrase}
        return cls(
            model=model,
            lexicon=known,
            called=called,
            by_head=by_words,
            nouns=frozenset(nouns),
            verbs=frozenset(verbs),
            known=known.vocabulary | nouns | verbs | seen,
            long_nouns=tuple(sorted(numbered(word for word in nouns | seen if len(word) > 2))),
            long_verbs=tuple(sorted(word for word in verbs if len(word) > 2)),
            own_patterns=by_first_word(own),
            proper=frozenset(proper),
        )


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


@dataclass(frozen=True, slots=True)
class Found:
    """Something that words may mean, and how well they fit it."""

    id: str
    fit: float


class Scene:
    """What can be meant at one position of a world."""

    def __init__(self, names: Names, board: Board, recent: Sequence[str]) -> None:
        self.names = names
        self.board = board
        self.small = names.lexicon.small
        self.recent = list(recent)
        """Ids that were spoken of, the latest last."""
        self.in_sight = list(board.scope())

    def nouns_here(self) -> set[str]:
        """Every word that names something here, ways included."""
        found = {word for id_ in self.in_sight for word in self.names.called[id_].words}
        for way in self.board.exits():
            found.update(way_words(way, self.names))
        return found

    def phrase(self, words: Sequence[str]) -> Phrase:
        """Words as nouns are compared: without articles, in the singular."""
        bare = [word for word in words if word not in self.small.articles or word == "of"]
        while bare and bare[0] == "of":
            bare = bare[1:]
        return tuple(stem(word) for word in bare)

    def meant(self, words: Sequence[str], among: Iterable[str] | None = None) -> list[Found]:
        """What some words may mean among things and folk in sight, best first."""
        if pronouns := self.pronoun(words):
            return [Found(id_, 0.95 - 0.04 * at) for at, id_ in enumerate(pronouns)]
        ids = list(self.in_sight if among is None else among)
        if whole := self.whole_of(words, ids):
            return [Found(whole, 0.85)]
        best: dict[str, float] = {}
        for phrase, worth in self.variants(self.phrase(words)):
            for id_ in ids:
                fit = self.fit(phrase, id_) * worth
                if fit >= GOOD_ENOUGH - 0.1 and fit > best.get(id_, 0):
                    best[id_] = fit
        if not best and (somebody := self.anybody(words, ids)):
            return [Found(somebody, 0.85)]
        return sorted((Found(id_, fit) for id_, fit in best.items()), key=lambda found: -found.fit)

    def whole_of(self, words: Sequence[str], ids: Sequence[str]) -> str:
        """What was spoken of, where words name only a part: `its pockets`, `the lid`."""
        phrase = self.phrase(words)
        if len(phrase) != 1 or phrase[0] not in self.small.parts:
            return ""
        if words[0] not in OWNING and any(self.fit(phrase, id_) > WHOLE for id_ in ids):
            return ""
        things = self.board.model.things
        return next((id_ for id_ in reversed(self.recent) if id_ in ids and id_ in things), "")

    def anybody(self, words: Sequence[str], ids: Sequence[str]) -> str:
        """The person whom `the man` or `the old woman` means."""
        if not words:
            return ""
        folk, anybody = self.board.model.folk, self.small.anybody
        here = [id_ for id_ in self.board.folk_here() if id_ in ids]
        meant = [id_ for id_ in here if words[-1] in anybody.get(folk[id_].name.pronoun, ())]
        return next((id_ for id_ in reversed(self.recent) if id_ in meant), next(iter(meant), ""))

    def variants(self, phrase: Phrase) -> list[tuple[Phrase, float]]:
        """The phrase, and what `the door of the mill` may be turned into."""
        if "front" in phrase[1:-1]:
            at = phrase.index("front", 1)
            phrase = (*phrase[: at - 1], "before", *phrase[at + 1 :])
        bare = tuple(word for word in phrase if word != "of")
        found = [(bare, 1.0)] if bare else []
        if len(bare) > 1 and bare[-1] in self.small.parts:
            found.append((bare[:-1], 0.85))
        for joint in self.small.joined_by:
            if joint in phrase[1:-1]:
                at = phrase.index(joint, 1)
                before, after = phrase[:at], phrase[at + 1 :]
                after = tuple(word for word in after if word not in self.small.articles)
                found.append(((*after, *before), 0.95))
                found.append((after if before[-1] in self.small.parts else before, 0.85))
        return found

    def fit(self, phrase: Phrase, id_: str) -> float:
        """How well words fit something: 1 for its name, 0 for something else's."""
        called = self.names.called[id_]
        if phrase in called.phrases:
            return 1.0
        words = tuple(word for word in phrase if word != "one")
        if not words:
            return 0.0
        if words[-1] in called.heads and words == phrase:
            strangers = set(words) - called.words
            if not strangers:
                return 0.9
            return 0.0 if strangers & self.names.by_head.get(words[-1], frozenset()) else 0.65
        if set(words) <= called.words and (words != phrase or not set(words) & self.names.proper):
            return 0.75
        return 0.0

    def pronoun(self, words: Sequence[str]) -> list[str]:
        """What `it`, `them`, `her` may stand for: what was spoken of and is here, the latest first."""
        bare = [word for word in words if word not in {"the", "of"}]
        if len(bare) != 1 or bare[0] not in self.small.pronouns:
            return []
        kind = self.small.pronouns[bare[0]]
        if kind in {"he", "she"}:
            return [somebody] if (somebody := self.somebody(kind)) else []
        folk = self.board.model.folk
        here = [id_ for id_ in reversed(self.recent) if id_ in self.in_sight]
        fitting = [id_ for id_ in here if id_ not in folk or folk[id_].name.pronoun == kind]
        return list(dict.fromkeys(fitting))[:3]

    def somebody(self, pronoun: str = "") -> str:
        """The person here whom a pronoun means, or who is likeliest spoken to."""
        here = [
            id_
            for id_ in self.board.folk_here()
            if not pronoun or self.board.model.folk[id_].name.pronoun == pronoun
        ]
        for id_ in reversed(self.recent):
            if id_ in here:
                return id_
        talking = [id_ for id_ in here if self.board.model.folk[id_].file.talks]
        return next(iter(talking or here), "")

    def person(self, words: Sequence[str]) -> Found | None:
        """The person here whom some words mean."""
        if len(words) == 1 and self.small.pronouns.get(words[0]) == "they":
            only = self.somebody()
            return Found(only, 0.8) if only else None
        if tuple(words) in {
            ("somebody",),
            ("someone",),
            ("anybody",),
            ("anyone",),
            ("everybody",),
            ("everyone",),
        }:
            only = self.somebody()
            return Found(only, 0.7) if only else None
        return next(iter(self.meant(words, self.board.folk_here())), None)

    def way(self, words: Sequence[str]) -> Found | None:
        """The exit that some words mean: by direction, name, door, or where it leads."""
        bare = [word for word in words if word not in self.small.articles]
        exits = self.board.exits()
        if len(bare) == 1 and (direction := self.small.directions.get(bare[0])):
            for way in exits:
                if way.key == direction:
                    return Found(way.key, 1.0)
            leading = [way for way in exits if direction in way.by.split()]
            leading.sort(key=lambda way: way.door not in self.recent)
            if leading:
                return Found(leading[0].key, 0.95)
        if direction_last := [
            self.small.directions[word] for word in bare if word in self.small.directions
        ]:
            named = [way for way in exits if way.key in direction_last]
            if len(named) == 1 and all(
                word in self.small.directions or word in self.small.ways for word in bare
            ):
                return Found(named[0].key, 0.95)
        phrase = self.phrase(words)
        best = max(
            (Found(way.key, self.way_fit(phrase, way)) for way in exits),
            key=lambda found: found.fit,
            default=None,
        )
        return best if best and best.fit >= GOOD_ENOUGH else None

    def way_fit(self, phrase: Phrase, way: Exit) -> float:
        """How well words fit an exit."""
        if not phrase:
            return 0.0
        key = plain_words(way.key.replace("_", " "), self.small)
        if phrase == key:
            return 1.0
        fits = [self.fit(one, way.to) * worth for one, worth in self.variants(phrase)]
        if way.door:
            fits += [self.fit(one, way.door) * 0.95 * worth for one, worth in self.variants(phrase)]
        known = way_words(way, self.names)
        content = [word for word in phrase if word not in self.small.joints]
        if content and all(word in known for word in content):
            fits.append(0.92 if content[-1] in known else 0.8)
        elif content and content[-1] in known and len(content) <= 3:
            fits.append(0.62)
        return max(fits, default=0.0)


OWNING = frozenset({"its", "their"})


def way_words(way: Exit, names: Names) -> set[str]:
    """The words that an exit goes by: its name, its manner, where it leads."""
    small = names.lexicon.small
    found = (
        set(plain_words(f"{way.key.replace('_', ' ')} {way.shown} {way.by}", small)) - small.joints
    )
    return found | names.called[way.to].words
