"""Reopening: a save is laid open again, whatever has become of it meanwhile."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from tui.game.changes import Change, OtherCard, OtherModel
from tui.store import SaveLocked, SaveNewer, SaveReadOnly
from tui.story.chats import ChatError
from tui.ui.screens.menu import MenuDialog
from tui.world import WorldError

if TYPE_CHECKING:
    from tui.game.narrator import Narrator
    from tui.game.storyteller import Storyteller
    from tui.ui.host import Host

COPY, READ = ("copy", "Go on in a copy"), ("read", "Read it here")


async def reopened(
    host: Host, save: Path, teller: Storyteller, *, read_only: bool = False
) -> Narrator | None:
    """The story in a save; None where the player leaves it be. Must run in a worker.

    One that another program has open, or that may not be written, is read, or gone on with in a
    copy, as the player likes; one of a newer version can only be read.

    Raises:
        StoreError: It can't be opened at all.
    """
    program = host.program
    try:
        return await asyncio.to_thread(program.resume, save, teller, read_only=read_only)
    except (SaveLocked, SaveReadOnly, SaveNewer) as error:
        ways = (READ,) if isinstance(error, SaveNewer) else (COPY, READ)
        way = await host.push_screen_wait(
            MenuDialog("This story can’t be written", ways, str(error))
        )
    if way == "copy":
        copy = await asyncio.to_thread(program.copy, save)
        return await asyncio.to_thread(program.resume, copy, teller)
    if way == "read":
        return await asyncio.to_thread(program.resume, save, teller, read_only=True)
    return None


async def taken_in(host: Host, chat: Path) -> Path | None:
    """A chat of another program as a story of ours; None where the file is no chat.

    Raises:
        StoreError: It can't be read, or the save not be written.
    """
    try:
        save, left_out = await asyncio.to_thread(host.program.take_in, chat)
    except ChatError:
        return None
    words = f"{chat.name} is taken in as a story; the file itself is only read."
    if left_out:
        words += f" Left out: {len(left_out)}, such as: {left_out[0]}"
    host.notify(words, timeout=12)
    return save


async def settle_changes(host: Host, narrator: Narrator) -> None:
    """Say what is no longer as it was, and do about it what the player chooses; needs a worker."""
    for change in narrator.changes:
        ways = ways_with(change)
        if not ways:
            host.notify(change.sentence, timeout=12)
            continue
        way = await host.push_screen_wait(
            MenuDialog("Something has changed", ways, change.sentence)
        )
        if way == "before" and isinstance(change, OtherModel) and change.before is not None:
            host.use_model(change.before, keep=False)
            narrator.changes = tuple(one for one in narrator.changes if one is not change)
        elif way == "take" and isinstance(change, OtherCard):
            try:
                await narrator.take_card(change.card)
            except WorldError as error:
                host.complain(error)
    await narrator.leave_changes()


def ways_with(change: Change) -> tuple[tuple[str, str], ...]:
    """What can be done about a change, as a menu has it; empty where it can only be told."""
    if isinstance(change, OtherCard):
        return (
            ("leave", "Go on with the story’s own copy"),
            ("take", "Take the card as it is now"),
        )
    if change.before is None:
        return ()
    return (("leave", "Go on with this one"), ("before", f"Go back to {change.before.name}"))
