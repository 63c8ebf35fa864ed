"""One reply in the making: its ids, where it is in the cache, how it is drawn and shown."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tui.engine.backend import Finished, FinishReason, Request
from tui.engine.worker.candidates import Candidates
from tui.engine.worker.phrases import Phrases
from tui.engine.worker.sampler import Sampler
from tui.engine.worker.stream import Stream
from tui.engine.worker.vocab import Vocab


class Row:
    """A reply's state, which does not depend on the cache: without a sequence it can be read anew.

    `tokens` are the prompt and what was sampled; those beyond the sequence's length are unread.
    """

    def __init__(
        self,
        request: Request,
        index: int,
        vocab: Vocab,
        candidates: Candidates,
        *,
        n_ctx: int,
        received: Sequence[int] = (),
    ) -> None:
        """Start a reply, or take one up after `received`, the ids whose text is with the player.

        Raises BackendError for a grammar that does not parse.
        """
        self.request = request
        self.index = index
        self.tokens = list(request.tokens)
        self.seq: int | None = None
        self.kept: int | None = None
        self.reason: FinishReason | None = None
        self.read_seconds = 0.0
        self.write_seconds = 0.0
        self._vocab = vocab
        self._n_ctx = n_ctx
        self._n_prompt = len(request.tokens)
        self._stream = Stream(vocab.piece, request.stop)
        self._phrases = Phrases(vocab, request.phrases) if request.phrases else None
        self._sampler = Sampler(
            vocab,
            candidates,
            request.sampling,
            seed=request.seed + index,
            n_ctx=n_ctx,
            grammar=request.grammar,
        )
        self._sampler.remember(request.tokens)
        for token in received:
            self._push(token)
        self._stream.take()
        self._follow_phrases()
        self._check_length()

    def close(self) -> None:
        """Free the samplers."""
        self._sampler.close()

    @property
    def sampled(self) -> list[int]:
        """The ids of the reply so far."""
        return self.tokens[self._n_prompt :]

    @property
    def n_prompt(self) -> int:
        """How many ids the prompt has."""
        return self._n_prompt

    def note_claim(self, kept: int) -> None:
        """Remember how much of the prompt was in the cache when the row was first given a place."""
        if self.kept is None:
            self.kept = min(kept, self._n_prompt)

    def note_time(self, started: float, length: int) -> None:
        """Add a step's time to reading or writing; `length` is what the cache held before it."""
        seconds = time.perf_counter() - started
        if length < self._n_prompt:
            self.read_seconds += seconds
        else:
            self.write_seconds += seconds

    def draw(self, logits: NDArray[np.float32]) -> None:
        """Sample the next id and everything that it leaves no choice about."""
        if not self.request.max_tokens:
            self.reason = "length"
            return
        number = len(self.tokens) - self._n_prompt
        only = self._phrases.allowed() if self._phrases else ()
        self._push(self._sampler.pick(logits, number, only))
        self._follow_phrases()
        self._check_length()

    def _push(self, token: int) -> None:
        """Let an id stand in the reply."""
        self.tokens.append(token)
        self._sampler.accept(token)
        if self._phrases:
            self._phrases.accept(token)
        if self._vocab.is_end(token):
            self.reason = "end"
            return
        self._stream.feed(token)
        if self._stream.stop_string:
            self.reason = "stop"

    def _follow_phrases(self) -> None:
        """Append what only one phrase can go on with."""
        while self._phrases and self.reason is None:
            if self._phrases.complete:
                self.reason = "end"
            elif len(allowed := self._phrases.allowed()) == 1:
                self._push(allowed[0])
            else:
                return

    def _check_length(self) -> None:
        """End a reply that has used up its budget or the window."""
        written = len(self.tokens) - self._n_prompt
        full = written >= self.request.max_tokens or len(self.tokens) >= self._n_ctx
        if self.reason is None and written and full:
            self.reason = "length"

    def finish(self, reason: FinishReason | None = None) -> None:
        """End it from outside, or let go of what a stop string might have made of its end."""
        self.reason = self.reason or reason
        self._stream.finish()

    def take(self) -> tuple[str, list[int], list[int]]:
        """Text and ids that can be shown and were not taken yet, and where in it each id ends."""
        return self._stream.take()

    def finished(self) -> Finished:
        """What is said of it at its end."""
        kept = self.kept or 0
        return Finished(
            reason=self.reason or "cancelled",
            stop_string=self._stream.stop_string,
            index=self.index,
            tokens=tuple(self.sampled),
            clean_tokens=tuple(self._stream.released),
            kept=kept,
            read=self._n_prompt - kept,
            written=len(self.tokens) - self._n_prompt,
            read_seconds=self.read_seconds,
            write_seconds=self.write_seconds,
        )
