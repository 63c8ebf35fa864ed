"""Who and what is named and isn't here: which words name them, and how a name is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tui.world.model import Model
from tui.world.reading_lexicon import lexicon
from tui.world.reading_nouns import WHOLE, Scene
from tui.world.sights import sight_of

MOST_WORDS = 4


def as_written(model: Model, words: Sequence[str]) -> tuple[str, ...]:
    """Words with the names of folk as they are written: `kiss ines` as `kiss Ines`."""
    written, said = list(words), tuple(words)
    titles = lexicon().small.titles
    for person in model.folk.values():
        if person.name.the != person.name.text:
            continue
        names = person.name.text.split()
        bare = [name.lower() for name in names]
        for phrase in (bare, *(one.lower().split() for one in person.name.words if " " in one)):
            for at in range(len(said)):
                if said[at : at + len(phrase)] == tuple(phrase):
                    written[at : at + len(phrase)] = [word.capitalize() for word in phrase]
        for at, word in enumerate(said):
            if word in bare and word not in titles:
                written[at] = names[bare.index(word)]
    return tuple(written)


def folk_away(scene: Scene, words: Sequence[str]) -> tuple[str, ...]:
    """Those of the words that name somebody of the tale who isn't here."""
    return _naming(scene, words, scene.board.model.folk)


def named_away(scene: Scene, words: Sequence[str]) -> tuple[str, ...]:
    """Those of the words that name somebody, or else something, of the tale that isn't here."""
    named = folk_away(scene, words) or _naming(scene, words, scene.board.model.things)
    folk = scene.board.model.folk
    seen = named and sight_of(scene.board, named)
    return (
        ()
        if seen and not any(scene.fit(scene.phrase(named), id_) > WHOLE for id_ in folk)
        else named
    )


def _naming(scene: Scene, words: Sequence[str], ids: Iterable[str]) -> tuple[str, ...]:
    away = [id_ for id_ in ids if id_ not in scene.in_sight]
    for length in range(min(MOST_WORDS, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            part = tuple(words[start : start + length])
            if part[0] in scene.small.articles or scene.meant(part):
                continue
            phrase = scene.phrase(part)
            if any(scene.fit(phrase, id_) >= 0.9 for id_ in away):
                return part
    return ()
