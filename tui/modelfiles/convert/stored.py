"""Tensors where they lie in files: read by rows, never whole."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tui.modelfiles.convert.errors import ConvertError

CHUNK_BYTES = 16 * 1024 * 1024
Floats = NDArray[np.float32]

WIDTHS = {
    "F64": 8,
    "F32": 4,
    "F16": 2,
    "BF16": 2,
    "I64": 8,
    "I32": 4,
    "I16": 2,
    "I8": 1,
    "U8": 1,
    "BOOL": 1,
}
_PLAIN: dict[str, Any] = {
    "F64": np.dtype("<f8"),
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "I64": np.dtype("<i8"),
    "I32": np.dtype("<i4"),
    "I16": np.dtype("<i2"),
    "I8": np.dtype("i1"),
    "U8": np.dtype("u1"),
    "BOOL": np.dtype("u1"),
}


@dataclass(frozen=True, slots=True)
class Stored:
    """A tensor in a file, row-major and without gaps."""

    name: str
    shape: tuple[int, ...]
    """Slowest first."""
    dtype: str
    """One of WIDTHS."""
    path: Path
    offset: int

    @property
    def row_elements(self) -> int:
        """How many numbers a row has; a tensor of one dimension is one row."""
        return self.shape[-1] if self.shape else 1

    @property
    def n_rows(self) -> int:
        """How many rows there are, all leading dimensions together."""
        return math.prod(self.shape[:-1])

    def raw_rows(self, start: int, stop: int) -> bytes:
        """The bytes of some rows; raises ConvertError."""
        width = self.row_elements * WIDTHS[self.dtype]
        return read_at(self.path, self.offset + start * width, (stop - start) * width)

    def rows(self, start: int, stop: int) -> NDArray[Any]:
        """Some rows as NumPy has them, of shape (rows, row_elements); BF16 becomes float32."""
        raw = self.raw_rows(start, stop)
        if self.dtype == "BF16":
            values = from_bf16(np.frombuffer(raw, "<u2"))
        else:
            values = np.frombuffer(raw, _PLAIN[self.dtype])
        return values.reshape(stop - start, self.row_elements)

    def floats(self) -> Floats:
        """All of a small tensor, in its shape."""
        return self.rows(0, self.n_rows).astype(np.float32).reshape(self.shape)

    def integers(self) -> NDArray[np.int64]:
        """All of a small tensor of whole numbers, in its shape."""
        return self.rows(0, self.n_rows).astype(np.int64).reshape(self.shape)


def read_at(path: Path, offset: int, length: int) -> bytes:
    """Exactly `length` bytes of a file; raises ConvertError."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            raw = file.read(length)
    except OSError as error:
        raise ConvertError(f"{path} cannot be read: {error.strerror}.") from error
    if len(raw) != length:
        raise ConvertError(f"{path} ends too early; fetch the file again.")
    return raw


def spans(count: int, bytes_each: int, multiple: int = 1) -> Iterator[tuple[int, int]]:
    """Cut `count` things into stretches of about CHUNK_BYTES, each a multiple of `multiple` long."""
    step = max(CHUNK_BYTES // max(bytes_each, 1) // multiple, 1) * multiple
    for start in range(0, count, step):
        yield start, min(start + step, count)


def from_bf16(values: NDArray[np.uint16]) -> Floats:
    """Brain floats as float32, exactly."""
    return (values.astype(np.uint32) << np.uint32(16)).view(np.float32)


def to_bf16(values: Floats) -> NDArray[np.uint16]:
    """Float32 rounded to the nearest brain float, ties to even; not-a-numbers stay so."""
    bits = np.ascontiguousarray(values, dtype=np.float32).view(np.uint32)
    rounded = (bits + np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1))) >> np.uint32(16)
    quiet = (bits >> np.uint32(16)) | np.uint32(0x40)
    return np.where(np.isnan(values), quiet, rounded).astype(np.uint16)
