"""An open story: its Session, and the Journal that keeps it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self, cast

from tui.store import Journal, Moved, Report, SaveReadOnly, StoreError
from tui.store.lines import CUT_OFF
from tui.store.saves import tail_records
from tui.story import Record, Session, Turn, peek
from tui.story.session import mark_record

FLUSH_SECONDS = 1.0
UNMARKED = frozenset({"header", "grew", "started"})
"""Kinds of records after which the list of saves shows nothing new."""


@dataclass(slots=True)
class _Grown:
    """What a streaming reply said since the last flush."""

    turn: int
    text: str
    tokens: list[int]


class Book:
    """A session that is saved as it is played: `await book.record(record)` is all there is to it.

    A record is folded at once and appended in order, off the event loop. What can't be saved
    (a full disk) is told in `trouble`, stays in memory and is tried again with the next record: the
    story goes on.
    """

    def __init__(self, session: Session, journal: Journal, report: Report | None = None) -> None:
        """Use `create` or `open`."""
        self.session = session
        self.report = report or Report()
        self.trouble = ""
        """One sentence for the player while something isn't saved; empty where all is."""
        self.notice = ""
        """One sentence for the player: the story goes on in another file; they may clear it."""
        self.flush_seconds = FLUSH_SECONDS
        """How much of a streaming reply a crash may cost."""
        self.on_change: Callable[[], None] | None = None
        """Called on the event loop when `saved`, `trouble`, `notice` or `path` changes."""
        self._journal = journal
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._waiting = 0
        self._grown: _Grown | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Future[None]] = set()

    @classmethod
    def create(cls, path: Path, header: Record) -> Self:
        """Begin a story in a new file; where that can't be made, the story is played unsaved."""
        session = Session()
        session.apply(header)
        journal = Journal.unsaved(path)
        book = cls(session, journal)
        try:
            journal.append(header)
        except StoreError as error:
            book.trouble = str(error)
        return book

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Self:
        """Open a saved story; a long one takes a moment, for which another thread serves well.

        Raises:
            StoreError: It can't be opened; its subclass says whether a copy or read-only would do.
        """
        opened = Journal.open(path, "read" if read_only else "write")
        return cls(Session.open(opened.records), opened.journal, opened.report)

    @staticmethod
    def first_sight(path: Path, most: int = 50) -> tuple[Turn, ...]:
        """Return the last turns of a saved story, in the same short time at any length.

        Raises:
            StoreError: It can't be read.
        """
        return peek(tail_records(path), most)

    @property
    def path(self) -> Path:
        """Where the save is."""
        return self._journal.path

    @property
    def writable(self) -> bool:
        """Whether the story can go on here."""
        return self._journal.writable

    @property
    def findings(self) -> tuple[str, ...]:
        """What was wrong with the file when it was opened: a sentence each, for the player."""
        found: list[str] = []
        name = self.path.name
        bad = [line for line in self.report.bad if line.reason != CUT_OFF]  # told when it was torn
        if bad:
            lines = "a line" if len(bad) == 1 else f"{len(bad)} lines"
            found.append(
                f"{name}: {lines} can't be read (line {bad[0].number}: {bad[0].reason}); "
                "all others are there. `fabletop doctor --saves` mends the file."
            )
        if self.report.torn:
            found.append(
                f"{name}: its last line was cut off, by a crash or a full disk; "
                "all that was written before is there."
            )
        return tuple(found)

    @property
    def saved(self) -> bool:
        """Whether all that happened is on the disk."""
        return not self.trouble and not self._waiting and self._grown is None

    async def record(self, record: Record) -> None:
        """Fold a record, and append it; pieces of a reply are appended once a second.

        Raises:
            RecordError: It can't be folded; nothing has changed.
            SaveReadOnly: The story was opened to read only; nothing has changed.
        """
        if not self.writable:
            raise SaveReadOnly(f"{self.path.name} is open to read only; go on in a copy.")
        self.session.apply(record)
        if record.get("t") == "grew":
            self._grow(record)
            return
        if record.get("t") == "ended" and self._grown and record.get("id") == self._grown.turn:
            self._grown = None  # the end says all of it
        self._flush_grown()
        if record.get("t") not in UNMARKED:
            record = record | {"mark": mark_record(self.session.mark)}
        await asyncio.shield(self._append(record))

    async def close(self) -> None:
        """Write what is left, and give the save free."""
        self._flush_grown()
        if self._tasks:
            await asyncio.gather(*self._tasks)
        if self._journal.writable and not self._journal.saved:
            await asyncio.shield(self._submit(self._journal.flush))
        self._writer.shutdown(wait=True)
        self._journal.close()

    def _grow(self, record: Record) -> None:
        turn, text = cast("int", record["id"]), cast("str", record.get("text", ""))
        if self._grown is not None and self._grown.turn != turn:
            self._flush_grown()
        if self._grown is None:
            self._grown = _Grown(turn, "", [])
            self._timer = asyncio.get_running_loop().call_later(
                self.flush_seconds, self._flush_grown
            )
        self._grown.text += text
        self._grown.tokens += cast("list[int]", record.get("tokens", []))

    def _flush_grown(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        grown, self._grown = self._grown, None
        if grown is not None:
            self._append(self.session.reply_grew(grown.turn, grown.text, grown.tokens))

    def _append(self, record: Record) -> asyncio.Future[None]:
        return self._submit(partial(self._journal.append, record))

    def _submit(self, write: Callable[[], Moved | None]) -> asyncio.Future[None]:
        """Write in the one thread, in the order of the calls, whoever stops waiting for it."""
        self._waiting += 1
        written = asyncio.get_running_loop().run_in_executor(self._writer, write)
        task = asyncio.ensure_future(self._written(written))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _written(self, written: asyncio.Future[Moved | None]) -> None:
        try:
            moved = await written
            self.trouble = ""
            self.notice = self.notice if moved is None else moved.sentence
        except StoreError as error:
            self.trouble = str(error)
        finally:
            self._waiting -= 1
        if self.on_change is not None:
            self.on_change()
