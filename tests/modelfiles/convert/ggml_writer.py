"""Writes GGML's old containers, from the facts of their formats and with none of the program's code."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from numpy.typing import NDArray

from tests.modelfiles.convert.small import Floats, Small, pieces

TYPES = {
    "F32": 0,
    "F16": 1,
    "Q4_0": 2,
    "Q4_1": 3,
    "Q5_0": 6,
    "Q5_1": 7,
    "Q8_0": 8,
    "Q2_K": 10,
    "Q3_K": 11,
    "Q4_K": 12,
    "Q5_K": 13,
    "Q6_K": 14,
}
FILE_TYPES = {
    "F32": 0,
    "F16": 1,
    "Q4_0": 2,
    "Q4_1": 3,
    "Q8_0": 7,
    "Q5_0": 8,
    "Q5_1": 9,
    "Q2_K": 10,
    "Q3_K": 12,
    "Q4_K": 15,
    "Q5_K": 17,
    "Q6_K": 18,
}
MAGICS: dict[str, tuple[bytes, int | None]] = {
    "ggml": (b"lmgg", None),
    "ggmf": (b"fmgg", 1),
    "ggjt 1": (b"tjgg", 1),
    "ggjt 2": (b"tjgg", 2),
    "ggjt 3": (b"tjgg", 3),
}
NAMES = {
    "self_attn.q_proj": "attention.wq",
    "self_attn.k_proj": "attention.wk",
    "self_attn.v_proj": "attention.wv",
    "self_attn.o_proj": "attention.wo",
    "mlp.gate_proj": "feed_forward.w1",
    "mlp.down_proj": "feed_forward.w2",
    "mlp.up_proj": "feed_forward.w3",
    "input_layernorm": "attention_norm",
    "post_attention_layernorm": "ffn_norm",
    "model.embed_tokens": "tok_embeddings",
    "model.norm": "norm",
    "lm_head": "output",
    "model.layers": "layers",
}


def write_ggml(path: Path, small: Small, container: str, kind: str) -> Small:
    """Write a model and return the network that the file really holds, after rounding."""
    file, rounded = bytearray(header(small, container, kind)), {}
    for name, weight in small.weights.items():
        tensor_kind = kind if weight.ndim == 2 else "F32"
        raw, back = packed(weight, tensor_kind, container)
        rounded[name] = back
        stored, _ = packed(interleaved(small, name, weight), tensor_kind, container)
        add_tensor(file, old_name(name), weight.shape, TYPES[tensor_kind], stored, container)
        assert len(raw) == len(stored)
    path.write_bytes(file)
    return small.with_weights(rounded)


def header(small: Small, container: str, kind: str) -> bytes:
    """Everything before the tensors."""
    magic, version = MAGICS[container]
    made = magic + (b"" if version is None else struct.pack("<I", version))
    sizes = (len(pieces()), small.n_embd, 256, small.n_head, small.n_layer, small.head_width)
    made += struct.pack("<7I", *sizes, FILE_TYPES[kind])
    for place, (piece, score, _) in enumerate(pieces()):
        text = piece.replace("\u2581", " ").encode()
        if place < 3:
            text = (" \u2047 ".encode(), b"", b"")[place]
        elif place < 259:
            text = bytes([place - 3])
        made += struct.pack("<I", len(text)) + text
        made += b"" if container == "ggml" else struct.pack("<f", score)
    return made


def add_tensor(
    file: bytearray, name: str, shape: tuple[int, ...], kind: int, raw: bytes, container: str
) -> None:
    """Put a tensor at the end."""
    text = name.encode()
    file += struct.pack("<3I", len(shape), len(text), kind)
    file += struct.pack(f"<{len(shape)}I", *reversed(shape)) + text
    if container.startswith("ggjt"):
        file += bytes(-len(file) % 32)
    file += raw


def old_name(name: str) -> str:
    """Meta's name for a tensor."""
    for new, old in NAMES.items():
        name = name.replace(new, old)
    return name


def interleaved(small: Small, name: str, weight: Floats) -> Floats:
    """A weight as Meta had it, with neighbours turned together where Hugging Face turns halves."""
    if "q_proj" not in name and "k_proj" not in name:
        return weight
    halves = weight.reshape(-1, 2, small.head_width // 2, weight.shape[1])
    return halves.swapaxes(1, 2).reshape(weight.shape)


def packed(weight: Floats, kind: str, container: str) -> tuple[bytes, Floats]:
    """A tensor's bytes in its container, and the numbers that they stand for today."""
    if kind == "F32":
        return weight.tobytes(), weight
    if kind == "F16":
        return weight.astype("<f2").tobytes(), weight.astype("<f2").astype(np.float32)
    quant = gguf.GGMLQuantizationType[kind]
    blocks = quantised(weight, quant)
    back = gguf.quants.dequantize(blocks, quant).astype(np.float32).reshape(weight.shape)
    if container in ("ggjt 1", "ggjt 2"):
        size = gguf.GGML_QUANT_SIZES[quant][1]
        return older(blocks.reshape(-1, size), kind, container).tobytes(), back
    return blocks.tobytes(), back


def quantised(weight: Floats, quant: gguf.GGMLQuantizationType) -> NDArray[np.uint8]:
    """Today's blocks; of K-quants, which only llama.cpp makes, believable ones at random."""
    if not quant.name.endswith("_K"):
        return gguf.quants.quantize(weight, quant)
    n_blocks, size = weight.size // 256, gguf.GGML_QUANT_SIZES[quant][1]
    chance = np.random.default_rng(weight.size + len(weight))
    made = chance.integers(0, 256, (n_blocks, size), dtype=np.uint8)
    places = {"Q2_K": (80, 82), "Q3_K": (108,), "Q4_K": (0, 2), "Q5_K": (0, 2), "Q6_K": (208,)}
    for place in places[quant.name]:
        scales = np.full((n_blocks, 1), 3e-5 if quant.name == "Q6_K" else 2e-4, "<f2")
        made[:, place : place + 2] = scales.view(np.uint8)
    raw = made.reshape(len(weight), -1)
    size_now = float(np.std(gguf.quants.dequantize(raw, quant)))
    factor = np.float16(float(np.std(weight)) / size_now)
    for place in places[quant.name]:
        scales = made[:, place : place + 2].copy().view("<f2") * factor
        made[:, place : place + 2] = scales.astype("<f2").view(np.uint8)
    return made.reshape(len(weight), -1)


def older(blocks: NDArray[np.uint8], kind: str, container: str) -> NDArray[np.uint8]:
    """Today's blocks as ggjt 1 or 2 had them."""
    heads = {"Q4_0": 2, "Q4_1": 4, "Q5_0": 6, "Q5_1": 8, "Q8_0": 2}
    head, body = blocks[:, : heads[kind]], blocks[:, heads[kind] :]
    if kind in ("Q4_0", "Q4_1", "Q8_0"):
        head = np.ascontiguousarray(head).view("<f2").astype("<f4").view(np.uint8)
    if container == "ggjt 1" and kind != "Q8_0":
        weights: NDArray[Any] = np.concatenate([body & 15, body >> 4], axis=1)
        body = (weights[:, 0::2] | (weights[:, 1::2] << 4)).astype(np.uint8)
    return np.concatenate([head, body], axis=1)
