"""A card that the model invents, asked for in the library."""

from __future__ import annotations

import secrets
from pathlib import Path

from tui.engine.backend import BackendError
from tui.game.inventing import SEEDS, NotInvented, invented, write_invented
from tui.prompt import TemplateError
from tui.store import StoreError
from tui.ui.host import Host
from tui.ui.screens.dialogs import LineDialog

WORDS = (
    "The storyteller makes up who that is. A bigger one does it better; the one that ships can't."
)


async def invented_card(app: Host) -> Path | None:
    """Ask for a name and have somebody invented; None where that fails, of which the player is told."""
    name = await app.push_screen_wait(LineDialog("What are they called?", "", WORDS))
    teller = app.teller
    if not name or teller is None:
        return None
    app.notify(f"{name} is being invented …")
    try:
        card = await invented(teller, name, secrets.randbelow(SEEDS))
        return write_invented(app.program.paths.characters, card)
    except (BackendError, NotInvented, StoreError, TemplateError) as error:
        app.complain(error)
        return None
