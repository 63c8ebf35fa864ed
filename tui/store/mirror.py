"""All that a save should hold, kept small in memory, so that a vanished file can be written again."""

from __future__ import annotations

import zlib

LEVEL = 1
BLOCK_BYTES = 1 << 18


class Mirror:
    """Every byte that was appended, compressed as it comes; an append costs the same at any size."""

    def __init__(self, data: bytes = b"") -> None:
        """Begin with what the file holds."""
        self._blocks: list[bytes] = []
        self._tail = bytearray()
        self.on_disk = len(data)
        """How many bytes the file has, if nobody else touched it."""
        self.ended = not data or data.endswith(b"\n")
        """Whether the last line has its newline."""
        for start in range(0, len(data), BLOCK_BYTES):
            self.add(data[start : start + BLOCK_BYTES])

    def add(self, data: bytes) -> None:
        """Keep what comes next."""
        if not data:
            return
        self._tail += data
        self.ended = data.endswith(b"\n")
        if len(self._tail) >= BLOCK_BYTES:
            self._blocks.append(zlib.compress(self._tail, LEVEL))
            self._tail.clear()

    def all(self) -> bytes:
        """Return all of it."""
        return b"".join(map(zlib.decompress, self._blocks)) + bytes(self._tail)
