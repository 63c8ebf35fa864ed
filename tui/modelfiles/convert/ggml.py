"""GGML files to GGUF: the weights byte for byte where the layout is today's, re-laid where not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np

from tui.modelfiles.convert.blocks import old_block
from tui.modelfiles.convert.errors import ConvertError
from tui.modelfiles.convert.ggml_file import GgmlFile, GgmlTensor, damaged, read_ggml
from tui.modelfiles.convert.gguf_out import Plan, Planned
from tui.modelfiles.convert.llama import BYTE, CONTROL, NORMAL, UNKNOWN, LlamaShape, Vocabulary
from tui.modelfiles.convert.stored import read_at, spans

Family = Literal["llama-1", "llama-2"]

_CONSTANTS: dict[Family | None, tuple[int, float]] = {
    "llama-1": (2048, 1e-6),
    "llama-2": (4096, 1e-5),
    None: (2048, 5e-6),
}
"""Context and epsilon, which the files do not tell; where it is not known which LLaMA it is, the
smaller context and the epsilon between the two that llama.cpp used itself."""

_LLAMA_2 = re.compile(
    r"llama[-_. ]?2(?!\d)|(?<![a-z])l2(?![a-z0-9])|limarp|mythomax|pygmalion[-_. ]?2(?!\d)",
    re.IGNORECASE,
)
_LLAMA_1 = re.compile(r"(metharme|pygmalion)[-_. ]?(7|13)b", re.IGNORECASE)
_LARGE = (60, 80)
"""How many layers LLaMA 1 has with 33B and 65B; Llama 2 with 70B has 80 too, but shares heads."""

_NAMES = {
    "tok_embeddings": "token_embd",
    "norm": "output_norm",
    "output": "output",
    "attention.wq": "attn_q",
    "attention.wk": "attn_k",
    "attention.wv": "attn_v",
    "attention.wo": "attn_output",
    "attention_norm": "attn_norm",
    "feed_forward.w1": "ffn_gate",
    "feed_forward.w2": "ffn_down",
    "feed_forward.w3": "ffn_up",
    "ffn_norm": "ffn_norm",
}


def plan_ggml(path: Path, family: Family | None = None) -> Plan:
    """The GGUF file that a GGML file becomes; raises ConvertError."""
    source = read_ggml(path)
    shape = _shape(source, family or _guessed_family(source))
    found = {gguf_name(name): tensor for name, tensor in source.tensors.items()}
    plan = Plan()
    plan.keys |= shape.keys(path.stem, source.file_type % 1000)
    vocabulary = _vocabulary(source)
    if vocabulary.lacks_bytes:
        raise ConvertError(damaged(path, "its vocabulary lacks pieces for single bytes"))
    plan.keys |= vocabulary.keys()
    for name, wanted in shape.tensor_shapes().items():
        tensor = found.pop(name, None)
        if tensor is None:
            raise ConvertError(
                f"{path} lacks {name}; it is cut short, or not a LLaMA model: fetch it again."
            )
        if tensor.shape != wanted:
            raise ConvertError(_odd_shape(path, tensor, wanted))
        plan.tensors.append(_planned(source, name, tensor))
    if found:
        raise ConvertError(damaged(path, f"it has a tensor {next(iter(found))[:80]}"))
    return plan


def gguf_name(name: str) -> str:
    """Today's name of a tensor; the old one where there is none."""
    matched = re.fullmatch(r"(?:layers\.(\d{1,4})\.)?([a-z_0-9.]+)\.weight", name)
    if matched is None or matched[2] not in _NAMES:
        return name
    block = "" if matched[1] is None else f"blk.{int(matched[1])}."
    return f"{block}{_NAMES[matched[2]]}.weight"


def _guessed_family(source: GgmlFile) -> Family | None:
    """Which LLaMA a file holds: by its container's date, its sizes, or what it is called."""
    if source.container != "ggjt 3":
        return "llama-1"
    keys = source.tensors.get("layers.0.attention.wk.weight")
    if keys is not None and keys.shape[0] < source.n_embd:
        return "llama-2"
    if source.n_layer in _LARGE:
        return "llama-1"
    if _LLAMA_2.search(source.path.stem):
        return "llama-2"
    return "llama-1" if _LLAMA_1.search(source.path.stem) else None


def _shape(source: GgmlFile, family: Family | None) -> LlamaShape:
    """The network's sizes, some of which only the tensors tell."""
    width = source.n_embd // source.n_head
    inner = source.tensors.get("layers.0.feed_forward.w1.weight")
    keys = source.tensors.get("layers.0.attention.wk.weight")
    if inner is None or keys is None:
        raise ConvertError(
            f"{source.path} lacks its first layer; it is cut short, or not a LLaMA model: fetch it "
            "again."
        )
    n_ctx, eps = _CONSTANTS[family]
    n_head_kv = keys.shape[0] // width
    if keys.shape[0] % width or not n_head_kv or source.n_head % n_head_kv:
        raise ConvertError(_odd_shape(source.path, keys, (source.n_embd, source.n_embd)))
    return LlamaShape(
        n_vocab=source.n_vocab,
        n_embd=source.n_embd,
        n_layer=source.n_layer,
        n_ff=inner.shape[0],
        n_head=source.n_head,
        n_head_kv=n_head_kv,
        head_width=width,
        n_ctx=n_ctx,
        eps=eps,
    )


def _odd_shape(path: Path, tensor: GgmlTensor, wanted: tuple[int, ...]) -> str:
    """The sentence for a tensor of the wrong size, which parts of one model have."""
    found, right = (" x ".join(map(str, shape)) for shape in (tensor.shape, wanted))
    return (
        f"{path} has {tensor.name[:80]} of {found} where {right} belongs; it is damaged, or one of "
        "several parts: look for the model as one file."
    )


def _vocabulary(source: GgmlFile) -> Vocabulary:
    """The vocabulary with spaces, bytes and control pieces marked as they are today."""
    made = Vocabulary([], [], [])
    for place, piece in enumerate(source.pieces):
        score = float(258 - place) if source.scores is None else source.scores[place]
        text = piece.decode("utf-8", "replace").replace(" ", "\u2581")
        if place < 3:
            made.add(("<unk>", "<s>", "</s>")[place], 0.0, UNKNOWN if place == 0 else CONTROL)
        elif place < 259 and len(piece) == 1:
            made.add(f"<0x{piece[0]:02X}>", 0.0 if source.scores is None else score, BYTE)
        else:
            made.add(text, score, NORMAL if text else CONTROL)
    return made


def _planned(source: GgmlFile, name: str, tensor: GgmlTensor) -> Planned:
    """A tensor's bytes as they are, or its blocks re-laid."""
    old = source.container in ("ggjt 1", "ggjt 2") and tensor.type not in ("F32", "F16")

    def chunks() -> Iterator[bytes]:
        size = old_block(tensor.type).size if old else 1
        for start, stop in spans(tensor.n_bytes // size, size):
            raw = read_at(source.path, tensor.offset + start * size, (stop - start) * size)
            yield _relaid(source, tensor, raw) if old else raw

    return Planned(name, tensor.shape, tensor.type, chunks)


def _relaid(source: GgmlFile, tensor: GgmlTensor, raw: bytes) -> bytes:
    """Blocks in today's layout."""
    layout = old_block(tensor.type)
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, layout.size)
    try:
        return layout.relay(blocks, source.container == "ggjt 1").tobytes()
    except FloatingPointError as error:
        raise ConvertError(
            damaged(source.path, f"{tensor.name[:80]} has scales that are no weights'")
        ) from error
