"""How likely continuations of a prompt are: read once, then all of them on forks together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from tui.engine.backend import BackendError, FinishReason, Request
from tui.engine.protocol import Message
from tui.engine.worker.context import DONE, MAX_OUTPUTS, NO_ROOM, Context
from tui.engine.worker.lane import Lane
from tui.engine.worker.loaded import Loaded
from tui.engine.worker.row import Row


def log_softmax(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    """Log-probabilities of logits."""
    values = logits.astype(np.float64)
    values -= values.max()
    return values - np.log(np.exp(values).sum())


class PromptRow(Row):
    """A row that ends with the log-probabilities after its prompt instead of a draw."""

    after: NDArray[np.float64] | None = None

    def draw(self, logits: NDArray[np.float32]) -> None:
        """Keep what the logits say."""
        self.after = log_softmax(logits)


class Scoring:
    """A request for scores: takes steps like a generation, then answers all at once."""

    def __init__(
        self, id_: int, tokens: Sequence[int], continuations: Sequence[list[int]], loaded: Loaded
    ) -> None:
        """Prepare to read the prompt."""
        self.id = id_
        self.request = Request(tokens=tuple(tokens), max_tokens=0)
        self._continuations = continuations
        self._loaded = loaded
        self._row = PromptRow(
            self.request, 0, loaded.vocab, loaded.candidates, n_ctx=loaded.info.n_ctx
        )
        self.rows = [self._row]
        self.scores: list[float] | None = None

    @property
    def open_rows(self) -> list[Row]:
        """The prompt, while it is being read."""
        return [self._row] if self._row.after is None else []

    @property
    def over(self) -> bool:
        """Whether there is an answer."""
        return self.scores is not None

    def unplace(self) -> None:
        """Let go of the place in the cache."""
        self._row.seq = None

    def cancel(self, _reason: FinishReason = "cancelled") -> None:
        """Nothing to give out early."""

    def close(self) -> None:
        """Free what the row holds."""
        self._row.close()

    def tell(self, _send: Callable[[Message], None], lane: Lane) -> None:
        """Once the prompt is read, compute the scores; a stopped attempt is made again."""
        if self._row.after is None or self._row.seq is None:
            return
        first = self._row.after
        scores = [float(first[tokens[0]]) if tokens else 0.0 for tokens in self._continuations]
        forks = Forks(lane.context, self._row.seq)
        groups = _groups(self._continuations)
        if all(forks.add_rest(self._continuations, group, scores) for group in groups):
            self.scores = scores

    def tell_end(self, send: Callable[[Message], None]) -> None:
        """Send the scores."""
        send({"id": self.id, "e": "done", "answer": self.scores})


def _groups(continuations: Sequence[list[int]]) -> list[list[int]]:
    """Indices of continuations that are computed together: few enough sequences and outputs."""
    groups: list[list[int]] = []
    outputs = 0
    for index, tokens in enumerate(continuations):
        need = len(tokens) - 1
        if need < 1:
            continue
        if not groups or outputs + need > MAX_OUTPUTS or len(groups[-1]) >= 7:
            groups.append([])
            outputs = 0
        groups[-1].append(index)
        outputs += need
    return groups


class Forks:
    """Sequences that go on from a prompt for the time of one computation."""

    def __init__(self, context: Context, source: int) -> None:
        """`source` is the sequence that holds the prompt and nothing else."""
        self._context = context
        self._source = source
        self._length = context.sequences.length(source)
        self._seqs = [seq for seq in range(len(context.sequences)) if seq != source]

    def add_rest(
        self, continuations: Sequence[list[int]], group: Sequence[int], scores: list[float]
    ) -> bool:
        """Add the log-probabilities of all tokens but the first; False if it was stopped.

        Continuations of more tokens than a batch has outputs take several batches.
        """
        longest = max(len(continuations[index]) for index in group)
        for seq in self._seqs[: len(group)]:
            self._context.sequences.fork(self._source, seq, self._length)
        try:
            return all(
                self._add_part(continuations, group, scores, start)
                for start in range(0, longest - 1, MAX_OUTPUTS)
            )
        finally:
            for seq in self._seqs:
                self._context.sequences.drop(seq)

    def _add_part(
        self,
        continuations: Sequence[list[int]],
        group: Sequence[int],
        scores: list[float],
        start: int,
    ) -> bool:
        """Compute one batch from the continuations' tokens at `start` on."""
        context, batch = self._context, self._context.batch
        batch.clear()
        wanted: list[tuple[int, int, int]] = []
        for seq, index in zip(self._seqs, group, strict=False):
            tokens = continuations[index]
            for at in range(start, min(start + MAX_OUTPUTS, len(tokens) - 1)):
                output = batch.add(seq, self._length + at, [tokens[at]], output=True)
                wanted.append((output, index, tokens[at + 1]))
        status = context.decode()
        if status == NO_ROOM:
            raise BackendError("The model's memory is full; a larger n_ctx helps.")
        for output, index, following in wanted if status == DONE else ():
            scores[index] += float(log_softmax(context.logits(output))[following])
        return status == DONE
