"""Plainly: how a story in plain mode is begun, opened again and left."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from pathlib import Path

from tui.cards import Card
from tui.cli import playing
from tui.cli.lines import Lines, next_line
from tui.cli.listing import say
from tui.cli.plain import PlainGame
from tui.game.changes import OtherCard
from tui.game.narrator import Narrator
from tui.game.program import Program
from tui.game.storyteller import Storyteller
from tui.modelfiles.jobs import Progress
from tui.store import SaveLocked, SaveReadOnly, StoreError


def begin_plainly(
    program: Program, cards: Sequence[Card], model: str, seed: int | None, persona: str
) -> None:
    """A new session of a card, or a talk of several, on lines."""
    teller = program.storyteller(model)

    def begun() -> Awaitable[Narrator]:
        return program.begin(cards[0], teller, seed=seed, company=cards[1:], persona=persona)

    asyncio.run(_plain(program, teller, begun))


def resume_plainly(program: Program, save: Path, model: str, how: playing.Resuming) -> None:
    """An earlier session, on lines."""
    teller = program.storyteller(model or program.model_of(save))
    asyncio.run(_plain(program, teller, lambda: _resumed(program, save, teller, how)))


async def _plain(
    program: Program, teller: Storyteller, opened: Callable[[], Awaitable[Narrator]]
) -> None:
    await _converted(teller)
    teller.start()
    narrator: Narrator | None = None
    try:
        narrator = await opened()
        game = PlainGame(narrator, Lines(), program)
        await (game.play() if narrator.book.writable else game.read())
    finally:
        if narrator is not None:
            await narrator.close()
        await teller.close()


async def _converted(teller: Storyteller) -> None:
    """Make a GGUF file of a model that is none, before the story begins. Raises ModelUnreadable."""
    readier = teller.readier
    if readier is None or not readier.model.needs_converting:
        return
    from tui.cli.progress import Shown

    shown = Shown(teller.title)
    try:
        async with aclosing(readier.path()) as events:
            async for event in events:
                if isinstance(event, Progress):
                    shown.update(event)
    finally:
        shown.close()
    if readier.warning:
        say(readier.warning)


async def _resumed(
    program: Program, save: Path, teller: Storyteller, how: playing.Resuming
) -> Narrator:
    """The story in a save; at a terminal the player is asked what to do where it can't be written.

    Raises StoreError.
    """
    try:
        narrator = program.resume(save, teller, read_only=how.read)
    except (SaveLocked, SaveReadOnly) as error:
        if not playing.on_terminal():
            raise StoreError(f"{error} (--copy goes on in a copy, --read shows it.)") from error
        say(str(error))
        say("1. Go on in a copy\n2. Read it here")
        match (await next_line()).strip():
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
