"""Which thing, person, way or topic some words mean, here and now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui.world.board import Board
from tui.world.model import Exit
from tui.world.reading_names import Names, Phrase, plain_words, way_words
from tui.world.reading_tokens import stem

GOOD_ENOUGH = 0.6
WHOLE = 0.85
"""From here on words are a name of something, and no part of something else's."""
OWNING = frozenset({"its", "their"})


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
