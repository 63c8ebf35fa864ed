"""XOR files: what PygmalionAI published instead of models made from LLaMA's weights.

Each file of the payload is XORed with the base folder's file of the same name, as long as the
payload's is; a shorter base counts as followed by zeros.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tui.modelfiles.convert.errors import ConvertError, OnProgress, Progress, say_nothing
from tui.modelfiles.convert.writing import need_room, why_not

CHUNK = 8 * 1024 * 1024
LARGEST_TEXT = 64 * 1024 * 1024


def decode_xor(
    payload: Path, base: Path, target: Path, *, on_progress: OnProgress | None = None
) -> tuple[str, ...]:
    """Decode a folder of XOR files to the folder `target`, and return what was odd, in sentences.

    Files with Windows line endings are recognised where they should be JSON and are not: the base's
    are then read as if they had Unix ones. The folder is written as `target.part` and renamed.
    Raises ConvertError, and whatever `on_progress` raises; then nothing is left behind.
    """
    names = _names(payload, base)
    if target.exists():
        raise ConvertError(f"{target} exists already; name a new folder.")
    part = target.with_name(target.name + ".part")
    tell = on_progress or say_nothing
    notes: list[str] = []
    try:
        total = sum((payload / name).stat().st_size for name in names)
        target.parent.mkdir(parents=True, exist_ok=True)
        need_room(target.parent, total)
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        done = 0
        for name in names:
            with (part / name).open("wb") as file:
                for chunk in _decoded(payload / name, base / name, notes):
                    file.write(chunk)
                    done += len(chunk)
                    tell(Progress(f"decoding {name}", done, total))
        part.replace(target)
    except OSError as error:
        raise ConvertError(why_not(target, error)) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return tuple(notes)


def _names(payload: Path, base: Path) -> list[str]:
    """The payload's files, each of which the base must have too."""
    if not payload.is_dir() or not base.is_dir():
        missing = base if payload.is_dir() else payload
        raise ConvertError(f"{missing} is no folder; name the folder itself.")
    names = sorted(path.name for path in payload.iterdir() if path.is_file())
    if not names:
        raise ConvertError(f"{payload} has no files; fetch the XOR files again.")
    for name in names:
        if not (base / name).is_file():
            raise ConvertError(
                f"{base} lacks {name}; make it from LLaMA's weights with the version of transformers "
                "that the model's card names."
            )
    return names


def _decoded(payload: Path, base: Path, notes: list[str]) -> Iterator[bytes]:
    """A file's bytes; of JSON the whole at once, in the way that makes it JSON."""
    if payload.suffix == ".json" and payload.stat().st_size <= LARGEST_TEXT:
        yield _decoded_json(payload, base, notes)
        return
    with payload.open("rb") as one, base.open("rb") as other:
        while chunk := one.read(CHUNK):
            yield _xor(chunk, other.read(len(chunk)))


def _decoded_json(payload: Path, base: Path, notes: list[str]) -> bytes:
    """A JSON file's bytes, whether or not somebody's git has changed the line ends of either side."""
    coded, text = payload.read_bytes(), base.read_bytes()[: LARGEST_TEXT + 1]
    plain = _xor(coded, text)
    if _is_json(plain):
        return plain
    unix_text, unix_coded = text.replace(b"\r\n", b"\n"), coded.replace(b"\r\n", b"\n")
    for made, whose in (
        (_xor(coded, unix_text), base),
        (_xor(unix_coded, text), payload),
        (_xor(unix_coded, unix_text), payload),
    ):
        if _is_json(made):
            notes.append(f"{whose} has Windows line endings; it was read as if it had Unix ones.")
            return made
    notes.append(
        f"{payload.name} did not become JSON, so {base} is not the file that it was made with; make the "
        "base with the version of transformers that the model's card names."
    )
    return plain


def _is_json(raw: bytes) -> bool:
    """Whether bytes are a JSON text."""
    try:
        json.loads(raw)
    except (ValueError, RecursionError):
        return False
    return True


def _xor(one: bytes, other: bytes) -> bytes:
    """As many bytes as `one` has."""
    padded = other[: len(one)].ljust(len(one), b"\0")
    made = np.frombuffer(one, np.uint8) ^ np.frombuffer(padded, np.uint8)
    return made.tobytes()
