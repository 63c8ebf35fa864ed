"""Who is who in a session: the player, and the one who tells."""

from __future__ import annotations

import re

from tui.cards import Card
from tui.prompt import Names
from tui.story import Session

SOMEBODY = "Robin"
"""The player's name where neither they nor the card gave one."""
NARRATOR = "Narrator"
_SPEAKER = re.compile(r"(?m)^\s*\**([\w{}][\w{}’' -]{0,30}?)\**:\s")


def user_name(session: Session, card: Card) -> str:
    """The player's name in this session."""
    return session.persona or card.user_name or SOMEBODY


def user_persona(session: Session, card: Card) -> str:
    """Who the player is in this session; may be empty."""
    return session.persona_text or card.user_persona


def teller(card: Card) -> str:
    """The name of whoever replies."""
    return NARRATOR if card.kind == "tale" else card.nickname or card.name


def names(session: Session, card: Card) -> Names:
    """What the macros of names stand for in this session."""
    return Names(user=user_name(session, card), char=teller(card))


def several_voices(card: Card) -> bool:
    """Whether whoever replies may speak for anybody: a narrator without a World, or a card that does.

    A card does if its greeting and examples have lines of two names besides its own and the
    player's, as scripts have them (`Ann: Come in.`).
    """
    if card.kind == "tale":
        return card.world is None
    own = {"{{char}}", "{{user}}", card.name.casefold(), card.nickname.casefold()}
    lines = _SPEAKER.findall(f"{card.first_mes}\n{card.mes_example}")
    return len({name.casefold() for name in lines} - own) > 1


def choice_count(session: Session, card: Card) -> int:
    """How many choices are offered: 0 for none, else 2 to 5."""
    wanted = session.settings.get("choices", card.choices)
    count = int(wanted) if isinstance(wanted, int) else card.choices
    return 0 if count < 1 else min(max(count, 2), 5)
