"""Quantised blocks of GGML's older files, re-laid as they are today.

Layouts, per block of 32 weights: ggjt 1 pairs neighbours in a byte (2j low, 2j + 1 high) where
ggjt 2 and GGUF pair halves (j low, j + 16 high); ggjt 1 and 2 have the scales of Q4_0, Q4_1 and
Q8_0 as float32 where ggjt 3 and GGUF have float16.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class OldBlock:
    """A block layout of ggjt 1 and 2, and how it becomes today's."""

    size: int
    """Bytes of a block."""
    relay: Callable[[Bytes, bool], Bytes]
    """From blocks (n, size) to today's; whether neighbours share a byte."""


def old_block(type_name: str) -> OldBlock:
    """The layout that a type had in ggjt 1 and 2; raises KeyError where it had none."""
    return _OLD[type_name]


def _halved(scales: Bytes) -> Bytes:
    """Scales (n, 4 each) from float32 to float16; raises FloatingPointError for one too large."""
    with np.errstate(over="raise", invalid="ignore", under="ignore"):
        return np.ascontiguousarray(scales).view("<f4").astype("<f2").view(np.uint8)


def _relaid(nibbles: Bytes, neighbours: bool) -> Bytes:
    """Nibbles (n, 16) with halves paired."""
    if not neighbours:
        return nibbles
    weights = np.empty((len(nibbles), 32), np.uint8)
    weights[:, 0::2] = nibbles & 15
    weights[:, 1::2] = nibbles >> 4
    return weights[:, :16] | np.left_shift(weights[:, 16:], 4, dtype=np.uint8)


def _with_halved_scales(n_scales: int) -> Callable[[Bytes, bool], Bytes]:
    """Q4_0 and Q4_1."""

    def relay(blocks: Bytes, neighbours: bool) -> Bytes:
        scales, nibbles = blocks[:, : 4 * n_scales], blocks[:, 4 * n_scales :]
        return np.concatenate([_halved(scales), _relaid(nibbles, neighbours)], axis=1)

    return relay


def _with_kept_head(head: int) -> Callable[[Bytes, bool], Bytes]:
    """Q5_0 and Q5_1: scales and high bits are as they were."""

    def relay(blocks: Bytes, neighbours: bool) -> Bytes:
        return np.concatenate([blocks[:, :head], _relaid(blocks[:, head:], neighbours)], axis=1)

    return relay


def _eight_bits(blocks: Bytes, _neighbours: bool) -> Bytes:
    """Q8_0."""
    return np.concatenate([_halved(blocks[:, :4]), blocks[:, 4:]], axis=1)


_OLD = {
    "Q4_0": OldBlock(20, _with_halved_scales(1)),
    "Q4_1": OldBlock(24, _with_halved_scales(2)),
    "Q5_0": OldBlock(22, _with_kept_head(6)),
    "Q5_1": OldBlock(24, _with_kept_head(8)),
    "Q8_0": OldBlock(36, _eight_bits),
}
