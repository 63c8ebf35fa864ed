"""What lists say of cards, kept in the cache folder, so that thousands of them open at once.

The file can be thrown away at any time: a card is read anew where its size or time is another.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

FORM = 1
"""Another number makes all that was kept worthless; changed with what is said of a card."""
MAX_BYTES = 64 * 1024 * 1024

if TYPE_CHECKING:
    from collections.abc import Mapping

Entry = TypeVar("Entry")
Row = tuple[str, int, int, Entry | None]
"""The id under which the card was read, its file's time and size, and what is said of it."""

Kept = tuple[int, dict[str, Row[Entry]]]


class Summaries(Generic[Entry]):
    """Entries by path, from a file and back into it."""

    def __init__(self, file: Path | None, form: TypeAdapter[Kept[Entry]]) -> None:
        self.file, self.form = file, form
        self.before: Mapping[str, Row[Entry]] = self.load()
        self.now: dict[str, Row[Entry]] = {}

    def load(self) -> Mapping[str, Row[Entry]]:
        """What was kept; nothing where there is no such file, or it is damaged."""
        if self.file is None:
            return {}
        try:
            if self.file.stat().st_size > MAX_BYTES:
                return {}
            form, rows = self.form.validate_json(self.file.read_bytes())
        except (OSError, ValidationError):
            return {}
        return rows if form == FORM else {}

    def get(self, path: Path, card_id: str, read: Callable[[], Entry | None]) -> Entry | None:
        """What is said of the card in `path`: what was kept, where the file is the same."""
        if self.file is None:
            return read()
        try:
            state = path.stat()
        except OSError:
            return read()
        key = str(path.absolute())
        row = self.before.get(key)
        if row is None or row[:3] != (card_id, state.st_mtime_ns, state.st_size):
            row = (card_id, state.st_mtime_ns, state.st_size, read())
        self.now[key] = row
        return row[3]

    def save(self) -> None:
        """Keep what was found, if it is not what was kept; a disk that is full is no matter."""
        if self.file is None or self.now == self.before:
            return
        new = self.file.with_name(f".{self.file.name}.{os.getpid()}")
        with suppress(OSError):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            new.write_bytes(self.form.dump_json((FORM, self.now)))
            new.replace(self.file)
