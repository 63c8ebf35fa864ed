"""A companion's closed facts: which one was asked for, and whether it is told.

The program decides what a companion knows; the model says it in their voice.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from rapidfuzz import fuzz, process

from tui.cards import Card, Fact
from tui.game import cast
from tui.game.subjects import subject_of
from tui.prompt import factline
from tui.story import Session, Turn

ALIKE = 86.0
"""How alike a typed word and a topic's word are, of 100, to be the same."""
FORGIVEN = 5
"""From how many letters on a word may be misspelt."""
WHEREVER = (
    "Look around carefully",
    "Wait and listen",
    "Go on",
    "Turn back",
    "Call out",
)
"""Choices for a tale without a World, where the model offers none."""

_WORD = re.compile(r"[\w’']+")
_WHOSE = re.compile(r"^(?:the|an?|my|your|her|his|its|their) ", re.IGNORECASE)


def fact_line(session: Session, card: Card, words: str) -> str:
    """The line that tells the model what `words` ask for and what the companion does with it."""
    user, char = cast.user_name(session, card), cast.teller(card)
    fact = asked_for(card.facts, words)
    if fact is None:
        subject = subject_of(words)
        return factline.unknown(user, subject, char) if subject else factline.talk(user, char)
    if fact.refuses:
        return factline.withheld(user, fact.topic, char, fact.refuses)
    up = {one.topic for one in _asked(card, session.path())}
    if _is_earned(fact, up):
        return factline.told(user, fact.topic, char, fact.hides)
    if fact.knows:
        return factline.told(user, fact.topic, char, fact.knows)
    return factline.withheld(user, fact.topic, char)


def asked_for(facts: Sequence[Fact], words: str) -> Fact | None:
    """The fact whose topic `words` name, the longest name first; None where they name none."""
    said = [word.casefold() for word in _WORD.findall(words)]
    text = " ".join(said)
    best: tuple[int, Fact] | None = None
    for fact in facts:
        for name in (_WHOSE.sub("", fact.topic), *fact.words):
            key = " ".join(_WORD.findall(name.casefold())).removeprefix("the ")
            if key and _named(key, said, text) and (best is None or len(key) > best[0]):
                best = (len(key), fact)
    return best[1] if best else None


def things_to_say(card: Card, path: Sequence[Turn], count: int) -> list[str]:
    """What the player may say next, at least `count` lines if there are as many.

    A topic that has not come up is asked about in the first of the card's own lines that names
    it; what was offered last and not taken rests while there is something else, and what was
    said before comes again only where nothing is left.
    """
    asked = _asked(card, path)
    up = {fact.topic for fact in asked}
    settled = [fact for at, fact in enumerate(asked) if _is_settled(fact, asked[:at])]
    own: dict[str, str] = {}
    free: list[str] = []
    said = {turn.text for turn in path if turn.role == "player"}
    for line in card.things_to_say:
        if fact := asked_for(card.facts, line):
            own.setdefault(fact.topic, line)
        elif line not in said:
            free.append(line)
    fresh = [_asking(fact, own, up) for fact in card.facts if _is_open(fact, up, settled)] + free
    last = next((turn.choices for turn in reversed(path) if turn.choices), ())
    resting = [one.text for one in last if one.text in fresh]
    lines = [line for line in fresh if line not in resting]
    again = dict.fromkeys(_asking(fact, own, up) for fact in reversed(settled))
    lines += [*resting, *reversed(again)][: max(0, count - len(lines))]
    return lines


def _asked(card: Card, path: Sequence[Turn]) -> list[Fact]:
    """The facts that the player named, in order."""
    said = (asked_for(card.facts, turn.text) for turn in path if turn.role == "player")
    return [fact for fact in said if fact]


def _asking(fact: Fact, own: Mapping[str, str], up: Collection[str]) -> str:
    """The line that asks about a fact."""
    if fact.topic in up:
        return f"Ask again about {fact.topic}"
    return own.get(fact.topic, f"Ask about {fact.topic}")


def _is_open(fact: Fact, up: Collection[str], settled: Sequence[Fact]) -> bool:
    """Whether a fact is worth asking about: something of it can be told that was not."""
    if all(topic in up for topic in fact.after):
        return fact not in settled
    return bool(fact.knows and fact.hides) and fact.topic not in up


def _is_settled(fact: Fact, before: Sequence[Fact]) -> bool:
    """Whether all of a fact is told, or refused, when it is asked about after those `before`."""
    waits = fact.hides and fact.after
    return not waits or _is_earned(fact, {one.topic for one in before})


def _is_earned(fact: Fact, up: Collection[str]) -> bool:
    """Whether all that a hidden fact waits for has come up."""
    return bool(fact.hides and fact.after) and all(topic in up for topic in fact.after)


def _named(key: str, said: Sequence[str], text: str) -> bool:
    if re.search(rf"\b{re.escape(key)}\b", text):
        return True
    if " " in key or len(key) < FORGIVEN:
        return False
    long = [word for word in said if len(word) >= FORGIVEN]
    return process.extractOne(key, long, scorer=fuzz.ratio, score_cutoff=ALIKE) is not None
