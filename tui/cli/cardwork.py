"""`fabletop card show|check|new`: what the commands do."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from rich.text import Text

from tui.cards import Card, find_card, read_card
from tui.cards.template import new_card_template
from tui.cli.lines import Lines
from tui.cli.listing import say
from tui.game.program import Program
from tui.store.files import free_path, in_words, slug
from tui.ui.clean import clean
from tui.world.cardcheck import check_card


def show(card: Card) -> None:
    """Say what is in a card."""
    out = Lines()
    for label, text in _described(card):
        if text:
            out.print(Text.assemble((f"{label:<12}", "bold"), clean(text)), soft_wrap=True)


def check(program: Program, card: str) -> bool:
    """Say everything that is wrong with a card and its world; whether it can be played.

    Raises CardNotFound.
    """
    path = find_card(program.paths.card_folders, card)
    problems = check_card(path).problems
    for problem in problems:
        mark = "warning: " if problem.weight == "warning" else ""
        sentence = problem.sentence()
        say(f"{mark}{sentence}{'' if sentence.endswith('?') else '.'}")
    if not problems:
        say(f"{path.name} is in order.")
    return not any(problem.weight == "error" for problem in problems)


def new(program: Program, name: str, kind: Literal["tale", "companion"]) -> None:
    """Write a new card, and say where. Raises StoreError."""
    path = write_new(program.paths.characters, name, kind)
    read_card(path)
    say(f"Written: {path}")


def write_new(folder: Path, name: str, kind: Literal["tale", "companion"]) -> Path:
    """Write a new card into `folder`. Raises StoreError."""
    paths = free_path(folder, slug(name), ".yaml")
    path = next(one for one in paths if not one.exists())
    with in_words("Could not write", path):
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(new_card_template(kind, name), encoding="utf-8")
    return path


def _described(card: Card) -> list[tuple[str, str]]:
    book = card.character_book
    world = card.world
    return [
        ("name", card.name),
        ("kind", card.kind),
        ("tags", ", ".join(card.tags)),
        ("length", card.length),
        ("scenario", card.scenario),
        ("description", card.description),
        ("personality", card.personality),
        ("begins", card.first_mes),
        ("greetings", str(1 + len(card.alternate_greetings))),
        ("lorebook", f"{len(book.entries)}" if book else ""),
        ("facts", f"{len(card.facts)}" if card.facts else ""),
        ("world", f"{len(world.places)} places, {len(world.endings)} endings" if world else ""),
        ("notes", card.creator_notes),
    ]
