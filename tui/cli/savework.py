"""`fabletop save ...`: the work of the commands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tui.cli.listing import age, say, show
from tui.game import exchange
from tui.game.program import Program
from tui.machine import at_home
from tui.store import find_save, list_saves
from tui.store.shelf import rename_save, tag_save, take_back, throw_away


def take_in(program: Program, chat: Path) -> None:
    """Take in a chat. Raises ChatError and StoreError."""
    save, left_out = program.take_in(at_home(chat))
    for sentence in left_out:
        say(f"Left out: {sentence}")
    say(f"Taken in: `fabletop resume {save.stem}` goes on with it.")


def take_out(program: Program, save: str, form: str, folder: Path) -> None:
    """Write a story out. Raises StoreError."""
    say(f"Written: {exchange.take_out(program.save(save), form, at_home(folder))}")


def rename(program: Program, save: str, name: str) -> None:
    """Give a story another name. Raises StoreError."""
    rename_save(program.save(save), name, program.clock())
    say(f"It is called {name} now.")


def tag(program: Program, save: str, tags: Sequence[str]) -> None:
    """Give a story tags. Raises StoreError."""
    tag_save(program.save(save), tags, program.clock())
    say(f"Tagged: {', '.join(tags)}." if tags else "It has no tags now.")


def copy(program: Program, save: str) -> None:
    """Copy a story. Raises StoreError."""
    copied = program.copy(program.save(save))
    say(f"Copied: `fabletop resume {copied.stem}` goes on with the copy.")


def trash(program: Program, save: str) -> None:
    """Put a story in the trash, or list what is there. Raises StoreError."""
    if save:
        thrown = throw_away(program.save(save), program.paths.trash)
        say(f"In the trash: `fabletop save back {thrown.stem}` takes it back.")
        return
    found = list_saves(program.paths.trash)
    if not found:
        say("The trash is empty.")
        return
    rows = [(one.id, one.name, str(one.turns), age(one.updated)) for one in found]
    show(("save", "story", "turns", "played"), rows)


def back(program: Program, save: str) -> None:
    """Take a story back out of the trash. Raises StoreError."""
    taken = take_back(find_save(program.paths.trash, save), program.paths.saves)
    say(f"Back again: `fabletop resume {taken.stem}` goes on with it.")
