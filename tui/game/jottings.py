"""Jottings: what a player writes down beside the story; each answers with one sentence."""

from __future__ import annotations

from dataclasses import dataclass

from tui.game import cast
from tui.game.narrator import Narrator
from tui.story import Session


@dataclass(frozen=True, slots=True)
class Jottings:
    """What can be written down of one story, on the full screen and in plain mode alike."""

    narrator: Narrator

    @property
    def _session(self) -> Session:
        return self.narrator.session

    async def pin(self, words: str) -> str:
        """Keep a line, or the present turn, in the storyteller's mind."""
        here = self._session.here
        if here is None:
            return "There is no turn to pin yet."
        await self.narrator.record(self._session.pin(here, words, self.narrator.clock()))
        return "Pinned."

    async def note(self, words: str) -> str:
        """Set or take away the note to the storyteller."""
        if not words and not self._session.author_note.text:
            return "/note and some words tell the storyteller how to tell."
        await self.narrator.record(self._session.note(words, at=self.narrator.clock()))
        return "Noted." if words else "The note is taken away."

    async def memory(self, words: str) -> str:
        """Add to what the storyteller should always know; without words, say it."""
        known = self._session.memory
        if not words:
            return known or "/memory and some words are kept in mind for good."
        text = f"{known}\n{words}".strip()
        await self.narrator.record(self._session.remember(text, at=self.narrator.clock()))
        return "Remembered."

    async def bookmark(self, name: str) -> str:
        """Give the present turn a name on the map."""
        here = self._session.here
        if here is None:
            return "There is no turn to name yet."
        name = name or f"turn {self._session.count()}"
        await self.narrator.record(self._session.bookmark(here, name, self.narrator.clock()))
        return f"Bookmarked: {name}."

    async def rename(self, name: str) -> str:
        """Give the story a name of its own."""
        if not name:
            return "/rename and a name."
        await self.narrator.record(self._session.rename(name, self.narrator.clock()))
        return f"The story is called {name} now."

    async def me(self, name: str) -> str:
        """Set what the story calls the player."""
        if not name:
            user = cast.user_name(self._session, self.narrator.card)
            return f"You are {user}. /me NAME changes it."
        await self.narrator.record(self._session.set("persona", name, at=self.narrator.clock()))
        return f"You are {name} from here on."

    async def export(self, form: str) -> str:
        """Write the story to a file beside its save; raises StoreError."""
        from tui.game.exchange import take_out

        save = self.narrator.book.path
        return f"Written: {take_out(save, form or 'markdown', save.parent)}"
