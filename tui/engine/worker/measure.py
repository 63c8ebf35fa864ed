"""How many threads serve a model best on this machine: measured once, remembered in the cache folder."""

from __future__ import annotations

import json
import os
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import cast

from tui.engine.worker.context import DONE, Context

READ_TOKENS = 16
WRITE_STEPS = 4
CLEARLY = 0.9
SLOW_TIMES = 20
SLOW_SECONDS = 0.05
SLOW_STEPS = 3
FILE_NAME = "measured.json"


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


class Pace:
    """Takes threads away when they have come to wait for each other.

    Where other programs are busy, the threads of a step spin for one that does not run, and a
    step takes a hundred times what was measured; with fewer, it takes twice as long at most.
    """

    def __init__(self, measured: Measured) -> None:
        """Begin with what was measured."""
        self.n_threads = measured.n_threads
        self._step_seconds = 1 / measured.write_per_second
        self._slow = 0

    def note(self, seconds: float, tokens: int) -> None:
        """Take a step's time in; several slow ones in a row halve the threads."""
        if seconds > max(SLOW_TIMES * self._step_seconds * tokens, SLOW_SECONDS):
            self._slow += 1
        else:
            self._slow = 0
        if self._slow >= SLOW_STEPS and self.n_threads > 1:
            self.n_threads //= 2
            self._slow = 0


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def candidates() -> list[int]:
    """Counts of threads worth trying, the likeliest first: one core is left to the screen."""
    count = cores()
    tried = [max(1, count - 1), count, (count + 1) // 2, (count + 3) // 4]
    return list(dict.fromkeys(tried))


def measure(context: Context, counts: Sequence[int]) -> Measured:
    """Read and write a little with each count of threads; the first unless another is clearly better.

    One that takes twice as long as the best did is stopped by the alarm: on a busy machine
    threads that wait for each other can take a hundred times as long.
    """
    best = _try(context, counts[0], None) or Measured(counts[0], 1.0, 1.0)
    for count in counts[1:]:
        found = _try(context, count, 2 * best.took_seconds + 0.05)
        if found and found.turn_seconds < CLEARLY * best.turn_seconds:
            best = found
    return best


def _try(context: Context, count: int, limit: float | None) -> Measured | None:
    """The speeds with a count of threads; None where it was stopped at the limit."""
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
    context.alarm.lower()
    context.sequences.clear()
    if None in times:
        return None
    _, reading, *steps = [seconds for seconds in times if seconds is not None]
    return Measured(count, READ_TOKENS / reading, 1 / statistics.median(steps))


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


def recall(folder: Path, key: str) -> Measured | None:
    """What was measured before, None where nothing was or the file is not ours any more."""
    match _read(folder / FILE_NAME).get(key):
        case [int(threads), float(read), float(write)] if 1 <= threads <= 4 * cores():
            return Measured(threads, read, write)
        case _:
            return None


def remember(folder: Path, key: str, measured: Measured) -> None:
    """Keep a measurement beside the others."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    draft = path.with_suffix(f".{os.getpid()}.part")
    draft.write_text(json.dumps({**_read(path), key: astuple(measured)}))
    draft.replace(path)


def _read(path: Path) -> dict[str, object]:
    """All measurements that a file holds; none where it cannot be read."""
    try:
        table: object = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return cast("dict[str, object]", table) if isinstance(table, dict) else {}
