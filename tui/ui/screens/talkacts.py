"""TalkActs: what a player asks of a talk beside the story, each by a verb's id."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from contextlib import aclosing

from textual import work

from tui.engine.backend import BackendError
from tui.game import cast, recap
from tui.game.asides import Asides
from tui.game.impersonating import players_line, whole_line
from tui.prompt import CannotFit, TemplateError
from tui.store import StoreError
from tui.ui.clean import clean, clean_line
from tui.ui.screens.storyacts import StoryActs


class TalkActs(StoryActs):
    """The acts of the play screen that concern who talks, and how they are written."""

    @property
    def asides(self) -> Asides:
        """What can be asked beside this story."""
        return Asides(self.app.program, self.narrator)

    async def _answer(self, asked: Awaitable[str]) -> None:
        """Tell the player what came of it, and show the story as it is now."""
        sentence = await asked
        await self.show_story()
        self.say(sentence)

    async def _picked(self, heading: str, ways: Sequence[tuple[str, str]]) -> str | None:
        from tui.ui.screens.menu import MenuDialog

        return await self.app.push_screen_wait(MenuDialog(heading, ways))

    @work
    async def action_invite(self, card: str = "") -> None:
        """Bring somebody into the talk."""
        if not self.idle:
            return
        if not card:
            here = set(self.asides.names())
            found = [entry for entry in self.app.program.cards() if entry.kind == "companion"]
            ways = [
                (str(entry.path), clean_line(entry.name))
                for entry in found
                if not entry.problem and entry.name not in here
            ]
            picked = await self._picked("Who comes in?", ways) if ways else None
            if picked is None:
                return
            card = picked
        await self._answer(self.asides.invite(card))

    @work
    async def action_send_away(self, name: str = "") -> None:
        """Send somebody out of the talk."""
        names = self.asides.names()[1:]
        if not self.idle:
            return
        if not name and names:
            name = await self._picked("Who leaves?", [(one, one) for one in names]) or ""
            if not name:
                return
        await self._answer(self.asides.dismiss(name))

    @work
    async def action_speak(self, name: str = "") -> None:
        """Let one of several speak next."""
        names = self.asides.names()
        if not self.idle:
            return
        if len(names) == 1 and not name:
            self.say(f"Only {names[0]} is here; /invite CARD brings in somebody else.")
            return
        name = name or await self._picked("Who speaks?", [(one, one) for one in names]) or ""
        card = self.asides.somebody(name)
        if card is not None and cast.teller(card) in names:
            self.tell(self.narrator.let_speak(card))
        elif name:
            self.say(self.asides.nobody(name))

    @work
    async def action_persona(self, name: str = "") -> None:
        """Be somebody else."""
        if not self.idle:
            return
        try:
            every = self.asides.personas().every
        except StoreError as error:
            self.say(str(error), fault=True)
            return
        if not name and every:
            ways = [
                (one.name, f"{one.name}: {one.about}" if one.about else one.name) for one in every
            ]
            name = await self._picked("Who are you?", ways) or ""
            if not name:
                return
        await self._answer(self.asides.persona(name))

    @work
    async def action_template(self, name: str = "") -> None:
        """Choose how this model is spoken to."""
        if not self.idle:
            return
        if not name:
            teller = self.narrator.teller
            now = teller.template.name if teller.template_name else "auto"
            ways = [
                (key, f"{'▪' if key == now else ' '} {key:<15} {title}")
                for key, title in self.asides.templates()
            ]
            name = await self._picked(f"How {teller.path.name} is spoken to", ways) or ""
            if not name:
                return
        await self._answer(self.asides.template(name))

    # the story so far

    @work
    async def action_recap(self, words: str = "") -> None:
        """Read and change the story so far; `on` and `off` switch it."""
        from tui.ui.screens.recapdialog import RecapDialog

        if not self.idle:
            return
        kept = recap.told(self.narrator.session)
        if words or not kept:
            await self._answer(self.asides.recap(words))
            return
        text = await self.app.push_screen_wait(RecapDialog(kept))
        if text is not None and text != kept:
            await self._answer(self.asides.rewrite(text))

    # the player's own line

    def action_impersonate(self, words: str = "") -> None:
        """Have the model write the player's next line into the composer."""
        if self.idle:
            begun = words or self.composer.text.strip()
            self.run_worker(self._write_line(begun), group="telling", exclusive=True)

    async def _write_line(self, begun: str) -> None:
        composer = self.composer
        self.telling.busy = True
        composer.take(begun)
        try:
            async with aclosing(players_line(self.narrator, begun)) as pieces:
                async for piece in pieces:
                    composer.insert(clean(piece if composer.text else piece.lstrip()))
        except (BackendError, CannotFit, TemplateError) as error:
            self.say(str(error), fault=True)
        finally:
            self.telling.busy = False
            line = whole_line(composer.text)
            composer.take(line if line.startswith(begun) else composer.text)
