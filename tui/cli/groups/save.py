"""`fabletop save ...`: what can be done with stories that aren't being played."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tui.cli.setting import program

app = typer.Typer(
    help="Name, tag, copy, throw away and take back stories; take chats in and give stories out.",
    no_args_is_help=True,
)

Save = Annotated[str, typer.Argument(metavar="SAVE", help="A save's name or path.")]


@app.command("import")
def import_(
    chat: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A chat of SillyTavern or text-generation-webui."),
    ],
) -> None:
    """Take in a chat of another program; its file is only read."""
    from tui.cli import savework

    savework.take_in(program(), chat)


@app.command()
def export(
    save: Save,
    form: Annotated[
        str,
        typer.Argument(metavar="FORMAT", help="markdown, text, html, jsonl or sillytavern."),
    ] = "markdown",
    folder: Annotated[
        Path, typer.Option("--to", metavar="FOLDER", help="Where to write it.")
    ] = Path(),
) -> None:
    """Write a story out, to read it or for another program."""
    from tui.cli import savework

    savework.take_out(program(), save, form, folder)


@app.command()
def rename(
    save: Save, name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called.")]
) -> None:
    """Give a story another name; its file keeps its own."""
    from tui.cli import savework

    savework.rename(program(), save, name)


@app.command()
def tag(
    save: Save,
    tags: Annotated[
        list[str] | None,
        typer.Argument(metavar="TAG", help="All its tags; none takes them away."),
    ] = None,
) -> None:
    """Give a story tags, by which the library finds it."""
    from tui.cli import savework

    savework.tag(program(), save, tags or [])


@app.command()
def copy(save: Save) -> None:
    """Copy a story, open or not."""
    from tui.cli import savework

    savework.copy(program(), save)


@app.command()
def trash(
    save: Annotated[
        str,
        typer.Argument(metavar="SAVE", help="A save's name; without one the trash is listed."),
    ] = "",
) -> None:
    """Put a story in the trash, or list what is there."""
    from tui.cli import savework

    savework.trash(program(), save)


@app.command()
def back(save: Save) -> None:
    """Take a story back out of the trash."""
    from tui.cli import savework

    savework.back(program(), save)
