"""The array of tokens and logits that samplers work on, and the seeds of their draws."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tui.engine.backend import BackendError
from tui.engine.worker.library import api

CANDIDATE = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])
_GOLDEN = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1


def draw_seed(seed: int, number: int) -> int:
    """32 well-mixed bits for the token `number` of a reply (SplitMix64), never llama.cpp's "any"."""
    state = (seed * _GOLDEN + number * 0xBF58476D1CE4E5B9 + _GOLDEN) & _MASK
    state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _MASK
    return (state ^ (state >> 31)) & 0x7FFFFFFF


class Candidates:
    """The array that samplers work on; one serves all, since one token is drawn at a time."""

    def __init__(self, n_vocab: int) -> None:
        """Make room for the whole vocabulary."""
        self._ids = np.arange(n_vocab, dtype=np.int32)
        self._rows = np.zeros(n_vocab, dtype=CANDIDATE)
        self._row_ids = self._rows["id"]
        self._row_logits = self._rows["logit"]
        self._start = ctypes.cast(
            ctypes.c_void_p(self._rows.ctypes.data), ctypes.POINTER(api.llama_token_data)
        )
        self.array: Any = api.llama_token_data_array(self._start, n_vocab, -1, False)
        self.reference = ctypes.byref(self.array)

    def fill(self, logits: NDArray[np.float32]) -> None:
        """Every token with its logit."""
        self._row_ids[:] = self._ids
        self._row_logits[:] = logits
        self._set(len(logits))

    def fill_few(self, ids: Sequence[int], logits: NDArray[np.float32]) -> None:
        """Only these tokens."""
        self._row_ids[: len(ids)] = ids
        self._row_logits[: len(ids)] = logits[list(ids)]
        self._set(len(ids))

    def _set(self, size: int) -> None:
        """Point the array at the first `size` rows."""
        self.array.data = self._start
        self.array.size = size
        self.array.selected = -1
        self.array.sorted = False

    @property
    def rows(self) -> NDArray[np.void]:
        """The candidates that are left, wherever a sampler has put them."""
        block = ctypes.cast(self.array.data, ctypes.POINTER(ctypes.c_char * (self.array.size * 12)))
        return np.frombuffer(block.contents, dtype=CANDIDATE)

    @property
    def chosen(self) -> int:
        """The token that a sampler has selected; raises BackendError where none could be."""
        selected = self.array.selected
        if not 0 <= selected < self.array.size:
            raise BackendError("The model's numbers are not numbers; its file may be damaged.")
        return self.array.data[selected].id
