"""Run the engine's process: `python -m tui.engine.worker LOG [CACHE]`."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from tui.engine.worker.pipes import own_pipes


def main(arguments: list[str]) -> None:
    """Own the pipes before anything can print, then load llama.cpp and serve."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipes = own_pipes(Path(arguments[0]))
    pipes.open()
    from tui.engine.worker.engine import Engine
    from tui.engine.worker.library import Library

    cache = Path(arguments[1]) if len(arguments) > 1 else None
    Engine(pipes, Library(), cache).run()


if __name__ == "__main__":
    main(sys.argv[1:])
