"""Small acts on files, with errors in words."""

from __future__ import annotations

import errno
import os
import re
import tempfile
import unicodedata
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tui.store.errors import worded

PRIVATE = 0o600
PRIVATE_FOLDER = 0o700
LONGEST_SLUG = 60


@contextmanager
def in_words(what: str, path: Path) -> Generator[None]:
    """Turn an OSError within into a StoreError that says what could not be done.

    Raises:
        SaveMissing: The file is not there.
        SaveReadOnly: It may not be read or written.
        StoreError: Anything else.
    """
    try:
        yield
    except OSError as error:
        raise worded(what, path, error) from error


def make_folder(folder: Path) -> Path:
    """Make a folder of the player's, if it isn't there.

    Raises:
        StoreError: It can't be made.
    """
    with in_words("Could not make the folder", folder):
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    return folder


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that there is always either the old one or the new one, whole.

    Raises:
        StoreError: It can't be written; the old one is as it was.
    """
    make_folder(path.parent)
    with in_words("Could not write", path):
        target = path.resolve() if path.is_symlink() else path
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=target.parent)
        new = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            new.replace(target)
        except OSError:
            new.unlink(missing_ok=True)
            raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a folder's new names last through a power cut, where the system can do that."""
    if os.name != "posix":
        return
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        return  # some file systems can't; the file itself was synced
    finally:
        os.close(handle)


def sync(handle: int) -> None:
    """Make what was written to an open file last, on every file system that can.

    Raises:
        OSError: The disk couldn't write it.
    """
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise


@contextmanager
def same_age(path: Path) -> Generator[list[Path]]:
    """Let what happens within leave the file's time alone, and give it to the files put in the list.

    A save's time says when it was played last, by which the newest is resumed.

    Raises:
        StoreError: The file isn't there.
    """
    with in_words("Could not read", path):
        state = path.stat()
    files = [path]
    yield files
    for file in files:
        with suppress(OSError):
            os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))


def slug(name: str) -> str:
    """Return a name as a file name: plain letters, digits and hyphens; "story" if none are left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-")
    return (
        words
        if words and words not in {"con", "prn", "aux", "nul"}
        else f"story-{words}".strip("-")
    )


def free_path(folder: Path, stem: str, suffix: str) -> Iterator[Path]:
    """Yield paths that may be free: the name itself, then with -2, -3, ..."""
    yield folder / f"{stem}{suffix}"
    number = 2
    while True:
        yield folder / f"{stem}-{number}{suffix}"
        number += 1
