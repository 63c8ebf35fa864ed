"""Run the engine's process: `python -m tui.engine.worker LOG [CACHE]`."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tui.engine.worker.pipes import Pipes, own_pipes

if TYPE_CHECKING:
    from tui.engine.worker.engine import Engine


def main(arguments: list[str]) -> None:
    """Own the pipes before anything can print, then load llama.cpp and serve."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipes = own_pipes(Path(arguments[0]))
    pipes.open()
    from tui.engine.worker.engine import Engine
    from tui.engine.worker.library import Library

    cache = Path(arguments[1]) if len(arguments) > 1 else None
    serve(pipes, Engine(Library(), pipes.alarm, pipes.send, cache, pipes.keeping))


def serve(pipes: Pipes, engine: Engine) -> None:
    """Obey and work until the process ends: all messages first, then a step.

    A step is announced before the inbox is looked at for the last time, so that a message is
    either seen here or interrupts the step.
    """
    while True:
        while not pipes.inbox.empty() or not engine.work:
            engine.obey(pipes.inbox.get())
        pipes.alarm.lower()
        pipes.stepping = engine.work
        if pipes.inbox.empty():
            engine.step()
        pipes.stepping = None


if __name__ == "__main__":
    main(sys.argv[1:])
