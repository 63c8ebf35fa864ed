"""How many threads serve at present: fewer while they wait for each other."""

from __future__ import annotations

SLOW_TIMES = 20
SLOW_SECONDS = 0.05
SLOW_STEPS = 3
WINDOW_STEPS = 64
UNEVEN_TIMES = 1.4
PATIENCE_SECONDS = 10.0


class Pace:
    """Takes threads away when they have come to wait for each other, and tries them again later.

    Where other programs are busy, threads spin for one that does not run: most steps are as quick
    as ever, some take many times as long, and fewer threads get more done. What is computed does
    not depend on how many compute it.
    """

    def __init__(self, n_threads: int, step_seconds: float) -> None:
        """Begin with a count of threads, and with what a step of one token took with it."""
        self.n_threads = self._most = n_threads
        self._step_seconds = step_seconds
        self._slow = 0
        self._window: list[float] = []
        self._window_tokens = 0
        self._fewer_seconds = 0.0
        self._patience = PATIENCE_SECONDS

    def note(self, seconds: float, tokens: int) -> None:
        """Take a step's time in.

        A few very slow steps in a row halve the threads, and so do many steps of one size whose
        mean is far above the quickest. All are tried again after some seconds of computing with
        fewer, each time after twice as many.
        """
        waiting = self._is_slow(seconds, tokens) or self._is_uneven(seconds, tokens)
        if self.n_threads < self._most:
            self._fewer_seconds += seconds
            if self._fewer_seconds > self._patience:
                self._begin_with(self._most)
                self._patience *= 2
                return
        if waiting and self.n_threads > 1:
            self._begin_with(self.n_threads // 2)

    def _is_slow(self, seconds: float, tokens: int) -> bool:
        """Whether the last few steps each took many times what was measured."""
        slow = seconds > max(SLOW_TIMES * self._step_seconds * tokens, SLOW_SECONDS)
        self._slow = self._slow + 1 if slow else 0
        return self._slow >= SLOW_STEPS

    def _is_uneven(self, seconds: float, tokens: int) -> bool:
        """Whether the last many steps took much longer on the whole than the quickest of them."""
        if tokens != self._window_tokens:
            self._window, self._window_tokens = [], tokens
        self._window.append(seconds)
        if len(self._window) < WINDOW_STEPS:
            return False
        mean, quickest = sum(self._window) / len(self._window), min(self._window)
        self._window.clear()
        return mean > UNEVEN_TIMES * quickest

    def _begin_with(self, n_threads: int) -> None:
        """Compute with so many from now on, and judge them by their own steps."""
        self.n_threads = n_threads
        self._slow = 0
        self._window.clear()
        self._fewer_seconds = 0.0
