"""Playing: which front end opens, and how a run begins and ends."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from tui.cards import CardNotFound
from tui.cli.listing import say
from tui.cli.plain import PlainGame
from tui.game.changes import OtherCard
from tui.game.narrator import Narrator
from tui.game.program import Program
from tui.game.storyteller import Storyteller
from tui.store import SaveLocked, SaveReadOnly, StoreError


@dataclass(frozen=True, slots=True)
class Resuming:
    """How a story is gone on with: in a copy, only read, with the card as it is now."""

    copy: bool = False
    read: bool = False
    new_card: bool = False


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
        asyncio.run(_plain(program, teller, lambda: program.begin(card, teller, seed=seed)))
    else:
        screens(program, card=wanted or card.id, model=model, seed=seed)


def resume(
    program: Program, wanted: str, how: Resuming, *, model: str = "", plain: bool = False
) -> None:
    """An earlier session, on the screens or in plain mode."""
    save = program.save(wanted)
    if how.copy:
        save = program.copy(save)
    if plain or not on_terminal():
        teller = program.storyteller(model or program.model_of(save))
        asyncio.run(_plain(program, teller, lambda: _resumed(program, save, teller, how)))
    else:
        screens(program, save=str(save), model=model, read_only=how.read)


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
    program: Program,
    *,
    card: str = "",
    save: str = "",
    model: str = "",
    seed: int | None = None,
    read_only: bool = False,
) -> None:
    """The full-screen program."""
    # Textual takes a third of a second to import, which plain mode should not wait for.
    from tui.app import run

    run(program, card=card, save=save, model=model, seed=seed, read_only=read_only)


async def _plain(
    program: Program, teller: Storyteller, opened: Callable[[], Awaitable[Narrator]]
) -> None:
    teller.start()
    narrator: Narrator | None = None
    try:
        narrator = await opened()
        game = PlainGame(narrator, Console(highlight=False, markup=False))
        await (game.play() if narrator.book.writable else game.read())
    finally:
        if narrator is not None:
            await narrator.close()
        await teller.close()


async def _resumed(program: Program, save: Path, teller: Storyteller, how: Resuming) -> Narrator:
    """The story in a save; at a terminal the player is asked what to do where it can't be written.

    Raises StoreError.
    """
    try:
        narrator = program.resume(save, teller, read_only=how.read)
    except (SaveLocked, SaveReadOnly) as error:
        if not on_terminal():
            raise StoreError(f"{error} (--copy goes on in a copy, --read shows it.)") from error
        say(str(error))
        say("1. Go on in a copy\n2. Read it here")
        match (await asyncio.to_thread(sys.stdin.readline)).strip():
            case "1":
                narrator = program.resume(program.copy(save), teller)
            case "2":
                narrator = program.resume(save, teller, read_only=True)
            case _:
                raise
    for change in narrator.changes if how.new_card else ():
        if isinstance(change, OtherCard):
            await narrator.take_card(change.card)
            narrator.changes = tuple(one for one in narrator.changes if one is not change)
    return narrator
