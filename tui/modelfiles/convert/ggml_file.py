"""Files of GGML's first months: the containers `ggml`, `ggmf`, `ggjt` 1 to 3, of LLaMA networks.

Little-endian: the magic, but for `ggml` a version, seven sizes, the vocabulary (with scores but in
`ggml`), then tensors to the end of the file. Source: llama.cpp's loaders of March to July 2023.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tui.modelfiles.convert.blocks import old_block
from tui.modelfiles.convert.errors import ConvertError
from tui.modelfiles.convert.gguf_out import TYPES

CONTAINERS: dict[tuple[bytes, int | None], str] = {
    (b"lmgg", None): "ggml",
    (b"fmgg", 1): "ggmf",
    (b"tjgg", 1): "ggjt 1",
    (b"tjgg", 2): "ggjt 2",
    (b"tjgg", 3): "ggjt 3",
}
_TYPE_NAMES = {number: name for name, (number, _, _) in TYPES.items() if name != "BF16"}
_DEAD_TYPES = {4: "Q4_2", 5: "Q4_3"}
MOST_PIECES = 1 << 20
LONGEST_PIECE = 1 << 12
MOST_TENSORS = 20_000


@dataclass(frozen=True, slots=True)
class GgmlTensor:
    """A tensor where it lies."""

    name: str
    shape: tuple[int, ...]
    """Slowest first."""
    type: str
    offset: int
    n_bytes: int


@dataclass(frozen=True, slots=True)
class GgmlFile:
    """All that a file says, but for the weights themselves."""

    path: Path
    container: str
    n_vocab: int
    n_embd: int
    n_head: int
    n_layer: int
    file_type: int
    pieces: list[bytes]
    scores: list[float] | None
    tensors: dict[str, GgmlTensor]


class Cursor:
    """A place in a file that never goes past the end."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        """Begin at the beginning."""
        self._path, self._file = path, file
        self.length = path.stat().st_size
        self.at = 0

    def take(self, count: int) -> bytes:
        """The next bytes; raises ConvertError where the file ends before."""
        raw = self._file.read(count) if self.at + count <= self.length else b""
        if len(raw) != count:
            raise ConvertError(damaged(self._path, "it ends too early"))
        self.at += count
        return raw

    def numbers(self, letters: str) -> tuple[int, ...]:
        """The next little-endian numbers."""
        return struct.unpack("<" + letters, self.take(struct.calcsize("<" + letters)))

    def skip(self, count: int) -> None:
        """Pass over bytes that must be there."""
        if self.at + count > self.length:
            raise ConvertError(damaged(self._path, "it ends within a tensor"))
        self.at = self._file.seek(self.at + count)


def read_ggml(path: Path) -> GgmlFile:
    """Read a file up to its weights; raises ConvertError."""
    try:
        with path.open("rb", buffering=1 << 16) as file:
            return _read(path, Cursor(path, file))
    except OSError as error:
        raise ConvertError(f"{path} cannot be read: {error.strerror}.") from error


def _read(path: Path, cursor: Cursor) -> GgmlFile:
    """The file's parts in their order."""
    container = _container(path, cursor)
    n_vocab, n_embd, _, n_head, n_layer, _, file_type = cursor.numbers("7I")
    if not (0 < n_vocab <= MOST_PIECES and 0 < n_layer <= 1000 and 0 < n_head <= n_embd <= 1 << 17):
        raise ConvertError(damaged(path, "its sizes are no LLaMA network's"))
    if n_embd % n_head:
        raise ConvertError(damaged(path, "its heads do not divide its width"))
    pieces: list[bytes] = []
    scores: list[float] | None = None if container == "ggml" else []
    for _ in range(n_vocab):
        (length,) = cursor.numbers("I")
        if length > LONGEST_PIECE:
            raise ConvertError(damaged(path, "a piece of its vocabulary is too long"))
        pieces.append(cursor.take(length))
        if scores is not None:
            scores.append(cursor.numbers("f")[0])
    tensors = read_tensors(path, cursor, container)
    return GgmlFile(
        path, container, n_vocab, n_embd, n_head, n_layer, file_type, pieces, scores, tensors
    )


def _container(path: Path, cursor: Cursor) -> str:
    """Which container it is; raises ConvertError for one that is not known."""
    magic = cursor.take(4)
    version = None if magic == b"lmgg" else cursor.numbers("I")[0]
    found = CONTAINERS.get((magic, version))
    if found is None:
        raise ConvertError(
            f"{path} is not a GGML model file of a known version; is it the right file?"
        )
    return found


def read_tensors(path: Path, cursor: Cursor, container: str) -> dict[str, GgmlTensor]:
    """Where each tensor lies, to the end of the file."""
    tensors: dict[str, GgmlTensor] = {}
    while cursor.at < cursor.length:
        n_dims, name_length, type_number = cursor.numbers("3I")
        if not 1 <= n_dims <= 2 or not 1 <= name_length <= 256 or len(tensors) >= MOST_TENSORS:
            raise ConvertError(damaged(path, f"what follows {_last(tensors)} is no tensor"))
        shape = tuple(reversed(cursor.numbers(f"{n_dims}I")))
        name = cursor.take(name_length).decode("utf-8", "replace")
        if container.startswith("ggjt"):
            cursor.skip(-cursor.at % 32)
        kind = _type_name(path, container, name, type_number)
        n_bytes = _length(path, container, name, shape, kind)
        if name in tensors:
            raise ConvertError(damaged(path, f"it has {name} twice"))
        tensors[name] = GgmlTensor(name, shape, kind, cursor.at, n_bytes)
        cursor.skip(n_bytes)
    return tensors


def _type_name(path: Path, container: str, name: str, number: int) -> str:
    """A tensor's type; raises ConvertError for those that cannot be carried over."""
    if number in _DEAD_TYPES:
        raise ConvertError(
            f"{path} is quantised as {_DEAD_TYPES[number]}, which nothing reads any more; look for "
            "the same model in another quantisation."
        )
    kind = _TYPE_NAMES.get(number)
    if kind is None:
        raise ConvertError(damaged(path, f"{name[:80]} is of a type that does not exist"))
    if kind not in ("F32", "F16") and container in ("ggml", "ggmf"):
        raise ConvertError(
            f"{path} is quantised as {kind} in the container {container} of March 2023, whose blocks "
            "were laid out in several ways that the file does not tell; look for a later file."
        )
    if kind.endswith("_K") and container != "ggjt 3":
        raise ConvertError(damaged(path, f"{kind} did not exist yet when its container was used"))
    return kind


def _length(path: Path, container: str, name: str, shape: tuple[int, ...], kind: str) -> int:
    """How many bytes a tensor takes in its container."""
    _, block, size = TYPES[kind]
    if container in ("ggjt 1", "ggjt 2") and kind not in ("F32", "F16"):
        size = old_block(kind).size
    if shape[-1] % block or not all(shape):
        raise ConvertError(damaged(path, f"the rows of {name[:80]} are no whole blocks"))
    return math.prod(shape) // block * size


def _last(tensors: dict[str, GgmlTensor]) -> str:
    """Where reading has come to."""
    return next(reversed(tensors), "the vocabulary")[:80]


def damaged(path: Path, what: str) -> str:
    """The sentence for a broken file."""
    return f"{path} is damaged ({what}); fetch the file again."
