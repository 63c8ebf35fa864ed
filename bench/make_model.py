"""Write a model of random weights for measuring speed: `python -m bench.make_model SHAPE OUT`.

Speed does not depend on what the weights are. `tinyllama` is TinyLlama's shape (1.1B) in Q4_0,
`pocket` about that of the model that ships, in Q8_0. Text of these models is noise.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np


@dataclass(frozen=True, slots=True)
class Shape:
    """A LLaMA's sizes, and the type of its matrices."""

    n_vocab: int
    n_embd: int
    n_layer: int
    n_head: int
    n_head_kv: int
    n_ff: int
    kind: gguf.GGMLQuantizationType


SHAPES = {
    "tinyllama": Shape(32000, 2048, 22, 32, 4, 5632, gguf.GGMLQuantizationType.Q4_0),
    "tiny": Shape(2048, 64, 1, 2, 1, 128, gguf.GGMLQuantizationType.Q8_0),
    "pocket": Shape(4096, 256, 8, 8, 4, 704, gguf.GGMLQuantizationType.Q8_0),
}


def make_model(path: Path, shape: Shape, name: str) -> Path:
    """Write the model and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(path, "llama", use_temp_file=False)
    writer.add_name(name)
    writer.add_context_length(2048)
    writer.add_embedding_length(shape.n_embd)
    writer.add_block_count(shape.n_layer)
    writer.add_feed_forward_length(shape.n_ff)
    writer.add_head_count(shape.n_head)
    writer.add_head_count_kv(shape.n_head_kv)
    writer.add_rope_dimension_count(shape.n_embd // shape.n_head)
    writer.add_layer_norm_rms_eps(1e-5)
    add_vocabulary(writer, shape.n_vocab)
    rng = np.random.default_rng(1)
    for tensor, rows, columns in matrices(shape):
        data = random_matrix(rng, rows, columns, shape.kind)
        writer.add_tensor(tensor, data, raw_dtype=shape.kind)
    for tensor in norms(shape):
        writer.add_tensor(tensor, np.ones(shape.n_embd, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def add_vocabulary(writer: gguf.GGUFWriter, size: int) -> None:
    """Control pieces, all bytes, letters, and made-up words up to the size."""
    types = gguf.TokenType
    pieces = [(b"<unk>", types.UNKNOWN), (b"<s>", types.CONTROL), (b"</s>", types.CONTROL)]
    pieces += [(f"<0x{value:02X}>".encode(), types.BYTE) for value in range(256)]
    pieces += [(chr(code).encode(), types.NORMAL) for code in range(33, 127)]
    pieces.append(("▁".encode(), types.NORMAL))
    pieces += [(f"▁w{n}".encode(), types.NORMAL) for n in range(size - len(pieces))]
    writer.add_tokenizer_model("llama")
    writer.add_token_list([piece for piece, _ in pieces])
    writer.add_token_scores([-float(n) for n in range(size)])
    writer.add_token_types([int(kind) for _, kind in pieces])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(True)


def matrices(shape: Shape) -> list[tuple[str, int, int]]:
    """Name, rows and columns of every matrix."""
    head = shape.n_embd // shape.n_head
    wide, narrow, ff = shape.n_embd, head * shape.n_head_kv, shape.n_ff
    found = [("token_embd.weight", shape.n_vocab, wide), ("output.weight", shape.n_vocab, wide)]
    for layer in range(shape.n_layer):
        for name, rows, columns in (
            ("attn_q", wide, wide),
            ("attn_k", narrow, wide),
            ("attn_v", narrow, wide),
            ("attn_output", wide, wide),
            ("ffn_gate", ff, wide),
            ("ffn_up", ff, wide),
            ("ffn_down", wide, ff),
        ):
            found.append((f"blk.{layer}.{name}.weight", rows, columns))
    return found


def norms(shape: Shape) -> list[str]:
    """The names of the norms."""
    layers = range(shape.n_layer)
    return [
        "output_norm.weight",
        *(f"blk.{layer}.{name}_norm.weight" for layer in layers for name in ("attn", "ffn")),
    ]


def random_matrix(
    rng: np.random.Generator, rows: int, columns: int, kind: gguf.GGMLQuantizationType
) -> np.ndarray:
    """Random blocks of a type, each with the scale that keeps activations near 1."""
    block, size = gguf.GGML_QUANT_SIZES[kind]
    data = rng.integers(0, 256, (rows, columns // block, size), dtype=np.uint8)
    spread = 4.6 if kind is gguf.GGMLQuantizationType.Q4_0 else 73.0
    scale = np.float16(1 / (spread * columns**0.5))
    data[:, :, :2] = np.frombuffer(scale.tobytes(), dtype=np.uint8)
    return data.reshape(rows, -1)


def main() -> None:
    """Make the model that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    make_model(arguments.out, SHAPES[arguments.shape], arguments.shape)
    print(f"{arguments.out}: {arguments.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
