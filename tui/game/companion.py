"""A companion's closed facts: which one was asked for, and whether it is told.

The program decides what a companion knows; the model says it in their voice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz, process

from tui.cards import Card, Fact
from tui.game import cast
from tui.prompt import factline
from tui.story import Session, Turn

ALIKE = 86.0
"""How alike a typed word and a topic's word are, of 100, to be the same."""
WHEREVER = (
    "Look around carefully",
    "Wait and listen",
    "Go on",
    "Turn back",
    "Call out",
)
"""Choices for a tale without a World, where the model offers none."""

_WORD = re.compile(r"[\w’']+")
_ABOUT = re.compile(
    r"\b(?:about|know of|heard of|think of|believe in|"
    r"you (?:know|like|love|hate|fear|want|remember|miss|own|see|seen|met|ever seen|ever met))"
    r"\s+(?!about\b|of\b)((?:the|a|an|your|my|this|that|any)\s+)?([\w’'-]+(?:\s[\w’'-]+){0,3})",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\?|^(?:ask|tell me|what|who|why|where|when|how|do you|are you|did you|have you)\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"\s*\b(?:it|him|her|them|me|here|there|today|yesterday|now|then|please|at all|very much)\b.*$",
    re.IGNORECASE,
)
"""Words with which what is asked about is over, or has no name."""


def fact_line(session: Session, card: Card, words: str) -> str:
    """The line that tells the model what `words` ask for and what the companion does with it."""
    user, char = cast.user_name(session, card), cast.teller(card)
    fact = asked_for(card.facts, words)
    if fact is not None:
        if fact.refuses:
            return factline.withheld(user, fact.topic, char, fact.refuses)
        if fact.knows:
            return factline.told(user, fact.topic, char, fact.knows)
        if _earned(session, card, fact):
            return factline.told(user, fact.topic, char, fact.hides)
        return factline.withheld(user, fact.topic, char)
    subject = _subject(words)
    return factline.unknown(user, subject, char) if subject else factline.talk(user, char)


def asked_for(facts: Sequence[Fact], words: str) -> Fact | None:
    """The fact whose topic `words` name, the longest name first; None where they name none."""
    said = [word.casefold() for word in _WORD.findall(words)]
    text = " ".join(said)
    best: tuple[int, Fact] | None = None
    for fact in facts:
        for name in (fact.topic, *fact.words):
            key = " ".join(_WORD.findall(name.casefold())).removeprefix("the ")
            if key and _named(key, said, text) and (best is None or len(key) > best[0]):
                best = (len(key), fact)
    return best[1] if best else None


def things_to_say(card: Card, path: Sequence[Turn]) -> list[str]:
    """What the player may say next: topics that have not come up, then the card's own lines."""
    heard = {fact.topic for fact in _heard(card, path)}
    fresh = [fact for fact in card.facts if fact.topic not in heard]
    open_now = [fact for fact in fresh if all(topic in heard for topic in fact.after)]
    lines = [line for fact in open_now for line in (f"Ask about {fact.topic}",)]
    said = {turn.text for turn in path if turn.role == "player"}
    lines += [line for line in card.things_to_say if line not in said]
    return lines


def _heard(card: Card, path: Sequence[Turn]) -> Iterator[Fact]:
    for turn in path:
        if turn.role == "player" and (fact := asked_for(card.facts, turn.text)):
            yield fact


def _earned(session: Session, card: Card, fact: Fact) -> bool:
    """Whether everything that a hidden fact waits for has come up."""
    heard = {one.topic for one in _heard(card, session.path())}
    return bool(fact.after) and all(topic in heard for topic in fact.after)


def _named(key: str, said: Sequence[str], text: str) -> bool:
    if re.search(rf"\b{re.escape(key)}\b", text):
        return True
    if " " in key or len(key) < 5:
        return False
    return process.extractOne(key, said, scorer=fuzz.ratio, score_cutoff=ALIKE) is not None


def _subject(words: str) -> str:
    """What a question is about that no fact covers, as a noun phrase; empty for plain talk."""
    if not _ASKS.search(words.strip()):
        return ""
    match = _ABOUT.search(words)
    if match is None:
        return ""
    subject = _BESIDE.sub("", f" {match[2]}").strip()
    if not subject:
        return ""
    own = (match[1] or "").strip().lower()
    return subject if own in {"", "any"} else f"the {subject}"
