"""Reading a GGUF file up to its weights: its keys, as they are, and where each tensor lies."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tui.modelfiles.convert.errors import ConvertError
from tui.modelfiles.convert.gguf_out import TYPES, Encoded

_SCALARS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}
_STRING, _ARRAY = 8, 9
MOST_KEYS = 1 << 16
MOST_TENSORS = 1 << 17
LONGEST_ARRAY = 1 << 24
_TYPE_NAMES = {number: name for name, (number, _, _) in TYPES.items()}


@dataclass(frozen=True, slots=True)
class GgufTensor:
    """A tensor where it lies."""

    shape: tuple[int, ...]
    """Slowest first."""
    type: str
    offset: int


@dataclass(frozen=True, slots=True)
class GgufFile:
    """All that a file says, but for the weights themselves."""

    path: Path
    keys: dict[str, Encoded]
    scalars: dict[str, int | float | bool | str]
    tensors: dict[str, GgufTensor]


def read_gguf(path: Path) -> GgufFile:
    """Read a file up to its weights; raises ConvertError."""
    try:
        with path.open("rb") as file:
            return _Reading(path, file).read()
    except OSError as error:
        raise ConvertError(f"{path} cannot be read: {error.strerror}.") from error


class _Reading:
    """One pass over a header."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        """Begin at the beginning."""
        self._path, self._file = path, file
        self._length = path.stat().st_size

    def read(self) -> GgufFile:
        """The whole header."""
        magic, version, n_tensors, n_keys = struct.unpack("<4sIQQ", self._take(24))
        if magic != b"GGUF" or version not in (2, 3):
            raise ConvertError(f"{self._path} is not a GGUF file of a known version.")
        if n_tensors > MOST_TENSORS or n_keys > MOST_KEYS:
            raise self._damaged("it counts more than any model has")
        keys: dict[str, Encoded] = {}
        scalars: dict[str, int | float | bool | str] = {}
        for _ in range(n_keys):
            name = self._text()
            start = self._file.tell()
            value = self._value(self._number("I"))
            stop = self._file.tell()
            self._file.seek(start)
            keys[name] = Encoded(self._take(stop - start))
            if value is not None:
                scalars[name] = value
        tensors = self._tensors(n_tensors, int(scalars.get("general.alignment", 32)))
        return GgufFile(self._path, keys, scalars, tensors)

    def _tensors(self, count: int, alignment: int) -> dict[str, GgufTensor]:
        """Where each tensor lies, checked to be within the file."""
        if not 0 < alignment <= 1 << 16:
            raise self._damaged("its alignment is none")
        found: dict[str, GgufTensor] = {}
        for _ in range(count):
            name = self._text()
            n_dims = self._number("I")
            if n_dims > 4:
                raise self._damaged(f"{name[:80]} has too many dimensions")
            shape = tuple(reversed([self._number("Q") for _ in range(n_dims)]))
            kind = _TYPE_NAMES.get(self._number("I"), "another")
            found[name] = GgufTensor(shape, kind, self._number("Q"))
        start = -(-self._file.tell() // alignment) * alignment
        placed = {
            name: GgufTensor(tensor.shape, tensor.type, start + tensor.offset)
            for name, tensor in found.items()
        }
        for name, tensor in placed.items():
            if tensor.type in TYPES and tensor.offset + _n_bytes(tensor) > self._length:
                raise self._damaged(f"{name[:80]} does not lie within it")
        return placed

    def _value(self, kind: int) -> int | float | bool | str | None:
        """Read a value; of an array, nothing is kept."""
        if kind == _STRING:
            return self._text()
        if kind != _ARRAY:
            if kind not in _SCALARS:
                raise self._damaged("a key has a value of a kind that does not exist")
            return self._number(_SCALARS[kind])
        inner, count = self._number("I"), self._number("Q")
        if count > LONGEST_ARRAY:
            raise self._damaged("an array is longer than any that a model has")
        if inner in _SCALARS:
            self._take(count * struct.calcsize(_SCALARS[inner]))
            return None
        if inner != _STRING:
            raise self._damaged("an array is of a kind that does not exist")
        for _ in range(count):
            self._take(self._number("Q"))
        return None

    def _number(self, letter: str) -> int:
        """One little-endian number."""
        return struct.unpack("<" + letter, self._take(struct.calcsize("<" + letter)))[0]

    def _text(self) -> str:
        """A counted text."""
        return self._take(self._number("Q")).decode("utf-8", "replace")

    def _take(self, count: int) -> bytes:
        """The next bytes; raises ConvertError where the file ends before."""
        raw = self._file.read(count) if count <= self._length else b""
        if len(raw) != count:
            raise self._damaged("it ends too early")
        return raw

    def _damaged(self, what: str) -> ConvertError:
        """The error for a broken file."""
        return ConvertError(f"{self._path} is damaged ({what}); fetch the file again.")


def _n_bytes(tensor: GgufTensor) -> int:
    """How many bytes a tensor takes."""
    _, block, size = TYPES[tensor.type]
    return math.prod(tensor.shape) // block * size
