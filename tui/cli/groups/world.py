"""`fabletop world ...`: walk a tale's world without a model, and search it."""

from __future__ import annotations

from typing import Annotated

import typer

from tui.cli.setting import program

app = typer.Typer(help="Walk a tale's world without a model, and search it.", no_args_is_help=True)

CardName = Annotated[str, typer.Argument(metavar="CARD", help="A tale's id or path.")]
Seed = Annotated[int, typer.Option(help="The world's seed.")]


@app.command()
def play(card: CardName, seed: Seed = 0) -> None:
    """Walk the world: the program's own sentences tell what happens, no model is loaded."""
    from tui.cli.walking import walk

    walk(program().card(card), seed)


@app.command()
def explore(
    card: CardName,
    states: Annotated[
        int, typer.Option(min=1, help="How many situations to look at, at most.")
    ] = 200_000,
) -> None:
    """Search the world: the shortest way to each ending, dead ends, what is out of reach."""
    from tui.cli.walking import search

    if not search(program().card(card), states):
        raise typer.Exit(1)
