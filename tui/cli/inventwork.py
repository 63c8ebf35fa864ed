"""`fabletop card new --invent`: a character that the model invents, as a card to be changed."""

from __future__ import annotations

import asyncio
import secrets

from tui.cards import Card
from tui.cards.formats.yamlout import to_yaml
from tui.cli.listing import say
from tui.game.inventing import invented
from tui.game.program import Program
from tui.store import StoreError
from tui.store.files import free_path, slug, write_whole

SEEDS = 2**31


def invent(program: Program, name: str, *, model: str, seed: int | None) -> None:
    """Have the model invent somebody, and write the card.

    Raises NoModel, BackendError, NotInvented and StoreError.
    """
    card = asyncio.run(_invented(program, name, model, seed))
    folder = program.paths.characters
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"Could not make {folder}: {error.strerror or error}.") from error
    path = next(one for one in free_path(folder, slug(name), ".yaml") if not one.exists())
    write_whole(path, to_yaml(card))
    say(f"{name}: {card.description}")
    say(f"Written: {path}. Change it as you like; `fabletop play {path.stem}` begins.")


async def _invented(program: Program, name: str, model: str, seed: int | None) -> Card:
    teller = program.storyteller(model)
    try:
        return await invented(teller, name, secrets.randbelow(SEEDS) if seed is None else seed)
    finally:
        await teller.close()
