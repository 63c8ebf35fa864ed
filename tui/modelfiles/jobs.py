"""Long work on model files, each in a process of its own: started, followed, and ended early.

Whatever llama.cpp or a hostile file does there, the program lives on and has one sentence to say.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from tui.machine import place_to_log
from tui.modelfiles.errors import ModelFileError
from tui.modelfiles.halves import clear_half

Operation = Literal[
    "look",
    "fetch",
    "convert",
    "merge",
    "decode",
    "check",
    "score",
    "quantise",
    "perplexity",
    "bench",
]
Unit = Literal["bytes", "parts"]
Answer: TypeAlias = Any
"""What the work answers; its kind is the operation's, and JSON."""

GRACE_SECONDS = 5.0
LONGEST_LINE = 1 << 22
ENVIRONMENT = {
    "GGML_NO_BACKTRACE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step of the work has come; `total` is 0 where nobody knows."""

    step: str
    done: int
    total: int
    unit: Unit = "parts"

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return min(self.done / self.total, 1.0) if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Done:
    """The work is done; what it answers depends on what it was."""

    answer: Answer


async def run_job(
    operation: Operation, arguments: Mapping[str, Any], *, log: Path | None = None
) -> AsyncGenerator[Progress | Done, None]:
    """Do the work, yielding Progress and at last one Done.

    Leaving early ends the work: half a file is taken away, but half a fetched one is kept for
    the next time. Raises ModelFileError.
    """
    process = await _start(operation, arguments, log)
    assert process.stdout is not None
    finished = False
    try:
        async for line in process.stdout:
            said = json.loads(line)
            if "error" in said:
                raise ModelFileError(said["error"])
            if "answer" in said:
                finished = True
                yield Done(said["answer"])
                return
            yield Progress(said["step"], said["done"], said["total"], said["unit"])
        code = await process.wait()
        if arguments.get("target"):
            clear_half(Path(arguments["target"]))
        raise ModelFileError(_ended(operation, arguments, code, log))
    finally:
        await _stop(process, at_once=finished)


async def _start(operation: str, arguments: Mapping[str, Any], log: Path | None) -> Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tui.modelfiles.worker",
        operation,
        place_to_log(log) if log else os.devnull,
        stdin=PIPE,
        stdout=PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, **ENVIRONMENT},
        start_new_session=True,
        limit=LONGEST_LINE,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(arguments).encode() + b"\n")
    return process


async def _stop(process: Process, *, at_once: bool) -> None:
    """Ask the process to end, which it takes from the end of its input; make it if it does not."""
    assert process.stdin is not None
    process.stdin.close()
    if process.returncode is None:
        try:
            async with asyncio.timeout(0.5 if at_once else GRACE_SECONDS):
                await process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):  # it may have ended this moment
                process.kill()
            await process.wait()


def _ended(operation: str, arguments: Mapping[str, Any], code: int, log: Path | None) -> str:
    """One sentence on a process that ended without an answer."""
    path = arguments.get("path") or arguments.get("source") or ""
    name = Path(str(path)).name or "it"
    by = signal.Signals(-code).name if code < 0 else f"code {code}"
    where = f"; the log is {log}" if log else ""
    if operation in ("look", "fetch"):
        return f"The download ended by itself ({by}); try again{where}."
    return (
        f"llama.cpp stopped while it worked on {name} ({by}): the file may be damaged, or of a "
        f"kind that this version cannot run{where}."
    )
