"""Search in the text of all saves: a full-text index in the cache folder, made anew at will."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tui.store.errors import StoreError
from tui.store.files import make_folder
from tui.store.journal import SUFFIX
from tui.store.lines import Record, decode

FILE = "search-1.sqlite"
TELLING = frozenset({"say", "turn", "edit", "ended"})
BEGIN, END = "\x02", "\x03"
WORDS = re.compile(r"\w+")
WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\u0e00-\u0eff]")
"""Scripts without spaces between words, of which a word index knows nothing."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS saves(
    id INTEGER PRIMARY KEY, path TEXT UNIQUE, inode INTEGER, size INTEGER, touched INTEGER, read INTEGER);
CREATE TABLE IF NOT EXISTS texts(id INTEGER PRIMARY KEY, save INTEGER, turn INTEGER, text TEXT);
CREATE UNIQUE INDEX IF NOT EXISTS turns ON texts(save, turn);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(
    text, content='texts', content_rowid='id', prefix='2 3', tokenize='unicode61 remove_diacritics 2');
CREATE TRIGGER IF NOT EXISTS added AFTER INSERT ON texts BEGIN
    INSERT INTO words(rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER IF NOT EXISTS removed AFTER DELETE ON texts BEGIN
    INSERT INTO words(words, rowid, text) VALUES ('delete', old.id, old.text);
END;
"""

KEEP = """
INSERT INTO saves(path, inode, size, touched, read) VALUES (?, ?, ?, ?, ?)
ON CONFLICT(path) DO UPDATE SET inode = excluded.inode, size = excluded.size,
    touched = excluded.touched, read = excluded.read
"""

Known = tuple[int, int, int, int, int]
"""A save's id in the index; its inode, size and time when it was read; how far it was read."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A turn in which all words were found."""

    path: Path
    turn: int
    text: str
    """A few words around the place."""
    found: tuple[tuple[int, int], ...]
    """Where in `text` the words are: (start, end)."""


class SearchIndex:
    """The index; one thread at a time uses it."""

    def __init__(self, connection: sqlite3.Connection, file: Path | None) -> None:
        """Use `open`."""
        self._connection = connection
        self._file = file

    @classmethod
    def open(cls, cache: Path) -> Self:
        """Open the index, or make it; where the cache can't be written, it is kept in memory.

        Raises:
            StoreError: This Python's SQLite has no full-text search.
        """
        file: Path | None = cache / FILE
        with suppress(StoreError, sqlite3.DatabaseError):
            make_folder(cache)
            return cls(_connected(cache / FILE), file)
        with suppress(StoreError, sqlite3.DatabaseError, OSError):
            _remove(cache / FILE)
            return cls(_connected(cache / FILE), file)
        try:
            return cls(_connected(None), None)
        except sqlite3.DatabaseError as error:
            raise StoreError(
                f"Searching needs SQLite with FTS5, which this Python lacks ({error})."
            ) from error

    def close(self) -> None:
        """Close it."""
        self._connection.close()

    def update(self, folder: Path) -> Iterator[tuple[int, int]]:
        """Read what is new in the saves of a folder; yields (saves looked at, all saves) as it goes.

        Only bytes that were added since the last time are read; a save that can't be is passed over.

        Raises:
            StoreError: The index can't be written.
        """
        paths = _by_age(folder)
        with self._in_words(), self._connection:
            known = self._known()
            for gone in known.keys() - {str(path) for path in paths}:
                self._forget(known[gone][0])
        for number, path in enumerate(paths, start=1):
            with self._in_words():
                self._read(path, known.get(str(path)))
            yield number, len(paths)

    def find(self, words: str, most: int = 50) -> list[Hit]:
        """Return the turns that hold all the words, the newest first; the last may be unfinished.

        Raises:
            StoreError: The index can't be read.
        """
        with self._in_words():
            return self._find(words, most)

    def _find(self, words: str, most: int) -> list[Hit]:
        terms = WORDS.findall(words)
        if not terms:
            return []
        if WIDE.search(words):
            return self._find_piece(words.strip(), most)
        query = " ".join(f'"{term}"' for term in terms) + ("" if words[-1].isspace() else "*")
        rows = self._connection.execute(
            "SELECT saves.path, texts.turn, snippet(words, 0, ?, ?, '…', 16) FROM words "
            "JOIN texts ON texts.id = words.rowid JOIN saves ON saves.id = texts.save "
            "WHERE words MATCH ? ORDER BY words.rowid DESC LIMIT ?",
            (BEGIN, END, query, most),
        )
        return [_hit(*row) for row in rows]

    def _find_piece(self, piece: str, most: int) -> list[Hit]:
        like = "%" + re.sub(r"([%_\\])", r"\\\1", piece) + "%"
        rows = self._connection.execute(
            "SELECT saves.path, texts.turn, texts.text FROM texts JOIN saves ON saves.id = texts.save "
            "WHERE texts.text LIKE ? ESCAPE '\\' ORDER BY texts.id DESC LIMIT ?",
            (like, most),
        )
        return [_hit(path, turn, _around(text, piece)) for path, turn, text in rows]

    @contextmanager
    def _in_words(self) -> Generator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            place = self._file or "memory"
            raise StoreError(
                f"The search index in {place} fails ({error}); it can be deleted."
            ) from error

    def _known(self) -> Mapping[str, Known]:
        rows = self._connection.execute("SELECT path, id, inode, size, touched, read FROM saves")
        return {path: tuple(rest) for path, *rest in rows}

    def _forget(self, save: int) -> None:
        self._connection.execute("DELETE FROM texts WHERE save = ?", (save,))
        self._connection.execute("DELETE FROM saves WHERE id = ?", (save,))

    def _read(self, path: Path, known: Known | None) -> None:
        try:
            with path.open("rb") as file:
                state = os.fstat(file.fileno())
                look = (state.st_ino, state.st_size, state.st_mtime_ns)
                if known is not None and known[1:4] == look:
                    return
                grown = known is not None and known[1] == look[0] and known[2] <= look[1]
                start = known[4] if known is not None and grown else 0
                file.seek(start)
                data = file.read()
        except OSError:
            return
        whole = data[: data.rfind(b"\n") + 1]
        with self._connection:
            if known is not None and not grown:
                self._forget(known[0])
            self._connection.execute(KEEP, (str(path), *look, start + len(whole)))
            rows = self._connection.execute("SELECT id FROM saves WHERE path = ?", (str(path),))
            self._add(rows.fetchone()[0], decode(whole).records)

    def _text(self, save: int, turn: int) -> str:
        query = "SELECT text FROM texts WHERE save = ? AND turn = ?"
        row = self._connection.execute(query, (save, turn)).fetchone()
        return row[0] if row else ""

    def _add(self, save: int, records: Sequence[Record]) -> None:
        for turn, (text, whole) in texts_of(records).items():
            before = "" if whole else self._text(save, turn)
            self._connection.execute("DELETE FROM texts WHERE save = ? AND turn = ?", (save, turn))
            if before or text:
                self._connection.execute(
                    "INSERT INTO texts(save, turn, text) VALUES (?, ?, ?)",
                    (save, turn, before + text),
                )


def texts_of(records: Sequence[Record]) -> Mapping[int, tuple[str, bool]]:
    """Return the text of each turn that some records tell, by the turn's id.

    With it stands whether that is all of its text, or the further piece of a streaming reply.
    """
    texts: dict[int, tuple[str, bool]] = {}
    for record in records:
        kind, turn, text = record.get("t"), record.get("id"), record.get("text")
        if not isinstance(turn, int) or not isinstance(text, str):
            continue
        if kind in TELLING:
            texts[turn] = text, True
        elif kind == "grew":
            before, whole = texts.get(turn, ("", False))
            texts[turn] = before + text, whole
    return texts


def _by_age(folder: Path) -> list[Path]:
    """Return the saves in a folder, the one written last at the end."""
    found: list[tuple[int, Path]] = []
    for path in folder.glob(f"*{SUFFIX}"):
        with suppress(OSError):
            found.append((path.stat().st_mtime_ns, path))
    return [path for _, path in sorted(found)]


def _connected(file: Path | None) -> sqlite3.Connection:
    """Connect and see to it that the index can be used.

    Raises:
        sqlite3.DatabaseError: The file is no index, or is locked, or there is no full-text search.
    """
    connection = sqlite3.connect(file or ":memory:", timeout=5, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(SCHEMA)
        with closing(connection.execute("SELECT count(*) FROM saves")) as rows:
            rows.fetchone()
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _remove(file: Path) -> None:
    for path in (file, file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
        path.unlink(missing_ok=True)


def _around(text: str, piece: str, room: int = 60) -> str:
    at = max(text.casefold().find(piece.casefold()), 0)
    before, after = text[max(0, at - room) : at], text[at + len(piece) : at + len(piece) + room]
    return f"{before}{BEGIN}{text[at : at + len(piece)]}{END}{after}"


def _hit(path: str, turn: int, snippet: str) -> Hit:
    """Take the marks out of a snippet, and remember where they were."""
    text, found = "", list[tuple[int, int]]()
    for part in re.split(f"({BEGIN}[^{END}]*{END})", snippet.replace("\n", " ")):
        piece = part.strip(BEGIN + END)
        if part.startswith(BEGIN):
            found.append((len(text), len(text) + len(piece)))
        text += piece
    return Hit(Path(path), turn, text, tuple(found))
