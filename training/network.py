"""The pocket storyteller's network: the LLaMA architecture as llama.cpp reads it, in PyTorch.

RMSNorm before each part, rotary positions on neighbouring pairs (llama.cpp's "normal" rope, so
that no weight has to be permuted on export), grouped key and value heads, SwiGLU, and an output
matrix that is the embedding's own (llama.cpp uses `token_embd.weight` where a file has no
`output.weight`).
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as functional
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of a network; every width is a multiple of 32, as Q8_0 blocks want it."""

    vocab: int = 3072
    width: int = 256
    layers: int = 8
    heads: int = 8
    kv_heads: int = 4
    hidden: int = 640
    context: int = 2048
    rope_base: float = 10000.0
    norm_eps: float = 1e-5

    @property
    def head(self) -> int:
        """Width of one attention head."""
        return self.width // self.heads

    def as_dict(self) -> dict[str, float]:
        """Plain numbers for a checkpoint."""
        return asdict(self)


def rope_table(shape: Shape, positions: int) -> Tensor:
    """Cosines and sines of every position, shape (2, positions, head / 2)."""
    steps = torch.arange(0, shape.head, 2, dtype=torch.float64) / shape.head
    angles = torch.outer(torch.arange(positions, dtype=torch.float64), shape.rope_base**-steps)
    return torch.stack((angles.cos(), angles.sin())).float()


def rotate(heads: Tensor, table: Tensor) -> Tensor:
    """Turn neighbouring pairs of (batch, heads, positions, head) by each position's angles."""
    even, odd = heads[..., 0::2], heads[..., 1::2]
    cos, sin = table[0], table[1]
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), dim=-1).flatten(-2)


class Norm(nn.Module):
    """Root-mean-square normalisation with a learned gain."""

    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """Normalise the last dimension."""
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps) * self.weight


class Block(nn.Module):
    """One layer: causal attention, then the gated feed-forward part."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        kv = shape.kv_heads * shape.head
        self.attn_norm = Norm(shape.width, shape.norm_eps)
        self.attn_q = nn.Linear(shape.width, shape.width, bias=False)
        self.attn_k = nn.Linear(shape.width, kv, bias=False)
        self.attn_v = nn.Linear(shape.width, kv, bias=False)
        self.attn_output = nn.Linear(shape.width, shape.width, bias=False)
        self.ffn_norm = Norm(shape.width, shape.norm_eps)
        self.ffn_gate = nn.Linear(shape.width, shape.hidden, bias=False)
        self.ffn_up = nn.Linear(shape.width, shape.hidden, bias=False)
        self.ffn_down = nn.Linear(shape.hidden, shape.width, bias=False)

    def attend(self, x: Tensor, table: Tensor) -> Tensor:
        """Causal attention over (batch, positions, width)."""
        batch, length, _ = x.shape
        size = self.shape.head
        query = self.attn_q(x).view(batch, length, self.shape.heads, size).transpose(1, 2)
        key = self.attn_k(x).view(batch, length, self.shape.kv_heads, size).transpose(1, 2)
        value = self.attn_v(x).view(batch, length, self.shape.kv_heads, size).transpose(1, 2)
        query, key = rotate(query, table), rotate(key, table)
        groups = self.shape.heads // self.shape.kv_heads
        if groups > 1:
            key = key.repeat_interleave(groups, dim=1)
            value = value.repeat_interleave(groups, dim=1)
        mixed = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        return self.attn_output(mixed.transpose(1, 2).reshape(batch, length, -1))

    def forward(self, x: Tensor, table: Tensor) -> Tensor:
        """Add what attention and the feed-forward part say to the stream."""
        x = x + self.attend(self.attn_norm(x), table)
        inner = self.ffn_norm(x)
        return x + self.ffn_down(functional.silu(self.ffn_gate(inner)) * self.ffn_up(inner))


class Network(nn.Module):
    """Token ids in, logits out, for a whole stretch at once."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.token_embd = nn.Embedding(shape.vocab, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.output_norm = Norm(shape.width, shape.norm_eps)
        self.register_buffer("rope", rope_table(shape, shape.context), persistent=False)
        self.start()

    def start(self) -> None:
        """Begin small: what each layer adds starts at a scale that its depth can bear."""
        nn.init.normal_(self.token_embd.weight, std=0.02)
        for name, weight in self.named_parameters():
            if weight.ndim < 2 or name.startswith("token_embd"):
                continue
            deep = name.endswith(("attn_output.weight", "ffn_down.weight"))
            std = weight.shape[1] ** -0.5 / (math.sqrt(2 * self.shape.layers) if deep else 1)
            nn.init.normal_(weight, std=std)

    def hidden(self, tokens: Tensor) -> Tensor:
        """The normalised stream after the last layer, (batch, positions, width)."""
        table: Tensor = self.rope[:, : tokens.shape[1]]
        x = self.token_embd(tokens)
        for block in self.blocks:
            x = block(x, table)
        return self.output_norm(x)

    def forward(self, tokens: Tensor) -> Tensor:
        """Logits of the next token at every position."""
        return functional.linear(self.hidden(tokens), self.token_embd.weight)

    def loss(self, tokens: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
        """Mean cross-entropy where `weights` is above zero; other logits are never made."""
        stream = self.hidden(tokens).flatten(0, 1)
        counted = weights.flatten().nonzero().squeeze(1)
        logits = functional.linear(stream[counted], self.token_embd.weight)
        each = functional.cross_entropy(
            logits.float(), targets.flatten()[counted], reduction="none"
        )
        share = weights.flatten()[counted]
        return (each * share).sum() / share.sum()


def parameter_count(network: Network) -> int:
    """All weights, the embedding once."""
    return sum(weight.numel() for weight in network.parameters())
