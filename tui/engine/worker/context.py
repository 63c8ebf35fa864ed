"""A llama_context: one cache of cells, its sequences, and the batches that are decoded into it."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tui.engine.backend import BackendError
from tui.engine.worker.library import api, get_logits
from tui.engine.worker.model import FEWER_LAYERS, Model
from tui.engine.worker.pipes import Alarm
from tui.engine.worker.sequences import N_SEQUENCES, Sequences

KV_TYPES = {"f16": 1, "q8_0": 8, "q4_0": 2}
MAX_OUTPUTS = 16
DONE, NO_ROOM, STOPPED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class ContextShape:
    """How large a context is and how it computes."""

    n_cells: int
    n_batch: int
    n_threads: int
    flash_attention: bool
    kv_type_k: str = "f16"
    kv_type_v: str = "f16"
    n_seq: int = N_SEQUENCES


class Batch:
    """Arrays that llama.cpp reads tokens from, filled without an allocation."""

    def __init__(self, capacity: int) -> None:
        """Make room for `capacity` tokens."""
        self.capacity = capacity
        self.size = 0
        self._token = (ctypes.c_int32 * capacity)()
        self._pos = (ctypes.c_int32 * capacity)()
        self._seq = (ctypes.c_int32 * capacity)()
        self._output = (ctypes.c_int8 * capacity)()
        self._count = (ctypes.c_int32 * capacity)(*([1] * capacity))
        width = ctypes.sizeof(ctypes.c_int32)
        start = ctypes.addressof(self._seq)
        pointer = ctypes.POINTER(ctypes.c_int32)
        pointers = [ctypes.cast(start + width * index, pointer) for index in range(capacity)]
        self._seqs = (pointer * capacity)(*pointers)
        self.struct: Any = api.llama_batch(
            0, self._token, None, self._pos, self._count, self._seqs, self._output
        )

    def clear(self) -> None:
        """Start anew."""
        self.size = 0

    @property
    def room(self) -> int:
        """How many more tokens fit."""
        return self.capacity - self.size

    def add(self, seq: int, start: int, tokens: Sequence[int], *, output: bool) -> int:
        """Add tokens of a sequence from position `start`; the index of the last one."""
        first, last = self.size, self.size + len(tokens) - 1
        self._token[first : last + 1] = tokens
        self._pos[first : last + 1] = range(start, start + len(tokens))
        self._seq[first : last + 1] = [seq] * len(tokens)
        self._output[first : last + 1] = [0] * len(tokens)
        self._output[last] = output
        self.size = last + 1
        return last


class Context:
    """A llama_context of a model and its ledger; `close` gives the memory back."""

    def __init__(self, model: Model, shape: ContextShape, alarm: Alarm) -> None:
        """Reserve the cells and the buffers; raises BackendError where llama.cpp cannot."""
        params = api.llama_context_default_params()
        params.n_ctx = shape.n_cells
        params.n_batch = params.n_ubatch = shape.n_batch
        params.n_seq_max = shape.n_seq
        params.n_outputs_max = min(MAX_OUTPUTS, shape.n_batch)
        params.n_threads = params.n_threads_batch = shape.n_threads
        params.flash_attn_type = int(shape.flash_attention)
        params.type_k = KV_TYPES[shape.kv_type_k]
        params.type_v = KV_TYPES[shape.kv_type_v]
        params.kv_unified = True
        params.no_perf = True
        if alarm.callback_address is not None:
            params.abort_callback = ctypes.cast(
                ctypes.c_void_p(alarm.callback_address), api.ggml_abort_callback
            )
            params.abort_callback_data = ctypes.c_void_p(alarm.address)
        self.model = model
        self.shape = shape
        self.alarm = alarm
        self.pointer: Any = api.llama_init_from_model(model.pointer, params)
        if not self.pointer:
            advice = f"; if the GPU's memory is full, {FEWER_LAYERS}" if model.gpu_layers else ""
            raise BackendError(
                f"llama.cpp cannot make a context of {shape.n_cells} tokens with a "
                f"{shape.kv_type_k}/{shape.kv_type_v} cache for {model.path.name}{advice}."
            )
        model.adapters.set_in(self.pointer)
        self.sequences = Sequences(api.llama_get_memory(self.pointer), shape.n_seq)
        self.batch = Batch(shape.n_batch)
        self._n_threads = shape.n_threads
        self._views: dict[int, NDArray[np.float32]] = {}

    def close(self) -> None:
        """Give the memory back."""
        api.llama_free(self.pointer)
        self.pointer = None

    def set_threads(self, count: int) -> None:
        """Compute with this many threads from now on."""
        if count != self._n_threads:
            self._n_threads = count
            api.llama_set_n_threads(self.pointer, count, count)

    def decode(self) -> int:
        """Compute the batch: DONE, NO_ROOM (nothing changed) or STOPPED by the alarm.

        Raises BackendError for what llama.cpp cannot compute.
        """
        self.batch.struct.n_tokens = self.batch.size
        status = api.llama_decode(self.pointer, self.batch.struct)
        if self.model.gpu_layers:
            # A GPU is still computing then, and whoever takes the time would count that to the next step.
            api.llama_synchronize(self.pointer)
        if status < 0:
            raise BackendError(
                f"llama.cpp could not compute the next token (its code is {status})."
            )
        return status

    def logits(self, index: int) -> NDArray[np.float32]:
        """The logits after the batch's token at `index`; a view, good until the next decode."""
        address: int = get_logits(self.pointer, index)
        view = self._views.get(address)
        if view is None:
            block = (ctypes.c_float * self.model.vocab.size).from_address(address)
            view = self._views[address] = np.ctypeslib.as_array(block)
        return view
