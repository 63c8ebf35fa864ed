"""Playing: which front end opens, and how a run begins and ends."""

from __future__ import annotations

import asyncio
import sys

from rich.console import Console

from tui.cards import CardNotFound
from tui.cli.plain import PlainGame
from tui.game.narrator import Narrator
from tui.game.program import Program
from tui.game.storyteller import Storyteller


def library(program: Program) -> None:
    """Open the library; with no terminal, the starred tale in plain mode."""
    if on_terminal():
        screens(program)
    else:
        play(program, "", plain=True)


def play(
    program: Program, wanted: str, *, model: str = "", seed: int | None = None, plain: bool = False
) -> None:
    """A new session of a card, on the screens or in plain mode."""
    card = program.card(wanted or starred(program))
    if plain or not on_terminal():
        teller = program.storyteller(model)
        asyncio.run(_plain(program, teller, card_id=wanted or starred(program), seed=seed))
    else:
        screens(program, card=wanted or card.id, model=model, seed=seed)


def resume(program: Program, wanted: str, *, model: str = "", plain: bool = False) -> None:
    """An earlier session, on the screens or in plain mode."""
    save = program.save(wanted)
    if plain or not on_terminal():
        teller = program.storyteller(model or program.model_of(save))
        asyncio.run(_plain(program, teller, save=str(save)))
    else:
        screens(program, save=str(save), model=model)


def starred(program: Program) -> str:
    """The id of the tale to start with. Raises CardNotFound."""
    for entry in program.cards():
        if not entry.problem:
            return entry.id
    raise CardNotFound(f"There is no card to play: put one into {program.paths.characters}.")


def on_terminal() -> bool:
    """Whether the screens can be shown."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def screens(
    program: Program, *, card: str = "", save: str = "", model: str = "", seed: int | None = None
) -> None:
    """The full-screen program."""
    # Textual takes a third of a second to import, which plain mode should not wait for.
    from tui.app import run

    run(program, card=card, save=save, model=model, seed=seed)


async def _plain(
    program: Program,
    teller: Storyteller,
    *,
    card_id: str = "",
    save: str = "",
    seed: int | None = None,
) -> None:
    teller.start()
    narrator: Narrator | None = None
    try:
        if save:
            narrator = program.resume(program.save(save), teller)
        else:
            narrator = await program.begin(program.card(card_id), teller, seed=seed)
        await PlainGame(narrator, Console(highlight=False, markup=False)).play()
    finally:
        if narrator is not None:
            await narrator.close()
        await teller.close()
