"""Weights as they come, row by row, into the float types and the row order of GGUF."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tui.modelfiles.convert.errors import ConvertError
from tui.modelfiles.convert.gguf_out import Planned
from tui.modelfiles.convert.stored import Stored, spans, to_bf16


class Weight(Protocol):
    """A tensor of which some rows can be had at a time."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Slowest first."""
        ...

    def rows(self, start: int, stop: int) -> NDArray[Any]:
        """Some rows, of shape (rows, row length)."""
        ...


def planned_weight(name: str, weight: Weight, kind: str, head_width: int | None = None) -> Planned:
    """A tensor as GGUF will have it, as `kind` (F32, F16 or BF16).

    With `head_width` the rows of each head are put into the order in which llama.cpp turns them:
    neighbours together, where Hugging Face has a head's first and second half.
    """
    copied = isinstance(weight, Stored) and weight.dtype == kind and head_width is None
    row_length = weight.shape[-1]
    n_rows = weight.shape[0] if len(weight.shape) == 2 else 1

    def chunks() -> Iterator[bytes]:
        for start, stop in spans(n_rows, row_length * 4, head_width or 1):
            if copied and isinstance(weight, Stored):
                yield weight.raw_rows(start, stop)
                continue
            rows = weight.rows(start, stop)
            if head_width is not None:
                rows = interleaved(rows, head_width)
            yield encoded(name, rows, kind)

    return Planned(name, weight.shape, kind, chunks)


def interleaved(rows: NDArray[Any], head_width: int) -> NDArray[Any]:
    """Rows of whole heads from halves to neighbours."""
    halves = rows.reshape(-1, 2, head_width // 2, rows.shape[-1])
    return halves.swapaxes(1, 2).reshape(rows.shape)


def encoded(name: str, rows: NDArray[Any], kind: str) -> bytes:
    """Numbers as GGUF has them; raises ConvertError for one that F16 cannot hold."""
    if kind == "BF16":
        return to_bf16(rows.astype(np.float32)).astype("<u2").tobytes()
    try:
        with np.errstate(over="raise"):
            return rows.astype("<f2" if kind == "F16" else "<f4").tobytes()
    except FloatingPointError as error:
        raise ConvertError(
            f"{name} has numbers that are too large for f16; convert to bf16 or f32 instead."
        ) from error
