"""Hearing names and words in prose: forgiving of case, articles, hyphens, plurals and endings."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

_ARTICLES = ("the ", "a ", "an ", "some ")
_ENDINGS = ("ing", "ed", "es", "ly", "s")
_NUMBERS = frozenset(
    [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "hundred",
        "thousand",
    ]
)
MOST_WHOLE_LETTERS = 3
ENOUGH = 0.7
"""How much of an authored text's content a reply has to carry."""


def normal(text: str) -> str:
    """Lower case, plain apostrophes, hyphens and white space as single spaces."""
    plain = text.lower().replace("’", "'").replace("‘", "'")
    return " ".join(re.sub(r"[-–—]", " ", plain).split())


def sentences(text: str) -> list[str]:
    """The sentences of a normal text."""
    return [part for part in re.split(r"(?<=[.!?…])[\"'”]?\s+", text) if part]


def without_speech(text: str) -> str:
    """The text without what is said in quotes."""
    return re.sub(r"“[^”]*”|\"[^\"]*\"", " ", text)


def bare(name: str) -> str:
    """A name as shown, without its article, normal."""
    text = normal(name)
    return next((text[len(article) :] for article in _ARTICLES if text.startswith(article)), text)


@lru_cache(maxsize=8192)
def name_pattern(name: str) -> str:
    """An expression for a name: singular or plural, with or without what hyphens divide."""
    words = bare(name).split()
    if not words:
        return r"(?!)"
    last = words[-1]
    stem = last[:-1] if last.endswith("s") and not last.endswith("ss") else last
    return r"\b" + r"\s".join([*map(re.escape, words[:-1]), re.escape(stem) + "(?:e?s)?"]) + r"\b"


@lru_cache(maxsize=8192)
def compiled(pattern: str) -> re.Pattern[str]:
    """A compiled expression; the same few are asked for again and again."""
    return re.compile(pattern)


def names_it(text: str, name: str) -> bool:
    """Whether a normal text names something."""
    return compiled(name_pattern(name)).search(text) is not None


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A word without its commonest endings: `doors` and `door` are one."""
    word = word.removesuffix("'s").strip("'")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            word = word[: -len(ending)]
            break
    word = word[:-1] if len(word) > 3 and word[-1] == word[-2] else word
    word = word[:-1] if word.endswith("e") and len(word) > 3 else word
    return f"{word[:-1]}i" if word.endswith("y") and len(word) > 2 else word


def words_in(text: str) -> list[str]:
    """The words of a normal text, as they stand."""
    return re.findall(r"[\w']+", text)


def stems(text: str) -> set[str]:
    """The stems of all words of a normal text."""
    return {stem(word) for word in words_in(text)}


def content(text: str, stop: Collection[str]) -> tuple[set[str], set[str]]:
    """The stems that carry a text's meaning, and those among them that must not be missing."""
    every: set[str] = set()
    strict: set[str] = set()
    for word in re.findall(r"[\w’']+", re.sub(r"[-–—]", " ", text)):
        plain = normal(word)
        if plain in stop or not plain:
            continue
        every.add(stem(plain))
        if word[0].isupper() or plain.isdigit() or plain in _NUMBERS:
            strict.add(stem(plain))
    return every, strict


def carries(heard: Collection[str], text: str, stop: Collection[str]) -> bool:
    """Whether stems that were heard carry a text: about 70 % of it, every name and number."""
    every, strict = content(text, stop)
    if not every:
        return True
    found = sum(word in heard for word in every)
    return found >= round(ENOUGH * len(every)) and all(word in heard for word in strict)


def any_beginning(words: Iterable[str]) -> str:
    """An expression for any of these beginnings of words; short words are whole, `see` or `sees`."""
    parts: list[str] = []
    for word in words:
        if word == "not":
            parts.append(r"\b(?:can)?not\b|n't\b")
        elif word == "n't" or not word[:1].isalnum():
            parts.append(re.escape(word))
        elif len(word) <= MOST_WHOLE_LETTERS:
            parts.append(rf"\b{re.escape(word)}(?:e?s)?\b")
        else:
            parts.append(rf"\b{re.escape(word)}")
    return "|".join(parts)
