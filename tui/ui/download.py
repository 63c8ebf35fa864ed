"""Download: one model on its way here, whatever the player looks at meanwhile."""

from __future__ import annotations

import time
from contextlib import aclosing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from textual.worker import Worker, WorkerCancelled

from tui.game.fetching import Fetching, Rate
from tui.game.modelwords import size_words, time_words
from tui.modelfiles.errors import ModelFileError
from tui.modelfiles.jobs import Done, Progress

if TYPE_CHECKING:
    from tui.ui.host import Host


class Download:
    """A model that is fetched behind the screens; it can rest, go on, and be dropped.

    How far it is stands in the App's `download_words`, for whoever shows it.
    """

    def __init__(self, app: Host, fetching: Fetching) -> None:
        self.app, self.fetching = app, fetching
        self.path: Path | None = None
        self.share = 0.0
        self._rate = Rate()
        self._worker: Worker[None] | None = None

    @property
    def running(self) -> bool:
        """Whether something is coming right now."""
        return self._worker is not None and self._worker.is_running

    @property
    def over(self) -> bool:
        """Whether the model is here."""
        return self.path is not None

    def go(self) -> None:
        """Begin, or go on where it stopped."""
        self._rate = Rate()
        self.app.download_words = f"{self.fetching.title} · asking"
        self._worker = self.app.run_worker(self._run(self._worker), group="download")

    def rest(self) -> None:
        """Stop for now; what came is kept."""
        if self._worker is not None:
            self._worker.cancel()
        done = f" at {self.share:.0%}" if self.share else ""
        self.app.download_words = f"{self.fetching.title} · paused{done}"

    def drop(self) -> None:
        """Stop, and throw away what came."""
        if self._worker is not None:
            self._worker.cancel()
        self.app.call_later(self._drop)

    async def _drop(self) -> None:
        await _end_of(self._worker)
        try:
            self.fetching.drop()
        except OSError as error:
            self.app.notify(f"What came could not be thrown away: {error}.", severity="error")
        self.app.download_words = ""

    async def _run(self, before: Worker[None] | None) -> None:
        """Fetch, once whoever wrote to the same file has ended."""
        await _end_of(before)
        try:
            async with aclosing(self.fetching.fetch()) as events:
                async for event in events:
                    if isinstance(event, Done):
                        self._came(Path(event.answer))
                    else:
                        self._tell(event)
        except ModelFileError as error:
            self.app.download_words = f"{self.fetching.title} · stopped at {self.share:.0%}"
            self.app.notify(str(error), severity="error", timeout=15)

    def _tell(self, event: Progress) -> None:
        name = self.fetching.offer["name"]
        self.share = event.share
        if event.step != "fetching":
            self.app.download_words = f"{name} · {event.step} {event.share:.0%}"
            return
        self._rate.add(time.monotonic(), event.done)
        words = [
            f"{event.share:.0%}",
            f"{size_words(event.done)} of {size_words(event.total)}",
        ]
        if speed := self._rate.per_second:
            words += [f"{size_words(speed)}/s", time_words((event.total - event.done) / speed)]
        self.app.download_words = " · ".join([*words, name])

    def _came(self, path: Path) -> None:
        self.path, self.share = path, 1.0
        if changes := self.fetching.keep(path):
            self.app.change_settings(**changes)
        self.app.download_words = ""
        self.app.notify(f"{path.name} is here. Enter wakes it, under m models.")


async def _end_of(worker: Worker[None] | None) -> None:
    """Wait until a worker has ended, however it ended."""
    if worker is not None:
        with suppress(WorkerCancelled):
            await worker.wait()
