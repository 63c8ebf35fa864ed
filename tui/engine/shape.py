"""The sizes of a model's network, as its file's header tells them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tui.gguf import GgufError, Header, Texts, read_header

_MOST_LAYERS = 1 << 14
_VOCABULARY = "tokenizer.ggml.tokens"


@dataclass(frozen=True, slots=True)
class NetworkShape:
    """The sizes that tell what a context of a model takes; counts and bytes."""

    architecture: str
    file_bytes: int
    n_layer: int
    n_head: int
    n_ctx_train: int
    n_embd: int
    n_vocab: int
    kv_elements_k: int
    kv_elements_v: int

    def kv_bytes_per_token(self, bytes_k: float, bytes_v: float) -> float:
        """What one token takes in the cache, all layers together."""
        return self.kv_elements_k * bytes_k + self.kv_elements_v * bytes_v


def read_shape(path: Path) -> NetworkShape | None:
    """The shape of a model file's network; None where the file does not tell it.

    Raises OSError where the file cannot be read.
    """
    try:
        return shape_of(read_header(path))
    except GgufError:
        return None


def shape_of(header: Header) -> NetworkShape | None:
    """The shape that a header tells; None where it says too little, or what cannot be."""
    try:
        return _shape(header)
    except (ValueError, KeyError, TypeError, OverflowError):
        return None


def _shape(header: Header) -> NetworkShape:
    """The same; raises what a value that is missing or of another kind raises."""
    values = header.values
    architecture = str(values["general.architecture"])

    def number(key: str, default: int | None = None) -> int:
        value = values.get(f"{architecture}.{key}", default)
        if isinstance(value, tuple):
            value = max(value, key=float)
        if value is None or isinstance(value, Texts):
            raise KeyError(key)
        return int(value)

    n_layer, n_embd, n_head = (
        number("block_count"),
        number("embedding_length"),
        number("attention.head_count"),
    )
    if not 0 <= n_layer <= _MOST_LAYERS:
        raise ValueError("more layers than any model has")
    heads = values.get(f"{architecture}.attention.head_count_kv")
    if isinstance(heads, tuple):
        n_head_kv = sum(int(one) for one in heads)
    else:
        n_head_kv = number("attention.head_count_kv", n_head) * n_layer
    head = n_embd // n_head if n_head else 0
    pieces = values.get(_VOCABULARY)
    return NetworkShape(
        architecture=architecture,
        file_bytes=header.file_bytes,
        n_layer=n_layer,
        n_head=n_head,
        n_ctx_train=number("context_length"),
        n_embd=n_embd,
        n_vocab=pieces.count if isinstance(pieces, Texts) else 0,
        kv_elements_k=n_head_kv * number("attention.key_length", head),
        kv_elements_v=n_head_kv * number("attention.value_length", head),
    )
