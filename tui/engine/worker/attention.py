"""Whether flash attention serves a model better on this machine's processor.

Without it a token costs less the deeper the story is: on a server's core with AVX2 one of the
pocket model took 0.97 ms against 1.57 at 1,024 cells, and one of a 1.1B in Q4_0 66 ms against 94
at 2,048. With it whole chunks of 64 tokens were read 4 to 23 % faster, and shorter ones up to 2.7
times as slowly. Other processors and models may differ, so the writing is measured.

The type of the cache is not: K in q8_0 gained 2 to 9 % there, less than is felt, and q8_0 for
both, which needs flash attention, took half as long again as f16 does without it, or twice.
"""

from __future__ import annotations

import ctypes
import time
from dataclasses import replace

from tui.engine.backend import BackendError
from tui.engine.worker.context import DONE, Context, ContextShape
from tui.engine.worker.library import api
from tui.engine.worker.measure import CLEARLY
from tui.engine.worker.model import Model
from tui.engine.worker.pipes import Alarm

DEEPEST = 1024
FIRST_CELLS = 4
MARGIN_CELLS = 64
MOST_STEPS = 5
ENOUGH_SECONDS = 0.2


def depth_for(shape: ContextShape) -> int:
    """The cells at which it is measured: those of a story that fills a part of its window."""
    return min(DEEPEST, shape.n_cells // 3)


def flash_pays(model: Model, shape: ContextShape) -> bool:
    """Whether a token is written clearly faster with flash attention than without."""
    plain, flash = (
        step_seconds(model, replace(shape, flash_attention=flash)) for flash in (False, True)
    )
    return flash < CLEARLY * plain


def step_seconds(model: Model, shape: ContextShape) -> float:
    """What a step of one token takes at depth, in a context of its own; infinity if it can't be.

    One thread computes, and its own time is taken: other programs don't count, so that what
    was found on a busy machine can be kept like any other.
    """
    depth = depth_for(shape)
    small = replace(shape, n_cells=depth + MARGIN_CELLS, n_threads=1, n_seq=2)
    try:
        context = Context(model, small, Alarm())
    except BackendError:
        return float("inf")
    try:
        _step(context, 0, FIRST_CELLS)
        deepen(context, FIRST_CELLS, depth)
        times: list[float] = []
        while len(times) < MOST_STEPS and sum(times) < ENOUGH_SECONDS:
            times.append(_step(context, FIRST_CELLS + len(times), 1))
        return min(times)
    except BackendError:
        return float("inf")
    finally:
        context.close()


def deepen(context: Context, cells: int, depth: int) -> None:
    """Double the `cells` of the first sequence until it has up to `depth`, without computing them.

    Its state is loaded into the second one, and that is merged into it: each position is then
    held by many cells, all of which a later token attends to.
    """
    memory = api.llama_get_memory(context.pointer)
    while 2 * cells <= depth:
        size = int(api.llama_state_seq_get_size(context.pointer, 0))
        buffer = (ctypes.c_uint8 * size)()
        size = int(api.llama_state_seq_get_data(context.pointer, buffer, size, 0))
        if not api.llama_state_seq_set_data(context.pointer, buffer, size, 1):
            return
        api.llama_memory_seq_cp(memory, 1, 0, -1, -1)
        api.llama_memory_seq_rm(memory, 1, -1, -1)
        cells *= 2


def _step(context: Context, start: int, count: int) -> float:
    """Decode some tokens; the seconds that this thread computed. Raises BackendError."""
    tokens = [(start + index) % context.model.vocab.size for index in range(count)]
    context.batch.clear()
    output = context.batch.add(0, start, tokens, output=True)
    began = time.thread_time()
    if context.decode() != DONE:
        raise BackendError("llama.cpp stopped while it was measured.")
    context.logits(output)
    return time.thread_time() - began
