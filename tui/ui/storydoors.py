"""StoryDoors: how stories and cards are opened and left."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from textual import work

from tui.cards import Card, CardError, CardNotFound
from tui.game import cast
from tui.game.narrator import Narrator
from tui.game.program import NoModel
from tui.game.storyteller import Storyteller
from tui.store import StoreError
from tui.ui.clean import clean
from tui.ui.editing import KINDS, editor_command, run_editor, write_new_card
from tui.ui.host import Host
from tui.ui.preview import WISH, preview_of
from tui.ui.reopening import reopened, settle_changes
from tui.ui.screens.cardsheet import CardSheet
from tui.ui.screens.dialogs import AskDialog, NameDialog
from tui.ui.screens.library import LibraryScreen
from tui.ui.screens.menu import MenuDialog
from tui.ui.screens.play import PlayScreen
from tui.world import WorldError


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

    def play(self, card: str, *, greeting: int = 0) -> None:
        """Begin a card, by its path or id."""
        self._begin(card, greeting)

    @work(exclusive=True, group="opening")
    async def _begin(self, wanted: str, greeting: int) -> None:
        try:
            card = self.program.card(wanted)
            if card.adult and not await self._agreed(card):
                return
            narrator = await self._begun(card, greeting)
        except (CardNotFound, CardError, WorldError, StoreError, NoModel) as error:
            self.complain(error)
            return
        await self.show(narrator)
        if not self.program.settings.user_name:
            await self._ask_name(narrator, card, greeting)

    async def _begun(self, card: Card, greeting: int) -> Narrator:
        seed, self.first_seed = self.first_seed, None
        return await self.program.begin(card, self._present_teller(), seed=seed, greeting=greeting)

    def _present_teller(self) -> Storyteller:
        """The storyteller, which need not be awake yet. Raises NoModel."""
        if self.teller is None:
            self.teller = self.program.storyteller(self.first_model)
        return self.teller

    async def _agreed(self, card: Card) -> bool:
        """Whether the player opens a card that is for adults; asked once a run."""
        if card.id not in self._agreed_cards:
            question = AskDialog(
                "For adults", f"{card.name} is marked for adults.", "opens it", "goes back"
            )
            if not await self.push_screen_wait(question):
                return False
            self._agreed_cards.add(card.id)
        return True

    async def _ask_name(self, narrator: Narrator, card: Card, greeting: int) -> None:
        """Ask once what the stories call the player; the opening is told anew for another name."""
        ready = cast.user_name(narrator.session, card)
        answer = await self.push_screen_wait(NameDialog(ready))
        if answer is None:
            return
        self.change_settings(user_name=answer.name)
        if answer.name != ready:
            await self.close_story()
            narrator.book.path.unlink(missing_ok=True)
            await self.show(await self._begun(card, greeting))
        if answer.choice and isinstance(self.screen, PlayScreen):
            self.screen.choose(answer.choice)

    def open_save(self, save: Path, *, read_only: bool = False) -> None:
        """Go on with a story, or only read it."""
        self._resume(save, read_only)

    @work(exclusive=True, group="opening")
    async def _resume(self, save: Path, read_only: bool) -> None:
        try:
            narrator = await reopened(self, save, self._present_teller(), read_only=read_only)
        except (CardError, WorldError, StoreError, NoModel) as error:
            self.complain(error)
            return
        if narrator is not None:
            await self._lay_open(narrator)

    async def _lay_open(self, narrator: Narrator) -> None:
        """Show a story that was reopened, and settle what has changed since."""
        await self.show(narrator)
        if narrator.changes:
            await settle_changes(self, narrator)
            if isinstance(self.screen, PlayScreen):
                await self.screen.show_story()

    def go_on_in_copy(self) -> None:
        """Leave a story that is open to read only, and go on with it in a copy."""
        self._copy()

    @work(exclusive=True, group="opening")
    async def _copy(self) -> None:
        if self.narrator is None:
            return
        try:
            copy = await asyncio.to_thread(self.program.copy, self.narrator.book.path)
            narrator = await asyncio.to_thread(self.program.resume, copy, self._present_teller())
        except (CardError, WorldError, StoreError, NoModel) as error:
            self.complain(error)
            return
        await self.close_story()
        await self._lay_open(narrator)
        self.notify(f"This is a copy: {narrator.session.name}.")

    async def show(self, narrator: Narrator) -> None:
        """Lay a story open."""
        self.narrator, self.played = narrator, True
        screen = PlayScreen(narrator)
        if isinstance(self.screen, PlayScreen):
            await self.switch_screen(screen)
        else:
            await self.push_screen(screen)

    def leave_story(self, *, again: bool = False) -> None:
        """Close the story, and go to the library or begin its card again."""
        self._leave(again)

    @work(exclusive=True, group="opening")
    async def _leave(self, again: bool) -> None:
        narrator = self.narrator
        await self.close_story()
        while len(self.screen_stack) > 2:
            await self.pop_screen()
        if again and narrator is not None:
            await self.show(await self._begun(narrator.card, 0))

    async def close_story(self) -> None:
        """Stop what is told, write what is left, and give the save free."""
        narrator, self.narrator = self.narrator, None
        if narrator is None:
            return
        for screen in self.screen_stack:
            if isinstance(screen, PlayScreen):
                await screen.hush()
        await narrator.close()

    # cards

    def look_at(self, card: Path) -> None:
        """Open the page of a card that lies anywhere."""
        self._look_at(card)

    @work(exclusive=True, group="opening")
    async def _look_at(self, path: Path) -> None:
        try:
            card = self.program.card(str(path))
            wish = WISH if self.small_model else ""
            page = await asyncio.to_thread(preview_of, card, wish=wish)
        except (CardNotFound, CardError, WorldError) as error:
            self.complain(error)
            return
        if await self.push_screen_wait(CardSheet(page)):
            self.play(str(path))

    def edit_card(self, card: Path | None) -> None:
        """Open a card in the player's editor; None begins a new one."""
        self._edit(card)

    @work
    async def _edit(self, card: Path | None) -> None:
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
