"""What can be done with a save from the library: name, copy, write out, throw away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.game.exchange import take_out
from tui.store import StoreError
from tui.store.shelf import duplicate_save, rename_save, take_back, throw_away
from tui.ui.screens.dialogs import LineDialog
from tui.ui.screens.menu import MenuDialog

if TYPE_CHECKING:
    from tui.store import SaveInfo
    from tui.ui.host import Host

WAYS = (
    ("rename", "Give it another name"),
    ("copy", "Make a copy"),
    ("markdown", "Write it out to read, as Markdown"),
    ("html", "Write it out as a page for a browser"),
    ("sillytavern", "Write it out for SillyTavern"),
    ("trash", "Put it in the trash"),
)
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
