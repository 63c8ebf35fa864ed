"""StoryActs: what a player can do to a story, each by a verb's id."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import TYPE_CHECKING

from textual import work

from tui.game.events import Event
from tui.game.jottings import Jottings
from tui.game.narrator import Narrator
from tui.game.verbs import verb_named
from tui.store import SaveReadOnly, StoreError
from tui.story import Record, Turn
from tui.ui.keys import label_of
from tui.ui.screens.page import Page
from tui.ui.telling import Telling

if TYPE_CHECKING:
    from tui.ui.widgets.composer import Composer

READING = "This story is only to read here; Enter on the empty line goes on in a copy."
MAP_STAYS = "The story map has what came before."


class StoryActs(Page[None]):
    """The acts of the play screen that change where the story stands or what it holds."""

    narrator: Narrator
    telling: Telling
    composer: Composer

    @abstractmethod
    async def show_story(self) -> None:
        """Show the story as it stands."""

    @abstractmethod
    def tell(self, events: AsyncGenerator[Event, None]) -> None:
        """Have a reply told."""

    @abstractmethod
    def say(self, sentence: str, *, fault: bool = False) -> None:
        """Tell the player a sentence beside the story."""

    @property
    def still(self) -> bool:
        """Whether no reply is being told; says so if one is."""
        self.telling.complete()
        if self.telling.busy:
            stop = label_of(verb_named("stop"), self.app.settings.keymap, short=False)
            self.say(f"A reply is being told; {stop} stops it.")
        return not self.telling.busy

    @property
    def idle(self) -> bool:
        """Whether the story can be changed now; says so if not."""
        if not self.narrator.book.writable:
            self.say(READING)
            return False
        return self.still

    async def record(self, record: Record, done: str = "") -> None:
        """Keep a change of the story, and show it; a story that is only read stays as it is."""
        if not self.narrator.book.writable:
            self.say(READING)
            return
        await self.narrator.record(record)
        await self.show_story()
        if done:
            self.say(done)

    # replies

    def action_retry(self) -> None:
        """Have the last turn told again."""
        if self.idle:
            self.tell(self.narrator.retry())

    def action_continue_reply(self) -> None:
        """Have a reply that was stopped go on."""
        if self.idle:
            self.tell(self.narrator.continue_reply())

    async def action_previous_swipe(self) -> None:
        """Show the reply before this one."""
        await self.swipe(-1)

    async def action_next_swipe(self) -> None:
        """Show the reply after this one; past the last, ask for a new one."""
        await self.swipe(1)

    async def swipe(self, step: int, turn: Turn | None = None) -> None:
        """Turn to another reply at a turn (absent: the present one); past the last, to a new one."""
        if not self.idle:
            return
        if await self.narrator.swipe(step, turn.id if turn else None):
            await self.show_story()
        elif step > 0:
            if turn is not None:
                await self.go_to(turn.id)
            if self._answers_something():
                self.tell(self.narrator.retry())

    def _answers_something(self) -> bool:
        """Whether the present turn is a reply that a model could tell otherwise."""
        here = self.narrator.session.turn
        return here is not None and here.role == "model" and here.origin != "authored"

    # steps

    async def action_undo(self) -> None:
        """Take back what was typed or, on an empty line, what was done."""
        if not self.composer.empty:
            self.composer.undo()
        elif self.idle:
            if await self.narrator.undo():
                await self.show_story()
            else:
                self.say("There is nothing to take back.")

    async def action_redo(self) -> None:
        """Do again what was taken back."""
        if not self.composer.empty:
            self.composer.redo()
        elif self.idle:
            if await self.narrator.redo():
                await self.show_story()
            else:
                self.say("There is nothing to do again.")

    async def go_to(self, turn_id: int) -> None:
        """Return to a turn; a reply where there is one, since a story stands at replies."""
        session = self.narrator.session
        if session.here != turn_id:
            await self.record(session.move(turn_id, self.narrator.clock()), MAP_STAYS)

    async def delete(self, turn: Turn) -> None:
        """Hide a turn and all that follows it."""
        await self.record(
            self.narrator.session.delete(turn.id, self.narrator.clock()),
            "Deleted. Undo brings it back.",
        )

    @work
    async def edit_turn(self, turn: Turn) -> None:
        """Let the player change a turn's words; a changed player's turn is told anew."""
        if not self.idle:
            return
        from tui.ui.screens.dialogs import EditDialog

        text = await self.app.push_screen_wait(
            EditDialog(turn.text, of_player=turn.role == "player")
        )
        if text is None or text == turn.text:
            return
        await self.narrator.edit(turn.id, text)
        await self.show_story()
        if turn.role == "player":
            self.tell(self.narrator.continue_reply())

    def action_edit(self) -> None:
        """Change the words of the last reply."""
        here = self.narrator.session.turn
        if here is not None:
            self.edit_turn(here)

    def action_roll(self, words: str = "") -> None:
        """Roll dice, or let a roll decide how a deed goes."""
        if self.idle:
            self.tell(self.narrator.roll(words))

    # what the storyteller should know

    async def _jot(self, write: Callable[[Jottings, str], Awaitable[str]], words: str) -> None:
        """Have something written down, and say what came of it."""
        try:
            sentence = await write(Jottings(self.narrator), words)
        except SaveReadOnly:
            self.say(READING)
            return
        await self.show_story()
        self.say(sentence)

    async def action_pin(self, words: str = "") -> None:
        """Keep a line, or the present turn, in the storyteller's mind."""
        await self._jot(Jottings.pin, words)

    async def action_note(self, words: str = "") -> None:
        """Set or take away the note to the storyteller."""
        await self._jot(Jottings.note, words)

    async def action_memory(self, words: str = "") -> None:
        """Add to what the storyteller should always know; without words, show it."""
        await self._jot(Jottings.memory, words)

    async def action_bookmark(self, name: str = "") -> None:
        """Give the present turn a name on the map."""
        await self._jot(Jottings.bookmark, name)

    async def action_rename(self, name: str = "") -> None:
        """Give the story a name of its own."""
        await self._jot(Jottings.rename, name)

    async def action_me(self, name: str = "") -> None:
        """Set what the story calls the player."""
        await self._jot(Jottings.me, name)

    def action_hint(self) -> None:
        """Tell what might be tried next."""
        hints = self.narrator.hints()
        self.say(hints[0] if hints else "There is no hint here: try anything.")

    async def action_export(self, form: str = "") -> None:
        """Write the story to a file beside its save."""
        try:
            self.say(await Jottings(self.narrator).export(form))
        except StoreError as error:
            self.say(str(error), fault=True)
