"""What can be done with a save from the library: name, copy, write out, throw away."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui.game.exchange import take_out
from tui.store import StoreError, list_saves
from tui.store.shelf import duplicate_save, rename_save, tag_save, take_back, throw_away
from tui.ui.screens.dialogs import LineDialog
from tui.ui.screens.menu import MenuDialog

if TYPE_CHECKING:
    from tui.store import SaveInfo
    from tui.ui.host import Host

WAYS = (
    ("rename", "Give it another name"),
    ("tags", "Give it tags, to find it by"),
    ("copy", "Make a copy"),
    ("markdown", "Write it out to read, as Markdown"),
    ("html", "Write it out as a page for a browser"),
    ("sillytavern", "Write it out for SillyTavern"),
    ("trash", "Put it in the trash"),
    ("emptied", "Take something back out of the trash"),
)
MOST_THROWN = 15
TAKEN_BACK = (("back", "Take it back out of the trash"), ("leave", "Leave it there"))


async def save_menu(host: Host, save: SaveInfo) -> None:
    """Ask what to do with a save, and do it; must run in a worker."""
    way = await host.push_screen_wait(MenuDialog(save.name, WAYS))
    try:
        await _do(host, save, way)
    except StoreError as error:
        host.complain(error)


async def _do(host: Host, save: SaveInfo, way: str | None) -> None:
    paths, now = host.program.paths, host.program.clock()
    match way:
        case "rename":
            name = await host.push_screen_wait(LineDialog("Another name", save.name))
            if name:
                rename_save(save.path, name, now)
        case "tags":
            words = "Words with commas between them; none takes the tags away."
            line = LineDialog("Tags", ", ".join(save.tags), words)
            tags = await host.push_screen_wait(line)
            if tags is not None:
                tag_save(save.path, [tag.strip() for tag in tags.split(",") if tag.strip()], now)
        case "emptied":
            await take_from_trash(host)
        case "copy":
            duplicate_save(save.path, f"{save.name}, a copy", now)
        case "trash":
            thrown = throw_away(save.path, paths.trash)
            again = await host.push_screen_wait(
                MenuDialog(f"{save.name} is in the trash", TAKEN_BACK)
            )
            if again == "back":
                take_back(thrown, paths.saves)
        case "markdown" | "html" | "sillytavern":
            written = take_out(save.path, way, paths.saves)
            host.notify(f"Written: {written}", timeout=10)
        case _:
            pass


async def take_from_trash(host: Host) -> None:
    """Let the player pick what comes back out of the trash; must run in a worker.

    Raises:
        StoreError: It can't be read or moved.
    """
    paths = host.program.paths
    thrown = list_saves(paths.trash)
    if not thrown:
        host.notify("The trash is empty.")
        return
    rows = [(str(one.path), f"{one.name} · turn {one.turns}") for one in thrown[:MOST_THROWN]]
    picked = await host.push_screen_wait(MenuDialog("In the trash", rows))
    if picked:
        take_back(Path(picked), paths.saves)
