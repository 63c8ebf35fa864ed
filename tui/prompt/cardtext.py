"""The system text: what a card says, in the words of the template."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tui.prompt.macros import Names, resolve
from tui.prompt.system import companion_system, tale_system
from tui.prompt.template import Template

_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What a card and the player say of themselves; every text but the names may be empty.

    `about` is description and personality; `own_system` the card's own system prompt.
    """

    user: str
    char: str
    about: str = ""
    personality: str = ""
    scenario: str = ""
    persona: str = ""
    tone: str = ""
    choices: int = 0
    lore: tuple[str, ...] = ()
    own_system: str = ""
    tale: bool = False


def card_text(template: Template, facts: CardFacts) -> str:
    """The system text of a card in the form of `template`."""
    if template.card:
        return template.card_joiner.join(card_lines(template, facts, template.card))
    if not facts.own_system:
        return _told(facts, facts.lore)
    # The card's own words stand for the task's; what the card tells of itself follows them.
    names = Names(facts.user, facts.char, _task(facts))
    parts = [resolve(facts.own_system, names).strip()]
    about = (facts.about, facts.personality, facts.scenario)
    parts += [text.strip() for text in about if text.strip()]
    if facts.persona:
        parts.append(f"{facts.user} is {facts.persona.strip().rstrip('.')}.")
    return "\n".join([*parts, *facts.lore])


def _told(facts: CardFacts, lore: Sequence[str]) -> str:
    if facts.tale:
        return tale_system(
            facts.scenario or facts.about,
            user=facts.user,
            persona=facts.persona,
            tone=facts.tone,
            choices=facts.choices,
            lore=lore,
        )
    return companion_system(
        facts.char,
        about=(facts.about, facts.personality, facts.scenario),
        user=facts.user,
        persona=facts.persona,
        lore=lore,
    )


def _task(facts: CardFacts) -> str:
    """The task alone, without what the card tells."""
    bare = replace(facts, about="", personality="", scenario="", persona="")
    return _told(bare, ())


def card_lines(template: Template, facts: CardFacts, wanted: Sequence[str]) -> list[str]:
    """Lines of the template filled in; one whose slot is empty is left out, each slot is one line."""
    about = f"{facts.about} {facts.personality}"
    if facts.tale:
        bare = replace(facts, scenario="", about="", persona="")
        about = _told(bare, ())
    persona = " ".join(facts.persona.split()).rstrip(".")
    who = f"{facts.user} is {persona}." if persona else ""
    scenario = " ".join((facts.scenario or (facts.about if facts.tale else "")).split())
    names = Names(facts.user, facts.char)
    values = {
        "char": facts.char,
        "user": facts.user,
        "about": " ".join(about.split()),
        "persona": who,
        "scenario": scenario,
        "setting": f"{scenario} {who}".strip(),
        "lore": " ".join(" ".join(facts.lore).split()),
        "system": " ".join(resolve(facts.own_system, names).split()),
        "length": template.length,
    }
    lines: list[str] = []
    for line in wanted:
        slots = _SLOT.findall(line)
        if all(values.get(slot) for slot in slots):
            lines.append(_SLOT.sub(lambda match: values[match[1]], line))
    return lines
