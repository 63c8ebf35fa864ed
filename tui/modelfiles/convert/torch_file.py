"""The tensors of a PyTorch checkpoint, where they lie, without running what its pickle says.

A checkpoint since PyTorch 1.6 is a zip without compression: `NAME/data.pkl` describes the tensors,
`NAME/data/KEY` are their numbers.
"""

from __future__ import annotations

import math
import struct
import zipfile
import zlib
from pathlib import Path

from tui.modelfiles.convert.errors import ConvertError
from tui.modelfiles.convert.stored import WIDTHS, Stored, read_at
from tui.modelfiles.convert.torch_pickle import PickleRefused, View, read_pickle

LARGEST_TABLE = 8 * 1024 * 1024


def read_torch(path: Path) -> list[Stored]:
    """Every tensor, checked to lie within the file; raises ConvertError."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = {entry.filename: entry for entry in archive.infolist()}
            table = _table(path, entries)
            described = read_pickle(archive.read(table))
        length = path.stat().st_size
    except PickleRefused as error:
        raise ConvertError(
            f"{path} wants {error} to be run while it is read, so it is not opened; look for the "
            "model as safetensors."
        ) from error
    except OSError as error:
        raise ConvertError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise ConvertError(_broken(path, "it is not a whole zip")) from error
    except (ValueError, OverflowError, struct.error) as error:
        raise ConvertError(_broken(path, "its table of tensors cannot be read")) from error
    folder = table.filename.removesuffix("data.pkl") + "data/"
    starts: dict[str, int] = {}
    made: list[Stored] = []
    for name, view in described.items():
        entry = entries.get(folder + view.storage.key)
        if entry is None:
            raise ConvertError(_broken(path, f"the numbers of {name[:80]} are not in it"))
        if entry.filename not in starts:
            starts[entry.filename] = _data_start(path, entry, length)
        made.append(_stored(path, name, view, entry.file_size, starts[entry.filename]))
    return made


def _table(path: Path, entries: dict[str, zipfile.ZipInfo]) -> zipfile.ZipInfo:
    """The zip's table of tensors."""
    for name, entry in entries.items():
        if name == "data.pkl" or (name.count("/") == 1 and name.endswith("/data.pkl")):
            if entry.file_size > LARGEST_TABLE or entry.compress_type != zipfile.ZIP_STORED:
                raise ConvertError(
                    _broken(path, "its table of tensors is not as PyTorch writes it")
                )
            return entry
    raise ConvertError(f"{path} is a zip but no PyTorch checkpoint; look for the model's own file.")


def _data_start(path: Path, entry: zipfile.ZipInfo, length: int) -> int:
    """Where a member's bytes begin; raises ConvertError where they are not plainly in the file."""
    if entry.compress_type != zipfile.ZIP_STORED:
        raise ConvertError(_broken(path, "its numbers are compressed"))
    header = read_at(path, entry.header_offset, 30)
    if header[:4] != b"PK\3\4":
        raise ConvertError(_broken(path, "its parts are not where it says"))
    name, extra = struct.unpack("<HH", header[26:30])
    start = entry.header_offset + 30 + name + extra
    if start + entry.file_size > length:
        raise ConvertError(_broken(path, "its numbers end too early"))
    return start


def _stored(path: Path, name: str, view: View, size: int, start: int) -> Stored:
    """A tensor, if it lies within its storage and that within the file."""
    width = WIDTHS[view.storage.dtype]
    stop = (view.offset + math.prod(view.shape)) * width
    if stop > size:
        raise ConvertError(_broken(path, f"{name[:80]} does not lie within it"))
    return Stored(name, view.shape, view.storage.dtype, path, start + view.offset * width)


def _broken(path: Path, what: str) -> str:
    """The sentence for a damaged file."""
    return f"{path} is damaged ({what}); fetch the file again."
