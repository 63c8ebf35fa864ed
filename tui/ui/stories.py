"""Stories: how stories are begun, opened again and closed, one at a time.

The App imports this when the first story is opened: with it come the Narrator, the worlds and the
prompts, for which the library does not wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cards import Card, CardError, CardNotFound
from tui.game import cast
from tui.game.group import NoCompany
from tui.game.narrator import Narrator
from tui.game.personas import NoPersona
from tui.game.program import NoModel
from tui.game.storyteller import Storyteller
from tui.store import SaveDamaged, StoreError
from tui.ui.reopening import reopened, settle_changes, taken_in
from tui.ui.screens.dialogs import NameDialog
from tui.ui.screens.firstsight import FirstSight, first_sight
from tui.ui.screens.play import PlayScreen
from tui.world import WorldError

if TYPE_CHECKING:
    from tui.ui.storydoors import StoryDoors


OPENING_ERRORS = (CardError, NoModel, StoreError, WorldError)


class Stories:
    """Opens the stories of one App, whose workers run these."""

    def __init__(self, app: StoryDoors) -> None:
        self.app = app

    async def begin(self, wanted: Sequence[str], greeting: int, persona: str) -> None:
        """Begin a card, by its path or id, or a talk of several."""
        program = self.app.program
        try:
            cards = [program.card(one) for one in wanted]
            for card in cards:
                if not await self.app.agreed(card):
                    return
            known = program.settings.user_name or program.persona(cards[0], persona)
            narrator = await self._begun(cards, greeting, persona)
        except (CardNotFound, NoCompany, NoPersona, *OPENING_ERRORS) as error:
            self.app.complain(error)
            return
        await self.show(narrator)
        if not known:
            await self._ask_name(narrator, cards, greeting)

    async def _begun(self, cards: Sequence[Card], greeting: int = 0, persona: str = "") -> Narrator:
        app = self.app
        seed, app.first_seed = app.first_seed, None
        return await app.program.begin(
            cards[0],
            self._present_teller(),
            seed=seed,
            greeting=greeting,
            company=cards[1:],
            persona=persona,
        )

    def _present_teller(self) -> Storyteller:
        """The storyteller, which need not be awake yet. Raises NoModel."""
        if self.app.teller is None:
            self.app.teller = self.app.program.storyteller(self.app.first_model)
        return self.app.teller

    async def _ask_name(self, narrator: Narrator, cards: Sequence[Card], greeting: int) -> None:
        """Ask once what the stories call the player; the opening is told anew for another name."""
        ready = cast.user_name(narrator.session, narrator.card)
        answer = await self.app.push_screen_wait(NameDialog(ready))
        if answer is None:
            return
        self.app.change_settings(user_name=answer.name)
        if answer.name != ready:
            await self.close()
            narrator.book.path.unlink(missing_ok=True)
            await self.show(await self._begun(cards, greeting))
        if isinstance(self.app.screen, PlayScreen):
            self.app.screen.composer.insert(answer.words)
            if answer.choice:
                self.app.screen.choose(answer.choice)

    async def resume(self, save: Path, *, read_only: bool) -> None:
        """Go on with a story, or only read it."""
        narrator = sight = None
        try:
            title, turns = await asyncio.to_thread(first_sight, save)
            if turns:
                sight = FirstSight(title, turns)
                await self.app.push_screen(sight)
            narrator = await self._reopened(save, read_only=read_only)
        except OPENING_ERRORS as error:
            self.app.complain(error)
        if narrator is not None:
            await self._lay_open(narrator)
            if sight is not None and isinstance(self.app.screen, PlayScreen):
                self.app.screen.composer.insert(sight.typed)
        elif sight is not None and self.app.screen is sight:
            await self.app.pop_screen()

    async def _reopened(self, save: Path, *, read_only: bool) -> Narrator | None:
        """The story in a save, or in a chat of another program. Raises OPENING_ERRORS."""
        teller = self._present_teller()
        try:
            return await reopened(self.app, save, teller, read_only=read_only)
        except SaveDamaged:
            if taken := await taken_in(self.app, save):
                return await reopened(self.app, taken, teller)
            raise

    async def take_in(self, chat: Path) -> bool:
        """Go on with a chat of another program; whether the file is one."""
        try:
            save = await taken_in(self.app, chat)
        except StoreError as error:
            self.app.complain(error)
            return True
        if save is not None:
            await self.resume(save, read_only=False)
        return save is not None

    async def _lay_open(self, narrator: Narrator) -> None:
        """Show a story that was reopened, and settle what has changed since."""
        await self.show(narrator)
        for sentence in narrator.book.findings:
            self.app.notify(sentence, severity="warning", timeout=15)
        if narrator.changes:
            await settle_changes(self.app, narrator)
            if isinstance(self.app.screen, PlayScreen):
                await self.app.screen.show_story()

    async def go_on_in_copy(self) -> None:
        """Leave a story that is open to read only, and go on with it in a copy."""
        program, here = self.app.program, self.app.narrator
        if here is None:
            return
        try:
            copy = await asyncio.to_thread(program.copy, here.book.path)
            narrator = await asyncio.to_thread(program.resume, copy, self._present_teller())
        except OPENING_ERRORS as error:
            self.app.complain(error)
            return
        await self.close()
        await self._lay_open(narrator)
        self.app.notify(f"This is a copy: {narrator.session.name}.")

    async def show(self, narrator: Narrator) -> None:
        """Lay a story open."""
        if self.app.teller is not None:
            # Another model may have come while the story was being opened.
            narrator.teller = self.app.teller
        self.app.narrator, self.app.played = narrator, True
        screen = PlayScreen(narrator)
        if isinstance(self.app.screen, PlayScreen | FirstSight):
            await self.app.switch_screen(screen)
        else:
            await self.app.push_screen(screen)
        narrator.wake()

    async def leave(self, *, again: bool) -> None:
        """Close the story, and go to the library or begin its card again."""
        narrator = self.app.narrator
        await self.close()
        while len(self.app.screen_stack) > 2:
            await self.app.pop_screen()
        if again and narrator is not None:
            await self.show(await self._begun(narrator.cards))

    async def close(self) -> None:
        """Stop what is told, write what is left, and give the save free."""
        narrator, self.app.narrator = self.app.narrator, None
        if narrator is None:
            return
        for screen in self.app.screen_stack:
            if isinstance(screen, PlayScreen):
                await screen.hush()
        await narrator.close()
