"""Writing GGUF version 3, tensor by tensor as it comes.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. The `gguf` package could write
it too, but what its arguments mean has changed between releases (llama.cpp's own GGML converter
broke by it), and it brings a web client along. The tests read what is written here with it.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from tui.modelfiles.convert.errors import ConvertError

ALIGNMENT = 32

TYPES: dict[str, tuple[int, int, int]] = {
    "F32": (0, 1, 4),
    "F16": (1, 1, 2),
    "Q4_0": (2, 32, 18),
    "Q4_1": (3, 32, 20),
    "Q5_0": (6, 32, 22),
    "Q5_1": (7, 32, 24),
    "Q8_0": (8, 32, 34),
    "Q2_K": (10, 256, 84),
    "Q3_K": (11, 256, 110),
    "Q4_K": (12, 256, 144),
    "Q5_K": (13, 256, 176),
    "Q6_K": (14, 256, 210),
    "BF16": (30, 1, 2),
}
"""Of each tensor type: its number, the elements of a block, and a block's bytes."""

Value = bool | int | float | str | bytes | Sequence[int] | Sequence[float] | Sequence[str]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A value copied from another GGUF file: its type and itself, as the file has them."""

    raw: bytes


@dataclass(frozen=True, slots=True)
class Planned:
    """A tensor that will be written."""

    name: str
    shape: tuple[int, ...]
    """Slowest first (the file has it the other way round)."""
    type: str
    """One of TYPES."""
    chunks: Callable[[], Iterable[bytes]]
    """Makes the tensor's bytes, in order."""

    @property
    def n_bytes(self) -> int:
        """How many bytes the tensor takes, without padding."""
        _, block, size = TYPES[self.type]
        return math.prod(self.shape) // block * size


@dataclass(slots=True)
class Plan:
    """All that a GGUF file will hold, before a byte of it is written."""

    keys: dict[str, Value | Encoded] = field(default_factory=dict[str, "Value | Encoded"])
    tensors: list[Planned] = field(default_factory=list[Planned])

    def header(self) -> bytes:
        """Everything before the first tensor."""
        parts = [struct.pack("<4sIQQ", b"GGUF", 3, len(self.tensors), len(self.keys))]
        for key, value in self.keys.items():
            parts += [_text(key.encode()), _value(value)]
        offset = 0
        for tensor in self.tensors:
            parts.append(_text(tensor.name.encode()) + struct.pack("<I", len(tensor.shape)))
            parts.append(struct.pack(f"<{len(tensor.shape)}Q", *reversed(tensor.shape)))
            parts.append(struct.pack("<IQ", TYPES[tensor.type][0], offset))
            offset += padded(tensor.n_bytes)
        made = b"".join(parts)
        return made + bytes(padded(len(made)) - len(made))

    @property
    def n_bytes(self) -> int:
        """The length of the whole file."""
        return len(self.header()) + sum(padded(tensor.n_bytes) for tensor in self.tensors)

    def write(self, file: BinaryIO, on_bytes: Callable[[int], None]) -> None:
        """Write the file, telling how many bytes are done; raises what a tensor's source raises."""
        header = self.header()
        file.write(header)
        done = len(header)
        for tensor in self.tensors:
            expected = done + tensor.n_bytes
            for chunk in tensor.chunks():
                file.write(chunk)
                done += len(chunk)
                on_bytes(done)
            if done != expected:
                raise ConvertError(
                    f"The tensor {tensor.name} has another length than its shape says; "
                    "fetch the file again."
                )
            padding = padded(tensor.n_bytes) - tensor.n_bytes
            file.write(bytes(padding))
            done += padding
        on_bytes(done)


def padded(length: int) -> int:
    """The next multiple of the alignment."""
    return -(-length // ALIGNMENT) * ALIGNMENT


def _text(raw: bytes) -> bytes:
    """A counted text."""
    return struct.pack("<Q", len(raw)) + raw


def _value(value: Value | Encoded) -> bytes:
    """A value with its type: whole numbers are u32, in arrays i32; fractions are f32."""
    if isinstance(value, Encoded):
        return value.raw
    if isinstance(value, bool):
        return struct.pack("<I?", 7, value)
    if isinstance(value, int):
        return struct.pack("<II", 4, value)
    if isinstance(value, float):
        return struct.pack("<If", 6, value)
    if isinstance(value, str | bytes):
        return struct.pack("<I", 8) + _text(value.encode() if isinstance(value, str) else value)
    return struct.pack("<I", 9) + _array(value)


def _array(values: Sequence[int] | Sequence[float] | Sequence[str]) -> bytes:
    """An array with its type, all of one kind."""
    first = values[0] if values else 0
    if isinstance(first, str):
        texts = b"".join(_text(str(value).encode()) for value in values)
        return struct.pack("<IQ", 8, len(values)) + texts
    code, letter = (6, "f") if isinstance(first, float) else (5, "i")
    return struct.pack(f"<IQ{len(values)}{letter}", code, len(values), *values)
