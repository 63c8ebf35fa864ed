"""What a clause, a line of colour, a companion's frame and a companion's facts may hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

PRONOUNS = frozenset({"he", "she", "they", "it"})
TONES = frozenset({"grim", "wry", "gentle", "eerie", "brisk", "warm"})
TAGS = frozenset({"outdoors", "indoors", "dark", "night", "day", "rain"}) | {
    f"tone={t}" for t in TONES
}
MANNERS = frozenset(
    ["formal", "clipped", "chatty", "shy", "machine", "poet", "villain", "gruff", "warm", "wry"]
)
FRAME_SLOTS = {
    "greeting": {"user"},
    "told": {"said", "topic", "Topic", "user"},
    "withheld": {"topic", "Topic", "user"},
    "deflect": {"topic", "Topic", "user"},
    "smalltalk": {"user"},
    "things_to_say": {"topic", "person"},
}
WORN = (
    "a sense of", "seems to", "seem to", "shiver", "spine-", "heart pound", "blood run", "little did", "suddenly",
    "time stands still", "deafening silence", "calm before", "palpable", "tapestry", "testament to",
)  # fmt: skip
SLOT = re.compile(r"\{(\w+)\}")
WORD = re.compile(r"[\w’']+")
SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "but",
        "of",
        "in",
        "on",
        "at",
        "to",
        "from",
        "with",
        "as",
        "is",
        "are",
        "was",
        "were",
        "it",
        "its",
        "that",
        "this",
        "by",
        "for",
        "you",
        "your",
        "not",
        "no",
        "nothing",
        "there",
        "has",
        "have",
        "had",
        "be",
        "been",
        "which",
        "who",
        "what",
        "they",
        "their",
        "he",
        "his",
        "she",
        "her",
        "out",
        "up",
        "down",
        "off",
        "over",
        "into",
        "one",
        "i",
        "my",
        "me",
        "him",
        "them",
        "will",
        "would",
        "so",
        "then",
        "than",
        "if",
    ]
)


def words_of(text: str) -> frozenset[str]:
    """The telling words of a sentence, by which two sentences are compared."""
    return frozenset(w.lower() for w in WORD.findall(text)) - SMALL


def style_problems(text: str) -> Iterator[str]:
    """What no text here may hold: shouting, worn phrases, dashes of the wrong kind, stray spaces."""
    if "!" in text:
        yield "has an exclamation mark"
    low = text.lower()
    yield from (f"has the worn phrase “{worn}”" for worn in WORN if worn in low)
    if "  " in text or text != text.strip():
        yield "has stray spaces"
    if any(mark in text for mark in "—|<>"):
        yield "has a mark that does not belong here"


def clause_problems(text: str, names: Iterable[str] = ()) -> Iterator[str]:
    """What is wrong with a clause that is set into a sentence of somebody else's."""
    yield from style_problems(text)
    if not text or text[-1] in ".?;,":
        yield "ends in a stop"
    first = text.split(" ", 1)[0]
    if first[:1].isupper() and not any(first in name for name in names):
        yield "starts with a capital"
    if SLOT.search(text):
        yield "has a slot"


def slot_problems(text: str, allowed: set[str]) -> Iterator[str]:
    """Slots that nothing will fill, and braces that are none."""
    yield from (f"has the unknown slot {{{s}}}" for s in SLOT.findall(text) if s not in allowed)
    if re.sub(SLOT, "", text).count("{"):
        yield "has a loose brace"


def names_one(text: str, things: Iterable[str]) -> str:
    """The first of `things` that the text names, or nothing."""
    low = f" {text.lower()} "
    return next((t for t in things if re.search(rf"\b{re.escape(t.lower())}\b", low)), "")


def parse_line(line: str) -> tuple[frozenset[str], str]:
    """A line's tags and its text."""
    match = re.match(r"\[([^\]]*)\] *(.*)", line)
    if not match:
        return frozenset(), line
    return frozenset(tag.strip() for tag in match[1].split(",")), match[2]


def twin_problems(texts: Iterable[tuple[str, str]], alike: float) -> Iterator[str]:
    """Pairs that differ by a word or two: found by the words that they share."""
    earlier: list[tuple[frozenset[str], str]] = []
    by_word: dict[str, list[int]] = {}
    for where, text in texts:
        words = words_of(text)
        near: Counter[int] = Counter(i for w in words for i in by_word.get(w, ()))
        for i, shared in near.items():
            if shared >= alike * len(words | earlier[i][0]) and len(words) > 2:
                yield f"{where}: “{text}” is too like “{earlier[i][1]}”"
        for word in words:
            by_word.setdefault(word, []).append(len(earlier))
        earlier.append((words, text))


def colour_problems(line: str, things: Iterable[str]) -> Iterator[str]:
    """All that is wrong with one line of colour."""
    tags, text = parse_line(line)
    yield from (f"has the unknown tag {tag}" for tag in tags - TAGS)
    yield from style_problems(text)
    yield from slot_problems(text, {"place"})
    if not 6 <= len(text.split()) <= 22:
        yield f"has {len(text.split())} words"
    if text[-1:] not in ".?" or not (text[:1].isupper() or text.startswith("{place}")):
        yield "is not a sentence"
    if found := names_one(text, things):
        yield f"names {found}, which can be taken"


def frame_problems(kind: str, line: str) -> Iterator[str]:
    """All that is wrong with one companion's frame."""
    tags, text = parse_line(line)
    yield from (f"has the unknown manner {tag}" for tag in tags - MANNERS)
    yield from style_problems(text)
    yield from slot_problems(text, FRAME_SLOTS[kind])
    if text.count("*") % 2 or text.count("“") != text.count("”"):
        yield "does not close what it opens"
    if kind == "told" and "{said}" not in text:
        yield "does not tell"
    if kind != "things_to_say" and "“" not in text and kind != "withheld":
        yield "says nothing"


def person_problems(person: dict[str, Any]) -> Iterator[str]:
    """All that is wrong with one companion."""
    if person["pronoun"] not in PRONOUNS or person["manner"] not in MANNERS:
        yield "has a wrong pronoun or manner"
    if not 8 <= len(person["facts"]) <= 12:
        yield f"has {len(person['facts'])} facts"
    yield from style_problems(person["description"])
    for fact in person["facts"]:
        yield from (f"“{fact['now']}” {p}" for p in style_problems(fact["now"] + fact["said"]))
        if fact["now"][-1] in ".?" or fact["said"][-1] not in ".?":
            yield f"“{fact['now']}”: the stop is in the wrong one"
        told, said = words_of(fact["now"]), words_of(fact["said"])
        if len(told & said) * 2 < len(told):
            yield f"“{fact['said']}” does not say “{fact['now']}”"
        if fact["topic"].split()[0] in {"her", "his", "their", "its"} and not {
            "mine",
            "yours",
        } <= set(fact):
            yield f"“{fact['topic']}” cannot be said by the two who talk"
        if fact["hidden"] != bool(fact.get("reason")):
            yield f"“{fact['now']}”: a reason belongs to what is hidden"
