"""Everything that is wrong with a card: its fields, its world's names, and where a game could get stuck."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tui.cards import Problem, inspect_card
from tui.cards.yamlfile import Document
from tui.game import cast
from tui.world import World, WorldError
from tui.world.exploring import Exploration, explore

MOST_STATES = 60_000
"""How far a world is searched here; `fabletop world explore` goes on."""


def check_card(path: Path, most_states: int = MOST_STATES) -> tuple[Problem, ...]:
    """All problems of the card in a file, with their lines, those of the first lines first."""
    inspection = inspect_card(path)
    found = list(inspection.problems)
    card = inspection.card
    if card is not None and card.world is not None:
        try:
            world = World.build(card.world, player_name=card.user_name or cast.SOMEBODY)
        except WorldError as error:
            found += (_placed(one, inspection.document, path.name) for one in error.problems)
        else:
            searched = explore(world, most_states)
            found += (_placed(one, inspection.document, path.name) for one in stuck(searched))
    return tuple(sorted(found, key=lambda one: (one.line, one.field)))


def stuck(searched: Exploration) -> Iterator[Problem]:
    """What a search says against a world; only a whole one can say that something is never reached."""
    if searched.complete:
        for place in searched.unreached_places:
            text = "the player can never get there"
            yield Problem(
                "", 0, f"places.{place}", text, "give it an exit that can be passed", "warning"
            )
        for ending in searched.unreached_endings:
            text = "the tale can never end so"
            yield Problem("", 0, f"endings.{ending}", text, "check its conditions", "warning")
    for dead in searched.dead_ends:
        lost = f" ({', '.join(dead.lost)} is lost)" if dead.lost else ""
        text = f"after “{' → '.join(dead.path[-3:])}” no ending can be reached{lost}"
        yield Problem("", 0, "", text, "give another way, or an ending there", "warning")


def _placed(problem: Problem, document: Document, file: str) -> Problem:
    """A world's problem with its file and line."""
    field = f"world.{problem.field}" if problem.field else "world"
    return replace(problem, file=file, line=document.line(_steps(field)), field=field)


def _steps(field: str) -> tuple[str | int, ...]:
    """`world.rules[2].when` and `world.rules.2.when` as the path of a document."""
    parts = re.findall(r"\[(\d+)\]|([^.\[\]]+)", field)
    return tuple(
        int(number) - 1 if number else int(word) if word.isdecimal() else word
        for number, word in parts
    )
