"""The commands of `fabletop`, their options and their help.

What declares a command imports typer alone; what does it is imported when it is asked for, so that
the library is up at once.
"""

from __future__ import annotations

import sys
from typing import Annotated, NoReturn

import typer

from tui import __version__
from tui.cli import playing
from tui.cli.errors import refused, sentences
from tui.cli.groups import card, model, save, world
from tui.cli.lines import drop_output, settle_streams
from tui.cli.setting import program
from tui.ui.clean import clean

app = typer.Typer(
    name="fabletop",
    help="Text adventures and roleplay chat, told by a language model on your own machine.\n\n"
    "Without a command the library opens.",
    no_args_is_help=False,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
app.add_typer(card.app, name="card")
app.add_typer(model.app, name="model")
app.add_typer(save.app, name="save")
app.add_typer(world.app, name="world")

Model = Annotated[
    str,
    typer.Option(
        "--model",
        "-m",
        metavar="FILE",
        help="The model that tells: a path, or a name that `model list` has.",
    ),
]
Plain = Annotated[
    bool, typer.Option("--plain", help="Lines on the terminal instead of the screens.")
]
Json = Annotated[bool, typer.Option("--json", help="Write JSON, for scripts.")]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"fabletop {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def fabletop(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Say which version this is."
        ),
    ] = False,
) -> None:
    """Open the library; with no terminal, play the starred tale's opening."""
    if context.invoked_subcommand is None:
        playing.library(program())


@app.command()
def play(
    cards: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="CARD",
            help="A card's id or path; the starred tale if none. Several companions talk together.",
        ),
    ] = None,
    model: Model = "",
    seed: Annotated[
        int | None, typer.Option(help="The same seed and the same words give the same story.")
    ] = None,
    persona: Annotated[
        str, typer.Option(metavar="NAME", help="Who you are: one of those in your personas.yaml.")
    ] = "",
    plain: Plain = False,
) -> None:
    """Begin a new story."""
    playing.play(program(), *(cards or ()), model=model, seed=seed, persona=persona, plain=plain)


@app.command()
def resume(
    save: Annotated[
        str, typer.Argument(metavar="SAVE", help="A save's name or path; the newest if none.")
    ] = "",
    *,
    model: Model = "",
    copy: Annotated[
        bool, typer.Option("--copy", help="Go on in a copy; the story itself stays as it is.")
    ] = False,
    read: Annotated[
        bool, typer.Option("--read", help="Only read it, also while it is open elsewhere.")
    ] = False,
    new_card: Annotated[
        bool, typer.Option("--new-card", help="Take the card as it is now, if it has changed.")
    ] = False,
    plain: Plain = False,
) -> None:
    """Go on with a story."""
    how = playing.Resuming(copy=copy, read=read, new_card=new_card)
    playing.resume(program(), save, how, model=model, plain=plain)


@app.command()
def saves(as_json: Json = False) -> None:
    """List the stories that were begun, the newest first."""
    from tui.cli import listing

    listing.saves(program(), as_json=as_json)


@app.command()
def cards(as_json: Json = False) -> None:
    """List the tales and companions, with what is wrong where something is."""
    from tui.cli import listing

    listing.cards(program(), as_json=as_json)


@app.command()
def prompt(
    save: Annotated[
        str, typer.Argument(metavar="SAVE", help="A save's name or path; the newest if none.")
    ] = "",
    say: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What would be sent if you said this.")
    ] = None,
    model: Model = "",
    as_json: Json = False,
) -> None:
    """Write exactly what the model was sent for the last reply."""
    from tui.cli import prompting

    prompting.prompt(program(), save, say=say, model=model, as_json=as_json)


@app.command("doctor")
def doctor_command(
    saves: Annotated[
        bool, typer.Option("--saves", help="Check every save, and mend what can be mended.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Say what is installed, whether the model runs, and what to do where it does not."""
    from tui.cli import doctor

    raise typer.Exit(doctor.doctor(program(), saves=saves, as_json=as_json))


def _leave(sentence: str) -> NoReturn:
    """Say what is wrong, safely, and leave with 1."""
    words = clean(sentence)
    sys.stderr.write(f"fabletop: {words}{'' if words.endswith(('.', '?', '.)')) else '.'}\n")
    raise SystemExit(1) from None


def main() -> None:
    """Run the command that was typed; an error that a player can cause is one sentence."""
    settle_streams()
    try:
        app()
    except sentences() as error:
        _leave(str(error))
    except BrokenPipeError:
        # The reader of a pipe has gone; nothing is left to say to it.
        drop_output()
        raise SystemExit(0) from None
    except OSError as error:
        drop_output()
        _leave(refused(error))
    except KeyboardInterrupt:
        raise SystemExit(130) from None
