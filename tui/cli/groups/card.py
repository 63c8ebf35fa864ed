"""`fabletop card ...`: look at cards, check them, begin new ones."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.text import Text

from tui.cards import Card, find_card, read_card
from tui.cards.template import new_card_template
from tui.cli.groups import card_files
from tui.cli.listing import say
from tui.cli.setting import program
from tui.store import StoreError
from tui.store.files import free_path, slug
from tui.ui.clean import clean, clean_line
from tui.world.cardcheck import check_card

app = typer.Typer(help="Look at cards, check them, begin new ones.", no_args_is_help=True)
app.command("import")(card_files.import_)
app.command()(card_files.export)
app.command()(card_files.convert)

CardName = Annotated[str, typer.Argument(metavar="CARD", help="A card's id or path.")]


@app.command()
def show(card: CardName) -> None:
    """Say what is in a card: who it is, how it begins, what it brings along."""
    found = program().card(card)
    out = Console(highlight=False, markup=False)
    for label, text in _described(found):
        if text:
            out.print(Text.assemble((f"{label:<12}", "bold"), clean(text)), soft_wrap=True)


@app.command()
def check(card: CardName) -> None:
    """Find everything that is wrong with a card and its world, with lines; 1 where something is."""
    path = find_card(program().paths.card_folders, card)
    problems = check_card(path).problems
    for problem in problems:
        mark = "warning: " if problem.weight == "warning" else ""
        sys.stdout.write(f"{mark}{clean_line(problem.sentence())}.\n")
    if not problems:
        say(f"{path.name} is in order.")
    if any(problem.weight == "error" for problem in problems):
        raise typer.Exit(1)


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="What the card is called.")],
    kind: Annotated[str, typer.Option(help="`tale` or `companion`.", metavar="KIND")] = "tale",
) -> None:
    """Write a new card with notes in it, ready to be played and to be changed."""
    if kind not in ("tale", "companion"):
        raise typer.BadParameter("it is `tale` or `companion`", param_hint="--kind")
    path = write_new(program().paths.characters, name, "tale" if kind == "tale" else "companion")
    read_card(path)
    say(f"Written: {path}")


def write_new(folder: Path, name: str, kind: Literal["tale", "companion"]) -> Path:
    """Write a new card into `folder`. Raises StoreError."""
    paths = free_path(folder, slug(name), ".yaml")
    path = next(one for one in paths if not one.exists())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(new_card_template(kind, name), encoding="utf-8")
    except OSError as error:
        raise StoreError(
            f"Could not write {path}: {(error.strerror or str(error)).lower()}."
        ) from error
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
        ("lorebook", f"{len(book.entries)} entries" if book else ""),
        ("facts", f"{len(card.facts)}" if card.facts else ""),
        ("world", f"{len(world.places)} places, {len(world.endings)} endings" if world else ""),
        ("notes", card.creator_notes),
    ]
