"""What is no longer as it was when a story was told last, and what the player can do about it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tui.cards import Card
from tui.story import Record, Session

MODEL_KEY = "model"
"""The session's setting that names the model which the player let tell on."""
CARD_KEY = "card_left"
"""The session's setting that names the card which the player did not take."""


@dataclass(frozen=True, slots=True)
class OtherModel:
    """Another model than before tells on; `before` is there where its file still is."""

    sentence: str
    before: Path | None


@dataclass(frozen=True, slots=True)
class OtherCard:
    """The card has changed; the story goes on with its own copy until `card` is taken."""

    sentence: str
    card: Card


Change = OtherModel | OtherCard


def other_model(session: Session, present: Path) -> OtherModel | None:
    """What to say where `present` is not the model that told last."""
    named = str(session.settings.get(MODEL_KEY, session.header.model))
    before = Path(named)
    if not named or before.name == present.name:
        return None
    there = before.is_file()
    gone = "" if there else ", which is gone"
    told = f"This story was told by {before.name}{gone}; {present.name} tells on."
    return OtherModel(told, before if there else None)


def other_card(session: Session, present: Card) -> OtherCard | None:
    """What to say where the card is neither the story's own nor one that the player left aside."""
    left = session.settings.get(CARD_KEY)
    if present.data == session.card or left == digest(present.data):
        return None
    return OtherCard("The card has changed since; this story goes on with its own copy.", present)


def digest(data: Mapping[str, object]) -> str:
    """A short name for a card's data as it is now."""
    text = json.dumps(data, sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def left(session: Session, change: Change, model: Path, at: float) -> Record:
    """The record that has the story go on with `model` as it stands: it is not told of again."""
    if isinstance(change, OtherModel):
        return kept_model(session, model, at)
    return session.set(CARD_KEY, digest(change.card.data), step="none", at=at)


def kept_model(session: Session, model: Path, at: float) -> Record:
    """The record that says which model tells on."""
    return session.set(MODEL_KEY, str(model), step="none", at=at)
