"""Writes GPTQ folders of 4 bits, from the facts of their layouts and with none of the program's code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.modelfiles.convert.hf_writer import tokenizer_model, write_config, write_safetensors
from tests.modelfiles.convert.small import Floats, Small


def write_gptq(
    folder: Path, small: Small, *, layout: str, groupsize: int = -1, act_order: bool = False
) -> Small:
    """Write a folder; the network that it holds.

    `layout` is "first" (scaled zeros, one group), "old" (packed zeros, no order of groups), "new"
    (packed zeros with the group of each input) or "v2" (the same, zeros as they are).
    """
    folder.mkdir()
    tensors: dict[str, NDArray[Any]] = {}
    held: dict[str, Floats] = {}
    for name, weight in small.weights.items():
        if "_proj" not in name:
            tensors[name] = weight.astype("<f2")
            held[name] = tensors[name].astype(np.float32)
            continue
        module = name.removesuffix(".weight")
        parts, held[name] = packed(weight, layout, groupsize, act_order)
        tensors |= {f"{module}.{part}": values for part, values in parts.items()}
        if layout == "new":
            tensors[f"{module}.bias"] = np.zeros(len(weight), "<f2")
    write_safetensors(folder / "4bit.safetensors", tensors)
    more = {"quant_method": "gptq", "bits": 4, "checkpoint_format": "gptq_v2"}
    write_config(folder, small, **({"quantization_config": more} if layout == "v2" else {}))
    (folder / "tokenizer.model").write_bytes(tokenizer_model())
    return small.with_weights(held)


def packed(
    weight: Floats, layout: str, groupsize: int, act_order: bool
) -> tuple[dict[str, NDArray[Any]], Floats]:
    """A weight's parts, and the numbers that they stand for."""
    n_out, n_in = weight.shape
    size = n_in if groupsize == -1 else groupsize
    order = np.arange(n_in) // size
    if act_order:
        order = np.random.default_rng(n_in).permutation(order)
    n_groups = int(order.max()) + 1
    scales = np.empty((n_groups, n_out), np.float32)
    zeros = np.empty((n_groups, n_out), np.int64)
    numbers = np.empty((n_in, n_out), np.int64)
    for group in range(n_groups):
        rows = weight.T[order == group]
        low, high = np.minimum(rows.min(axis=0), -0.01), np.maximum(rows.max(axis=0), 0.01)
        scales[group] = ((high - low) / 15).astype("<f2")
        zeros[group] = np.clip(np.round(-low / scales[group]), 1, 15)
        numbers[order == group] = np.clip(np.round(rows / scales[group] + zeros[group]), 0, 15)
    held = scales[order] * (numbers - zeros[order]).astype(np.float32)
    parts: dict[str, NDArray[Any]] = {"qweight": words(numbers)}
    if layout == "first":
        parts["scales"] = scales.T.astype("<f4")
        parts["zeros"] = (scales * zeros).T.astype("<f4")
    else:
        parts["scales"] = scales.astype("<f2")
        parts["qzeros"] = words((zeros - (layout != "v2")).T).T
    if layout in ("new", "v2"):
        parts["g_idx"] = order.astype("<i4")
    return parts, np.ascontiguousarray(held.T)


def words(numbers: NDArray[np.int64]) -> NDArray[np.int32]:
    """Eight rows in a word, the first in the lowest bits."""
    made = np.zeros((len(numbers) // 8, numbers.shape[1]), np.uint32)
    for place in range(8):
        made |= numbers[place::8].astype(np.uint32) << np.uint32(4 * place)
    return made.view("<i4")
