"""A context with the rows that are decoded in it together, each in a sequence of its own."""

from __future__ import annotations

import time
from collections.abc import Sequence

from tui.engine.backend import BackendError
from tui.engine.worker.context import DONE, NO_ROOM, Context
from tui.engine.worker.pace import Pace
from tui.engine.worker.row import Row
from tui.engine.worker.sequences import common_prefix

QUICK_PARAMS = 200_000_000
"""Up to this size whole batches are read in a moment."""
SLOW_CHUNK = 64
"""What a large model reads in a step: progress is seen, and the step can be waited for."""


class Lane:
    """Gives rows their places in the cache and takes them through steps.

    `live` is the sequence of the story as last told: work beside it never displaces it.
    """

    def __init__(self, context: Context, pace: Pace) -> None:
        """Start with nothing placed; `pace` is of all lanes of a model."""
        self.context = context
        self._pace = pace
        self.live = 0
        # The size of a step is fixed, never timed: other steps round differently, and the same
        # seed would tell another story.
        quick = context.model.n_params <= QUICK_PARAMS
        self.chunk = context.batch.capacity if quick else SLOW_CHUNK
        self._most_rows = len(context.sequences)

    def known(self, tokens: Sequence[int]) -> int:
        """How many of a prompt's tokens need not be read (its last one always must)."""
        return self._best(tokens)[1]

    def _best(self, tokens: Sequence[int]) -> tuple[int, int]:
        """The sequence that knows most of a prompt, and how many tokens need not be read."""
        needed = len(tokens) - 1
        seq, length = self.context.sequences.best(tokens, needed)
        return seq, min(length, needed)

    def place(self, row: Row) -> None:
        """Give a row the best sequence as its own; it is what is told from now on."""
        sequences = self.context.sequences
        seq, length = self._best(row.tokens)
        row.seq = self.live = seq
        row.note_claim(sequences.cut(seq, length))

    def place_beside(self, row: Row, active: Sequence[Row]) -> bool:
        """Fork the best sequence for a row, unless waiting for an active one saves reading more."""
        sequences = self.context.sequences
        if not active:
            self._most_rows = len(sequences)
        if len(active) >= self._most_rows:
            return False
        source, length = self._best(row.tokens)
        taken = {self.live} | {other.seq for other in active}
        free = [seq for seq in range(len(sequences)) if seq not in taken]
        if not free or any(self._will_know(other, row) > length for other in active):
            return False
        target = min(free, key=sequences.length)
        row.seq = target
        row.note_claim(sequences.fork(source, target, length))
        return True

    def _will_know(self, other: Row, row: Row) -> int:
        """How much of a row's prompt an active one will have read, 0 if it has that already."""
        if other.seq is None:
            return 0
        shared = min(common_prefix(other.tokens, row.tokens), len(row.tokens) - 1)
        return shared if shared > self.context.sequences.length(other.seq) else 0

    def step(self, rows: Sequence[Row], most: int = 1 << 30) -> bool:
        """Read at most `most` tokens of each placed row's unread ones, and draw where all are read.

        False where nothing was done: the alarm stopped it, or a row had to give up its place.
        """
        context, batch = self.context, self.context.batch
        sequences = context.sequences
        started = time.perf_counter()
        batch.clear()
        parts: list[tuple[Row, int, int, int, int]] = []
        limit = min(most, self.chunk)
        for row in rows:
            if row.seq is None or not batch.room:
                continue
            length = sequences.length(row.seq)
            unread = len(row.tokens) - length
            take = min(unread, limit, batch.room)
            output = batch.add(
                row.seq, length, row.tokens[length : length + take], output=take == unread
            )
            parts.append((row, row.seq, length, take, output))
        if not parts:
            return False
        status = self._decode()
        if status == NO_ROOM:
            self._make_room(rows)
            return False
        for row, seq, length, take, _ in parts:
            added = row.tokens[length : length + take]
            if status == DONE:
                sequences.grow(seq, added)
            else:
                sequences.settle(seq, length, added)
            row.note_time(started, length)
        if status != DONE:
            return False
        for row, _, length, take, output in parts:
            if length + take == len(row.tokens):
                row.draw(context.logits(output))
        return True

    def _decode(self) -> int:
        """Compute the batch, with as many threads as serve at present."""
        context = self.context
        context.set_threads(self._pace.n_threads)
        started = time.perf_counter()
        status = context.decode()
        if status == DONE:
            self._pace.note(time.perf_counter() - started, context.batch.size)
        return status

    def _make_room(self, rows: Sequence[Row]) -> None:
        """Free cells: what nobody uses first, then the newest row's place, until another has ended.

        Raises BackendError where a single row fills the cache by itself.
        """
        sequences = self.context.sequences
        placed = [row for row in rows if row.seq is not None]
        used = {self.live} | {row.seq for row in placed}
        spare = [s for s in range(len(sequences)) if s not in used and sequences.length(s)]
        if spare:
            for seq in spare:
                sequences.drop(seq)
            return
        if len(placed) < 2:
            raise BackendError(
                "The model's memory is full; a shorter reply or a larger n_ctx helps."
            )
        last = placed[-1]
        assert last.seq is not None
        sequences.drop(last.seq)
        last.seq = None
        self._most_rows = len(placed) - 1
