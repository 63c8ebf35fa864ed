"""The memory that converting a large GGML file takes: `python -m bench.convert_large [--shape 13b]`.

The file is sparse: it has the size and the header of a real one, and zeros for weights. The result
is not sparse, so there must be room for it; both are deleted at the end.
"""

from __future__ import annotations

import argparse
import math
import struct
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

CHILD = """
import resource, sys
from pathlib import Path
from tui.modelfiles.convert import convert
convert(Path(sys.argv[1]), Path(sys.argv[2]))
status = Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else []
peaks = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
print(peaks[0] if peaks else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
BLOCKS = {"F32": (0, 1, 4), "F16": (1, 1, 2), "Q4_0 of ggjt 1": (2, 32, 20)}


@dataclass(frozen=True, slots=True)
class Shape:
    """A LLaMA's sizes."""

    n_vocab: int
    n_embd: int
    n_layer: int
    n_head: int
    n_ff: int


SHAPES = {
    "7b": Shape(32000, 4096, 32, 32, 11008),
    "13b": Shape(32000, 5120, 40, 40, 13824),
    "one layer": Shape(2000, 4096, 1, 32, 2752),
}


def write_sparse(path: Path, shape: Shape, version: int, kind: str) -> None:
    """Write a ggjt file of that shape whose weights are holes."""
    with path.open("wb") as file:
        sizes = (shape.n_vocab, shape.n_embd, 256, shape.n_head, shape.n_layer, 128, 1)
        file.write(struct.pack("<4sI7I", b"tjgg", version, *sizes))
        for token in range(shape.n_vocab):
            piece = bytes([token - 3]) if 3 <= token < 259 else f"piece{token}".encode()
            file.write(struct.pack("<I", len(piece)) + piece + struct.pack("<f", -token))
        for name, dimensions in tensors(shape).items():
            number, block, size = BLOCKS[kind if len(dimensions) == 2 else "F32"]
            file.write(struct.pack("<3I", len(dimensions), len(name), number))
            file.write(struct.pack(f"<{len(dimensions)}I", *reversed(dimensions)) + name.encode())
            file.seek(-(-file.tell() // 32) * 32 + math.prod(dimensions) // block * size)
        file.truncate(file.tell())


def tensors(shape: Shape) -> dict[str, tuple[int, ...]]:
    """Every tensor by Meta's names, slowest dimension first."""
    wide: dict[str, tuple[int, ...]] = {
        "tok_embeddings.weight": (shape.n_vocab, shape.n_embd),
        "norm.weight": (shape.n_embd,),
        "output.weight": (shape.n_vocab, shape.n_embd),
    }
    for layer in range(shape.n_layer):
        for name in ("attention_norm", "ffn_norm"):
            wide[f"layers.{layer}.{name}.weight"] = (shape.n_embd,)
        for name in ("wq", "wk", "wv", "wo"):
            wide[f"layers.{layer}.attention.{name}.weight"] = (shape.n_embd, shape.n_embd)
        for name, dimensions in {
            "w1": (shape.n_ff, shape.n_embd),
            "w2": (shape.n_embd, shape.n_ff),
            "w3": (shape.n_ff, shape.n_embd),
        }.items():
            wide[f"layers.{layer}.feed_forward.{name}.weight"] = dimensions
    return wide


def peak_kib(source: Path, target: Path) -> int:
    """The most memory that a process of its own takes to convert, in KiB.

    By /proc where there is one, since `ru_maxrss` keeps what the parent had at the fork.
    """
    command = [sys.executable, "-c", CHILD, str(source), str(target)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return int(done.stdout)


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--shape", choices=SHAPES, default="13b")
    parser.add_argument("--folder", type=Path, help="where there is room for the result")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        source, target = Path(folder) / "model.bin", Path(folder) / "model.gguf"
        write_sparse(source, SHAPES[given.shape], 3, "F16")
        start = time.perf_counter()
        peak = peak_kib(source, target)
        seconds = time.perf_counter() - start
        sys.stdout.write(
            f"{source.stat().st_size / 1e9:.1f} GB to {target.stat().st_size / 1e9:.1f} GB in "
            f"{seconds:.0f} s; at most {peak / 1024:.0f} MiB of memory\n"
        )


if __name__ == "__main__":
    main()
