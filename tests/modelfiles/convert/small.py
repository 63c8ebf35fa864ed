"""A LLaMA of a hundred thousand random weights, its vocabulary, and its forward pass in plain NumPy.

The weights have Hugging Face's names and order; every form that the tests convert is written from
them, and every result is held against `Small.logits`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Weights = dict[str, Floats]

WORDS = ["the", "you", "door", "lamp", "key", "and", "open", "<|user|>", "dark"]
CHARACTERS = [
    "\u2581",
    *"abcdefghijklmnopqrstuvwxyz",
    *"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    *"<|>.,'!?-\n",
]


@dataclass(frozen=True)
class Small:
    """A network and its weights."""

    n_head_kv: int = 4
    n_ctx: int = 2048
    eps: float = 1e-6
    n_embd: int = 64
    n_head: int = 4
    n_ff: int = 128
    n_layer: int = 2
    rope_base: float = 10000.0
    seed: int = 7
    replaced: Weights = field(default_factory=dict[str, Floats])

    @property
    def head_width(self) -> int:
        """Numbers in a head."""
        return self.n_embd // self.n_head

    @cached_property
    def weights(self) -> Weights:
        """All weights by Hugging Face's names, loud enough that every one of them matters."""
        chance = np.random.default_rng(self.seed)
        kv, vocabulary = self.n_head_kv * self.head_width, len(pieces())

        def matrix(rows: int, columns: int, gain: float) -> Floats:
            made = chance.standard_normal((rows, columns), dtype=np.float32)
            return made * np.float32(gain / columns**0.5)

        def norm() -> Floats:
            return 1 + 0.3 * chance.standard_normal(self.n_embd, dtype=np.float32)

        made = {"model.embed_tokens.weight": matrix(vocabulary, self.n_embd, 8.0)}
        for layer in range(self.n_layer):
            made |= {
                f"model.layers.{layer}.{name}.weight": weight
                for name, weight in {
                    "input_layernorm": norm(),
                    "self_attn.q_proj": matrix(self.n_embd, self.n_embd, 2.0),
                    "self_attn.k_proj": matrix(kv, self.n_embd, 2.0),
                    "self_attn.v_proj": matrix(kv, self.n_embd, 1.5),
                    "self_attn.o_proj": matrix(self.n_embd, self.n_embd, 1.5),
                    "post_attention_layernorm": norm(),
                    "mlp.gate_proj": matrix(self.n_ff, self.n_embd, 1.0),
                    "mlp.up_proj": matrix(self.n_ff, self.n_embd, 1.0),
                    "mlp.down_proj": matrix(self.n_embd, self.n_ff, 1.0),
                }.items()
            }
        made["model.norm.weight"] = norm()
        made["lm_head.weight"] = matrix(vocabulary, self.n_embd, 2.5)
        return made | self.replaced

    def with_weights(self, replaced: Weights) -> Small:
        """The same network with other weights in some places."""
        return replace(self, replaced={**self.replaced, **replaced})

    def logits(self, tokens: list[int]) -> Floats:
        """Logits after each token, shape (tokens, vocabulary)."""
        x = self.weights["model.embed_tokens.weight"][tokens].astype(np.float64)
        for layer in range(self.n_layer):
            x = x + self._attend(layer, self._normed(x, f"model.layers.{layer}.input_layernorm"))
            inner = self._normed(x, f"model.layers.{layer}.post_attention_layernorm")
            gate = inner @ self._weight(layer, "mlp.gate_proj").T
            up = inner @ self._weight(layer, "mlp.up_proj").T
            x = x + (gate / (1 + np.exp(-gate)) * up) @ self._weight(layer, "mlp.down_proj").T
        return (self._normed(x, "model.norm") @ self.weights["lm_head.weight"].T).astype(np.float32)

    def _weight(self, layer: int, name: str) -> Floats:
        return self.weights[f"model.layers.{layer}.{name}.weight"]

    def _normed(self, x: NDArray[Any], name: str) -> NDArray[Any]:
        size = np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + self.eps)
        return x / size * self.weights[f"{name}.weight"]

    def _attend(self, layer: int, x: NDArray[Any]) -> NDArray[Any]:
        length, width = len(x), self.head_width
        query = _turned(
            (x @ self._weight(layer, "self_attn.q_proj").T).reshape(length, -1, width),
            self.rope_base,
        )
        key = _turned(
            (x @ self._weight(layer, "self_attn.k_proj").T).reshape(length, -1, width),
            self.rope_base,
        )
        value = (x @ self._weight(layer, "self_attn.v_proj").T).reshape(length, -1, width)
        groups = self.n_head // self.n_head_kv
        key, value = np.repeat(key, groups, axis=1), np.repeat(value, groups, axis=1)
        scores = np.einsum("qhd,khd->hqk", query, key) / np.sqrt(width)
        scores += np.triu(np.full((length, length), -np.inf), 1)
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed = np.einsum("hqk,khd->qhd", scores, value).reshape(length, -1)
        return mixed @ self._weight(layer, "self_attn.o_proj").T


def _turned(heads: NDArray[Any], base: float) -> NDArray[Any]:
    """Rotary positions as Hugging Face has them: each head's halves are turned together."""
    length, _, width = heads.shape
    steps = base ** (-np.arange(0, width, 2) / width)
    angles = (np.arange(length)[:, None] * steps)[:, None, :]
    first, second = heads[..., : width // 2], heads[..., width // 2 :]
    return np.concatenate(
        [
            first * np.cos(angles) - second * np.sin(angles),
            second * np.cos(angles) + first * np.sin(angles),
        ],
        axis=-1,
    )


def merged() -> list[str]:
    """The pieces of more than one character, in the order in which they are merged."""
    made: dict[str, None] = {}
    for word in WORDS:
        made |= {word[:length]: None for length in range(2, len(word) + 1)}
    return [*made, *(f"\u2581{word}" for word in WORDS)]


def pieces() -> list[tuple[str, float, int]]:
    """The vocabulary: piece, score and SentencePiece's type, as LLaMA's own is made."""
    made = [("<unk>", 0.0, 2), ("<s>", 0.0, 3), ("</s>", 0.0, 3)]
    made += [(f"<0x{value:02X}>", 0.0, 6) for value in range(256)]
    texts = [*merged(), *CHARACTERS]
    return made + [(text, float(-rank), 1) for rank, text in enumerate(texts)]
