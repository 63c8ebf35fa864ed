"""What can go wrong with model files: each message is one sentence for the player."""

from __future__ import annotations

import errno
from pathlib import Path
from types import MappingProxyType


class ModelFileError(Exception):
    """Something with a model file cannot be done; the text says what, where, and what to do."""


class Cancelled(Exception):
    """The player has had enough of it."""


_REASONS = MappingProxyType(
    {
        errno.ENOSPC: "the disk is full; free some space",
        errno.EDQUOT: "your disk quota is used up; free some space",
        errno.EFBIG: "the file may not grow any further (a limit of this system)",
        errno.EACCES: "you may not do that there; check the permissions",
        errno.EPERM: "you may not do that there; check the permissions",
        errno.EROFS: "that disk is read-only",
        errno.ENOENT: "it is not there",
        errno.EISDIR: "it is a folder",
        errno.ENOTDIR: "a part of that path is not a folder",
    }
)


def disk_error(what: str, path: Path | str, error: OSError) -> ModelFileError:
    """An error of the disk in one sentence."""
    reason = _REASONS.get(error.errno or 0) or (error.strerror or str(error)).lower()
    return ModelFileError(f"{what} {path}: {reason}.")
