"""The worker's engine in this process: asked and stepped by hand, its caches looked into."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tui.engine import LoadSettings, Request
from tui.engine.protocol import Message, request_to_message, settings_to_message
from tui.engine.worker.context import DONE, Context, ContextShape
from tui.engine.worker.engine import Engine
from tui.engine.worker.lane import Lane
from tui.engine.worker.library import Library
from tui.engine.worker.loaded import Loaded
from tui.engine.worker.model import Model
from tui.engine.worker.pipes import Alarm
from tui.engine.worker.scoring import log_softmax


class Inside:
    """An engine with what it has said so far."""

    def __init__(
        self, library: Library, path: Path, settings: LoadSettings, cache: Path | None = None
    ) -> None:
        """Load the model."""
        self.said: list[Message] = []
        self.alarm = Alarm()
        self.engine = Engine(library, self.alarm, self.said.append, cache)
        self.cache = cache
        self._ids = count(1)
        self._path = path
        self._settings = settings
        self.load()

    def forget(self) -> None:
        """Start from empty caches."""
        self.said.clear()
        for lane in self.lanes():
            lane.context.sequences.clear()

    def load(self) -> None:
        """Load the model, again if it was."""
        values = settings_to_message(self._settings)
        self.ask("load", path=str(self._path), settings=values, plain=False)

    def ask(self, op: str, **values: object) -> int:
        """Send a message; its id."""
        id_ = next(self._ids)
        self.engine.obey({"op": op, "id": id_, **values})
        if op == "save":
            self.engine.keeping.wait()
        return id_

    def start(self, request: Request) -> int:
        """Ask for a generation; its id."""
        return self.ask("generate", request=request_to_message(request))

    def answer(self, id_: int) -> object:
        """What a question was answered with."""
        [answer] = [
            said["answer"] for said in self.said if said["id"] == id_ and said["e"] == "done"
        ]
        return answer

    def work(self, steps: int = 1 << 30) -> None:
        """Take steps until there is nothing to do."""
        while self.engine.work and steps:
            self.alarm.lower()
            self.engine.step()
            steps -= 1

    def sampled(self, id_: int, index: int = 0) -> tuple[int, ...]:
        """All ids of a finished reply."""
        for said in self.said:
            if said["id"] == id_ and said["e"] == "finished" and said["f"]["index"] == index:
                return tuple(said["f"]["tokens"])
        raise LookupError(id_)

    @property
    def loaded(self) -> Loaded:
        """What is loaded."""
        loaded = self.engine.loaded
        assert loaded
        return loaded

    def lanes(self) -> list[Lane]:
        """The live lane, and the second one where there is one."""
        spare = self.loaded.spare
        return [self.loaded.main, *([spare] if spare else [])]


def distribution(context: Context, seq: int) -> NDArray[np.float64]:
    """Log-probabilities after a sequence, from the cache but for its last token."""
    sequences = context.sequences
    length = sequences.length(seq)
    last = list(sequences.tokens(seq))[-1:]
    assert sequences.cut(seq, length - 1) == length - 1
    context.batch.clear()
    output = context.batch.add(seq, length - 1, last, output=True)
    assert context.decode() == DONE
    sequences.grow(seq, last)
    return log_softmax(context.logits(output))


class Fresh:
    """A context of its own that reads everything anew, in batches of a chosen size."""

    def __init__(self, model: Model, n_cells: int, *, flash: bool = False) -> None:
        """Make it."""
        self.context = Context(model, ContextShape(n_cells, 64, 1, flash_attention=flash), Alarm())

    def read(self, tokens: Sequence[int], size: int = 64) -> NDArray[np.float64]:
        """Log-probabilities after `tokens`."""
        context = self.context
        context.sequences.clear()
        output = 0
        for start in range(0, len(tokens), size):
            part = list(tokens[start : start + size])
            context.batch.clear()
            output = context.batch.add(0, start, part, output=True)
            assert context.decode() == DONE
            context.sequences.grow(0, part)
        return log_softmax(context.logits(output))

    def close(self) -> None:
        """Give the memory back."""
        self.context.close()


def divergence(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """The Kullback-Leibler divergence of two log-distributions, in nats."""
    return float((np.exp(one) * (one - other)).sum())


def worst(pairs: Iterable[tuple[NDArray[np.float64], NDArray[np.float64]]]) -> float:
    """The largest divergence of some pairs."""
    return max((divergence(one, other) for one, other in pairs), default=0.0)
