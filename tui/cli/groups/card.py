"""`fabletop card ...`: look at cards, check them, begin new ones, and those of other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tui.cli.setting import program

app = typer.Typer(
    help="Look at cards, check them, begin new ones; take others in and give them out.",
    no_args_is_help=True,
)

CardName = Annotated[str, typer.Argument(metavar="CARD", help="A card's id or path.")]
Picture = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="A .png to put the card into.", show_default=False),
]
Book = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="A lorebook whose entries are added.", show_default=False),
]
OldSpec = Annotated[bool, typer.Option("--v2", help="Write JSON of the older specification.")]


def nameable(name: str) -> str:
    """A name that can be read. Raises BadParameter."""
    from tui.ui.clean import clean_line

    if not (shown := clean_line(name)):
        raise typer.BadParameter("a card needs a name")
    return shown


@app.command()
def show(card: CardName) -> None:
    """Say what is in a card: who it is, how it begins, what it brings along."""
    from tui.cli import cardwork

    cardwork.show(program().card(card))


@app.command()
def check(card: CardName) -> None:
    """Find everything that is wrong with a card and its world, with lines; 1 where something is."""
    from tui.cli import cardwork

    if not cardwork.check(program(), card):
        raise typer.Exit(1)


@app.command()
def new(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="What the card is called.", callback=nameable)
    ],
    *,
    kind: Annotated[str, typer.Option(help="`tale` or `companion`.", metavar="KIND")] = "tale",
    invent: Annotated[
        bool, typer.Option("--invent", help="Have the model invent a companion of that name.")
    ] = False,
    model: Annotated[
        str, typer.Option("--model", "-m", metavar="FILE", help="The model that invents.")
    ] = "",
    seed: Annotated[int | None, typer.Option(help="The same seed invents the same.")] = None,
) -> None:
    """Write a new card with notes in it, ready to be played and to be changed."""
    from tui.cli import cardwork

    if invent:
        from tui.cli import inventwork

        inventwork.invent(program(), name, model=model, seed=seed)
        return
    if kind not in ("tale", "companion"):
        raise typer.BadParameter("it is `tale` or `companion`", param_hint="--kind")
    cardwork.new(program(), name, "tale" if kind == "tale" else "companion")


@app.command("import")
def import_(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH", help="Cards, folders, SillyTavern's data.")
    ],
) -> None:
    """Take cards of other programs in, as they are; 1 where one of them could not be read."""
    from tui.cli import cardfiles

    if not cardfiles.take_in(program(), paths):
        raise typer.Exit(1)


@app.command()
def export(
    card: CardName,
    to: Annotated[
        Path, typer.Option(metavar="FILE", help="A .png, .json, .charx or .yaml that isn't there.")
    ],
    picture: Picture = None,
    v2: OldSpec = False,
) -> None:
    """Write a card into a file that other programs read; PNG holds V2 and V3 both."""
    from tui.cli import cardfiles

    cardfiles.convert(program(), card, writable(to), picture=picture, v2=v2)


@app.command()
def convert(
    card: Annotated[str, typer.Argument(metavar="IN", help="A card's path or id.")],
    to: Annotated[Path, typer.Argument(metavar="OUT", help="The new file.")],
    picture: Picture = None,
    lorebook: Book = None,
    v2: OldSpec = False,
) -> None:
    """Write a card as another kind of file, or with a lorebook added."""
    from tui.cli import cardfiles

    cardfiles.convert(program(), card, writable(to), picture=picture, lorebook=lorebook, v2=v2)


def writable(to: Path) -> Path:
    """A path whose kind of file can be written. Raises BadParameter."""
    from tui.cards.formats.writing import WRITTEN

    if to.suffix.lower() not in WRITTEN:
        kinds = ", ".join(WRITTEN)
        raise typer.BadParameter(f"“{to.name}” is none of the kinds that are written: {kinds}")
    return to
