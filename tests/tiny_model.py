"""A LLaMA of half a million random weights as a GGUF file, made in a fraction of a second.

Its text is nonsense, but it is the same nonsense each time, it depends on the whole context,
and its SentencePiece vocabulary (byte fallback, a space put in front) is of the real kind.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import gguf
import numpy as np

Kind = Literal["F16", "Q8_0", "Q4_0"]

WORDS = """
    the of and to a in is it you that he was for on are with as his they at be this from have or
    by one had not but what all were when we there can an your which their said if do will each
    about how up out them then she many some so these would other into has more her two like him
    see time could no make than first been its who now people my made over did down only way
    find use may water long little very after words called just where most know get through back
    much before go good new write our me too any day same right look think also around another
    came come work three word must because does part even place well such here take why things
    help put years different away again off went old number great tell men say small every found
    still between name should home big give air line set own under read last never us left end
    along while might next sound below saw something thought both few those always looked show
    large often together asked house door key lamp light dark room stone stair window table
    bread rope boat river road tree forest village tower cellar bridge garden gate wall floor
    fire ash candle box chest letter book map coin knife bell lock open shut closed turn push
    pull walk north south east west inside outside Marta lantern harbour causeway brass iron oil
    salt storm rain wind tide night morning hour minute hand face eyes voice woman man child
    brother sister father mother friend stranger dog cat bird describe text adventure game
    player scenario options pick turn start user system model Scene Now Here Ways Goal carry
    nothing quiet slow quick cold warm old young whisper listen wait want
"""
"""Whole words of the vocabulary; what they begin with are pieces too."""
PUNCTUATION = [". ", ", ", "\n\n", "...", "'s", "--", "<|", "|>", '."', "You", "The", "ing", "ed"]

N_EMBD, N_HEAD, N_HEAD_KV, HEAD, N_FF = 96, 3, 1, 32, 192


def vocabulary() -> tuple[list[bytes], list[float], list[int]]:
    """Pieces, scores and types: control, 256 bytes, then whole words before their beginnings."""
    types = gguf.TokenType
    control = [("<unk>", types.UNKNOWN), ("<s>", types.CONTROL), ("</s>", types.CONTROL)]
    pieces = [(text.encode(), kind) for text, kind in control]
    pieces += [(f"<0x{value:02X}>".encode(), types.BYTE) for value in range(256)]
    texts: dict[str, None] = {}
    for word in [*dict.fromkeys(WORDS.split()), *(text.strip(" \n") for text in PUNCTUATION)]:
        for lead in ("▁", ""):
            texts.update((lead + word[:length], None) for length in range(2, len(word) + 1))
            texts[lead + word[:1]] = None
    texts.update((chr(code), None) for code in range(33, 127))
    texts["▁"] = None
    longest_first = sorted((text for text in texts if text), key=lambda text: (len(text), text))
    pieces += [(text.encode(), types.NORMAL) for text in longest_first]
    scores = [0.0] * 259 + [float(len(text)) for text in longest_first]
    return [text for text, _ in pieces], scores, [int(kind) for _, kind in pieces]


def make_tiny_model(
    path: Path,
    *,
    kind: Kind = "Q8_0",
    n_ctx: int = 2048,
    n_layer: int = 2,
    seed: int = 1,
    name: str = "Tiny",
    chat_template: str | None = None,
    add_space_prefix: bool = True,
    attention: float = 1.5,
) -> Path:
    """Write the model to `path` and return it; equal arguments give equal bytes.

    Without `attention` no draw hangs on how llama.cpp rounds what it knows of the context.
    """
    writer = gguf.GGUFWriter(path, "llama")
    pieces, scores, types = vocabulary()
    _write_header(writer, n_ctx=n_ctx, n_layer=n_layer, name=name)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(pieces)
    writer.add_token_scores(scores)
    writer.add_token_types(types)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)
    writer.add_add_space_prefix(add_space_prefix)
    if chat_template is not None:
        writer.add_chat_template(chat_template)
    _write_tensors(writer, len(pieces), n_layer, kind, np.random.default_rng(seed), attention)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _write_header(writer: gguf.GGUFWriter, *, n_ctx: int, n_layer: int, name: str) -> None:
    """Describe the network to llama.cpp."""
    writer.add_name(name)
    writer.add_context_length(n_ctx)
    writer.add_embedding_length(N_EMBD)
    writer.add_block_count(n_layer)
    writer.add_feed_forward_length(N_FF)
    writer.add_head_count(N_HEAD)
    writer.add_head_count_kv(N_HEAD_KV)
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    writer.add_rope_dimension_count(HEAD)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)


def _write_tensors(
    writer: gguf.GGUFWriter,
    n_vocab: int,
    n_layer: int,
    kind: Kind,
    rng: np.random.Generator,
    attention: float,
) -> None:
    """Random weights, loud enough that attention and the next token depend on the context."""
    quant = gguf.GGMLQuantizationType[kind]

    def matrix(tensor: str, rows: int, columns: int, gain: float) -> None:
        weights = rng.standard_normal((rows, columns), dtype=np.float32) * (gain / columns**0.5)
        data = weights.astype(np.float16) if kind == "F16" else gguf.quants.quantize(weights, quant)
        writer.add_tensor(tensor, data, raw_dtype=quant)

    def norm(tensor: str) -> None:
        writer.add_tensor(tensor, np.ones(N_EMBD, dtype=np.float32))

    matrix("token_embd.weight", n_vocab, N_EMBD, 1.0)
    for layer in range(n_layer):
        norm(f"blk.{layer}.attn_norm.weight")
        matrix(f"blk.{layer}.attn_q.weight", N_HEAD * HEAD, N_EMBD, 2.0)
        matrix(f"blk.{layer}.attn_k.weight", N_HEAD_KV * HEAD, N_EMBD, 2.0)
        matrix(f"blk.{layer}.attn_v.weight", N_HEAD_KV * HEAD, N_EMBD, 1.5)
        matrix(f"blk.{layer}.attn_output.weight", N_EMBD, N_HEAD * HEAD, attention)
        norm(f"blk.{layer}.ffn_norm.weight")
        matrix(f"blk.{layer}.ffn_gate.weight", N_FF, N_EMBD, 1.0)
        matrix(f"blk.{layer}.ffn_up.weight", N_FF, N_EMBD, 1.0)
        matrix(f"blk.{layer}.ffn_down.weight", N_EMBD, N_FF, 1.0)
    norm("output_norm.weight")
    matrix("output.weight", n_vocab, N_EMBD, 2.5)
