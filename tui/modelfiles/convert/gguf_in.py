"""A GGUF file as a source: its keys, to be copied, and where each tensor lies."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from tui.gguf import GgufError, Header, Scalar, Texts, damaged, read_header
from tui.modelfiles.convert.errors import ConvertError
from tui.modelfiles.convert.gguf_out import ALIGNMENT, TYPES, Encoded

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
    scalars: dict[str, Scalar]
    tensors: dict[str, GgufTensor]


def read_gguf(path: Path) -> GgufFile:
    """Read a file up to its weights; raises ConvertError."""
    try:
        header = read_header(path)
        tensors = _placed(header)
    except OSError as error:
        raise ConvertError(f"{path} cannot be read: {error.strerror}.") from error
    except GgufError as error:
        raise ConvertError(f"{path} {error}") from error
    keys = {name: Encoded(raw) for name, raw in header.raw.items()}
    scalars = {
        name: value for name, value in header.values.items() if not isinstance(value, tuple | Texts)
    }
    return GgufFile(path, keys, scalars, tensors)


def _placed(header: Header) -> dict[str, GgufTensor]:
    """Where each tensor lies, checked to be within the file; raises GgufError."""
    alignment = header.values.get("general.alignment", ALIGNMENT)
    if not isinstance(alignment, int) or not 0 < alignment <= 1 << 16:
        raise damaged("its alignment is none")
    start = -(-header.n_bytes // alignment) * alignment
    placed: dict[str, GgufTensor] = {}
    for name, tensor in header.tensors.items():
        kind, offset = _TYPE_NAMES.get(tensor.type, "another"), start + tensor.offset
        if kind in TYPES and offset + _n_bytes(tensor.shape, kind) > header.file_bytes:
            raise damaged(f"{name[:80]} does not lie within it")
        placed[name] = GgufTensor(tensor.shape, kind, offset)
    return placed


def _n_bytes(shape: tuple[int, ...], kind: str) -> int:
    """How many bytes a tensor takes."""
    _, block, size = TYPES[kind]
    return math.prod(shape) // block * size
