"""Documents packed into rows of one length, each row beginning with a document."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from training.shards import CHOICE, ENDS, NAME, OWN
from training.tokeniser import END

CONTEXT_SHARE = 0.25


def rows_of(shard: dict[str, np.ndarray], length: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows of `length` + 1 tokens and what they are to the model; a cut document's rest is left."""
    bounds = [*shard["starts"].tolist(), len(shard["tokens"])]
    tokens, own, filled = [], [], 0
    for start, end in pairwise(bounds):
        size = min(end - start, length + 1 - filled)
        tokens.append(shard["tokens"][start : start + size])
        own.append(shard["own"][start : start + size])
        filled += size
        if filled == length + 1:
            yield np.concatenate(tokens), np.concatenate(own)
            tokens, own, filled = [], [], 0


def batch_of(
    rows: list[tuple[np.ndarray, np.ndarray]],
    context_weight: float,
    choice_weight: float = 1.0,
    seed: int = 0,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Inputs, targets, weights and kinds of a batch, each (rows, length).

    Of the context's tokens one in four is counted, at four times its weight: the same on
    average, and the logits of the others need not be made.
    """
    tokens = np.stack([row for row, _ in rows]).astype(np.int64)
    kinds = np.stack([own for _, own in rows])[:, 1:]
    targets = np.where(kinds == ENDS, END, tokens[:, 1:])
    drawn = np.random.default_rng(seed).random(kinds.shape) < CONTEXT_SHARE
    weights = np.where(drawn, context_weight / CONTEXT_SHARE, 0.0)
    weights = np.where(np.isin(kinds, (OWN, ENDS, NAME)), 1.0, weights)
    weights = np.where(kinds == CHOICE, choice_weight, weights).astype(np.float32)
    return tokens[:, :-1], targets, weights, kinds


def load(path: Path) -> dict[str, np.ndarray]:
    """A shard whole in memory."""
    with np.load(path) as file:
        return {key: file[key] for key in ("tokens", "own", "starts")}
