"""Writes Hugging Face folders, from the facts of their formats and with none of the program's code."""

from __future__ import annotations

import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.modelfiles.convert.small import Floats, Small, Weights, merged, pieces

STORAGES = {"F32": "FloatStorage", "F16": "HalfStorage", "BF16": "BFloat16Storage"}


def write_folder(
    folder: Path, small: Small, kind: str = "F16", form: str = "safetensors", **config: Any
) -> Small:
    """Write a model's folder with a tokenizer.model; the network that it holds after rounding."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {name: stored(weight, kind) for name, weight in small.weights.items()}
    if form == "safetensors":
        write_safetensors(folder / "model.safetensors", tensors, kind)
    else:
        half = len(tensors) // 2
        for number, part in enumerate((list(tensors)[:half], list(tensors)[half:]), 1):
            path = folder / f"pytorch_model-0000{number}-of-00002.bin"
            write_torch(path, {name: tensors[name] for name in part}, kind)
    write_config(folder, small, **config)
    (folder / "tokenizer.model").write_bytes(tokenizer_model())
    return small.with_weights({name: rounded(w, kind) for name, w in small.weights.items()})


def write_config(folder: Path, small: Small, **more: Any) -> None:
    """The network's sizes."""
    config = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": small.n_embd,
        "intermediate_size": small.n_ff,
        "num_hidden_layers": small.n_layer,
        "num_attention_heads": small.n_head,
        "num_key_value_heads": small.n_head_kv,
        "max_position_embeddings": small.n_ctx,
        "rms_norm_eps": small.eps,
        "rope_theta": small.rope_base,
        "vocab_size": len(pieces()),
        "bos_token_id": 1,
        "eos_token_id": 2,
    }
    (folder / "config.json").write_text(json.dumps(config | more, indent=2) + "\n")


def stored(weight: Floats, kind: str) -> NDArray[Any]:
    """The numbers as a file holds them."""
    if kind == "BF16":
        return ((weight.view(np.uint32) + 0x8000) >> 16).astype("<u2")
    return weight.astype({"F32": "<f4", "F16": "<f2"}[kind])


def rounded(weight: Floats, kind: str) -> Floats:
    """What those numbers are."""
    if kind == "BF16":
        return (stored(weight, kind).astype(np.uint32) << 16).view(np.float32)
    return stored(weight, kind).astype(np.float32)


def write_safetensors(
    path: Path, tensors: dict[str, NDArray[Any]], kind: str | None = None
) -> None:
    """One safetensors file; of a BF16 one the numbers are given as u16."""
    names = {"f4": "F32", "f2": "F16", "i4": "I32", "u2": "BF16"}
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    at = 0
    for name, tensor in tensors.items():
        dtype = kind or names[tensor.dtype.str[1:]]
        header[name] = {
            "dtype": dtype,
            "shape": list(tensor.shape),
            "data_offsets": [at, at + tensor.nbytes],
        }
        at += tensor.nbytes
    text = json.dumps(header).encode()
    body = b"".join(tensor.tobytes() for tensor in tensors.values())
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)


def write_torch(path: Path, tensors: dict[str, NDArray[Any]], kind: str) -> None:
    """One checkpoint as PyTorch saves a state dictionary, with the two first tensors in one storage."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickled(tensors, STORAGES[kind]))
        for number, tensor in enumerate(tensors.values()):
            archive.writestr(f"archive/data/{number}", tensor.tobytes())
        archive.writestr("archive/version", "3\n")


def pickled(tensors: dict[str, NDArray[Any]], storage: str) -> bytes:
    """A state dictionary's pickle, opcode by opcode."""
    empty = b"ccollections\nOrderedDict\n)R"
    made = b"\x80\x02" + empty
    for number, (name, tensor) in enumerate(tensors.items()):
        strides = [stride // tensor.itemsize for stride in tensor.strides]
        made += text(name) + b"ctorch._utils\n_rebuild_tensor_v2\n(("
        made += text("storage") + f"ctorch\n{storage}\n".encode() + text(str(number))
        made += text("cpu") + whole(tensor.size) + b"tQ" + whole(0)
        made += sizes(tensor.shape) + sizes(strides) + b"\x89" + empty + b"tRs"
    return made + b"}" + text("_metadata") + empty + b"sb."


def text(value: str) -> bytes:
    """A text's opcode."""
    return b"X" + struct.pack("<I", len(value.encode())) + value.encode()


def whole(value: int) -> bytes:
    """A number's opcode."""
    return b"J" + struct.pack("<i", value)


def sizes(values: Any) -> bytes:
    """A tuple's opcodes."""
    return b"(" + b"".join(whole(value) for value in values) + b"t"


def tokenizer_model() -> bytes:
    """The vocabulary as SentencePiece stores it."""
    made = b""
    for piece, score, kind in pieces():
        body = field(1, piece.encode()) + b"\x15" + struct.pack("<f", score)
        made += field(1, body + b"\x18" + bytes([kind]))
    trainer = (
        b"\x18\x02" + number(40, 0) + number(41, 1) + number(42, 2) + number(43, (1 << 64) - 1)
    )
    return made + field(2, trainer) + field(3, field(1, b"identity") + b"\x18\x01")


def field(tag: int, raw: bytes) -> bytes:
    """A protocol buffer's field of bytes."""
    return varint(tag << 3 | 2) + varint(len(raw)) + raw


def number(tag: int, value: int) -> bytes:
    """A protocol buffer's field of a whole number."""
    return varint(tag << 3) + varint(value)


def varint(value: int) -> bytes:
    """A number of variable length."""
    made = b""
    while value > 127:
        made += bytes([value & 127 | 128])
        value >>= 7
    return made + bytes([value])


def tokenizer_json() -> dict[str, Any]:
    """The same vocabulary as `tokenizers` stores it, with a merge for every way to make a piece."""
    known = {piece for piece, _, _ in pieces()}
    merges = [
        f"{piece[:cut]} {piece[cut:]}"
        for piece in merged()
        for cut in range(1, len(piece))
        if piece[:cut] in known and piece[cut:] in known
    ]
    return {
        "added_tokens": [
            {"id": place, "content": piece, "special": True}
            for place, (piece, _, _) in enumerate(pieces()[:3])
        ],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Prepend", "prepend": "\u2581"},
                {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"},
            ],
        },
        "model": {
            "type": "BPE",
            "unk_token": "<unk>",
            "byte_fallback": True,
            "vocab": {piece: place for place, (piece, _, _) in enumerate(pieces())},
            "merges": merges,
        },
    }


def write_adapter(
    folder: Path,
    pairs: dict[str, tuple[Floats, Floats]],
    *,
    rank: int,
    alpha: int,
    form: str = "safetensors",
    **more: Any,
) -> None:
    """A PEFT adapter of some modules, each with its A (rank, in) and B (out, rank)."""
    folder.mkdir()
    tensors: Weights = {}
    for module, (down, up) in pairs.items():
        tensors[f"base_model.model.{module}.lora_A.weight"] = down
        tensors[f"base_model.model.{module}.lora_B.weight"] = up
    if form == "safetensors":
        write_safetensors(folder / "adapter_model.safetensors", tensors, "F32")
    else:
        write_torch(folder / "adapter_model.bin", tensors, "F32")
    config = {"peft_type": "LORA", "r": rank, "lora_alpha": alpha, "fan_in_fan_out": False, **more}
    (folder / "adapter_config.json").write_text(json.dumps(config))
