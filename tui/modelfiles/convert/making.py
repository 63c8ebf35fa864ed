"""One conversion from beginning to end: find the kind, plan the file, write it."""

from __future__ import annotations

from pathlib import Path

from tui.modelfiles.convert.errors import ConvertError, OnProgress, say_nothing
from tui.modelfiles.convert.ggml import Family, plan_ggml
from tui.modelfiles.convert.gguf_out import Plan
from tui.modelfiles.convert.kinds import Kind, kind_of
from tui.modelfiles.convert.writing import write_plan

TYPE_NAMES = ("f16", "bf16", "f32")


def convert(
    source: Path,
    target: Path,
    *,
    base: Path | None = None,
    float_type: str | None = None,
    family: Family | None = None,
    on_progress: OnProgress | None = None,
) -> Path:
    """Convert a model to GGUF at `target`, and return that.

    `float_type` is one of TYPE_NAMES, f16 where it is None: what weights become that are stored as
    floats (a GGML file keeps its own). `base` is the model that XOR files or an adapter are of. `family`
    tells which LLaMA a GGML file holds; where it is None, the file's age, sizes and name do.

    Raises ConvertError, and whatever `on_progress` raises; then nothing is left behind.
    """
    wanted = (float_type or "f16").lower()
    if wanted not in TYPE_NAMES:
        raise ConvertError(
            f"{wanted[:20]} is not one of {', '.join(TYPE_NAMES)}; convert to f16 and quantise that."
        )
    tell = on_progress or say_nothing
    plan = _plan(source, base, wanted, family)
    if target.exists() and source.exists() and target.samefile(source):
        raise ConvertError(f"{target} cannot be made from itself; name another place.")
    return write_plan(plan, target, f"converting {source.name}", tell)


def _plan(source: Path, _base: Path | None, _type: str, family: Family | None) -> Plan:
    """The file that a source becomes."""
    kind = kind_of(source)
    if kind is Kind.GGML:
        return plan_ggml(source, family)
    if kind is Kind.GGUF:
        raise ConvertError(f"{source} is a GGUF file already; it can be played as it is.")
    if not source.exists():
        raise ConvertError(f"{source} does not exist; look at how it is spelt.")
    raise ConvertError(
        f"{source} is no model that can be converted; GGML files, Hugging Face folders, XOR folders, "
        "GPTQ folders and LoRA adapters can."
    )
