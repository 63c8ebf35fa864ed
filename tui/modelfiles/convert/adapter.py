"""A LoRA adapter in memory, whatever form it was published in, by GGUF's names and row order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tui.modelfiles.convert.errors import ConvertError
from tui.modelfiles.convert.gguf_in import read_gguf
from tui.modelfiles.convert.huggingface import TURNED
from tui.modelfiles.convert.stored import WIDTHS, Floats, Stored
from tui.modelfiles.convert.weights import interleaved

LARGEST_RANK = 1 << 14
LARGEST_HALF = 1 << 30


@dataclass(frozen=True, slots=True)
class Pair:
    """What an adapter adds to one tensor: `up @ down`, scaled."""

    down: Floats
    """(rank, in)."""
    up: Floats
    """(out, rank)."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """An adapter; it adds `alpha / rank` times each pair's product, or just that where alpha is 0."""

    path: Path
    alpha: float
    pairs: dict[str, Pair]

    def scale_of(self, pair: Pair) -> float:
        """What a pair's product is multiplied by."""
        return self.alpha / len(pair.down) if self.alpha else 1.0


def paired(
    path: Path,
    downs: Mapping[str, Stored],
    ups: Mapping[str, Stored],
    head_width: int,
    *,
    down_turned: bool = False,
) -> dict[str, Pair]:
    """Both halves of each tensor's change; raises ConvertError where one is missing or misfits.

    `down_turned` is for files that store `down` as (in, rank).
    """
    if not downs or downs.keys() != ups.keys():
        odd = next(iter(downs.keys() ^ ups.keys()), "any tensor")
        raise ConvertError(f"{path} lacks one half of {odd[:80]}; fetch the adapter again.")
    pairs: dict[str, Pair] = {}
    for name, half in downs.items():
        down, up = _floats(path, half), _floats(path, ups[name])
        if down_turned:
            down = np.ascontiguousarray(down.T)
        turned = name.split(".")[-2] in TURNED
        if down.shape[0] != up.shape[1] or (turned and len(up) % head_width):
            raise ConvertError(f"{path} has halves of {name[:80]} that do not fit; fetch it again.")
        pairs[name] = Pair(down, interleaved(up, head_width) if turned else up)
    return pairs


def read_gguf_adapter(path: Path) -> Adapter:
    """An adapter that is GGUF already; raises ConvertError."""
    file = read_gguf(path)
    if file.scalars.get("adapter.type") != "lora":
        raise ConvertError(
            f"{path} is a model and not a LoRA adapter; name them the other way round."
        )
    halves: dict[str, dict[str, Stored]] = {".lora_a": {}, ".lora_b": {}}
    for name, tensor in file.tensors.items():
        if name[-7:] not in halves:
            raise ConvertError(f"{path} has a tensor {name[:80]}, which no adapter has.")
        stored = Stored(name, tensor.shape, tensor.type, path, tensor.offset)
        halves[name[-7:]][name[:-7]] = stored
    alpha = float(file.scalars.get("adapter.lora.alpha", 0.0))
    downs, ups = halves[".lora_a"], halves[".lora_b"]
    if downs.keys() != ups.keys():
        raise ConvertError(f"{path} lacks halves of its tensors; fetch the adapter again.")
    pairs = {name: Pair(_floats(path, downs[name]), _floats(path, ups[name])) for name in downs}
    return Adapter(path, alpha, pairs)


def _floats(path: Path, half: Stored) -> Floats:
    """One half; raises ConvertError for a size that no adapter has."""
    size = half.n_rows * half.row_elements
    if len(half.shape) != 2 or min(half.shape) > LARGEST_RANK or size > LARGEST_HALF or not size:
        raise ConvertError(f"{path} has {half.name[:80]} in a size that no adapter has.")
    if half.dtype not in WIDTHS:
        raise ConvertError(f"{path} is quantised, so it cannot be merged; use it as it is.")
    return half.floats()
