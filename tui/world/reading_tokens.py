"""What was typed, as words: contractions written out, mistakes mended, fillers taken off."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from tui.world.reading_lexicon import Lexicon

LONGEST = 600
SHORTEST = 3
"""Letters of the shortest word that a mistake may be mended to."""
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[,.;!?:]")
QUOTED = re.compile(r"[\"“”«»„]\s*([^\"“”«»„]+?)\s*(?:[\"“”«»„]|$)")
BEFORE_VERBS = frozenset(
    {"i", "and", "then", "to", "please", ",", ".", ";", "not", "will", "you", "me"}
)
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of what was typed."""

    text: str
    """In small letters, mended, without apostrophes."""
    start: int
    end: int
    """Where it stands in the typed text."""
    mended: bool = False


def words_of(typed: str, lexicon: Lexicon) -> list[Word]:
    """The words and stops of `typed`, contractions written out."""
    found: list[Word] = []
    for match in WORD.finditer(typed[:LONGEST]):
        text = match[0].lower().replace("’", "'")
        if text.endswith("'s") and text not in lexicon.small.contractions:
            text = text[:-2]
        meant = lexicon.small.contractions.get(text, text)
        found += [Word(part.replace("'", ""), match.start(), match.end()) for part in meant.split()]
    return found


def texts(words: Sequence[Word]) -> tuple[str, ...]:
    """The bare texts of words."""
    return tuple(word.text for word in words)


def raw(typed: str, words: Sequence[Word]) -> str:
    """What was typed from the first of `words` to the last, as it was typed."""
    return " ".join(typed[words[0].start : words[-1].end].split()) if words else ""


def mend(
    words: Sequence[Word],
    known: Collection[str],
    nouns: Sequence[Sequence[str]],
    verbs: Sequence[str],
    joints: Sequence[str],
) -> list[Word]:
    """The words with mistakes mended: nouns first, the likeliest list first, then verbs.

    A verb is meant only where one may stand; `joints` are small words that may be anywhere.
    """
    mended: list[Word] = []
    for at, word in enumerate(words):
        text = word.text
        if text in known or not text.isalpha() or stem(text) in known:
            mended.append(word)
            continue
        begins = at == 0 or words[at - 1].text in BEFORE_VERBS
        lists = [*nouns, verbs if begins else joints]
        better = next((near for some in lists if (near := nearest(text, some))), "")
        mended.append(replace(word, text=better, mended=True) if better else word)
    return mended


def nearest(text: str, candidates: Sequence[str]) -> str:
    """The word that was meant, if one is near enough that a slip of the fingers explains it."""
    most = 0 if len(text) < 3 else 1 if len(text) < 6 else 2
    best, best_distance = "", most + 1
    near = process.extract_iter(text, candidates, scorer=OSA.distance, score_cutoff=most)
    for candidate, distance, _ in near if most else ():
        if (
            len(candidate) >= SHORTEST
            and distance < best_distance
            and plausible(text, candidate, int(distance))
        ):
            best, best_distance = candidate, int(distance)
    return best


def plausible(text: str, meant: str, distance: int) -> bool:
    """Whether a slip of the fingers makes `text` of `meant`: short words need a plain one."""
    if len(text) >= 7:
        return text[0] == meant[0] or distance == 1
    if distance > 1:
        return text[0] == meant[0] and sorted(set(text)) == sorted(set(meant))
    if len(text) != len(meant):
        return text[0] == meant[0] and len(text) >= 3 and len(meant) >= 4
    if text == meant:
        return True
    wrong = [(a, b) for a, b in zip(text, meant, strict=True) if a != b]
    if len(wrong) == 2:
        return True  # two letters changed places
    typed, wanted = wrong[0]
    return len(text) >= 4 and text[0] == meant[0] and beside(typed, wanted)


def beside(a: str, b: str) -> bool:
    """Whether two keys are neighbours on the keyboard, or both are vowels of a longer word."""
    for row, letters in enumerate(ROWS):
        if a not in letters:
            continue
        at = letters.index(a)
        for other in ROWS[max(0, row - 1) : row + 2]:
            if b in other and abs(other.index(b) - at) <= 1:
                return True
    return False


def stem(word: str) -> str:
    """A noun without its plural's ending, well enough for comparing two nouns."""
    if len(word) > 4 and word.endswith(("ches", "shes", "xes", "sses", "oes")):
        return word[:-2]
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def may_go(words: Sequence[str], length: int, lexicon: Lexicon) -> bool:
    """Whether the first words are only an opening; `try the key` and `keep the key` are deeds."""
    if len(words) <= length:
        return False
    following = words[length]
    if words[length - 1] in {"try", "keep", "start", "do", "well", "first", "like"}:
        return following in lexicon.starts or bool(infinitive(following, lexicon))
    return True


def infinitive(word: str, lexicon: Lexicon) -> str:
    """`open` for `opening`, if it is a verb that is known; empty else."""
    if not word.endswith("ing") or word in lexicon.starts:
        return ""
    bare = word[:-3]
    tries = (bare, f"{bare}e", bare[:-1] if bare[-2:-1] == bare[-1:] else bare)
    return next((one for one in tries if one in lexicon.starts), "")


def trimmed(words: Sequence[Word], lexicon: Lexicon) -> list[Word]:
    """The words without what is only manner: who speaks, please, slowly, at once."""
    left = [word for word in words if word.text not in {"!", "?", ":"}]
    changed = True
    while changed and left:
        changed = False
        found = texts(left)
        for phrase in lexicon.small.openings:
            if found[: len(phrase)] == phrase and may_go(found, len(phrase), lexicon):
                left, changed = left[len(phrase) :], True
                break
        found = texts(left)
        for phrase in lexicon.small.closings:
            if found[-len(phrase) :] == phrase and len(found) > len(phrase):
                left, changed = left[: -len(phrase)], True
                break
    if left and (verb := infinitive(left[0].text, lexicon)):
        left = [replace(left[0], text=verb), *left[1:]]
    return left
