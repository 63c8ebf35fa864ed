"""Standard input and output as the commands use them: always there, in any encoding."""

from __future__ import annotations

import asyncio
import io
import os
import sys
from contextlib import suppress
from threading import Thread

from rich.console import Console
from rich.text import Text

from tui.ui.clean import clean


class Lines(Console):
    """Standard output, or error, for words that others wrote: nothing in them is markup."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(highlight=False, markup=False, stderr=stderr)

    def say(self, text: str) -> None:
        """One line or more, with nothing in it that a terminal would obey."""
        self.print(Text(clean(text)), soft_wrap=True)

    def on_broken_pipe(self) -> None:
        """Leave it to `main`: a reader who has had enough is no error."""
        raise BrokenPipeError


def settle_streams() -> None:
    """Have every standard stream, also where the program was started without; none fails at a letter."""
    sys.stdin, sys.stdout, sys.stderr = (
        stream or io.StringIO() for stream in (sys.stdin, sys.stdout, sys.stderr)
    )
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def drop_output() -> None:
    """Let what could not be written go, so that it isn't tried again as the program ends."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


async def next_line() -> str:
    """The next line of standard input, empty at its end.

    It is read on a thread that nothing waits for: Ctrl+C leaves at once.
    """
    loop = asyncio.get_running_loop()
    line: asyncio.Future[str] = loop.create_future()

    def told(text: str) -> None:
        if not line.done():
            line.set_result(text)

    def read() -> None:
        text = sys.stdin.readline()
        with suppress(RuntimeError):  # the loop may have ended meanwhile
            loop.call_soon_threadsafe(told, text)

    Thread(target=read, daemon=True).start()
    return await line
