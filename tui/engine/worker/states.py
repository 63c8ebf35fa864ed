"""What a sequence's cache holds, kept on disk between starts: keyed, hashed, and bounded in size.

A file is one line of JSON (what it is of, its tokens, the length and the hash of the rest) and
llama.cpp's bytes. llama.cpp checks little of them and can crash on some, so it sees nothing
whose key, length and hash are not exactly right.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pydantic import BaseModel, ValidationError

from tui.engine.memory import RESERVE_BYTES, available_bytes
from tui.engine.worker.context import Context
from tui.engine.worker.library import api
from tui.engine.worker.sequences import common_prefix

LARGEST_FOLDER = 4 << 30
LEFT_ON_DISK = 1 << 30
LONGEST_HEAD = 1 << 22
LEAST_TOKENS = 16
TORN_SECONDS = 600
SUFFIX = ".state"


class Head(BaseModel, extra="forbid", strict=True):
    """The first line of a state file."""

    version: int
    key: str
    tokens: list[int]
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class States:
    """The state files of one model with one set of settings, in a folder that all share."""

    folder: Path
    key: str
    largest: int = LARGEST_FOLDER

    def copied(self, context: Context, seq: int, length: int) -> Callable[[], None] | None:
        """Copy what a sequence holds, `length` tokens of it wanted; what then writes the copy.

        None where it cannot be kept, or is too little to be.

        The copy is a small part of the time, and the only one that llama.cpp must wait for.
        """
        held = list(context.sequences.tokens(seq))
        size = int(api.llama_state_seq_get_size(context.pointer, seq))
        if length < LEAST_TOKENS or size > self._room():
            return None
        buffer = (ctypes.c_uint8 * size)()
        written = int(api.llama_state_seq_get_data(context.pointer, buffer, size, seq))
        return partial(self._write, held, memoryview(buffer)[:written])

    def _room(self) -> int:
        """How large a state may be: for the folder, the disk, and the memory that a copy takes."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            disk = shutil.disk_usage(self.folder).free - LEFT_ON_DISK
        except OSError:
            return 0
        return min(self.largest, disk, available_bytes() - RESERVE_BYTES)

    def _write(self, tokens: list[int], data: memoryview) -> None:
        """Write a file, remove an older one of the same story, and make room.

        It is not synced: one that a crash has torn is refused by its hash.
        """
        digest = _digest(self.key, tokens, data)
        head = Head(version=1, key=self.key, tokens=tokens, size=len(data), digest=digest)
        path = self.folder / f"{self.key[:16]}-{digest[:16]}{SUFFIX}"
        draft = path.with_suffix(f".{os.getpid()}.part")
        try:
            self._drop_torn()
            with draft.open("wb") as file:
                file.write(head.model_dump_json().encode() + b"\n")
                file.write(data)
            draft.replace(path)
            self._drop_older(path, tokens)
            self._make_room()
        except OSError as error:
            # Only the next start is slower for it.
            sys.stderr.write(f"A state was not kept: {error}\n")
            draft.unlink(missing_ok=True)

    def _drop_torn(self) -> None:
        """Remove what a writer that was killed has left."""
        for draft in self.folder.glob("*.part"):
            if time.time() - draft.stat().st_mtime > TORN_SECONDS:
                draft.unlink(missing_ok=True)

    def _drop_older(self, newest: Path, tokens: Sequence[int]) -> None:
        """Remove states of which the newest holds more than half."""
        for path in self._own():
            head = read_head(path) if path != newest else None
            if head and 2 * common_prefix(head.tokens, tokens) > len(head.tokens):
                path.unlink(missing_ok=True)

    def _own(self) -> list[Path]:
        """The files of this model and these settings."""
        return list(self.folder.glob(f"{self.key[:16]}-*{SUFFIX}"))

    def _make_room(self) -> None:
        """Remove the least recently used files until the folder is small enough."""
        files = sorted(self.folder.glob(f"*{SUFFIX}"), key=lambda file: file.stat().st_mtime)
        total = sum(file.stat().st_size for file in files)
        for file in files[:-1]:
            if total <= self.largest:
                return
            total -= file.stat().st_size
            file.unlink(missing_ok=True)

    def load(self, context: Context, tokens: Sequence[int], known: int) -> int:
        """Fill an empty context with the state that begins most like `tokens`.

        How many of them it then holds: 0 where no file has more than the `known` ones.
        """
        best: tuple[int, Path] | None = None
        for path in self._own():
            head = read_head(path)
            if head and head.key == self.key:
                length = common_prefix(head.tokens, tokens)
                if length > max(known, best[0] if best else LEAST_TOKENS - 1):
                    best = length, path
        return self._restore(context, best[1], tokens) if best else 0

    def _restore(self, context: Context, path: Path, tokens: Sequence[int]) -> int:
        """Give a checked file's bytes to llama.cpp; 0 where anything about it is not right."""
        checked = read_checked(path, self.key)
        if checked is None:
            return 0
        held, data = checked
        context.sequences.clear()
        buffer = (ctypes.c_uint8 * len(data)).from_buffer(data)
        used = int(api.llama_state_seq_set_data(context.pointer, buffer, len(data), 0))
        if used != len(data):
            context.sequences.restore(0, held)
            context.sequences.drop(0)
            return 0
        context.sequences.restore(0, held)
        path.touch()
        return context.sequences.cut(0, common_prefix(held, tokens))


def _digest(key: str, tokens: Sequence[int], data: bytearray | memoryview) -> str:
    """The hash of everything that a file says."""
    digest = hashlib.blake2b(json.dumps([key, list(tokens)]).encode(), digest_size=32)
    digest.update(data)
    return digest.hexdigest()


def read_head(path: Path) -> Head | None:
    """A state file's first line, None where it is not one."""
    try:
        with path.open("rb") as file:
            return Head.model_validate_json(file.readline(LONGEST_HEAD))
    except (OSError, ValidationError):
        return None


def read_checked(path: Path, key: str) -> tuple[list[int], bytearray] | None:
    """The tokens and bytes of a file whose key, length and hash are right; None otherwise."""
    head = read_head(path)
    if head is None or head.version != 1 or head.key != key:
        return None
    with path.open("rb") as file:
        start = len(file.readline(LONGEST_HEAD))
        if path.stat().st_size != start + head.size:
            return None
        data = bytearray(head.size)
        whole = file.readinto(data) == head.size
    if not whole or _digest(head.key, head.tokens, data) != head.digest:
        return None
    return head.tokens, data
