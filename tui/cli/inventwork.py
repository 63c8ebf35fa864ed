"""`fabletop card new --invent`: a character that the model invents, as a card to be changed."""

from __future__ import annotations

import asyncio
import secrets

from tui.cards import Card
from tui.cli.listing import say
from tui.game.inventing import SEEDS, invented, write_invented
from tui.game.program import Program


def invent(program: Program, name: str, *, model: str, seed: int | None) -> None:
    """Have the model invent somebody, and write the card.

    Raises NoModel, BackendError, NotInvented and StoreError.
    """
    card = asyncio.run(_invented(program, name, model, seed))
    path = write_invented(program.paths.characters, card)
    say(f"{name}: {card.description}")
    say(f"Written: {path}. Change it as you like; `fabletop play {path.stem}` begins.")


async def _invented(program: Program, name: str, model: str, seed: int | None) -> Card:
    teller = program.storyteller(model)
    try:
        return await invented(teller, name, secrets.randbelow(SEEDS) if seed is None else seed)
    finally:
        await teller.close()
