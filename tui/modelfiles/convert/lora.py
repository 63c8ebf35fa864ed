"""LoRA adapters to GGUF adapters, and merged into the model that they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tui.modelfiles.convert.adapter import Adapter, Pair
from tui.modelfiles.convert.errors import ConvertError, OnProgress, say_nothing
from tui.modelfiles.convert.ggml_file import read_ggml
from tui.modelfiles.convert.gguf_in import GgufFile, read_gguf
from tui.modelfiles.convert.gguf_out import TYPES, Plan, Planned
from tui.modelfiles.convert.hf_config import read_config
from tui.modelfiles.convert.kinds import Kind, kind_of
from tui.modelfiles.convert.lora_file import read_adapter
from tui.modelfiles.convert.stored import Floats, Stored, read_at, spans
from tui.modelfiles.convert.weights import encoded
from tui.modelfiles.convert.writing import write_plan

_FLOATS = ("F32", "F16", "BF16")


def plan_adapter(path: Path, base: Path | None, float_type: str) -> Plan:
    """The GGUF adapter that an adapter becomes; raises ConvertError."""
    if base is None:
        raise ConvertError(
            f"{path} is an adapter; name the model that it belongs to as well, as GGUF, GGML or a "
            "Hugging Face folder."
        )
    adapter = read_adapter(path, head_width_of(base))
    kind = float_type.upper()
    plan = Plan(
        {
            "general.architecture": "llama",
            "general.type": "adapter",
            "general.name": path.stem,
            "adapter.type": "lora",
            "adapter.lora.alpha": float(adapter.alpha),
        }
    )
    for name, pair in adapter.pairs.items():
        for half, end in ((pair.down, "lora_a"), (pair.up, "lora_b")):
            plan.tensors.append(_planned_half(f"{name}.{end}", half, kind))
    return plan


def merge(
    adapter: Path,
    base: Path,
    target: Path,
    *,
    scale: float = 1.0,
    on_progress: OnProgress | None = None,
) -> Path:
    """Write `base`, a GGUF file of floats, with an adapter of any form added, and return `target`.

    Raises ConvertError, and whatever `on_progress` raises; then nothing is left behind.
    """
    model = read_gguf(base)
    head_width = _gguf_head_width(model)
    found = read_adapter(adapter, head_width)
    if target.exists() and target.samefile(base):
        raise ConvertError(f"{target} cannot be made from itself; name another place.")
    plan = Plan(dict(model.keys))
    left = dict(found.pairs)
    for name in model.tensors:
        plan.tensors.append(_merged(model, name, left.pop(name, None), found, scale))
    if left:
        raise ConvertError(_another(adapter, base, next(iter(left))))
    return write_plan(plan, target, "merging", on_progress or say_nothing)


def head_width_of(base: Path) -> int:
    """How many numbers a head of a model has, from its header; raises ConvertError."""
    kind = kind_of(base)
    if kind is Kind.GGUF:
        return _gguf_head_width(read_gguf(base))
    if kind is Kind.GGML:
        model = read_ggml(base)
        return model.n_embd // model.n_head
    if kind in (Kind.HUGGINGFACE, Kind.GPTQ):
        return read_config(base).head_width
    raise ConvertError(f"{base} is no model that an adapter belongs to; name another one.")


def _gguf_head_width(model: GgufFile) -> int:
    """The same of a GGUF model."""
    if model.scalars.get("general.architecture") != "llama" or "adapter.type" in model.scalars:
        raise ConvertError(f"{model.path} is not a LLaMA model; name the one that was adapted.")
    try:
        heads = int(model.scalars["llama.attention.head_count"])
        width = int(model.scalars.get("llama.rope.dimension_count", 0))
        width = width or int(model.scalars["llama.embedding_length"]) // heads
    except (KeyError, ValueError, ZeroDivisionError) as error:
        raise ConvertError(f"{model.path} does not say how many heads it has.") from error
    if width < 2 or width % 2:
        raise ConvertError(f"{model.path} has heads of an odd width; fetch the file again.")
    return width


def _planned_half(name: str, half: Floats, kind: str) -> Planned:
    """One half of a pair as it will be written."""
    return Planned(name, half.shape, kind, lambda: [encoded(name, half, kind)])


def _merged(
    model: GgufFile, name: str, pair: Pair | None, adapter: Adapter, scale: float
) -> Planned:
    """A tensor of the model, with what the adapter adds."""
    tensor = model.tensors[name]
    if tensor.type not in TYPES or (pair is not None and tensor.type not in _FLOATS):
        raise ConvertError(
            f"{model.path} is quantised, so nothing can be added to it; merge into the F16 model and "
            "quantise that, or play with the adapter beside it."
        )
    if pair is not None and tensor.shape != (len(pair.up), pair.down.shape[1]):
        raise ConvertError(_another(adapter.path, model.path, name))
    stored = Stored(name, tensor.shape, tensor.type, model.path, tensor.offset)

    def copied() -> Iterator[bytes]:
        for start, stop in spans(planned.n_bytes, 1):
            yield read_at(model.path, tensor.offset + start, stop - start)

    def added(pair: Pair) -> Iterator[bytes]:
        factor = np.float32(scale * adapter.scale_of(pair))
        for start, stop in spans(stored.n_rows, stored.row_elements * 4):
            with np.errstate(over="ignore", invalid="ignore"):
                change = factor * (pair.up[start:stop] @ pair.down)
            if not np.isfinite(change).all():
                raise ConvertError(
                    f"{adapter.path} has numbers that are no numbers; fetch the adapter again."
                )
            rows = stored.rows(start, stop).astype(np.float32) + change
            yield encoded(name, rows, tensor.type)

    chunks = copied if pair is None else lambda: added(pair)
    planned = Planned(name, tensor.shape, tensor.type, chunks)
    return planned


def _another(adapter: Path, base: Path, name: str) -> str:
    """The sentence for an adapter and a model that do not belong together."""
    return f"{adapter} does not fit {base} (at {name[:80]}); name the model that the adapter was made for."
