"""How many threads serve a model best on this machine, and how fast it is with them."""

from __future__ import annotations

import os
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tui.engine.worker.context import DONE, Context
from tui.machine import cores

READ_TOKENS = 16
WRITE_STEPS = 4
CLEARLY = 0.9
BUSY_SHARE = 0.25
STEADY = 1.5


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found: the best count of threads, and tokens per second with it."""

    n_threads: int
    read_per_second: float
    write_per_second: float

    @property
    def turn_seconds(self) -> float:
        """What a turn takes that reads and writes some 60 tokens: what the counts are compared by."""
        return 60 / self.read_per_second + 60 / self.write_per_second

    @property
    def took_seconds(self) -> float:
        """About what the measurement itself took."""
        return READ_TOKENS / self.read_per_second + (WRITE_STEPS + 2) / self.write_per_second


def candidates() -> list[int]:
    """Counts of threads worth trying, the likeliest first: one core is left to the screen."""
    count = cores()
    tried = [max(1, count - 1), count, (count + 1) // 2, (count + 3) // 4]
    return list(dict.fromkeys(tried))


def measure(context: Context, counts: Sequence[int]) -> tuple[Measured, bool]:
    """Read and write a little with each count of threads; the first unless another is clearly better.

    Also whether each count's steps took about the same time: where they did not, other programs
    were in the way. A count that takes twice as long as the best did is stopped by the alarm: on
    a busy machine threads that wait for each other can take a hundred times as long.
    """
    first, all_steady = _try(context, counts[0], None)
    best = first or Measured(counts[0], 1.0, 1.0)
    for count in counts[1:]:
        found, steady = _try(context, count, 2 * best.took_seconds + 0.05)
        all_steady = all_steady and steady
        if found and found.turn_seconds < CLEARLY * best.turn_seconds:
            best = found
    return best, all_steady


def is_quiet() -> bool:
    """Whether few programs computed or waited to in the last minute, for the cores that there are."""
    return os.getloadavg()[0] < BUSY_SHARE * cores()


def is_steady(steps: Sequence[float]) -> bool:
    """Whether most of the steps took about as long as the quickest."""
    return statistics.median(steps) < STEADY * min(steps)


def _try(context: Context, count: int, limit: float | None) -> tuple[Measured | None, bool]:
    """The speeds with a count of threads, None where it was stopped at the limit; and if steadily so."""
    guard = threading.Timer(limit, context.alarm.sound) if limit else None
    if guard:
        guard.start()
    context.set_threads(count)
    parts = [
        (0, 2),
        (2, READ_TOKENS),
        *((2 + READ_TOKENS + step, 1) for step in range(WRITE_STEPS)),
    ]
    times = [_run(context, start, length) for start, length in parts]
    if guard:
        guard.cancel()
        guard.join()
    context.alarm.lower()
    context.sequences.clear()
    if None in times:
        return None, limit is not None
    _, reading, *steps = [seconds for seconds in times if seconds is not None]
    measured = Measured(count, READ_TOKENS / reading, 1 / statistics.median(steps))
    return measured, is_steady(steps)


def _run(context: Context, start: int, count: int) -> float | None:
    """Decode some tokens; the seconds that it took, None where it was stopped."""
    if context.sequences.length(0) != start:
        return None
    tokens = [(start + index) % context.model.vocab.size for index in range(count)]
    context.batch.clear()
    output = context.batch.add(0, start, tokens, output=True)
    began = time.perf_counter()
    if context.decode() != DONE:
        return None
    context.logits(output)
    context.sequences.grow(0, tokens)
    return time.perf_counter() - began


def measured_before(kept: object) -> Measured | None:
    """What was kept of an earlier measurement, None where it is not that."""
    match kept:
        case [int(threads), float(read), float(write)] if min(threads, read, write) > 0:
            return Measured(threads, read, write) if threads <= 4 * cores() else None
        case _:
            return None
