"""One conversion from beginning to end: find the kind, plan the file, write it."""

from __future__ import annotations

import shutil
from pathlib import Path

from tui.modelfiles.convert.errors import ConvertError, OnProgress, say_nothing
from tui.modelfiles.convert.ggml import Family, plan_ggml
from tui.modelfiles.convert.gguf_out import Plan
from tui.modelfiles.convert.gptq import plan_gptq
from tui.modelfiles.convert.huggingface import plan_huggingface
from tui.modelfiles.convert.kinds import Kind, kind_of
from tui.modelfiles.convert.lora import plan_adapter
from tui.modelfiles.convert.md5 import check_md5
from tui.modelfiles.convert.writing import write_plan
from tui.modelfiles.convert.xor import decode_xor

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
    """Convert a model or an adapter to GGUF at `target`, and return that.

    `float_type` is one of TYPE_NAMES: what weights become that are stored as floats (a GGML file
    keeps its own types); by default f16 for models and f32 for adapters. `base` is the folder that
    XOR files were made with, or the model that an adapter belongs to. `family` tells which LLaMA a
    GGML file holds; where it is None, the file's age, sizes and name do.

    Raises ConvertError, and whatever `on_progress` raises; then nothing is left behind.
    """
    wanted = None if float_type is None else float_type.lower()
    if wanted not in (None, *TYPE_NAMES):
        raise ConvertError(
            f"{wanted[:20]} is not one of {', '.join(TYPE_NAMES)}; convert to f16 and quantise that."
        )
    if not source.exists():
        raise ConvertError(f"{source} does not exist; look at how it is spelt.")
    if target.is_dir() or (target.exists() and target.samefile(source)):
        raise ConvertError(f"{target} is a folder or the source itself; name a new file.")
    tell = on_progress or say_nothing
    if kind_of(source) is Kind.XOR:
        return _convert_xor(source, target, base, wanted or "f16", tell)
    plan = _plan(source, base, wanted, family)
    return write_plan(plan, target, "converting", tell)


def _plan(source: Path, base: Path | None, wanted: str | None, family: Family | None) -> Plan:
    """The file that a source becomes."""
    kind = kind_of(source)
    if kind is Kind.GGML:
        return plan_ggml(source, family)
    if kind is Kind.HUGGINGFACE:
        return plan_huggingface(source, wanted or "f16")
    if kind is Kind.GPTQ:
        return plan_gptq(source, wanted or "f16")
    if kind in (Kind.LORA_PEFT, Kind.LORA_GGLA):
        return plan_adapter(source, base, wanted or "f32")
    if kind is Kind.GGUF:
        raise ConvertError(f"{source} is a GGUF file already; it can be played as it is.")
    if (
        source.suffix in (".safetensors", ".bin", ".pt")
        and (source.parent / "config.json").is_file()
    ):
        raise ConvertError(
            f"{source} is a part of a model; name the folder {source.parent} instead."
        )
    raise ConvertError(
        f"{source} is no model that can be converted; GGML files, Hugging Face folders, XOR folders, "
        "GPTQ folders and LoRA adapters can."
    )


def _convert_xor(
    source: Path, target: Path, base: Path | None, wanted: str, tell: OnProgress
) -> Path:
    """Decode XOR files beside the target, check them, convert them, and throw them away."""
    if base is None:
        raise ConvertError(
            f"{source} holds XOR files; name the folder of LLaMA's own weights as the base as well."
        )
    decoded = target.with_name(target.name + ".decoded")
    shutil.rmtree(decoded, ignore_errors=True)
    try:
        notes = decode_xor(source, base, decoded, on_progress=tell)
        report = check_md5(decoded, on_progress=tell)
        if report.list_name is not None and not report.right:
            raise ConvertError(" ".join((report.sentence, *notes)))
        if kind_of(decoded) is not Kind.HUGGINGFACE:
            raise ConvertError(
                " ".join(notes) or f"{source} did not decode to a model; check the base."
            )
        plan = plan_huggingface(decoded, wanted)
        plan.keys["general.name"] = source.name
        return write_plan(plan, target, "converting", tell)
    finally:
        shutil.rmtree(decoded, ignore_errors=True)
