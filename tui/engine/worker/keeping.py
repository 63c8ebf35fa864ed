"""What is still to be written before the process may end."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Keeping:
    """Counts what was asked to be kept, and writes it in a thread of its own, in order.

    llama.cpp's bytes are copied by the thread that computes; hashing and writing them may take
    seconds, for which neither the next request nor the program's end waits.
    """

    def __init__(self) -> None:
        """Nothing is asked for yet."""
        self._left = 0
        self._lock = threading.Lock()
        self._writer: threading.Thread | None = None

    def announce(self) -> None:
        """Something was asked to be kept, and is not taken up yet."""
        with self._lock:
            self._left += 1

    @property
    def unfinished(self) -> bool:
        """Whether something is yet to be written."""
        with self._lock:
            return self._left > 0

    def write(self, job: Callable[[], None] | None) -> None:
        """Take up what was announced: write it after what came before; None: there is nothing."""
        before = self._writer

        def run() -> None:
            if before is not None:
                before.join()
            if job is not None:
                job()
            with self._lock:
                self._left = max(0, self._left - 1)

        self._writer = threading.Thread(target=run, name="keeper", daemon=True)
        self._writer.start()

    def wait(self) -> None:
        """Wait until all that was taken up is written."""
        if self._writer is not None:
            self._writer.join()
