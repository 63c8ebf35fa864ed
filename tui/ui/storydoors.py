"""StoryDoors: how stories and cards are opened and left.

What happens behind the doors of stories is imported with `tui.ui.stories` when the first one opens.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work

from tui.cards import Card, CardError, CardNotFound
from tui.ui.clean import clean
from tui.ui.host import Host
from tui.ui.preview import WISH, preview_of
from tui.ui.screens.library import LibraryScreen

if TYPE_CHECKING:
    from tui.game.narrator import Narrator
    from tui.ui.stories import Stories


class StoryDoors(Host):
    """The part of the App that opens stories, one at a time, and closes them."""

    first_model = ""
    """The model that the run was started with; empty for the settings'."""
    first_seed: int | None = None

    def __init__(self) -> None:
        super().__init__()
        self.narrator: Narrator | None = None
        self.played = False
        """Whether any story was opened in this run."""
        self._agreed_cards: set[str] = set()

    @cached_property
    def stories(self) -> Stories:
        """What opens stories."""
        from tui.ui.stories import Stories

        return Stories(self)

    def play(self, *cards: str, greeting: int = 0, persona: str = "") -> None:
        """Begin a card, by its path or id, or a talk of several."""
        self._open(self.stories.begin(cards, greeting, persona))

    def open_save(self, save: Path, *, read_only: bool = False) -> None:
        """Go on with a story, or only read it."""
        self._open(self.stories.resume(save, read_only=read_only))

    def go_on_in_copy(self) -> None:
        """Leave a story that is open to read only, and go on with it in a copy."""
        self._open(self.stories.go_on_in_copy())

    def leave_story(self, *, again: bool = False) -> None:
        """Close the story, and go to the library or begin its card again."""
        self._open(self.stories.leave(again=again))

    def _open(self, opening: Coroutine[None, None, None]) -> None:
        """One story is opened or left at a time; the latest wish counts."""
        self.run_worker(opening, group="opening", exclusive=True)

    async def show(self, narrator: Narrator) -> None:
        """Lay a story open."""
        await self.stories.show(narrator)

    async def close_story(self) -> None:
        """Stop what is told, write what is left, and give the save free."""
        if self.narrator is not None:
            await self.stories.close()

    # cards

    async def agreed(self, card: Card) -> bool:
        """Whether the player opens a card that is for adults; asked once a run."""
        from tui.ui.screens.dialogs import AskDialog

        if not card.adult or card.id in self._agreed_cards:
            return True
        question = AskDialog(
            "For adults", f"{card.name} is marked for adults.", "opens it", "goes back"
        )
        if not await self.push_screen_wait(question):
            return False
        self._agreed_cards.add(card.id)
        return True

    def look_at(self, card: Path) -> None:
        """Open the page of a card that lies anywhere."""
        self._look_at(card)

    @work(exclusive=True, group="opening")
    async def _look_at(self, path: Path) -> None:
        from tui.ui.screens.cardsheet import CardSheet
        from tui.world import WorldError

        try:
            card = self.program.card(str(path))
            wish = WISH if self.small_model else ""
            page = await asyncio.to_thread(preview_of, card, wish=wish)
        except (CardNotFound, CardError, WorldError) as error:
            if path.suffix.lower() != ".json" or not await self.stories.take_in(path):
                self.complain(error)
            return
        if await self.push_screen_wait(CardSheet(page)):
            self.play(str(path))

    def edit_card(self, card: Path | None) -> None:
        """Open a card in the player's editor; None begins a new one."""
        self._edit(card)

    @work
    async def _edit(self, card: Path | None) -> None:
        from tui.ui.editing import KINDS, editor_command, run_editor, write_new_card
        from tui.ui.screens.menu import MenuDialog

        if card is None:
            kind = await self.push_screen_wait(MenuDialog("A card of your own", KINDS))
            if kind is None:
                return
            card = write_new_card(
                self.program.paths.characters, "tale" if kind == "tale" else "companion"
            )
        editor = editor_command(os.environ)
        if not editor:
            self.notify(f"No editor is set: set EDITOR, or open {card} yourself.", timeout=12)
        else:
            with self.suspend():
                run_editor(editor, card)
        if isinstance(self.screen, LibraryScreen):
            self.screen.refresh_shelves()

    def complain(self, error: Exception) -> None:
        """Tell the player what is wrong, in the error's own words."""
        self.notify(clean(str(error)), severity="error", timeout=12)
