"""A save on disk: an append-only journal, one record a line, each append one write and one fsync.

The file is never rewritten and never gets shorter. What a full disk or a vanished file keeps from
being written stays in memory and is written with the next append.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tui.store.errors import SaveDamaged, SaveLocked, SaveNewer, StoreError, worded
from tui.store.files import PRIVATE, free_path, in_words, make_folder, same_age, sync, sync_folder
from tui.store.lines import Lines, Record, Report, decode, encode
from tui.store.lock import take
from tui.store.mirror import Mirror

VERSION = 1
SUFFIX = ".jsonl"


@dataclass(frozen=True, slots=True)
class Moved:
    """The story goes on in another file than before."""

    old: Path
    new: Path
    sentence: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A journal, and what it held when it was opened."""

    journal: Journal
    records: list[Record]
    report: Report


class Journal:
    """An open save: `append` is all that can be done to it. Not for several threads at once."""

    def __init__(self, path: Path, handle: int, mirror: Mirror, *, writable: bool) -> None:
        """Use `create` or `open`."""
        self._path = path
        self._handle = handle
        self._mirror = mirror
        self._writable = writable
        self._unwritten = b""
        self._ending = b"" if mirror.ended else b"\n"
        """What ends a torn last line, before the first append."""
        self._unsure = False
        """Whether an fsync failed: then nobody knows what is on the disk."""

    @property
    def path(self) -> Path:
        """Where the save is; it changes only when `append` returns Moved."""
        return self._path

    @property
    def writable(self) -> bool:
        """Whether records can be appended."""
        return self._writable

    @property
    def saved(self) -> bool:
        """Whether all that was appended is on the disk."""
        return not self._unwritten and not self._unsure

    @classmethod
    def create(cls, path: Path, header: Mapping[str, object]) -> Journal:
        """Begin a save with its header; a file that is there already is left alone.

        `path` names what the file should be called: where that is taken, a number is added.

        Raises:
            StoreError: It can't be written.
        """
        journal = cls.unsaved(path)
        journal.append(header)
        return journal

    @classmethod
    def unsaved(cls, path: Path) -> Journal:
        """Begin a save that has no file yet: each `append` tries to make it, with all so far."""
        return cls(path, -1, Mirror(), writable=True)

    @classmethod
    def open(cls, path: Path, mode: Literal["write", "read"] = "write") -> Opened:
        """Open a save and read what it holds.

        With mode "read" nothing is locked, and nothing can be appended.

        Raises:
            SaveMissing: There is no such file.
            SaveLocked: Another program has it open.
            SaveReadOnly: It may not be written (mode "write"), or not even read.
        SaveNewer: A newer version wrote it.
            SaveDamaged: Nothing in it is a record.
            StoreError: It can't be read, or (mode "write") not be written.
        """
        writable = mode == "write"
        flags = (os.O_RDWR | os.O_APPEND) if writable else os.O_RDONLY
        with in_words("Could not open", path):
            handle = os.open(path, flags | getattr(os, "O_BINARY", 0))
        try:
            if writable and not take(handle):
                raise SaveLocked(
                    f"{path.name} is open in another window; close it there, "
                    "or open it here to read only, or as a copy."
                )
            with in_words("Could not read", path):
                data = _read_all(handle)
            lines = decode(data)
            _check(path, data, lines, writable=writable)
        except StoreError:
            os.close(handle)
            raise
        journal = cls(path, handle, Mirror(data), writable=writable)
        return Opened(journal, lines.records, lines.report)

    def append(self, *records: Mapping[str, object]) -> Moved | None:
        """Append records as one write, with all that couldn't be written before, and fsync it.

        Returns where the story goes on, if the file had to be left.

        Raises:
            StoreError: It could not be written; it is kept, and written with the next append.
        """
        if not self._writable:
            raise StoreError(f"{self._path.name} was opened to read only; go on in a copy.")
        data = self._ending + b"".join(map(encode, records))
        self._ending = b""
        self._mirror.add(data)
        self._unwritten += data
        return self.flush()

    def flush(self) -> Moved | None:
        """Write what couldn't be written before, if there is something.

        Raises:
            StoreError: It still can't be written.
        """
        if self._handle < 0:
            self._write_anew()
            return None
        if why := self._lost():
            old = self._path
            self._write_anew()
            where = (
                "it was written again"
                if self._path == old
                else f"the story goes on in {self._path.name}"
            )
            return Moved(
                old, self._path, f"{old.name}: {why} while you played; {where}. Nothing is lost."
            )
        written = 0
        with in_words("Could not save to", self._path):
            try:
                while written < len(self._unwritten):
                    written += os.write(self._handle, self._unwritten[written:])
            finally:
                self._unwritten = self._unwritten[written:]
                self._mirror.on_disk += written
            self._sync()
        return None

    def _sync(self) -> None:
        self._unsure = True
        sync(self._handle)
        self._unsure = False

    def _lost(self) -> str:
        """Return why the file can't be gone on with; "" where it can."""
        if self._unsure:
            return "the disk reported an error"
        try:
            there = self._path.stat()
        except OSError:
            return "it was deleted or moved"
        mine = os.fstat(self._handle)
        if (there.st_ino, there.st_dev) != (mine.st_ino, mine.st_dev):
            return "another file was put in its place"
        if mine.st_size != self._mirror.on_disk:
            return "another program changed it"
        return ""

    def _write_anew(self) -> None:
        """Write the whole story to a new file and go on there."""
        make_folder(self._path.parent)
        path, handle = _new_file(self._path)
        data = self._mirror.all()
        try:
            with in_words("Could not save to", path):
                _write_all(handle, data)
                sync(handle)
        except StoreError:
            os.close(handle)
            path.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
        if self._handle >= 0:
            os.close(self._handle)
        self._path, self._handle = path, handle
        self._mirror.on_disk = len(data)
        self._unwritten, self._unsure = b"", False

    def close(self) -> None:
        """Give the save free for others. What is still unwritten is lost: `flush` first."""
        self._writable = False
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def read_save(path: Path) -> Lines:
    """Read a save without locking it, also one that a newer version wrote.

    Raises:
        StoreError: It can't be read, or holds no records.
    """
    with in_words("Could not read", path):
        data = path.read_bytes()
    lines = decode(data)
    _check(path, data, lines, writable=False)
    return lines


def copy_save(path: Path, folder: Path | None = None) -> Path:
    """Copy a save, open or not, under a free name beside it or in another folder.

    Raises:
        StoreError: It can't be read, or the copy not be written.
    """
    with same_age(path) as files:
        with in_words("Could not read", path):
            data = path.read_bytes()
        new, handle = _new_file(path if folder is None else make_folder(folder) / path.name)
        files.append(new)
        try:
            with in_words("Could not write", new):
                _write_all(handle, data)
                sync(handle)
        except StoreError:
            new.unlink(missing_ok=True)
            raise
        finally:
            os.close(handle)
    return new


def version_of(records: list[Record]) -> int | None:
    """Return the format version that a save's header names."""
    for record in records[:1]:
        version = record.get("fabletop")
        if isinstance(version, int):
            return version
    return None


def _check(path: Path, data: bytes, lines: Lines, *, writable: bool) -> None:
    if not data.strip(b" \t\r\n\0"):
        raise SaveDamaged(f"{path.name} is empty: no story is in it. It can be moved to the trash.")
    if not any("t" in record for record in lines.records):
        raise SaveDamaged(f"{path.name} is not a save of Fabletop: no line of it is a record.")
    version = version_of(lines.records)
    if writable and version is not None and version > VERSION:
        raise SaveNewer(
            f"{path.name} was written by a newer Fabletop (format {version}; this one knows "
            f"{VERSION}); it can be read here, and gone on with after an update."
        )


def _new_file(path: Path) -> tuple[Path, int]:
    """Make a new, empty, locked file, called as `path` or with a number added."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    for candidate in free_path(path.parent, path.stem, path.suffix):
        try:
            handle = os.open(candidate, flags, PRIVATE)
        except FileExistsError:
            continue
        except OSError as error:
            raise worded("Could not make the save", candidate, error) from error
        take(handle)
        return candidate, handle
    raise AssertionError("there is always a free name")


def _read_all(handle: int) -> bytes:
    return b"".join(_blocks(handle))


def _blocks(handle: int) -> Iterator[bytes]:
    os.lseek(handle, 0, os.SEEK_SET)
    while block := os.read(handle, 1 << 20):
        yield block


def _write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]
