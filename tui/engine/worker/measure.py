"""How many threads serve a model best on this machine: measured once, remembered in the cache folder."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, TypeAdapter, ValidationError

from tui.engine.worker.context import DONE, Context

READ_TOKENS = 32
WRITE_STEPS = 6
LONGEST_SECONDS = 2.0
FILE_NAME = "measured.json"


class Measured(BaseModel, extra="forbid", frozen=True):
    """What was found: the best count of threads, and tokens per second with it."""

    n_threads: int
    read_per_second: float
    write_per_second: float


_table: TypeAdapter[dict[str, Measured]] = TypeAdapter(dict[str, Measured])


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
    """Read and write a little with each count of threads, within a time limit; the best for writing."""
    found: list[Measured] = []
    started = time.perf_counter()
    for count in counts:
        if found and time.perf_counter() - started > LONGEST_SECONDS:
            break
        context.set_threads(count)
        _run(context, 0, 2)
        reading = _run(context, 2, READ_TOKENS)
        steps = [_run(context, 2 + READ_TOKENS + step, 1) for step in range(WRITE_STEPS)]
        context.sequences.clear()
        found.append(
            Measured(
                n_threads=count,
                read_per_second=READ_TOKENS / reading,
                write_per_second=1 / statistics.median(steps),
            )
        )
    return max(found, key=lambda measured: measured.write_per_second)


def _run(context: Context, start: int, count: int) -> float:
    """Decode some tokens; the seconds that it took."""
    tokens = [(start + index) % context.model.vocab.size for index in range(count)]
    context.batch.clear()
    output = context.batch.add(0, start, tokens, output=True)
    began = time.perf_counter()
    if context.decode() == DONE:
        context.logits(output)
        context.sequences.grow(0, tokens)
    return time.perf_counter() - began


def recall(folder: Path, key: str) -> Measured | None:
    """What was measured before, None where nothing was or the file is not ours any more."""
    return _read(folder / FILE_NAME).get(key)


def remember(folder: Path, key: str, measured: Measured) -> None:
    """Keep a measurement beside the others."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    draft = path.with_suffix(f".{os.getpid()}.part")
    draft.write_bytes(_table.dump_json({**_read(path), key: measured}))
    draft.replace(path)


def _read(path: Path) -> dict[str, Measured]:
    """All measurements that a file holds."""
    try:
        return _table.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return {}
