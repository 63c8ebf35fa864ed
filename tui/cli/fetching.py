"""`fabletop model fetch`: what a name stands for, whether it is wanted, and the way here."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from tui.cli.listing import say
from tui.cli.progress import followed
from tui.game.fetching import Fetching
from tui.game.modelwords import size_words
from tui.game.program import Program
from tui.modelfiles.errors import ModelFileError
from tui.store import SettingsFile


def fetch(program: Program, wanted: str, *, yes: bool) -> None:
    """Fetch a model, and say where it is. Raises ModelFileError."""
    try:
        asyncio.run(_fetch(program, wanted, yes=yes))
    except KeyboardInterrupt:
        sys.stderr.write("\nWhat came is kept: the same command goes on.\n")
        raise


async def _fetch(program: Program, wanted: str, *, yes: bool) -> None:
    fetching = Fetching(program, wanted)
    if fetching.entry is not None and (warning := fetching.warning):
        _ask(program, fetching, warning, yes=yes)
    await followed(fetching.title, fetching.look())
    offer = fetching.offer
    if warning := fetching.warning:
        _ask(program, fetching, warning, yes=yes)
    size = f", {size_words(offer['size'])}" if offer["size"] else ""
    licence = fetching.licence
    say(f"{offer['name']}{size}, licence: {licence or 'not stated'}.")
    answer: Any = await followed(offer["name"], fetching.fetch())
    path = Path(str(answer))
    changes = fetching.keep(path)
    if changes:
        SettingsFile.read(program.paths.settings).write(**changes)
    say(f"{path} is here. `fabletop play --model {path.name}` plays with it.")


def _ask(program: Program, fetching: Fetching, warning: str, *, yes: bool) -> None:
    """Show what the model's page warns of, and go on only if that is wanted."""
    say(f"Not for minors. {warning}")
    if not yes:
        if not sys.stdin.isatty():
            raise ModelFileError("Nothing is fetched without a yes to that: add --yes.")
        sys.stdout.write("Fetch it? [y/N] ")
        sys.stdout.flush()
        if not sys.stdin.readline().strip().lower().startswith("y"):
            raise ModelFileError("Nothing was fetched.")
    changes = fetching.accept()
    SettingsFile.read(program.paths.settings).write(**changes)
