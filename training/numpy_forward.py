"""The pocket storyteller's forward pass in plain NumPy, read from its GGUF.

It says in a page what the network is, and the tests hold llama.cpp's logits against it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gguf
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Forward:
    """A LLaMA network whose GGUF is small enough to hold as float32."""

    def __init__(self, path: Path) -> None:
        reader = gguf.GGUFReader(path)
        self._weights: dict[str, Floats] = {
            tensor.name: _floats(tensor.data, tensor.tensor_type) for tensor in reader.tensors
        }
        self._layers = int(_field(reader, "llama.block_count"))
        self._heads = int(_field(reader, "llama.attention.head_count"))
        self._kv_heads = int(_field(reader, "llama.attention.head_count_kv"))
        self._base = float(_field(reader, "llama.rope.freq_base"))
        self._eps = float(_field(reader, "llama.attention.layer_norm_rms_epsilon"))

    def logits(self, tokens: list[int]) -> Floats:
        """Logits of the next token after each of `tokens`, shape (tokens, vocabulary)."""
        x = self._weights["token_embd.weight"][tokens]
        for layer in range(self._layers):
            x = x + self._attend(layer, self._normed(x, f"blk.{layer}.attn_norm"))
            inner = self._normed(x, f"blk.{layer}.ffn_norm")
            gate = self._times(inner, layer, "ffn_gate")
            up = self._times(inner, layer, "ffn_up")
            x = x + self._times(gate / (1 + np.exp(-gate)) * up, layer, "ffn_down")
        head = self._weights.get("output.weight", self._weights["token_embd.weight"])
        return self._normed(x, "output_norm") @ head.T

    def _times(self, x: Floats, layer: int, name: str) -> Floats:
        return x @ self._weights[f"blk.{layer}.{name}.weight"].T

    def _normed(self, x: Floats, name: str) -> Floats:
        size = np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + self._eps)
        return x / size * self._weights[f"{name}.weight"]

    def _attend(self, layer: int, x: Floats) -> Floats:
        length = len(x)
        query = self._turned(self._times(x, layer, "attn_q").reshape(length, self._heads, -1))
        key = self._turned(self._times(x, layer, "attn_k").reshape(length, self._kv_heads, -1))
        value = self._times(x, layer, "attn_v").reshape(length, self._kv_heads, -1)
        groups = self._heads // self._kv_heads
        key, value = np.repeat(key, groups, axis=1), np.repeat(value, groups, axis=1)
        scores = np.einsum("qhd,khd->hqk", query, key) / np.sqrt(query.shape[-1])
        scores += np.triu(np.full((length, length), -np.inf, np.float32), 1)
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed = np.einsum("hqk,khd->qhd", scores, value).reshape(length, -1)
        return self._times(mixed, layer, "attn_output")

    def _turned(self, heads: Floats) -> Floats:
        """Rotary positions on neighbouring pairs of (positions, heads, width)."""
        length, _, width = heads.shape
        steps = self._base ** (-np.arange(0, width, 2) / width)
        angles = (np.arange(length)[:, None] * steps)[:, None, :]
        even, odd = heads[..., 0::2], heads[..., 1::2]
        turned = np.empty_like(heads)
        turned[..., 0::2] = even * np.cos(angles) - odd * np.sin(angles)
        turned[..., 1::2] = even * np.sin(angles) + odd * np.cos(angles)
        return turned


def weights_of(path: Path) -> dict[str, Floats]:
    """The weights of a GGUF of ours, by the names that `network.py` has for them."""
    return {
        tensor.name.replace("blk.", "blocks."): _floats(tensor.data, tensor.tensor_type).copy()
        for tensor in gguf.GGUFReader(path).tensors
    }


def _field(reader: gguf.GGUFReader, key: str) -> float:
    field = reader.get_field(key)
    if field is None:
        raise KeyError(key)
    return float(field.contents())


def _floats(data: NDArray[Any], kind: gguf.GGMLQuantizationType) -> Floats:
    return np.asarray(gguf.quants.dequantize(data, kind), dtype=np.float32)
