"""StoryDoors: how stories are opened and left.

What happens behind the doors of stories is imported with `tui.ui.stories` when the first one opens.
"""

from __future__ import annotations

from collections.abc import Coroutine
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tui.ui.carddoors import CardDoors

if TYPE_CHECKING:
    from tui.game.narrator import Narrator
    from tui.ui.stories import Stories


class StoryDoors(CardDoors):
    """The part of the App that opens stories, one at a time, and closes them."""

    first_model = ""
    """The model that the run was started with; empty for the settings'."""
    first_seed: int | None = None

    def __init__(self) -> None:
        super().__init__()
        self.narrator: Narrator | None = None
        self.played = False
        """Whether any story was opened in this run."""

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

    async def take_chat_in(self, path: Path) -> bool:
        """Go on with another program's chat that a file holds; whether it holds one."""
        return path.suffix.lower() == ".json" and await self.stories.take_in(path)
