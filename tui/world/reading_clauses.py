"""Several deeds in a row, taken apart: at stops, at `then`, and at `and` where a deed follows."""

from __future__ import annotations

from collections.abc import Sequence

from tui.world.reading_nouns import Scene
from tui.world.reading_tokens import Word, texts, trimmed

ALWAYS = frozenset(
    {".", ";", "then", "afterwards", "before", "while", "because", "but", "so", "until"}
)
MAYBE = frozenset({"and", ","})
FALSE_STARTS = frozenset({"before", "until", "while", "because"})
GOING = frozenset({"go", "walk", "head", "run", "travel"})
TOWARDS = frozenset({"to", "into"})
MOST_CLAUSES = 6


def clauses(scene: Scene, words: Sequence[Word]) -> list[list[Word]]:
    """The deeds that were typed, in order, each without its fillers."""
    parts: list[list[Word]] = [[]]
    for at, word in enumerate(words):
        left = [following for following in words[at + 1 :] if following.text not in {"!", "?"}]
        if (
            word.text in ALWAYS
            and (word.text not in FALSE_STARTS or len(left) > 1)
            and divides(scene, word.text, parts[-1], left)
        ):
            if word.text in {"because", "while", "until"}:
                break
            parts.append([])
        elif word.text in MAYBE and begins_deed(scene, parts[-1], left):
            parts.append([])
        else:
            parts[-1].append(word)
    trimmed_parts = [trimmed(part, scene.names.lexicon) for part in parts]
    cleaned = [strip_joints(part) for part in trimmed_parts]
    return [part for part in cleaned if part][:MOST_CLAUSES]


def divides(scene: Scene, word: str, before: Sequence[Word], left: Sequence[Word]) -> bool:
    """Whether a word that usually parts two deeds does so here; `all but the lamp` is one."""
    if word in {"but", "so", "before"}:
        return (
            bool(before)
            and begins_deed(scene, before, left)
            and texts(before)[-1] not in scene.small.everything
        )
    return True


def strip_joints(words: Sequence[Word]) -> list[Word]:
    """A deed's words without stops and joints at either end."""
    left = list(words)
    while left and left[0].text in {"and", ",", ".", ";", "then", "!", "?", ":"}:
        left = left[1:]
    while left and left[-1].text in {"and", ",", ".", ";", "then", "!", "?", ":"}:
        left = left[:-1]
    return left


def begins_deed(scene: Scene, before: Sequence[Word], left: Sequence[Word]) -> bool:
    """Whether the words after `and` or a comma begin a deed rather than name another thing."""
    following = texts(strip_joints(trimmed(left, scene.names.lexicon)))
    if not following or not before:
        return False
    first, second = following[0], following[1:2]
    upto = next(
        (at for at, word in enumerate(following) if word in MAYBE or word in ALWAYS), len(following)
    )
    phrase = following[:upto]
    if first in scene.small.articles:
        return False
    if first in scene.small.directions and (len(phrase) == 1 or phrase[1] in TOWARDS):
        begun = texts(trimmed(before, scene.names.lexicon))
        return bool(begun) and (begun[0] in GOING or begun[0] in scene.small.directions)
    if first not in scene.names.verbs:
        return (len(phrase) > 1 and scene.names.lexicon.deed_kinds(phrase) != {}) or noun_as_verb(
            scene, phrase
        )
    if second and second[0] in scene.small.articles | scene.small.pronouns.keys():
        return True
    return not any(found.fit >= 0.9 for found in scene.meant(phrase))


def noun_as_verb(scene: Scene, phrase: Sequence[str]) -> bool:
    """Whether a thing's name is used as a verb: `oil the hinges`."""
    if len(phrase) < 2 or phrase[1] not in scene.small.articles | scene.small.pronouns.keys():
        return False
    tool = scene.phrase(phrase[:1])
    return any(scene.fit(tool, id_) >= 0.9 for id_ in scene.board.model.things)
