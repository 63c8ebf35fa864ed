"""The system text of a talk of several: what every card says, in the words of the template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tui.prompt.cardtext import CardFacts, card_lines
from tui.prompt.macros import Names, resolve
from tui.prompt.template import Template


def group_text(template: Template, cards: Sequence[CardFacts]) -> str:
    """The system text of several cards, the same whoever speaks.

    The player and their persona are those of the first; each card's lore and scenario count.
    """
    first = cards[0]
    lore = tuple(dict.fromkeys(fact for one in cards for fact in one.lore))
    together = replace(
        first,
        char=listed([one.char for one in cards]),
        about="",
        personality="",
        scenario=" ".join(dict.fromkeys(one.scenario.strip() for one in cards if one.scenario)),
        lore=lore,
        own_system=" ".join(_own(one) for one in cards if one.own_system),
    )
    if template.card:
        return _in_lines(template, cards, together)
    parts = [
        f"Enter RP mode. You are {together.char}, one at a time: the name that a reply begins "
        "with says who speaks. Write for nobody else.",
        *(_of_one(one) for one in cards),
        " ".join(together.scenario.split()),
        f"{first.user} is {first.persona.strip().rstrip('.')}." if first.persona else "",
        "Stay in character and answer in one to three sentences.",
        *(" ".join(fact.split()) for fact in lore),
    ]
    return "\n".join(part for part in parts if part)


def listed(names: Sequence[str]) -> str:
    """Names as one says them: `Ann`, `Ann and Ben`, `Ann, Ben and Cid`."""
    head = ", ".join(names[:-1])
    return f"{head} and {names[-1]}" if head else names[-1]


def _of_one(card: CardFacts) -> str:
    """What one card says, on a line that begins with its name."""
    said = " ".join(f"{_own(card)} {card.about} {card.personality}".split())
    return f"{card.char}: {said}" if said else ""


def _own(card: CardFacts) -> str:
    """A card's own system text; the task stands once, for all."""
    return resolve(card.own_system, Names(card.user, card.char)).strip()


def _in_lines(template: Template, cards: Sequence[CardFacts], together: CardFacts) -> str:
    """The template's own lines; the one that tells of the character once for each."""
    lines: list[str] = []
    for line in template.card:
        each = [replace(one, own_system="") for one in cards] if "{about}" in line else [together]
        for facts in each:
            lines += card_lines(template, facts, (line,))
    return template.card_joiner.join(lines)
