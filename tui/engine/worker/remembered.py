"""What was measured on this machine, kept between starts in one file of the cache folder."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import cast

FILE_NAME = "measured.json"


class Remembered:
    """Findings by key; without a folder nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        """Nothing is read yet: another process may write meanwhile."""
        self._path = folder / FILE_NAME if folder else None

    def get(self, key: str) -> object:
        """What was kept under a key, None where nothing was; anybody may have written the file."""
        return self._read().get(key)

    def keep(self, key: str, found: object) -> None:
        """Put a finding beside the others; on a disk that takes none it is found anew each time."""
        if self._path is None:
            return
        draft = self._path.with_suffix(f".{os.getpid()}.part")
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps({**self._read(), key: found}))
            draft.replace(self._path)

    def _read(self) -> dict[str, object]:
        """All that the file holds; nothing where it cannot be read."""
        try:
            table: object = json.loads(self._path.read_bytes()) if self._path else {}
        except (OSError, ValueError):
            return {}
        return cast("dict[str, object]", table) if isinstance(table, dict) else {}
