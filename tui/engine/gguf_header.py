"""What a GGUF file says of its network, read without loading it.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (versions 2 and 3).
"""

from __future__ import annotations

import math
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

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
_LONGEST_TEXT = 1 << 24
_MOST_KEYS = 1 << 16
_MOST_DIMENSIONS = 4
_MOST_LAYERS = 1 << 14
_DEEPEST = 3
_BROKEN = (struct.error, ValueError, KeyError, TypeError, OverflowError)
VOCABULARY = "vocabulary"
"""The key under which the size of the vocabulary stands, in place of its pieces."""

Value = int | float | bool | str | tuple[int | float | bool | str, ...]


@dataclass(frozen=True, slots=True)
class NetworkShape:
    """The sizes that tell what a context of a model takes; counts and bytes."""

    architecture: str
    file_bytes: int
    n_layer: int
    n_head: int
    n_ctx_train: int
    n_embd: int
    n_vocab: int
    kv_elements_k: int
    kv_elements_v: int

    def kv_bytes_per_token(self, bytes_k: float, bytes_v: float) -> float:
        """What one token takes in the cache, all layers together."""
        return self.kv_elements_k * bytes_k + self.kv_elements_v * bytes_v


def read_shape(path: Path) -> NetworkShape | None:
    """The shape of a model file's network; None where the file does not tell it.

    Raises OSError where the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            values = _read_values(file)
        return _shape(values, path.stat().st_size)
    except _BROKEN:
        return None


@dataclass(frozen=True, slots=True)
class Header:
    """All that a file says of itself, long arrays left out, and how many weights it has."""

    values: Mapping[str, Value]
    n_params: int
    shape: NetworkShape | None

    def text(self, key: str) -> str:
        """A value as text; empty where there is none."""
        value = self.values.get(key, "")
        return "" if isinstance(value, tuple) else str(value)


def read_header(path: Path) -> Header | None:
    """The whole header of a model file; None where it is none, or a broken one.

    Raises OSError where the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            values = _read_values(file, whole=True)
            n_params = _read_tensors(file, int(str(values.pop("tensors"))))
    except _BROKEN:
        return None
    try:
        shape = _shape(values, path.stat().st_size)
    except _BROKEN:
        shape = None
    return Header(values, n_params, shape)


def _shape(values: dict[str, Value], file_bytes: int) -> NetworkShape:
    """The shape from a header's values; raises KeyError or ValueError where they say too little."""
    architecture = str(values["general.architecture"])

    def number(key: str, default: int | None = None) -> int:
        value = values.get(f"{architecture}.{key}", default)
        if isinstance(value, tuple):
            value = max(value, key=float)
        if value is None:
            raise KeyError(key)
        return int(value)

    n_layer, n_embd, n_head = (
        number("block_count"),
        number("embedding_length"),
        number("attention.head_count"),
    )
    if not 0 <= n_layer <= _MOST_LAYERS:
        raise ValueError("more layers than any model has")
    heads = values.get(f"{architecture}.attention.head_count_kv", n_head)
    each = [int(h) for h in heads] if isinstance(heads, tuple) else [int(heads)] * n_layer
    head = n_embd // n_head if n_head else 0
    return NetworkShape(
        architecture=architecture,
        file_bytes=file_bytes,
        n_layer=n_layer,
        n_head=n_head,
        n_ctx_train=number("context_length"),
        n_embd=n_embd,
        n_vocab=int(str(values.get(VOCABULARY, 0))),
        kv_elements_k=sum(each) * number("attention.key_length", head),
        kv_elements_v=sum(each) * number("attention.value_length", head),
    )


def _read_values(file: BinaryIO, *, whole: bool = False) -> dict[str, Value]:
    """The keys up to the vocabulary, with its size in its place; long arrays are passed over.

    With `whole`, all keys, and under "tensors" how many descriptions of tensors follow.
    """
    magic, version, tensors, count = struct.unpack("<4sIQQ", file.read(24))
    if magic != b"GGUF" or version not in (2, 3) or max(tensors, count) > _MOST_KEYS:
        raise ValueError("not a GGUF file of a known version")
    values: dict[str, Value] = {}
    for _ in range(count):
        key = _read_text(file)
        kind = _unpack(file, "I")
        if key == "tokenizer.ggml.tokens" and kind == _ARRAY:
            inner, values[VOCABULARY] = _unpack(file, "I"), _unpack(file, "Q")
            if not whole:
                return values
            _pass_over(file, inner, int(str(values[VOCABULARY])))
            continue
        values[key] = _read_value(file, kind)
    if whole:
        values["tensors"] = tensors
    return values


def _read_tensors(file: BinaryIO, count: int) -> int:
    """How many weights the tensors have that are described here."""
    total = 0
    for _ in range(count):
        _read_text(file)
        dimensions = _unpack(file, "I")
        if dimensions > _MOST_DIMENSIONS:
            raise ValueError("a tensor of more dimensions than any has")
        total += math.prod(_unpack(file, "Q") for _ in range(dimensions))
        file.seek(12, os.SEEK_CUR)
    return total


def _pass_over(file: BinaryIO, inner: int, length: int) -> None:
    """Go to the end of an array's elements."""
    if length > _LONGEST_TEXT:
        raise ValueError("an array longer than any that a model file has")
    if inner in _SCALARS:
        file.seek(struct.calcsize(_SCALARS[inner]) * length, os.SEEK_CUR)
        return
    for _ in range(length):
        if inner == _STRING:
            size = _unpack(file, "Q")
            if size > _LONGEST_TEXT:
                raise ValueError("a text longer than any that a model file has")
            file.seek(size, os.SEEK_CUR)
        else:
            _read_value(file, inner)


def _unpack(file: BinaryIO, code: str) -> int:
    """One little-endian number."""
    return struct.unpack("<" + code, file.read(struct.calcsize("<" + code)))[0]


def _read_text(file: BinaryIO) -> str:
    """One counted text."""
    length = _unpack(file, "Q")
    if length > _LONGEST_TEXT:
        raise ValueError("a text longer than any that a model file has")
    data = file.read(length)
    if len(data) < length:
        raise ValueError("a text that ends with the file")
    return data.decode("utf-8", "replace")


def _read_value(file: BinaryIO, kind: int, depth: int = 0) -> Value:
    """A value of a kind; of an array of texts, none."""
    if kind == _STRING:
        return _read_text(file)
    if kind != _ARRAY:
        return _unpack(file, _SCALARS[kind])
    inner, length = _unpack(file, "I"), _unpack(file, "Q")
    if length > _LONGEST_TEXT or depth > _DEEPEST:
        raise ValueError("an array longer or deeper than any that a model file has")
    if inner == _STRING:
        _pass_over(file, inner, length)
        return ()
    if inner in _SCALARS:
        width = struct.calcsize("<" + _SCALARS[inner])
        return struct.unpack(f"<{length}{_SCALARS[inner]}", file.read(width * length))
    for _ in range(length):
        _read_value(file, inner, depth + 1)
    return ()
