"""The program's end of one worker process: started, spoken to, and seen to end."""

from __future__ import annotations

import asyncio
import itertools
import os
import subprocess
import sys
import threading
from collections.abc import AsyncGenerator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tui.engine.protocol import Message, error_from_message, from_line, to_line
from tui.machine import place_to_log

GRACE_SECONDS = 2.0
CHUNK_BYTES = 1 << 18


class WorkerGone(Exception):
    """The process ended while something was asked of it."""


class Link:
    """One process and the conversations with it, told apart by their ids.

    It is not one of asyncio's own, which are killed when the loop ends: a worker may still write
    what it was asked to keep when the program is gone.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        stdin: asyncio.StreamWriter,
        stdout: asyncio.StreamReader,
    ) -> None:
        """Listen to a process that was just started."""
        self._process = process
        self._stdin = stdin
        self._stdout = stdout
        self._ids = itertools.count(1)
        self._open: dict[int, asyncio.Queue[Message | None]] = {}
        self._gone = self._keeps = False
        # Whoever drops this without stopping it leaves no dead process behind.
        self._end = threading.Thread(target=process.wait, name="engine-end", daemon=True)
        self._end.start()
        self._listening = asyncio.create_task(self._listen(), name="engine-link")

    @classmethod
    async def start(cls, log: Path, cache: Path | None) -> Link:
        """Start a worker that logs to `log` and may keep states in `cache`."""
        process = _spawned(log, cache)
        loop = asyncio.get_running_loop()
        with ExitStack() as given_up:
            given_up.callback(process.wait)
            given_up.callback(process.kill)
            reader, unread = asyncio.StreamReader(), asyncio.StreamReader()
            ear, _ = await loop.connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(reader), process.stdout
            )
            given_up.callback(ear.close)
            mouth, protocol = await loop.connect_write_pipe(
                lambda: asyncio.StreamReaderProtocol(unread), process.stdin
            )
            given_up.pop_all()
        return cls(process, asyncio.StreamWriter(mouth, protocol, None, loop), reader)

    @property
    def alive(self) -> bool:
        """Whether it can still be asked."""
        return not self._gone

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    async def _listen(self) -> None:
        """Hand each message to its conversation until the process ends; then end them all."""
        pending = b""
        while chunk := await self._stdout.read(CHUNK_BYTES):
            *lines, pending = (pending + chunk).split(b"\n") if pending else chunk.split(b"\n")
            for line in lines:
                message = from_line(line)
                if queue := self._open.get(message["id"]):
                    queue.put_nowait(message)
        self._gone = True
        for queue in self._open.values():
            queue.put_nowait(None)
        if not self._keeps:
            await asyncio.to_thread(self._end.join)

    async def converse(self, message: Mapping[str, Any]) -> AsyncGenerator[Message, None]:
        """Ask, and yield what is said until `done` comes, which is yielded too.

        Leaving early cancels what was asked. Raises WorkerGone, or the BackendError that was
        answered.
        """
        id_ = next(self._ids)
        queue = self._open[id_] = asyncio.Queue[Message | None]()
        over = False
        try:
            await self._send({**message, "id": id_})
            while not over:
                answer = await queue.get()
                if answer is None:
                    raise WorkerGone
                over = answer["e"] in ("done", "error")
                if answer["e"] == "error":
                    raise error_from_message(answer["error"])
                yield answer
        finally:
            del self._open[id_]
            if not over and not self._gone:
                self._stdin.write(to_line({"op": "cancel", "id": 0, "target": id_}))

    def keep(self, message: Mapping[str, Any]) -> None:
        """Ask for something to be kept, and wait for nothing: it may outlast the program."""
        if not self._gone:
            self._keeps = True
            self._stdin.write(to_line({**message, "id": next(self._ids)}))

    async def _send(self, message: Mapping[str, Any]) -> None:
        """Write one message; raises WorkerGone where nobody reads it."""
        if self._gone:
            raise WorkerGone
        try:
            self._stdin.write(to_line(message))
            await self._stdin.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            self._gone = True
            raise WorkerGone from error

    async def stop(self) -> None:
        """Ask it to end, make it if it does not, and wait until it has.

        What it was asked to keep it writes first, which is not waited for.
        """
        if not self._gone:
            self._stdin.write(to_line({"op": "quit", "id": 0}))
        self._stdin.close()
        try:
            await asyncio.wait_for(asyncio.shield(self._listening), GRACE_SECONDS)
        except TimeoutError:
            self._process.kill()
            await self._listening


def _spawned(log: Path, cache: Path | None) -> subprocess.Popen[bytes]:
    """A worker's process, in a session of its own."""
    folders = [place_to_log(log), *([str(cache)] if cache else [])]
    return subprocess.Popen(
        [sys.executable, "-m", "tui.engine.worker", *folders],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "GGML_NO_BACKTRACE": "1", "GLIBC_TUNABLES": _tunables()},
        start_new_session=True,
    )


def _tunables() -> str:
    """The C library's settings, huge pages for large blocks among them unless that is chosen.

    glibc 2.35 and later read this, and ask Linux for them with `madvise`: weights on pages of
    2 MB are read 5 % faster (a 1.1B in Q4_0, on a virtual machine).
    """
    chosen = os.environ.get("GLIBC_TUNABLES", "")
    if "glibc.malloc.hugetlb" in chosen:
        return chosen
    return ":".join(filter(None, ("glibc.malloc.hugetlb=1", chosen)))
