"""WarmStart: what the engine has read of a story, kept when it is left and brought back with it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from tui.engine.backend import Backend

WORTH_TOKENS = 16
"""From how many tokens on it is worth to keep more than there was."""


@dataclass
class WarmStart:
    """One story's part in the engine's kept states; of a story that is only read, nothing."""

    prompts: tuple[tuple[int, ...], ...] = ()
    """What the engine has read, or is reading: the story, and its next window where that is near."""
    _backend: Backend | None = None
    _bringing: asyncio.Task[int] | None = None
    _had: int = 0

    async def bring(self, backend: Backend, tokens: tuple[int, ...]) -> None:
        """Bring back what was kept of a prompt: the first time only, whoever asks.

        Raises BackendError.
        """
        if self._bringing is None or self._backend is not backend:
            self._backend = backend
            self._bringing = asyncio.create_task(backend.load_state(tokens))
            self._bringing.add_done_callback(_seen)
        self._had = await asyncio.shield(self._bringing)

    def read(self, *prompts: tuple[int, ...]) -> None:
        """Remember what the engine reads."""
        self.prompts = prompts

    def keep(self, backend: Backend) -> None:
        """Have kept what was read, unless that is no more than there was; waits for nothing."""
        length = sum(map(len, self.prompts))
        if self._backend is backend and abs(length - self._had) >= WORTH_TOKENS:
            self._had = length
            for tokens in self.prompts:
                backend.keep_state(tokens)


def _seen(task: asyncio.Task[int]) -> None:
    """Look at how it ended, which nobody may be waiting for any more."""
    if not task.cancelled():
        task.exception()
