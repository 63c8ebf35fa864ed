"""Thinking: what is read and imagined beside one story while the player reads."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from tui.engine.backend import Backend, BackendError, ModelInfo
from tui.game import recapping
from tui.game.ahead import Ahead, Imagined, worth_it
from tui.game.replying import Replying
from tui.game.warmstart import WarmStart
from tui.prompt import CannotFit, TemplateError
from tui.story import Turn


@dataclass
class Thinking:
    """The idle work of one story: begun after a reply, and ended by whatever the player does."""

    warm: WarmStart = field(default_factory=WarmStart)
    _ahead: Ahead | None = None
    _task: asyncio.Task[None] | None = None
    _brief: bool = False
    """Whether what is under way is over in a moment, and is let finish."""
    _stopping: bool = False

    def begin(
        self,
        replying: Callable[[], Awaitable[Replying]],
        said: Callable[[], list[Turn]],
        model: ModelInfo | None,
        *,
        ahead: bool,
    ) -> None:
        """Begin to think of the story as it stands; returns at once.

        `said` tells the player's turns that picking each choice would make, `model` what is
        loaded already. Without `ahead`, only what was kept of the story is brought back.
        """
        self._brief, self._stopping = model is not None and not worth_it(model), False
        if self._task is not None:
            self._task.cancel()
        self._task = asyncio.create_task(self._think(replying, said, ahead=ahead))

    async def stop(self, chosen: int | None = None) -> Imagined | None:
        """End it all, and hand out what was imagined for the choice that was picked.

        Where reading takes no time that is felt, it is let finish: batches that depended on
        how fast the player is would round differently, and a seed tell another story.
        """
        task, self._stopping = self._task, True
        if task is not None:
            if not self._brief:
                task.cancel()
            await asyncio.wait([task])
            if self._task is task:
                self._task = None
        ahead, self._ahead = self._ahead, None
        return await ahead.take(chosen) if ahead else None

    async def rested(self) -> None:
        """Wait until there is nothing left to think of."""
        if self._task is not None:
            await asyncio.wait([self._task])
        if self._ahead is not None:
            await self._ahead.rested()

    async def end(self, backend: Backend) -> None:
        """End it all at once, and have what was read kept for the next time."""
        self._brief = False
        await self.stop()
        self.warm.keep(backend)

    async def _think(
        self,
        replying: Callable[[], Awaitable[Replying]],
        said: Callable[[], list[Turn]],
        *,
        ahead: bool,
    ) -> None:
        try:
            if self._ahead is not None:
                # The story changed twice at once.
                await self._ahead.take(None)
            one = await replying()
            if one.stage is not None:
                # A World's recap needs no model, and what is read should hold it.
                await recapping.keep(one.book, one.writer)
            await self._read_and_imagine(one, said, ahead=ahead)
            if not self._stopping:
                self._brief = False
                await recapping.keep(one.book, one.writer)
        except (BackendError, CannotFit, TemplateError):
            # What was only thought of may fail unseen: the turn itself will say so.
            if self._ahead is not None:
                await self._ahead.take(None)

    async def _read_and_imagine(
        self, one: Replying, said: Callable[[], list[Turn]], *, ahead: bool
    ) -> None:
        """Bring back what was kept, read what the next turn surely begins with, then imagine."""
        session, writer, backend = one.session, one.writer, one.backend
        path = session.path()
        upcoming = await writer.upcoming(session, path)
        await self.warm.bring(backend, upcoming.tokens)
        if not ahead:
            return
        self._ahead = Ahead(backend)
        self.warm.read(upcoming.tokens)
        await self._ahead.read(upcoming.tokens)
        imagined: set[int | None] = set()
        if backend.model is not None and worth_it(backend.model):
            # What is imagined should know it; what was read stays read but for its end.
            await recapping.keep(one.book, writer)
            imagined = await self._imagine(one, said())
        window = await writer.next_window(session, path, upcoming.first_turn)
        if window and window.first_turn not in imagined:
            self.warm.read(upcoming.tokens, window.tokens)
            await backend.read_ahead(window.tokens)

    async def _imagine(self, one: Replying, said: Sequence[Turn]) -> set[int | None]:
        """Begin the reply to each thing that the player may say, unless it comes in a moment.

        The Turns at which their windows begin.
        """
        path, starts = one.session.path(), set[int | None]()
        for choice, turn in enumerate(said):
            drawing = await one.drawing((*path, turn), turn.id + 1)
            if drawing.streams and self._ahead is not None:
                self._ahead.begin(choice, drawing)
                starts.add(drawing.prompt.first_turn)
        return starts
