"""LoRA adapters as they were published: folders of PEFT, and `ggla` files of llama.cpp's first script.

That script never put q's and k's rows into the order of the model that they were added to, so what
players got from it in 2023 was another model than the one that was trained; here they are.
"""

from __future__ import annotations

import math
import re
import struct
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from tui.modelfiles.convert.adapter import LARGEST_RANK, Adapter, paired, read_gguf_adapter
from tui.modelfiles.convert.checkpoint import open_files
from tui.modelfiles.convert.errors import ConvertError
from tui.modelfiles.convert.ggml import gguf_name as name_from_meta
from tui.modelfiles.convert.ggml_file import Cursor, damaged, read_tensors
from tui.modelfiles.convert.huggingface import gguf_name as name_from_hf
from tui.modelfiles.convert.kinds import Kind, kind_of, read_json
from tui.modelfiles.convert.stored import Stored


class _PeftConfig(BaseModel):
    """What is read of an adapter_config.json."""

    peft_type: str = "LORA"
    r: Annotated[int, Field(ge=1, le=LARGEST_RANK)] = 8
    lora_alpha: Annotated[float, Field(ge=0, lt=1e9)] = 8
    fan_in_fan_out: bool = False
    use_rslora: bool = False
    use_dora: bool = False
    alpha_pattern: dict[str, Any] = {}


def read_adapter(path: Path, head_width: int) -> Adapter:
    """An adapter of any form, q and k in GGUF's order; raises ConvertError."""
    kind = kind_of(path)
    if kind is Kind.LORA_PEFT:
        return _read_peft(path, head_width)
    if kind is Kind.LORA_GGLA:
        return _read_ggla(path, head_width)
    if kind is Kind.GGUF:
        return read_gguf_adapter(path)
    raise ConvertError(
        f"{path} is not a LoRA adapter; a PEFT folder, a ggla or a GGUF file can be."
    )


def _read_peft(folder: Path, head_width: int) -> Adapter:
    """A folder of Hugging Face's PEFT."""
    config = _peft_config(folder)
    halves: dict[str, dict[str, Stored]] = {"lora_A": {}, "lora_B": {}}
    for name, tensor in open_files([_peft_file(folder)]).items():
        matched = re.fullmatch(
            r"(?:base_model\.model\.)?(.+)\.(lora_[AB])(?:\.default)?\.weight", name
        )
        target = name_from_hf(f"{matched[1]}.weight") if matched else ""
        if matched is None or not target.startswith("blk."):
            raise ConvertError(_strange(folder, name))
        halves[matched[2]][target] = tensor
    alpha = config.lora_alpha * (math.sqrt(config.r) if config.use_rslora else 1)
    return Adapter(folder, alpha, paired(folder, halves["lora_A"], halves["lora_B"], head_width))


def _peft_config(folder: Path) -> _PeftConfig:
    """The adapter's settings; raises ConvertError for kinds that llama.cpp does not have."""
    path = folder / "adapter_config.json"
    try:
        config = _PeftConfig.model_validate(
            {key: value for key, value in read_json(path).items() if value is not None}
        )
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])[:80]
        raise ConvertError(f"{path} is wrong at {where}; fetch the file again.") from error
    odd = config.use_dora or config.fan_in_fan_out or config.alpha_pattern
    if config.peft_type != "LORA" or odd:
        raise ConvertError(
            f"{folder} is an adapter of a kind that llama.cpp cannot add to a model; look for the "
            "merged model."
        )
    return config


def _peft_file(folder: Path) -> Path:
    """The adapter's weights, the safer form first."""
    for end in ("safetensors", "bin"):
        file = folder / f"adapter_model.{end}"
        if file.is_file():
            return file
    raise ConvertError(f"{folder} has no adapter_model.safetensors or .bin; fetch that too.")


def _read_ggla(path: Path, head_width: int) -> Adapter:
    """A `ggla` file: version 1, rank, alpha, then tensors as ggjt has them; `down` lies turned."""
    try:
        with path.open("rb") as file:
            cursor = Cursor(path, file)
            _, version = struct.unpack("<4sI", cursor.take(8))
            rank, alpha = cursor.numbers("2i")
            if version != 1 or not 0 < rank <= LARGEST_RANK:
                raise ConvertError(
                    damaged(path, "it is of an unknown version, or its rank is none")
                )
            tensors = read_tensors(path, cursor, "ggjt 3")
    except OSError as error:
        raise ConvertError(f"{path} cannot be read: {error.strerror}.") from error
    halves: dict[str, dict[str, Stored]] = {"loraA": {}, "loraB": {}}
    for name, tensor in tensors.items():
        matched = re.fullmatch(r"(.+\.weight)\.(lora[AB])", name)
        target = name_from_meta(matched[1]) if matched else ""
        if matched is None or not target.startswith("blk."):
            raise ConvertError(_strange(path, name))
        if tensor.type not in ("F32", "F16"):
            raise ConvertError(damaged(path, f"{name[:80]} is quantised"))
        halves[matched[2]][target] = Stored(name, tensor.shape, tensor.type, path, tensor.offset)
    pairs = paired(path, halves["loraA"], halves["loraB"], head_width, down_turned=True)
    return Adapter(path, float(alpha), pairs)


def _strange(path: Path, name: str) -> str:
    """The sentence for a tensor that llama.cpp cannot add."""
    return f"{path} changes {name[:80]}, which an adapter of llama.cpp cannot; look for the merged model."
