"""What a model will take, worked out before it is loaded, and what the machine has."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tui.engine.backend import KvType, NotEnoughMemory
from tui.engine.shape import NetworkShape

BYTES_PER_ELEMENT: dict[KvType, float] = {"f16": 2.0, "q8_0": 34 / 32, "q4_0": 18 / 32}
CELL_STEP = 256
RESERVE_BYTES = 192 << 20
FORK_CELLS = 1024
FORK_BYTES = 256 << 20
LEAST_WINDOW = 1024
"""The smallest window that is taken unasked where a larger one does not fit."""
ALL_LAYERS = -1


@dataclass(frozen=True, slots=True)
class MemoryPlan:
    """Bytes that a load will take: weights, one context's cells and buffers, and how many contexts.

    `share` is how much of the weights and the cells one memory holds, where a GPU holds the rest.
    """

    weights: int
    per_cell: float
    buffers: int
    n_cells: int
    contexts: int = 2
    share: float = 1.0

    @property
    def layers(self) -> float:
        """What is shared out by layers: weights and cells."""
        return self.weights + self.contexts * self.n_cells * self.per_cell

    @property
    def total(self) -> int:
        """Everything together."""
        return int(self.share * self.layers + self.contexts * self.buffers)


def cells_for(n_ctx: int, per_cell: float) -> int:
    """Cells of a context for a window of `n_ctx` tokens: the window and room for forks beside it."""
    forks = min(FORK_CELLS, max(CELL_STEP, n_ctx // 2))
    if per_cell:
        forks = min(forks, int(FORK_BYTES / per_cell))
    return -(-(n_ctx + forks) // CELL_STEP) * CELL_STEP


def plan(
    shape: NetworkShape,
    n_ctx: int,
    kv_k: KvType,
    kv_v: KvType,
    *,
    n_batch: int,
    flash: bool,
    share: float = 1.0,
) -> MemoryPlan:
    """The plan for a model with this window; buffers are what llama.cpp reserves for a batch."""
    per_cell = shape.kv_bytes_per_token(BYTES_PER_ELEMENT[kv_k], BYTES_PER_ELEMENT[kv_v])
    n_cells = cells_for(n_ctx, per_cell)
    attention = 0 if flash else 4 * shape.n_head * n_cells * n_batch
    rows = 4 * n_batch * (12 if flash else 8) * shape.n_embd
    buffers = attention + rows + 64 * shape.n_vocab + n_cells * n_batch * 4
    return MemoryPlan(shape.file_bytes, per_cell, buffers, n_cells, share=share)


def fit_gpu(
    planned: Callable[[int], MemoryPlan], n_ctx: int, n_layer: int, free: int, *, asked: bool
) -> tuple[int, int]:
    """The window and the count of layers for a GPU with `free` bytes.

    All layers, if need be with a window of half the tokens where no window was asked for: each
    layer that stays behind slows every token. Else as many as fit, the output being one of them.
    """
    room = free - RESERVE_BYTES
    window = _largest_window(planned, n_ctx, room)
    if window >= (n_ctx if asked else n_ctx // 2):
        return window, ALL_LAYERS
    whole = planned(n_ctx)
    left = room - whole.contexts * whole.buffers
    return n_ctx, max(0, int(left * (n_layer + 1) / whole.layers))


def _largest_window(planned: Callable[[int], MemoryPlan], n_ctx: int, room: int) -> int:
    """The largest window up to `n_ctx` whose plan fits, 0 where none does."""
    if planned(n_ctx).total <= room:
        return n_ctx
    steps = range(1, n_ctx // CELL_STEP + 1)
    return CELL_STEP * bisect_right(steps, room, key=lambda step: planned(step * CELL_STEP).total)


def available_bytes() -> int:
    """Memory that a new process can have: what is free or can be freed, within the group's limit."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    free = _meminfo("MemAvailable") or pages
    limit = _number(Path("/sys/fs/cgroup/memory.max"))
    used = _number(Path("/sys/fs/cgroup/memory.current")) or 0
    return min(free, limit - used) if limit else free


def _meminfo(key: str) -> int:
    """A line of Linux's memory table in bytes, 0 where there is none."""
    table = Path("/proc/meminfo")
    lines = table.read_text().splitlines() if table.exists() else []
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(key + ":")), 0)


def _number(path: Path) -> int | None:
    """The number that a file holds, None where it holds none."""
    text = path.read_text().strip() if path.exists() else ""
    return int(text) if text.isdigit() else None


def check_memory(
    name: str, planned: Callable[[int], MemoryPlan], n_ctx: int, available: int
) -> None:
    """Raise NotEnoughMemory with the window that would fit, if what is planned for `n_ctx` does not."""
    room = available - RESERVE_BYTES
    fitting = _largest_window(planned, n_ctx, room)
    if fitting == n_ctx:
        return
    need = planned(n_ctx).total
    if fitting:
        advice = f"a context of {fitting} tokens would fit"
    else:
        advice = "a smaller or more strongly quantised model is needed"
    raise NotEnoughMemory(
        f"{name} with a context of {n_ctx} tokens needs {_gigabytes(need)} of memory, "
        f"and {_gigabytes(available)} is free; {advice}.",
        n_ctx=fitting,
    )


def fitting_window(
    name: str, planned: Callable[[int], MemoryPlan], n_ctx: int, available: int, *, asked: bool
) -> int:
    """The window to load with: `n_ctx`, or the largest that fits where no window was asked for.

    Raises NotEnoughMemory.
    """
    try:
        check_memory(name, planned, n_ctx, available)
    except NotEnoughMemory as error:
        if asked or error.n_ctx < LEAST_WINDOW:
            raise
        return error.n_ctx
    return n_ctx


def _gigabytes(count: int) -> str:
    """Bytes as a person reads them."""
    return f"{count / 1e9:.1f} GB"
