"""CardDoors: how cards are taken in, looked at, edited, copied and thrown away."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work

from tui.cards import Card, CardEntry, CardError, CardNotFound
from tui.cards.library import card_entry
from tui.ui.clean import clean
from tui.ui.host import Host
from tui.ui.screens.library import LibraryScreen

if TYPE_CHECKING:
    from tui.cards.formats.importing import Imported
    from tui.ui.screens.card import CardWish

AT_ONCE = 40
"""Files that are taken in before the player hears of it again."""


@dataclass
class Harvest:
    """What came of taking several files in."""

    taken: int = 0
    passed: int = 0
    problems: list[str] = field(default_factory=list[str])
    last: Imported | None = None

    def add(self, one: Imported) -> None:
        """Count one file more."""
        if one.target is not None:
            self.taken += not one.already
            self.last = one
        elif one.is_card:
            self.problems.append(one.problem)
        else:
            self.passed += 1

    @property
    def words(self) -> str:
        """The whole in a sentence or two."""
        parts = [f"{self.taken} card{'' if self.taken == 1 else 's'} taken in"]
        parts += [f"{self.passed} other files passed by"] if self.passed else []
        parts += [f"{len(self.problems)} could not be read"] if self.problems else []
        return ", ".join(parts) + "." + (f" {self.problems[0]}." if self.problems else "")


class CardDoors(Host):
    """The part of the App that has to do with cards."""

    def __init__(self) -> None:
        super().__init__()
        self._thrown: list[Path] = []

    async def agreed(self, card: Card) -> bool:
        """Whether the player opens a card that is for adults; asked once, and remembered."""
        from tui.ui.screens.dialogs import AskDialog

        opened = self.program.settings.opened_adult
        if not card.adult or card.id in opened:
            return True
        question = AskDialog(
            "For adults", f"{card.name} is marked for adults.", "opens it", "goes back"
        )
        if not await self.push_screen_wait(question):
            return False
        self.change_settings(opened_adult=[*opened, card.id])
        return True

    # taking in

    def take_in(self, paths: Sequence[Path]) -> None:
        """Copy cards into the player's folder, and open the page of one that comes alone."""
        self._take_in(paths)

    @work(exclusive=True, group="cards")
    async def _take_in(self, paths: Sequence[Path]) -> None:
        from tui.cards.formats.importing import import_cards

        alone = len(paths) == 1 and paths[0].is_file()
        found = import_cards(paths, self.program.paths.characters)
        harvest, count = Harvest(), 0
        try:
            while batch := await asyncio.to_thread(lambda: list(islice(found, AT_ONCE))):
                count += len(batch)
                for one in batch:
                    harvest.add(one)
                    if alone and one.problem and not await self.take_chat_in(one.source):
                        self.complain(ValueError(f"{one.problem}."))
                if not alone:
                    self.tell_library(f"taking cards in: {count} files")
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            folder = self.program.paths.characters
            self.complain(ValueError(f"Could not write into {folder}: {reason}."))
        self.renew_library()
        last = harvest.last
        if not alone:
            self.notify(harvest.words, timeout=10)
        elif last is not None and last.target is not None:
            how = "was there already" if last.already else "taken in"
            lines = (f"{how}: {last.kept}", *last.warnings)
            await self._open_card(last.target, "\n".join(lines))

    async def take_chat_in(self, path: Path) -> bool:
        """Go on with another program's chat that a file holds; whether it holds one."""
        raise NotImplementedError

    def tell_library(self, words: str) -> None:
        """Say in the library's head how far a longer work is."""
        for screen in self.screen_stack:
            if isinstance(screen, LibraryScreen):
                screen.masthead.state = words

    def renew_library(self) -> None:
        """Have the library read its folders again."""
        for screen in self.screen_stack:
            if isinstance(screen, LibraryScreen):
                screen.refresh_shelves()

    # one card

    def look_at(self, card: Path, *, greeting: int = 0) -> None:
        """Open the page of a card, with all that it says."""
        self._look_at(card, greeting)

    @work(exclusive=True, group="cards")
    async def _look_at(self, path: Path, greeting: int) -> None:
        await self._open_card(path, greeting=greeting)

    async def _open_card(self, path: Path, note: str = "", greeting: int = 0) -> None:
        """Show a card's page until the player leaves it, and do what they want of it."""
        from tui.ui.screens.card import CardScreen

        try:
            card = await asyncio.to_thread(self.program.card, str(path))
        except (CardNotFound, CardError) as error:
            self.complain(error)
            return
        if not await self.agreed(card):
            return
        entry = await asyncio.to_thread(card_entry, path)
        wants_more = entry is not None and self.wants_more(entry)
        screen = CardScreen(card, path, greeting=greeting, wish=wants_more, note=note)
        wish = await self.push_screen_wait(screen)
        if screen.path != path:
            self.renew_library()
        if wish is not None:
            await self._grant(wish, screen.path)

    async def _grant(self, wish: CardWish, path: Path) -> None:
        if wish.act == "play":
            self.play(str(path), greeting=wish.greeting)
        elif wish.act == "duplicate":
            self.duplicate_card(path)
        else:
            self.throw_card(path)

    def duplicate_card(self, path: Path) -> None:
        """Copy a card's file in the player's folder."""
        from tui.cards.keeping import duplicate_card

        try:
            copy = duplicate_card(path, self.program.paths.characters)
        except OSError as error:
            self.complain(ValueError(f"Could not copy {path.name}: {error.strerror}."))
            return
        self.notify(f"Copied: {copy.name}.")
        self.renew_library()

    def throw_card(self, path: Path) -> None:
        """Put a card of the player's into the trash, from which it can be taken back."""
        from tui.cards.keeping import throw_card

        entry = card_entry(path)
        if path.parent != self.program.paths.characters or (entry and entry.shipped):
            self.notify(f"{path.name} came with the game, and stays.")
            return
        try:
            self._thrown.append(throw_card(path))
        except OSError as error:
            self.complain(ValueError(f"Could not move {path.name}: {error.strerror}."))
            return
        self.notify(f"{path.name} is in the trash. ^Z takes it back.", timeout=10)
        self.renew_library()

    def take_card_back(self) -> None:
        """Take out of the trash what was put there last."""
        from tui.cards.keeping import take_card_back

        if not self._thrown:
            self.notify("Nothing was put into the trash.")
            return
        try:
            back = take_card_back(self._thrown.pop())
        except OSError as error:
            self.complain(ValueError(f"Could not take it back: {error.strerror}."))
            return
        self.notify(f"{back.name} is back.")
        self.renew_library()

    # editing

    def edit_card(self, card: Path | None) -> None:
        """Open a card in the player's editor; None begins a new one."""
        self._edit(card)

    @work(group="editing")
    async def _edit(self, card: Path | None) -> None:
        if await self.edited_card(card) is not None:
            self.renew_library()

    async def edited_card(self, card: Path | None) -> Path | None:
        """Have a card edited, or a copy where it isn't the player's own text; returns its file."""
        from tui.cards.keeping import own_text
        from tui.ui.editing import KINDS, editor_command, run_editor, write_new_card
        from tui.ui.screens.menu import MenuDialog

        folder = self.program.paths.characters
        try:
            if card is None:
                kind = await self.push_screen_wait(MenuDialog("A card of your own", KINDS))
                if kind is None:
                    return None
                if kind == "invented":
                    from tui.ui.inventing import invented_card

                    made = await invented_card(self)
                    if made is None:
                        return None
                    path = made
                else:
                    path = write_new_card(folder, "tale" if kind == "tale" else "companion")
            else:
                path = await asyncio.to_thread(own_text, card, folder)
        except (CardError, OSError) as error:
            self.complain(error)
            return None
        if card is not None and path != card:
            self.notify(f"This is a copy of your own: {path.name}.", timeout=10)
        editor = editor_command(os.environ)
        if not editor:
            self.notify(f"No editor is set: set EDITOR, or open {path} yourself.", timeout=12)
            return path
        with self.suspend():
            run_editor(editor, path)
        return path

    def wants_more(self, entry: CardEntry) -> bool:
        """Whether a card wants a bigger model than this one: any that did not come with the game."""
        return self.small_model and not entry.shipped

    def complain(self, error: Exception) -> None:
        """Tell the player what is wrong, in the error's own words."""
        self.notify(clean(str(error)), severity="error", timeout=12)
