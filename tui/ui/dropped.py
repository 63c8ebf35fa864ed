"""Paths that were pasted, or dropped onto the terminal, which writes them as it likes."""

from __future__ import annotations

import shlex
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tui.machine import at_home
from tui.ui.clean import clean

MOST_LETTERS = 100_000


def paths_in(text: str) -> tuple[Path, ...]:
    """The files and folders that a text names, all of them; empty where one isn't there.

    Terminals write a dropped file bare, in quotes, with its spaces escaped, or as an address;
    several on one line, or on a line each.
    """
    words = clean(text).strip()
    if not words or len(words) > MOST_LETTERS:
        return ()
    for names in (words.splitlines(), split(words)):
        paths = tuple(path_of(name) for name in names if name.strip())
        if paths and all(path is not None for path in paths):
            return tuple(path for path in paths if path is not None)
    return ()


def split(words: str) -> list[str]:
    """The words of a line as a shell would have them; none where its quotes don't close."""
    try:
        return shlex.split(words)
    except ValueError:
        return []


def path_of(name: str) -> Path | None:
    """The file or folder of that name; None where there is none."""
    bare = name.strip()
    if bare.startswith("file://"):
        bare = unquote(urlsplit(bare).path)
    words = split(bare)
    for spelt in (bare, *(words if len(words) == 1 else ())):
        path = at_home(spelt)
        try:
            if spelt.startswith(("/", "~", ".")) and path.name and path.exists():
                return path
        except OSError:
            return None
    return None
