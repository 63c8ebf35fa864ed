"""A talk of several: who is in it, who is meant, and who speaks next."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import cast

from tui.cards import Card, CardError, card_from_data
from tui.game import cast as casting
from tui.story import Record, Session, Turn

MOST = 8
"""Cards in one talk."""

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_TITLES = frozenset(
    [
        "brother",
        "captain",
        "doctor",
        "dr",
        "father",
        "king",
        "lady",
        "lord",
        "madam",
        "master",
        "miss",
        "mother",
        "mr",
        "mrs",
        "ms",
        "old",
        "prince",
        "princess",
        "professor",
        "queen",
        "saint",
        "sergeant",
        "sir",
        "sister",
        "the",
        "uncle",
        "aunt",
        "young",
    ]
)


class NoCompany(ValueError):
    """These cards can't talk together; the text says why."""


class Company:
    """The cards of one session, its own first; read anew only where somebody came or went."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._held: Sequence[object] = ()
        self._others: tuple[Card, ...] = ()

    def cards(self, session: Session, card: Card) -> tuple[Card, ...]:
        """Everybody in the talk of a session with `card`, in the order in which they came."""
        held = session.company
        if held is not self._held:
            self._held = held
            found = [_card(one) for one in held]
            self._others = tuple(card for card in found if card is not None)
        return (card, *self._others)


def company_of(card: Card, others: Sequence[Card]) -> tuple[Card, ...]:
    """The others of a talk that `card` begins. Raises NoCompany."""
    together = [card]
    for other in others:
        if why := joining(together, other):
            raise NoCompany(why)
        together.append(other)
    return tuple(together[1:])


def held(cards: Sequence[Card]) -> list[Record]:
    """Cards as a save holds them beside its own."""
    return [{"id": card.id, "card": dict(card.data)} for card in cards]


def joining(cards: Sequence[Card], new: Card) -> str:
    """Why `new` can't join the talk of `cards`, in a sentence; empty where it can."""
    names = {casting.teller(card).casefold() for card in cards}
    if any(card.kind == "tale" for card in cards):
        return "A tale has its own people; a talk with a companion can be joined by others."
    if new.kind == "tale":
        return f"{new.name} is a tale; only companions can join a talk."
    if casting.teller(new).casefold() in names:
        return f"{casting.teller(new)} is here already."
    return f"{MOST} are as many as can talk at once." if len(cards) >= MOST else ""


def named(cards: Sequence[Card], name: str) -> Card | None:
    """The card that a name or its beginning means; None where that is nobody."""
    wanted = name.strip().casefold()
    best: tuple[int, Card] | None = None
    for card in cards if wanted else ():
        full = casting.teller(card).casefold()
        words = full.split()
        begun = any(word.startswith(wanted) for word in words)
        likeness = 3 if full == wanted else (wanted in words) + begun
        if likeness and (best is None or likeness > best[0]):
            best = (likeness, card)
    return best[1] if best else None


def meant_by(cards: Sequence[Card], words: str) -> tuple[Card, ...]:
    """Who is named in the player's words, in the order in which they are named."""
    found: list[tuple[int, int]] = []
    for place, card in enumerate(cards):
        if at := _called(card, cards, words):
            found.append((min(at), place))
    return tuple(cards[place] for _, place in sorted(found))


def speakers(cards: Sequence[Card], path: Sequence[Turn], words: str) -> tuple[Card, ...]:
    """Who answers `words` at the end of `path`: those who are named, else the next in turn."""
    return meant_by(cards, words) or (next_in_turn(cards, path),)


def next_in_turn(cards: Sequence[Card], path: Sequence[Turn]) -> Card:
    """Who comes after the one who spoke last; the first after the greetings."""
    asked = [place for place, turn in enumerate(path) if turn.role == "player"]
    since = path[asked[0] :] if asked else ()
    last = next((turn.name for turn in reversed(since) if turn.role == "model"), "")
    names = [casting.teller(card) for card in cards]
    return cards[(names.index(last) + 1) % len(cards)] if last in names else cards[0]


def speaker_of(cards: Sequence[Card], turn: Turn) -> Card:
    """Whose reply a turn is; the first card's where the name is nobody's here."""
    names = [casting.teller(card) for card in cards]
    return cards[names.index(turn.name)] if turn.name in names else cards[0]


def _called(card: Card, cards: Sequence[Card], words: str) -> list[int]:
    """Where `words` name a card: by its name, or by a word of it that is nobody else's.

    A word after the first may be one of the language too (`Pinch`), and wants its capital.
    """
    full = casting.teller(card)
    others = " ".join(casting.teller(other) for other in cards if other is not card)
    shared = {word.casefold() for word in _WORD.findall(others)} | _TITLES
    own = [word for word in _WORD.findall(full) if word.casefold() not in shared and len(word) > 2]
    calls = [(full, re.IGNORECASE), *((word, re.IGNORECASE) for word in own[:1])]
    calls += [(word, re.NOFLAG) for word in own[1:]]
    found = (re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words, flag) for name, flag in calls)
    return [match.start() for match in found if match]


def _card(held_card: object) -> Card | None:
    """A card as a save holds it; None where that is none."""
    if not isinstance(held_card, Mapping):
        return None
    fields = cast("Mapping[str, object]", held_card)
    data = fields.get("card")
    if not isinstance(data, Mapping):
        return None
    try:
        return card_from_data(cast("Mapping[str, object]", data), str(fields.get("id", "")))
    except CardError:
        return None
