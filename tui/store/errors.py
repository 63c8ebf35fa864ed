"""What can go wrong on disk: each message is one sentence for the player."""

from __future__ import annotations

import errno
from pathlib import Path
from types import MappingProxyType


class StoreError(Exception):
    """Something on disk went wrong; `str()` says what, where, and what to do."""


class SaveMissing(StoreError):
    """There is no such save."""


class SaveLocked(StoreError):
    """Another program has the save open; it can be read, or gone on with in a copy."""


class SaveReadOnly(StoreError):
    """The save may not be written; it can be read, or gone on with in a copy elsewhere."""


class SaveNewer(StoreError):
    """A newer version of the program wrote the save; it can be read, but not gone on with."""


class SaveDamaged(StoreError):
    """Nothing in the file can be read as a save."""


FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})

REASONS = MappingProxyType(
    {
        errno.ENOSPC: "the disk is full; free some space",
        errno.EDQUOT: "your disk quota is used up; free some space",
        errno.EFBIG: "the file may not grow any further (a limit of this system)",
        errno.EACCES: "your account may not do that; check the permissions",
        errno.EPERM: "your account may not do that; check the permissions",
        errno.EROFS: "that disk is read-only",
        errno.EMFILE: "too many files are open in this program; close something and try again",
        errno.ENFILE: "too many files are open on this machine; close something and try again",
        errno.EIO: "the disk reports an error; check it, and keep copies",
        errno.ENOENT: "it is not there",
        errno.ENOTDIR: "a part of that path is not a folder",
        errno.EEXIST: "it is there already; choose another name",
        errno.EISDIR: "that is a folder",
        errno.ENAMETOOLONG: "that name is too long",
    }
)


def reason(error: OSError) -> str:
    """Why the system refused, in words that say what to do."""
    return REASONS.get(error.errno or 0) or (error.strerror or str(error)).lower()


def worded(what: str, path: Path, error: OSError) -> StoreError:
    """Return an error of one sentence: what could not be done, to which file, and why."""
    kind = StoreError
    if isinstance(error, FileNotFoundError):
        kind = SaveMissing
    elif error.errno in FORBIDDEN:
        kind = SaveReadOnly
    return kind(f"{what} {path}: {reason(error)}.")
