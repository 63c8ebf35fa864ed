"""The tensors of a safetensors file, where they lie.

Format: https://github.com/huggingface/safetensors, "Format". Its own package reads no bfloat16
without PyTorch, which most LLaMA models are stored in.
"""

from __future__ import annotations

import json
import math
import struct
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from tui.modelfiles.convert.errors import ConvertError
from tui.modelfiles.convert.stored import WIDTHS, Stored

LARGEST_HEADER = 100_000_000
MOST_TENSORS = 200_000

_Size = Annotated[int, Field(ge=0, lt=1 << 40)]


class _Entry(BaseModel):
    """What the header says of one tensor."""

    dtype: str
    shape: Annotated[list[_Size], Field(max_length=8)]
    data_offsets: tuple[_Size, _Size]


_ENTRIES = TypeAdapter(dict[str, _Entry])


def read_safetensors(path: Path) -> list[Stored]:
    """Every tensor, checked to lie within the file; raises ConvertError."""
    try:
        length = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8)
            size = struct.unpack("<Q", start)[0] if len(start) == 8 else length
            if size > min(LARGEST_HEADER, length - 8):
                raise ConvertError(_broken(path, "it ends within its header"))
            header = file.read(size)
    except OSError as error:
        raise ConvertError(f"{path} cannot be read: {error.strerror}.") from error
    entries = _entries(path, header)
    return [_stored(path, name, entry, 8 + size, length) for name, entry in entries.items()]


def _entries(path: Path, header: bytes) -> dict[str, _Entry]:
    """The header's entries; raises ConvertError."""
    try:
        values = json.loads(header)
        if isinstance(values, dict):
            values.pop("__metadata__", None)
        if len(values) > MOST_TENSORS:
            raise ConvertError(_broken(path, "it has more tensors than any model"))
        return _ENTRIES.validate_python(values)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])[:80]
        raise ConvertError(_broken(path, f"its header is wrong at {where}")) from error
    except (ValueError, TypeError, RecursionError) as error:
        raise ConvertError(_broken(path, "its header is not JSON")) from error


def _stored(path: Path, name: str, entry: _Entry, data: int, length: int) -> Stored:
    """A tensor, if its place agrees with its shape and the file."""
    if entry.dtype not in WIDTHS:
        raise ConvertError(
            f"{path} holds {name[:80]} as {entry.dtype[:20]}, which cannot be read; "
            "look for the model in F16, BF16 or F32."
        )
    start, stop = entry.data_offsets
    if stop - start != math.prod(entry.shape) * WIDTHS[entry.dtype] or data + stop > length:
        raise ConvertError(_broken(path, f"{name[:80]} does not lie within it"))
    return Stored(name, tuple(entry.shape), entry.dtype, path, data + start)


def _broken(path: Path, what: str) -> str:
    """The sentence for a damaged file."""
    return f"{path} is damaged ({what}); fetch the file again."
