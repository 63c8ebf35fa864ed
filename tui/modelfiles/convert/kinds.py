"""What kind of model a file or a folder is, from what is in it."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Any

from tui.modelfiles.convert.checkpoint import checkpoint_files, open_checkpoint
from tui.modelfiles.convert.errors import ConvertError

LARGEST_CONFIG = 4 * 1024 * 1024


class Kind(StrEnum):
    """The forms that models are published in."""

    GGUF = "gguf"
    GGML = "ggml"
    HUGGINGFACE = "huggingface"
    GPTQ = "gptq"
    LORA_PEFT = "lora_peft"
    LORA_GGLA = "lora_ggla"
    XOR = "xor"
    UNKNOWN = "unknown"


_MAGICS = {
    b"GGUF": Kind.GGUF,
    b"lmgg": Kind.GGML,
    b"fmgg": Kind.GGML,
    b"tjgg": Kind.GGML,
    b"algg": Kind.LORA_GGLA,
}


def kind_of(path: Path) -> Kind:
    """The kind of a file or folder; UNKNOWN also where it cannot be read."""
    try:
        if path.is_dir():
            return _kind_of_folder(path)
        with path.open("rb") as file:
            return _MAGICS.get(file.read(4), Kind.UNKNOWN)
    except OSError:
        return Kind.UNKNOWN


def _kind_of_folder(folder: Path) -> Kind:
    """A folder's kind: by its adapter's or its model's settings and its tensors' names."""
    if (folder / "adapter_config.json").is_file():
        return Kind.LORA_PEFT
    config_path = folder / "config.json"
    if not config_path.is_file():
        return Kind.UNKNOWN
    try:
        config = read_json(config_path)
    except ConvertError:
        return Kind.XOR if _is_noise(config_path) else Kind.UNKNOWN
    if not checkpoint_files(folder):
        return Kind.UNKNOWN
    return Kind.GPTQ if _is_gptq(folder, config) else Kind.HUGGINGFACE


def _is_gptq(folder: Path, config: dict[str, Any]) -> bool:
    """Whether a model is packed as GPTQ packs it; early ones say so only in their tensors' names."""
    quantisation = config.get("quantization_config")
    if isinstance(quantisation, dict):
        return quantisation.get("quant_method") == "gptq"
    try:
        return any(name.endswith(".qweight") for name in open_checkpoint(folder))
    except ConvertError:
        return False


def _is_noise(path: Path) -> bool:
    """Whether a file that should be JSON holds bytes that no text has: XOR of two texts does."""
    with path.open("rb") as file:
        start = file.read(64)
    return bool(start) and any(byte < 32 and byte not in b"\t\r\n" for byte in start)


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a small file; raises ConvertError."""
    try:
        if path.stat().st_size > LARGEST_CONFIG:
            raise ConvertError(f"{path} is too long for a settings file; is it the right file?")
        value = json.loads(path.read_bytes())
    except OSError as error:
        raise ConvertError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise ConvertError(f"{path} is not JSON; fetch the file again.") from error
    if not isinstance(value, dict):
        raise ConvertError(f"{path} is not a JSON object; fetch the file again.")
    return value
