"""Each sampler setting does what its formula says, computed again with NumPy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from tui.engine import BackendError, Sampling
from tui.engine.worker.candidates import Candidates, draw_seed
from tui.engine.worker.model import Model
from tui.engine.worker.sampler import Sampler
from tui.engine.worker.stages import Stages

OFF = Sampling(temperature=1.0, top_k=0, min_p=0.0)


@pytest.fixture(scope="module")
def logits(model: Model) -> NDArray[np.float32]:
    return np.random.default_rng(3).normal(0, 3, model.vocab.size).astype(np.float32)


def left(
    model: Model, logits: NDArray[np.float32], sampling: Sampling, prompt: Sequence[int] = ()
) -> dict[int, float]:
    """The probabilities of the tokens that a sampling leaves."""
    stages = Stages(model.vocab, sampling, seed=1, n_ctx=512)
    for token in prompt:
        stages.accept(token)
    candidates = Candidates(model.vocab.size)
    candidates.fill(logits)
    stages.run(candidates, 0)
    rows = candidates.rows.copy()
    stages.close()
    weights = softmax(rows["logit"])
    return {int(token): float(p) for token, p in zip(rows["id"], weights, strict=True) if p > 0}


def softmax(logits: NDArray[np.floating]) -> NDArray[np.float64]:
    values = np.exp(logits.astype(np.float64) - logits.max())
    return values / values.sum()


def expected(logits: NDArray[np.floating], kept: Sequence[int]) -> dict[int, float]:
    weights = softmax(logits[list(kept)])
    return dict(zip([int(token) for token in kept], map(float, weights), strict=True))


def by_probability(logits: NDArray[np.floating]) -> NDArray[np.int64]:
    return np.argsort(-logits, kind="stable")


def same(one: dict[int, float], other: dict[int, float]) -> bool:
    return one.keys() == other.keys() and all(
        abs(one[token] - other[token]) < 1e-4 for token in one
    )


def test_off_changes_nothing(model: Model, logits: NDArray[np.float32]) -> None:
    assert same(left(model, logits, OFF), expected(logits, range(len(logits))))


def test_temperature(model: Model, logits: NDArray[np.float32]) -> None:
    sampling = Sampling.from_dict({**OFF.as_dict(), "temperature": 0.5})
    assert same(left(model, logits, sampling), expected(logits / 0.5, range(len(logits))))


def test_top_k(model: Model, logits: NDArray[np.float32]) -> None:
    sampling = Sampling.from_dict({**OFF.as_dict(), "top_k": 7})
    assert same(
        left(model, logits, sampling), expected(logits, by_probability(logits)[:7].tolist())
    )


def test_top_p(model: Model, logits: NDArray[np.float32]) -> None:
    order = by_probability(logits)
    count = int(np.searchsorted(np.cumsum(softmax(logits)[order]), 0.6)) + 1
    sampling = Sampling.from_dict({**OFF.as_dict(), "top_p": 0.6})
    assert same(left(model, logits, sampling), expected(logits, order[:count].tolist()))


def test_min_p(model: Model, logits: NDArray[np.float32]) -> None:
    p = softmax(logits)
    kept = np.flatnonzero(p >= 0.1 * p.max()).tolist()
    sampling = Sampling.from_dict({**OFF.as_dict(), "min_p": 0.1})
    assert same(left(model, logits, sampling), expected(logits, kept))


def test_typical(model: Model, logits: NDArray[np.float32]) -> None:
    p = softmax(logits)
    surprise = np.abs(-np.log(p) - (-(p * np.log(p)).sum()))
    order = np.argsort(surprise, kind="stable")
    count = int(np.searchsorted(np.cumsum(p[order]), 0.5)) + 1
    sampling = Sampling.from_dict({**OFF.as_dict(), "typical_p": 0.5})
    assert same(left(model, logits, sampling), expected(logits, order[:count].tolist()))


def test_top_n_sigma(model: Model, logits: NDArray[np.float32]) -> None:
    kept = np.flatnonzero(logits >= logits.max() - 1.0 * logits.std()).tolist()
    sampling = Sampling.from_dict({**OFF.as_dict(), "top_n_sigma": 1.0})
    assert same(left(model, logits, sampling), expected(logits, kept))


@pytest.mark.parametrize("rule", ["llama.cpp", "text-generation-webui"])
def test_tail_free(model: Model, logits: NDArray[np.float32], rule: str) -> None:
    order = by_probability(logits)[:40]
    p = softmax(logits[order])
    weights = np.abs(np.diff(np.diff(p)))
    cumulated = np.cumsum(weights / weights.sum())
    first = int(np.flatnonzero(cumulated > 0.9)[0])
    count = max(1, first) if rule == "llama.cpp" else first + 1
    values = {**OFF.as_dict(), "top_k": 40, "tfs_z": 0.9, "tfs_rule": rule}
    got = left(model, logits, Sampling.from_dict(values))
    assert same(got, expected(logits, order[:count].tolist()))


def test_penalties_lower_what_came_before(model: Model, logits: NDArray[np.float32]) -> None:
    prompt = [300, 300, 301]
    changed = logits.astype(np.float64)
    for token, count in ((300, 2), (301, 1)):
        changed[token] = changed[token] * 1.3 if changed[token] <= 0 else changed[token] / 1.3
        changed[token] -= count * 0.5 + 0.25
    values = {"repeat_penalty": 1.3, "frequency_penalty": 0.5, "presence_penalty": 0.25}
    got = left(model, logits, Sampling.from_dict({**OFF.as_dict(), **values}), prompt)
    assert same(got, expected(changed, range(len(logits))))


def test_the_early_cut_under_penalties_changes_nothing(
    model: Model, logits: NDArray[np.float32]
) -> None:
    prompt = by_probability(logits)[:30].tolist()
    values = {**OFF.as_dict(), "repeat_penalty": 1.8, "presence_penalty": 1.0, "top_k": 10}
    changed = logits.astype(np.float64)
    for token in prompt:
        changed[token] = changed[token] * 1.8 if changed[token] <= 0 else changed[token] / 1.8
        changed[token] -= 1.0
    kept = by_probability(changed)[:10].tolist()
    assert same(left(model, logits, Sampling.from_dict(values), prompt), expected(changed, kept))


def test_dry_lowers_what_would_repeat(model: Model, logits: NDArray[np.float32]) -> None:
    prompt = [300, 301, 302, 303, 400, 300, 301, 302]
    changed = logits.astype(np.float64)
    changed[303] -= 0.8 * 1.75 ** (3 - 2)
    sampling = Sampling.from_dict({**OFF.as_dict(), "dry_multiplier": 0.8})
    assert same(left(model, logits, sampling, prompt), expected(changed, range(len(logits))))


def test_xtc_leaves_out_all_but_the_last_likely_one(
    model: Model, logits: NDArray[np.float32]
) -> None:
    order = by_probability(logits)[:20]
    p = softmax(logits[order])
    likely = int((p >= 0.1).sum())
    assert likely >= 2
    values = {**OFF.as_dict(), "top_k": 20, "xtc_probability": 1.0, "xtc_threshold": 0.1}
    got = left(model, logits, Sampling.from_dict(values))
    assert same(got, expected(logits, order[likely - 1 :].tolist()))


def test_dynamic_temperature(model: Model, logits: NDArray[np.float32]) -> None:
    p = softmax(logits)
    entropy = -(p * np.log(p)).sum() / np.log(len(p))
    temperature = 0.5 + (1.5 - 0.5) * entropy**1.0
    sampling = Sampling.from_dict({**OFF.as_dict(), "dynatemp_range": 0.5})
    got = left(model, logits, sampling)
    assert same(got, expected(logits / temperature, range(len(logits))))


def test_biases_and_the_ban_on_ending(model: Model, logits: NDArray[np.float32]) -> None:
    eos = model.vocab.eos
    assert eos is not None
    changed = logits.astype(np.float64)
    changed[310] += 4.0
    kept = [token for token in range(len(logits)) if token != eos]
    values = {**OFF.as_dict(), "logit_bias": [[310, 4.0], [10**7, 1.0]], "ban_eos": True}
    got = left(model, logits, Sampling.from_dict(values))
    assert same(got, expected(changed, kept))


def test_the_order_is_obeyed(model: Model, logits: NDArray[np.float32]) -> None:
    hot = {**OFF.as_dict(), "temperature": 2.0, "min_p": 0.2}
    first = left(model, logits, Sampling.from_dict({**hot, "order": ["temperature", "min_p"]}))
    last = left(model, logits, Sampling.from_dict({**hot, "order": ["min_p", "temperature"]}))
    assert len(first) > len(last)


@pytest.mark.parametrize("mirostat", [1, 2])
def test_mirostat_draws_by_itself(model: Model, logits: NDArray[np.float32], mirostat: int) -> None:
    values = {**OFF.as_dict(), "mirostat": mirostat, "mirostat_tau": 1.0, "mirostat_eta": 0.5}
    sampler = Sampler(
        model.vocab, Candidates(model.vocab.size), Sampling.from_dict(values), seed=1, n_ctx=512
    )
    drawn = [sampler.pick(logits, number) for number in range(60)]
    sampler.close()
    surprise = -np.log2(softmax(logits)[drawn[20:]])
    assert surprise.mean() < 3.0


def draws(
    model: Model, logits: NDArray[np.float32], sampling: Sampling, seed: int, count: int
) -> list[int]:
    sampler = Sampler(model.vocab, Candidates(model.vocab.size), sampling, seed=seed, n_ctx=512)
    drawn = [sampler.pick(logits, number) for number in range(count)]
    sampler.close()
    return drawn


def test_draws_follow_the_probabilities(model: Model, logits: NDArray[np.float32]) -> None:
    sampling = Sampling.from_dict({**OFF.as_dict(), "top_k": 5})
    drawn = np.array(draws(model, logits, sampling, seed=9, count=4000))
    for token, p in expected(logits, by_probability(logits)[:5].tolist()).items():
        assert abs((drawn == token).mean() - p) < 4 * (p * (1 - p) / 4000) ** 0.5


def test_a_seed_repeats_and_seeds_differ(model: Model, logits: NDArray[np.float32]) -> None:
    one, again, other = (draws(model, logits, OFF, seed, 50) for seed in (1, 1, 2))
    assert one == again != other


def test_temperature_zero_takes_the_likeliest(model: Model, logits: NDArray[np.float32]) -> None:
    sampling = Sampling.from_dict({**OFF.as_dict(), "temperature": 0})
    assert set(draws(model, logits, sampling, 1, 5)) == {int(logits.argmax())}


def test_neighbouring_seeds_have_unrelated_draws() -> None:
    seeds = {draw_seed(seed, number) for seed in range(100) for number in range(100)}
    assert len(seeds) > 9990


def test_a_grammar_is_obeyed_with_the_models_own_weights(
    model: Model, logits: NDArray[np.float32]
) -> None:
    sampler = Sampler(
        model.vocab,
        Candidates(model.vocab.size),
        OFF,
        seed=1,
        n_ctx=512,
        grammar='root ::= [xyz] "!"',
    )
    drawn = [sampler.pick(logits, number) for number in range(300)]
    sampler.close()
    texts = [model.vocab.piece(token) for token in drawn]
    assert set(texts) <= {b"x", b"y", b"z", b"x!", b"y!", b"z!"}
    ids = [token for token in range(model.vocab.size) if model.vocab.piece(token) in set(texts)]
    wanted = expected(logits, ids)
    for token in ids:
        assert abs(drawn.count(token) / 300 - wanted[token]) < 0.12


def test_a_grammar_that_does_not_parse_is_said(model: Model) -> None:
    with pytest.raises(BackendError, match="grammar"):
        Sampler(
            model.vocab, Candidates(model.vocab.size), OFF, seed=1, n_ctx=512, grammar="root ::= ("
        )


def test_numbers_that_are_not_numbers_are_said(model: Model) -> None:
    sampler = Sampler(model.vocab, Candidates(model.vocab.size), OFF, seed=1, n_ctx=512)
    broken = np.full(model.vocab.size, np.nan, dtype=np.float32)
    with pytest.raises(BackendError, match="damaged"):
        sampler.pick(broken, 0)
    sampler.close()
