"""A request under way: its rows, and what is told of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from tui.engine.backend import FinishReason, Request
from tui.engine.protocol import Message
from tui.engine.worker.candidates import Candidates
from tui.engine.worker.lane import Lane
from tui.engine.worker.row import Row
from tui.engine.worker.vocab import Vocab

FLUSH_SECONDS = 0.05
"""The page is drawn no more often than that."""

Send = Callable[[Message], None]


class Generation:
    """The rows of one request. Pieces that come close together travel together."""

    def __init__(
        self,
        id_: int,
        request: Request,
        vocab: Vocab,
        candidates: Candidates,
        *,
        n_ctx: int,
        received: Sequence[Sequence[int]] = (),
    ) -> None:
        """Make the rows; `received` are the ids that the player's side has of each already.

        Raises BackendError for a grammar that does not parse.
        """
        self.id = id_
        self.request = request
        self.rows = [
            Row(
                request,
                index,
                vocab,
                candidates,
                n_ctx=n_ctx,
                received=received[index] if index < len(received) else (),
            )
            for index in range(request.count)
        ]
        self._told = -1
        self._flushed = 0.0
        self._ended: set[int] = set()

    @property
    def open_rows(self) -> list[Row]:
        """The rows that are not over."""
        return [row for row in self.rows if row.reason is None]

    @property
    def over(self) -> bool:
        """Whether every row is."""
        return all(row.reason is not None for row in self.rows)

    def unplace(self) -> None:
        """Let go of the rows' places; what they hold stays cached until it is displaced."""
        for row in self.rows:
            row.seq = None

    def cancel(self, reason: FinishReason = "cancelled") -> None:
        """End every row that is not over."""
        for row in self.rows:
            row.finish(reason)

    def close(self) -> None:
        """Free what the rows hold."""
        for row in self.rows:
            row.close()

    def tell(self, send: Send, lane: Lane) -> None:
        """Send what is new, if it is time for it, and the end of rows that are over."""
        self._tell_reading(send, lane)
        now = time.perf_counter()
        due = now - self._flushed >= FLUSH_SECONDS
        for row in self.rows:
            if row.reason is not None:
                self._tell_finished(send, row)
            elif due and self._tell_text(send, row):
                self._flushed = now

    def _tell_text(self, send: Send, row: Row) -> bool:
        """Send what can be shown of a row and was not sent yet; whether there was something."""
        text, ids, ends = row.take()
        if text or ids:
            piece = {"t": text, "k": ids, "l": ends, "i": row.index}
            send({"id": self.id, "e": "piece", **piece})
        return bool(text or ids)

    def _tell_finished(self, send: Send, row: Row) -> None:
        """Send a row's last text and how it ended, once."""
        if row.index in self._ended:
            return
        self._ended.add(row.index)
        row.finish("cancelled")
        row.seq = None
        self._tell_text(send, row)
        finished = row.finished()
        values = {name: getattr(finished, name) for name in type(finished).__slots__}
        send({"id": self.id, "e": "finished", "f": values})

    def _tell_reading(self, send: Send, lane: Lane) -> None:
        """Send how far the prompt is read, while it is."""
        first = self.rows[0]
        if first.kept is None or self._told == first.n_prompt:
            return
        length = lane.context.sequences.length(first.seq) if first.seq is not None else 0
        done = min(length, first.n_prompt)
        if done > self._told:
            self._told = done
            values = {"done": done, "total": first.n_prompt, "kept": first.kept}
            send({"id": self.id, "e": "reading", **values})

    def tell_end(self, send: Send) -> None:
        """Send how each row ended, and that the request is over."""
        for row in self.rows:
            self._tell_finished(send, row)
        send({"id": self.id, "e": "done"})
