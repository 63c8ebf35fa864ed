"""GPTQ folders: each weight computed back exactly from its integers, zeros and scales.

Layout of GPTQ-for-LLaMa and its successors, per linear layer: `qweight` int32 (in / k, out), k rows
in a word with the first in the lowest bits; `scales` (groups, out); `qzeros` int32 (groups, out / k),
each less by one but in the format `gptq_v2`; `g_idx` int32 (in), the group of each row. The first
version has one group, `scales` (out, 1) and `zeros` (out, 1), each a zero times its scale.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tui.modelfiles.convert.checkpoint import Checkpoint, open_checkpoint
from tui.modelfiles.convert.errors import ConvertError
from tui.modelfiles.convert.gguf_out import Plan
from tui.modelfiles.convert.hf_config import Config, read_config
from tui.modelfiles.convert.huggingface import gguf_name, plan_weights
from tui.modelfiles.convert.kinds import read_json
from tui.modelfiles.convert.stored import Floats, Stored
from tui.modelfiles.convert.weights import Weight

_PARTS = ("qweight", "qzeros", "zeros", "scales", "g_idx", "bias")
_WIDTHS = (2, 4, 8)


@dataclass(slots=True)
class GptqWeight:
    """A packed weight, unpacked some outputs at a time."""

    shape: tuple[int, ...]
    packed: Stored
    bits: int
    scales: Floats
    """(groups, out)."""
    offsets: Floats
    """(groups, out): what is taken from a number before it is scaled."""
    groups: NDArray[np.int64]
    """Of each input, its group."""
    _words: NDArray[np.uint32] | None = field(default=None, repr=False)

    def rows(self, start: int, stop: int) -> NDArray[Any]:
        """The weights of some outputs, (outputs, in); the packed words are kept until the last."""
        if self._words is None:
            words = self.packed.rows(0, self.packed.n_rows)
            self._words = words.view(np.uint32).reshape(self.packed.shape)
        numbers = _unpacked(self._words[:, start:stop], self.bits)
        if stop >= self.shape[0]:
            self._words = None
        with np.errstate(over="ignore", invalid="ignore"):
            numbers -= self.offsets[self.groups, start:stop]
            numbers *= self.scales[self.groups, start:stop]
        return np.ascontiguousarray(numbers.T)


def plan_gptq(folder: Path, float_type: str) -> Plan:
    """The GGUF file that a GPTQ folder becomes; raises ConvertError."""
    config = read_config(folder)
    tensors = open_checkpoint(folder)
    settings = _settings(folder, config)
    shapes = config.shape(config.vocab_size).tensor_shapes()
    weights: dict[str, Weight] = {}
    for name, tensor in tensors.items():
        module, _, part = name.rpartition(".")
        if part == "qweight":
            shape = shapes.get(gguf_name(f"{module}.weight"), ())
            weights[f"{module}.weight"] = _weight(folder, module, tensors, shape, settings)
        elif part == "bias" and f"{module}.qweight" in tensors:
            _must_be_nothing(tensor)
        elif part not in _PARTS:
            weights[name] = tensor
    return plan_weights(folder, config, weights, float_type)


def _settings(folder: Path, config: Config) -> Mapping[str, Any]:
    """What the folder says of its packing; early ones say nothing."""
    path = folder / "quantize_config.json"
    return config.quantization_config or (read_json(path) if path.is_file() else {})


def _weight(
    folder: Path,
    module: str,
    tensors: Checkpoint,
    shape: tuple[int, ...],
    settings: Mapping[str, Any],
) -> GptqWeight:
    """A module's weight; raises ConvertError where its parts do not fit together."""
    packed, scales = tensors[f"{module}.qweight"], tensors.get(f"{module}.scales")
    if len(shape) != 2 or scales is None or packed.dtype != "I32" or len(packed.shape) != 2:
        raise ConvertError(_unfit(folder, module))
    n_out, n_in = shape
    bits = packed.shape[0] * 32 // n_in
    if bits not in _WIDTHS or packed.shape != (n_in * bits // 32, n_out):
        raise ConvertError(_unfit(folder, module))
    older = f"{module}.zeros" in tensors
    scale = scales.floats()
    if older:
        scale = scale.reshape(1, -1)
    if scale.ndim != 2 or scale.shape[1] != n_out:
        raise ConvertError(_unfit(folder, module))
    groups = _groups(folder, module, tensors, len(scale), n_in)
    offsets = _offsets(folder, module, tensors, scale, (bits, 0 if _is_v2(settings) else 1))
    return GptqWeight((n_out, n_in), packed, bits, scale, offsets, groups)


def _is_v2(settings: Mapping[str, Any]) -> bool:
    """Whether zeros are stored as they are."""
    return settings.get("checkpoint_format") == "gptq_v2"


def _offsets(
    folder: Path, module: str, tensors: Checkpoint, scale: Floats, form: tuple[int, int]
) -> Floats:
    """The zeros, (groups, out), from either layout; `form` is the bits and what zeros lack."""
    older, packed = tensors.get(f"{module}.zeros"), tensors.get(f"{module}.qzeros")
    if older is not None:
        zeros = older.floats().reshape(1, -1)
        if zeros.shape != scale.shape:
            raise ConvertError(_unfit(folder, module))
        with np.errstate(all="ignore"):
            return np.where(scale == 0, np.float32(0), zeros / scale)
    bits, missing = form
    if packed is None or packed.dtype != "I32" or len(packed.shape) != 2:
        raise ConvertError(_unfit(folder, module))
    words = packed.rows(0, packed.n_rows).view(np.uint32)
    zeros = _unpacked(words.T, bits).T
    if zeros.shape != scale.shape:
        raise ConvertError(_unfit(folder, module))
    return zeros + np.float32(missing)


def _groups(
    folder: Path, module: str, tensors: Checkpoint, n_groups: int, n_in: int
) -> NDArray[np.int64]:
    """Of each input, its group: as stored, or one stretch of inputs after the other."""
    stored = tensors.get(f"{module}.g_idx")
    if stored is None:
        return np.arange(n_in) // -(-n_in // n_groups)
    groups = stored.integers()
    if groups.shape != (n_in,) or groups.min() < 0 or groups.max() >= n_groups:
        raise ConvertError(_unfit(folder, module))
    return groups


def _unpacked(words: NDArray[np.uint32], bits: int) -> Floats:
    """The numbers in words (n, m) as (n * 32 / bits, m), the first in the lowest bits."""
    shifts = np.arange(0, 32, bits, dtype=np.uint32)
    numbers = (words[:, None, :] >> shifts[None, :, None]) & np.uint32((1 << bits) - 1)
    return numbers.reshape(-1, words.shape[1]).astype(np.float32)


def _must_be_nothing(bias: Stored) -> None:
    """Some packers write biases for layers that have none: all zero."""
    if bias.floats().any():
        raise ConvertError(
            f"{bias.path} has a bias {bias.name[:80]} that a LLaMA has not; look for the model as GGUF."
        )


def _unfit(folder: Path, module: str) -> str:
    """The sentence for parts that do not fit together."""
    return (
        f"{folder} has {module[:80]} packed in a way that is not GPTQ's of 2, 4 or 8 bits; look for the "
        "model as GGUF."
    )
