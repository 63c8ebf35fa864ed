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
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from tui.engine.worker.context import Context
from tui.engine.worker.library import api
from tui.engine.worker.sequences import common_prefix

LARGEST_FOLDER = 2 << 30
LONGEST_HEAD = 1 << 22
LEAST_TOKENS = 16
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

    def save(self, context: Context, seq: int, tokens: Sequence[int]) -> int:
        """Keep what a sequence holds of `tokens`; how many tokens that is, 0 where it is too little."""
        held = context.sequences.tokens(seq)
        length = common_prefix(held, tokens)
        size = int(api.llama_state_seq_get_size(context.pointer, seq))
        if length < LEAST_TOKENS or size > self.largest:
            return 0
        buffer = (ctypes.c_uint8 * size)()
        written = int(api.llama_state_seq_get_data(context.pointer, buffer, size, seq))
        view = memoryview(buffer)[:written]
        self._write(list(held), view)
        return length

    def _write(self, tokens: list[int], data: memoryview) -> None:
        """Write a file under a name of its own, replace an older one of the same story, make room."""
        self.folder.mkdir(parents=True, exist_ok=True)
        head = Head(
            version=1,
            key=self.key,
            tokens=tokens,
            size=len(data),
            digest=_digest(self.key, tokens, data),
        )
        story = hashlib.blake2b(
            json.dumps(tokens[:LEAST_TOKENS]).encode(), digest_size=8
        ).hexdigest()
        path = self.folder / f"{self.key[:16]}-{story}{SUFFIX}"
        draft = path.with_suffix(".part")
        with draft.open("wb") as file:
            file.write(head.model_dump_json().encode() + b"\n")
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        self._make_room()

    def _make_room(self) -> None:
        """Remove the least recently used files until the folder is small enough."""
        files = sorted(self.folder.glob(f"*{SUFFIX}"), key=lambda file: file.stat().st_mtime)
        total = sum(file.stat().st_size for file in files)
        for file in files[:-1]:
            if total <= self.largest:
                return
            total -= file.stat().st_size
            file.unlink()

    def load(self, context: Context, tokens: Sequence[int], known: int) -> int:
        """Fill an empty context with the state that begins most like `tokens`.

        How many of them it then holds: 0 where no file has more than the `known` ones.
        """
        best: tuple[int, Path] | None = None
        for path in self.folder.glob(f"{self.key[:16]}-*{SUFFIX}"):
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
        file.readline(LONGEST_HEAD)
        data = bytearray(file.read(head.size + 1))
    if len(data) != head.size or _digest(head.key, head.tokens, data) != head.digest:
        return None
    return head.tokens, data
