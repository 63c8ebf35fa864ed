"""A GGUF file up to its weights: its keys, and where its tensors lie.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (versions 2 and 3). It lies below
all rooms, since the engine asks a file for its sizes and the converters copy its keys.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from pathlib import Path
from struct import Struct
from typing import BinaryIO

_SCALARS = {
    0: Struct("<B"),
    1: Struct("<b"),
    2: Struct("<H"),
    3: Struct("<h"),
    4: Struct("<I"),
    5: Struct("<i"),
    6: Struct("<f"),
    7: Struct("<?"),
    10: Struct("<Q"),
    11: Struct("<q"),
    12: Struct("<d"),
}
_U32, _U64 = _SCALARS[4], _SCALARS[10]
_STRING, _ARRAY = 8, 9
_CHUNK_BYTES = 1 << 20
_LONGEST_HEADER = 1 << 27
_LONGEST_ARRAY = 1 << 24
_MOST_KEYS = 1 << 16
_MOST_TENSORS = 1 << 17
_MOST_DIMENSIONS = 4


class GgufError(Exception):
    """A file is not GGUF, or is damaged; the text goes on from the file's name."""


@dataclass(frozen=True, slots=True)
class Texts:
    """An array of texts, of which only the number is kept."""

    count: int


Scalar = int | float | bool | str
Value = Scalar | tuple[Scalar, ...] | Texts


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor as it is described."""

    shape: tuple[int, ...]
    """Slowest first (the file has it the other way round)."""
    type: int
    """The number of its type, in ggml's list."""
    offset: int
    """Bytes from where the weights begin."""


@dataclass(frozen=True, slots=True)
class Header:
    """All that a file says, but for the weights themselves."""

    values: dict[str, Value]
    raw: dict[str, bytes]
    """The same as the file has them, the type before each."""
    tensors: dict[str, Tensor]
    n_bytes: int
    """The header's own length, without the padding before the weights."""
    file_bytes: int

    @property
    def n_params(self) -> int:
        """How many weights the tensors have."""
        return sum(math.prod(tensor.shape) for tensor in self.tensors.values())

    def text(self, key: str) -> str:
        """A value as text; empty where there is none, and for an array."""
        value = self.values.get(key, "")
        return "" if isinstance(value, tuple | Texts) else str(value)


def read_header(path: Path) -> Header:
    """The header of a file; raises GgufError, and OSError where it cannot be read."""
    with path.open("rb") as file:
        return _Reading(file).header()


def damaged(what: str) -> GgufError:
    """The error for a file that contradicts itself."""
    return GgufError(f"is damaged ({what}); fetch the file again.")


class _Reading:
    """One pass over a header, which is read piece by piece and never beyond its bound."""

    def __init__(self, file: BinaryIO) -> None:
        """Begin at the beginning."""
        self._file, self._data, self._at = file, bytearray(), 0
        self._file_bytes = os.fstat(file.fileno()).st_size

    def header(self) -> Header:
        """The whole header."""
        if self._take(4) != b"GGUF" or self._number(_U32) not in (2, 3):
            raise GgufError("is not a GGUF file of a known version.")
        n_tensors, n_keys = self._number(_U64), self._number(_U64)
        if n_tensors > _MOST_TENSORS or n_keys > _MOST_KEYS:
            raise damaged("it counts more than any model has")
        values: dict[str, Value] = {}
        raw: dict[str, bytes] = {}
        for _ in range(n_keys):
            name, start = self._text(), self._at
            values[name] = self._value(self._number(_U32))
            raw[name] = bytes(self._data[start : self._at])
        tensors = {self._text(): self._tensor() for _ in range(n_tensors)}
        return Header(values, raw, tensors, self._at, self._file_bytes)

    def _tensor(self) -> Tensor:
        """What follows a tensor's name."""
        n_dims = self._number(_U32)
        if n_dims > _MOST_DIMENSIONS:
            raise damaged("a tensor has too many dimensions")
        shape = [self._number(_U64) for _ in range(n_dims)]
        return Tensor(tuple(reversed(shape)), self._number(_U32), self._number(_U64))

    def _value(self, kind: int) -> Value:
        """A value of a kind."""
        if kind == _STRING:
            return self._text()
        if kind in _SCALARS:
            return self._number(_SCALARS[kind])
        if kind != _ARRAY:
            raise damaged("a key has a value of a kind that does not exist")
        inner, count = self._number(_U32), self._number(_U64)
        if count > _LONGEST_ARRAY:
            raise damaged("an array is longer than any that a model has")
        if inner in _SCALARS:
            one = _SCALARS[inner]
            return tuple(value for (value,) in one.iter_unpack(self._take(count * one.size)))
        if inner != _STRING:
            raise damaged("an array is of a kind that does not exist")
        for _ in range(count):
            self._pass_over(self._number(_U64))
        return Texts(count)

    def _text(self) -> str:
        """A counted text."""
        return self._take(self._number(_U64)).decode("utf-8", "replace")

    def _number(self, kind: Struct) -> int:
        """One number."""
        start = self._pass_over(kind.size)
        return kind.unpack_from(self._data, start)[0]

    def _take(self, count: int) -> bytes:
        """The next bytes."""
        start = self._pass_over(count)
        return bytes(self._data[start : self._at])

    def _pass_over(self, count: int) -> int:
        """Go on by so many bytes, which are read by then; where they begin."""
        start, stop = self._at, self._at + count
        if stop > len(self._data):
            if stop > self._file_bytes:
                raise damaged("it ends too early")
            if stop > _LONGEST_HEADER:
                raise damaged("its header is longer than any that a model has")
            self._data += self._file.read(max(stop - len(self._data), _CHUNK_BYTES))
            if stop > len(self._data):
                raise damaged("it ends too early")
        self._at = stop
        return start
