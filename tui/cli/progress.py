"""Long work shown on the terminal: a bar with speed and time left, or a line a step in a pipe."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    ProgressColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.progress import Progress as Bars

from tui.cli.lines import Lines
from tui.game.program import Program
from tui.modelfiles.errors import ModelFileError
from tui.modelfiles.jobs import Answer, Done, Operation, Progress, Unit, run_job
from tui.ui.clean import clean_line

COLUMNS: dict[Unit, tuple[ProgressColumn, ...]] = {
    "bytes": (DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn(compact=True)),
    "parts": (MofNCompleteColumn(), TimeRemainingColumn(compact=True)),
}


@dataclass
class Shown:
    """The progress of one piece of work, on standard error, step by step."""

    name: str
    out: Lines = field(default_factory=lambda: Lines(stderr=True))
    _step: str = ""
    _bars: Bars | None = None
    _task: TaskID | None = None

    def update(self, said: Progress) -> None:
        """Show how far it is."""
        if said.step != self._step:
            self.close()
            self._begin(said)
        if self._bars is not None and self._task is not None:
            self._bars.update(self._task, completed=said.done, total=said.total or None)

    def _begin(self, said: Progress) -> None:
        self._step = said.step
        words = clean_line(f"{self.name}: {said.step}")
        if not self.out.is_terminal:
            self.out.print(words, soft_wrap=True)
            return
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), *COLUMNS[said.unit])
        self._bars = Bars(*columns, console=self.out, transient=True)
        self._bars.start()
        self._task = self._bars.add_task(words, total=said.total or None)

    def close(self) -> None:
        """Take the bar away."""
        if self._bars is not None:
            self._bars.stop()
        self._bars = self._task = None


def worked(program: Program, operation: Operation, asked: dict[str, Any], name: str) -> Answer:
    """What long work on model files answers, its progress shown. Raises ModelFileError."""
    return asyncio.run(followed(name, run_job(operation, asked, log=program.paths.log)))


def refuse_to_overwrite(target: Path, *, force: bool) -> None:
    """Raise ModelFileError where a file would be written over unasked, or a folder ever."""
    if target.is_dir():
        raise ModelFileError(f"{target.absolute()} is a folder; name a file.")
    if target.exists() and not force:
        raise ModelFileError(f"{target} is there already; --force writes over it.")


async def followed(name: str, job: AsyncGenerator[Progress | Done, None]) -> Answer:
    """What the work answers, its progress shown meanwhile. Raises ModelFileError."""
    shown = Shown(name)
    try:
        async with aclosing(job) as events:
            async for event in events:
                if isinstance(event, Done):
                    return event.answer
                shown.update(event)
    finally:
        shown.close()
    raise ModelFileError(f"{name}: the work ended without an answer; try again.")
