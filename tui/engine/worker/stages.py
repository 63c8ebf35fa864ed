"""The steps between logits and a draw: llama.cpp's samplers in the asked order, and ours."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tui.engine.sampling import Sampling
from tui.engine.worker.candidates import Candidates, draw_seed
from tui.engine.worker.library import Pointer, api
from tui.engine.worker.tailfree import tail_free_count
from tui.engine.worker.vocab import Vocab


class Chain:
    """Several of llama.cpp's samplers, one after the other."""

    def __init__(self, samplers: Sequence[Pointer]) -> None:
        """Take the samplers over."""
        params = api.llama_sampler_chain_default_params()
        params.no_perf = True
        self.pointer: Any = api.llama_sampler_chain_init(params)
        for sampler in samplers:
            api.llama_sampler_chain_add(self.pointer, sampler)

    def apply(self, candidates: Candidates, _number: int) -> None:
        """Run all of them."""
        api.llama_sampler_apply(self.pointer, candidates.reference)

    def close(self) -> None:
        """Free them."""
        api.llama_sampler_free(self.pointer)


Stage = Callable[[Candidates, int], None]


class TailFree:
    """Tail-free sampling as a stage."""

    def __init__(self, z: float, rule: str) -> None:
        """`rule` as in `Sampling.tfs_rule`."""
        self._z = z
        self._rule: Any = rule

    def __call__(self, candidates: Candidates, _number: int) -> None:
        """Sort, find the tail, leave it off."""
        rows = candidates.rows
        rows[:] = rows[np.argsort(-rows["logit"], kind="stable")]
        weights = np.exp(rows["logit"].astype(np.float64) - float(rows["logit"][0]))
        candidates.array.size = tail_free_count(weights / weights.sum(), self._z, self._rule)
        candidates.array.sorted = True


class Xtc:
    """Exclude-top-choices, drawn anew for each token."""

    def __init__(self, probability: float, threshold: float, seed: int) -> None:
        """Keep the settings; the sampler lives for one token."""
        self._settings = (probability, threshold)
        self._seed = seed ^ 0x5851F42D

    def __call__(self, candidates: Candidates, number: int) -> None:
        """Apply a sampler whose randomness is this token's."""
        sampler = api.llama_sampler_init_xtc(*self._settings, 1, draw_seed(self._seed, number))
        api.llama_sampler_apply(sampler, candidates.reference)
        api.llama_sampler_free(sampler)


class Stages:
    """The active stages of a Sampling, built once for a reply; `close` frees them."""

    def __init__(self, vocab: Vocab, sampling: Sampling, *, seed: int, n_ctx: int) -> None:
        """Build them; neighbours that are llama.cpp's own share a chain."""
        self._vocab = vocab
        self._s = sampling
        self._seed = seed
        self._n_ctx = n_ctx
        self._chains: list[Chain] = []
        self._stages = self._build_stages()

    def run(self, candidates: Candidates, number: int) -> None:
        """Apply all of them for the reply's token `number`."""
        for stage in self._stages:
            stage(candidates, number)

    def accept(self, token: int) -> None:
        """Note a token that now stands in the text."""
        for chain in self._chains:
            api.llama_sampler_accept(chain.pointer, token)

    @property
    def looks_back(self) -> int:
        """How many tokens before the reply matter, for the penalties."""
        window = self._window(self._s.repeat_last_n) if self._penalties_act else 0
        return max(window, self._window(self._s.dry_last_n) if self._s.dry_multiplier else 0)

    def close(self) -> None:
        """Free the samplers."""
        for chain in self._chains:
            chain.close()
        self._chains.clear()

    def _build_stages(self) -> list[Stage]:
        """The active stages in their order; llama.cpp's own neighbours share a chain."""
        sampling = self._s
        parts: list[Pointer | Stage] = [*self._biases()]
        if early := self._early_top_k():
            parts.append(api.llama_sampler_init_top_k(early))
        wanted = sampling.order
        if sampling.mirostat:
            wanted = tuple(name for name in wanted if name in ("penalties", "dry", "temperature"))
        for name in wanted:
            parts += getattr(self, f"_{name}")()
        if sampling.mirostat:
            parts.append(self._mirostat())
        stages: list[Stage] = []
        group: list[Pointer] = []
        for part in parts:
            if isinstance(part, TailFree | Xtc):
                self._close_group(stages, group)
                stages.append(part)
            else:
                group.append(part)
        self._close_group(stages, group)
        return stages

    def _close_group(self, stages: list[Stage], group: list[Pointer]) -> None:
        """Make a chain of the collected samplers."""
        if group:
            chain = Chain(group)
            self._chains.append(chain)
            stages.append(chain.apply)
            group.clear()

    def _window(self, count: int) -> int:
        """A count of tokens back, with -1 as the whole window (llama.cpp no longer knows it)."""
        return self._n_ctx if count < 0 else count

    def _early_top_k(self) -> int:
        """A first cut that changes nothing but the time that penalties take, 0 for none.

        Penalties only ever lower the tokens of their window: the best k after them are among
        the best k + window before them.
        """
        s = self._s
        before = s.order[: s.order.index("top_k")] if "top_k" in s.order else ()
        lowering = s.repeat_penalty >= 1 and s.frequency_penalty >= 0 and s.presence_penalty >= 0
        if not s.top_k or s.mirostat or not lowering or not set(before) <= {"penalties", "dry"}:
            return 0
        window = self._window(s.repeat_last_n) if self._penalties_act else 0
        window += self._window(s.dry_last_n) if s.dry_multiplier else 0
        return s.top_k + window if window else 0

    @property
    def _penalties_act(self) -> bool:
        """Whether any repetition penalty does something."""
        s = self._s
        values = (s.repeat_penalty, s.frequency_penalty, s.presence_penalty)
        return s.repeat_last_n != 0 and values != (1.0, 0.0, 0.0)

    def _biases(self) -> list[Pointer]:
        """Logit biases and the ban on ending, before everything else."""
        pairs = dict(self._s.logit_bias)
        if self._s.ban_eos:
            pairs.update((token, float("-inf")) for token in self._vocab.ends)
        pairs = {token: bias for token, bias in pairs.items() if 0 <= token < self._vocab.size}
        if not pairs:
            return []
        array = (api.llama_logit_bias * len(pairs))(*pairs.items())
        return [api.llama_sampler_init_logit_bias(self._vocab.size, len(pairs), array)]

    def _penalties(self) -> list[Pointer]:
        if not self._penalties_act:
            return []
        s = self._s
        values = (s.repeat_penalty, s.frequency_penalty, s.presence_penalty)
        window = self._window(s.repeat_last_n)
        return [api.llama_sampler_init_penalties(self._vocab.size, window, *values)]

    def _dry(self) -> list[Pointer]:
        s = self._s
        if not s.dry_multiplier:
            return []
        breakers = (ctypes.c_char_p * len(s.dry_breakers))(
            *(text.encode("utf-8", "replace") for text in s.dry_breakers)
        )
        values = (s.dry_multiplier, s.dry_base, s.dry_allowed_length, self._window(s.dry_last_n))
        return [
            api.llama_sampler_init_dry(self._vocab.pointer, *values, breakers, len(s.dry_breakers))
        ]

    def _top_n_sigma(self) -> list[Pointer]:
        n = self._s.top_n_sigma
        return [api.llama_sampler_init_top_n_sigma(n)] if n > 0 else []

    def _top_k(self) -> list[Pointer]:
        k = self._s.top_k
        return [api.llama_sampler_init_top_k(k)] if k else []

    def _tfs(self) -> list[Stage]:
        s = self._s
        return [TailFree(s.tfs_z, s.tfs_rule)] if s.tfs_z < 1 else []

    def _typical(self) -> list[Pointer]:
        p = self._s.typical_p
        return [api.llama_sampler_init_typical(p, 1)] if p < 1 else []

    def _top_p(self) -> list[Pointer]:
        p = self._s.top_p
        return [api.llama_sampler_init_top_p(p, 1)] if p < 1 else []

    def _min_p(self) -> list[Pointer]:
        p = self._s.min_p
        return [api.llama_sampler_init_min_p(p, 1)] if p > 0 else []

    def _xtc(self) -> list[Stage]:
        s = self._s
        return [Xtc(s.xtc_probability, s.xtc_threshold, self._seed)] if s.xtc_probability else []

    def _temperature(self) -> list[Pointer]:
        s = self._s
        if s.temperature in (0.0, 1.0) and not s.dynatemp_range:
            return []
        if s.dynatemp_range:
            return [
                api.llama_sampler_init_temp_ext(
                    s.temperature, s.dynatemp_range, s.dynatemp_exponent
                )
            ]
        return [api.llama_sampler_init_temp(s.temperature)]

    def _mirostat(self) -> Pointer:
        s = self._s
        seed = draw_seed(self._seed, 0)
        if s.mirostat == 1:
            values = (s.mirostat_tau, s.mirostat_eta, 100)
            return api.llama_sampler_init_mirostat(self._vocab.size, seed, *values)
        return api.llama_sampler_init_mirostat_v2(seed, s.mirostat_tau, s.mirostat_eta)
