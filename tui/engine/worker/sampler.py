"""How one token is drawn from logits, under a grammar or among given ids where asked.

Randomness is a function of the seed and of the token's number in the reply, not a stream: a
reply that is taken up again after a pause, a fork or a crash goes on as it would have.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tui.engine.backend import BackendError
from tui.engine.sampling import Sampling
from tui.engine.worker.candidates import Candidates, draw_seed
from tui.engine.worker.library import Pointer, api
from tui.engine.worker.stages import Stages
from tui.engine.worker.vocab import Vocab

REDRAW = 1 << 40
"""What sets a second draw apart: with the same luck it would not be independent of the first."""


class Sampler:
    """Draws the tokens of one reply; `close` frees what llama.cpp holds for it."""

    def __init__(
        self,
        vocab: Vocab,
        candidates: Candidates,
        sampling: Sampling,
        *,
        seed: int,
        n_ctx: int,
        grammar: str = "",
    ) -> None:
        """Build the stages; raises BackendError for a grammar that does not parse."""
        self._vocab = vocab
        self._candidates = candidates
        self._seed = seed
        self._draws_itself = bool(sampling.mirostat)
        self._greedy = sampling.temperature <= 0
        self._grammar: Pointer | None = None
        if grammar:
            self._grammar = api.llama_sampler_init_grammar(
                vocab.pointer, grammar.encode("utf-8", "replace"), b"root"
            )
            if not self._grammar:
                raise BackendError("The grammar of this request does not parse.")
        self._stages = Stages(vocab, sampling, seed=seed, n_ctx=n_ctx)

    def close(self) -> None:
        """Free the samplers."""
        self._stages.close()
        if self._grammar is not None:
            api.llama_sampler_free(self._grammar)
            self._grammar = None

    def remember(self, prompt: Sequence[int]) -> None:
        """Let the penalties know what came before the reply."""
        if window := self._stages.looks_back:
            for token in prompt[-window:]:
                self._stages.accept(token)

    def accept(self, token: int) -> None:
        """Note a token that now stands in the reply."""
        self._stages.accept(token)
        if self._grammar is not None and not self._vocab.is_end(token):
            api.llama_sampler_accept(self._grammar, token)

    def pick(self, logits: NDArray[np.float32], number: int, only: Sequence[int] = ()) -> int:
        """Draw the reply's token `number`, among `only` where given; it is not accepted yet.

        Raises BackendError for a model whose numbers are none, looked at once a reply.
        """
        if not number and not np.isfinite(logits.max()):
            raise BackendError("The model computes no numbers; its file may be damaged.")
        if only:
            self._candidates.fill_few(only, logits)
            return self._draw(number)
        self._candidates.fill(logits)
        token = self._draw(number)
        if self._grammar is None or self._allows(token):
            return token
        self._candidates.fill(logits)
        api.llama_sampler_apply(self._grammar, self._candidates.reference)
        return self._draw(number + REDRAW)

    def _allows(self, token: int) -> bool:
        """Whether the grammar lets this one token come next: much cheaper than asking for all."""
        one = api.llama_token_data(token, 0.0, 0.0)
        array = api.llama_token_data_array(ctypes.pointer(one), 1, -1, False)
        api.llama_sampler_apply(self._grammar, ctypes.byref(array))
        return one.logit == 0.0

    def _draw(self, number: int) -> int:
        """Run the stages and select one of what they leave."""
        candidates = self._candidates
        self._stages.run(candidates, number)
        if self._draws_itself:
            return candidates.chosen
        if self._greedy:
            last = api.llama_sampler_init_greedy()
        else:
            last = api.llama_sampler_init_dist(draw_seed(self._seed, number))
        api.llama_sampler_apply(last, candidates.reference)
        api.llama_sampler_free(last)
        return candidates.chosen
