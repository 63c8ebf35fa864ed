"""Files that lie are refused in one sentence, at once and in little memory."""

from __future__ import annotations

import json
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.fuzz_models import fuzz
from tests.modelfiles.convert.ggml_writer import header
from tests.modelfiles.convert.hf_writer import field, text, tokenizer_json, write_folder
from tests.modelfiles.convert.small import Small
from tui.modelfiles.convert import ConvertError, convert, merge

HUGE = 1 << 60


def in_folder(name: str, content: bytes, form: str = "safetensors") -> Callable[[Path], Path]:
    """A whole folder but for one file."""

    def write(folder: Path) -> Path:
        write_folder(folder / "hf", Small(), "F16", form)
        if name.startswith("tokenizer"):
            (folder / "hf" / "tokenizer.model").unlink()
        (folder / "hf" / name).write_bytes(content)
        return folder / "hf"

    return write


def alone(content: bytes) -> Callable[[Path], Path]:
    """One file."""

    def write(folder: Path) -> Path:
        (folder / "m.bin").write_bytes(content)
        return folder / "m.bin"

    return write


def pickled(raw: bytes, *, packed: int = zipfile.ZIP_STORED) -> Callable[[Path], Path]:
    """A PyTorch file with a pickle of our own."""

    def write(folder: Path) -> Path:
        write_folder(folder / "hf", Small(), "F16", "torch")
        path = folder / "hf" / "pytorch_model-00001-of-00002.bin"
        with zipfile.ZipFile(path, "w", packed) as archive:
            archive.writestr("archive/data.pkl", raw)
        return folder / "hf"

    return write


def safetensors(entry: dict[str, object]) -> bytes:
    """A safetensors file of one tensor without its numbers."""
    raw = json.dumps({"model.embed_tokens.weight": entry}).encode()
    return struct.pack("<Q", len(raw)) + raw


def gapped() -> bytes:
    """A vocabulary whose last piece has a number far away."""
    file = tokenizer_json()
    file["model"]["vocab"]["far"] = (1 << 21) - 1
    return json.dumps(file).encode()


LAUGHS = b"\x80\x02}" + text("x") + b"q\x00" + b"h\x00h\x00\x86q\x00" * 60 + b"h\x00K\x01s."
SIZES = (1, 64, 256, 4, 1, 16, 1)
PIECE = struct.pack("<I", 1) + b"x" + struct.pack("<f", 0)
VOCABULARY = struct.pack("<4sI7I", b"tjgg", 3, *SIZES) + PIECE

HOSTILE = {
    "a header of 2^60 bytes": in_folder("model.safetensors", struct.pack("<Q", HUGE) + b"{}"),
    "a tensor of 2^60 rows": in_folder(
        "model.safetensors",
        safetensors({"dtype": "F16", "shape": [HUGE, 64], "data_offsets": [0, HUGE]}),
    ),
    "a tensor beyond the end": in_folder(
        "model.safetensors",
        safetensors({"dtype": "F16", "shape": [1 << 30, 64], "data_offsets": [0, 1 << 37]}),
    ),
    "deep brackets": in_folder(
        "model.safetensors", struct.pack("<Q", 1_000_000) + b"[" * 1_000_000
    ),
    "a deep config": in_folder("config.json", b'{"a":' * 100_000),
    "a pickle's memory of 2^31": pickled(b"\x80\x02}r\xff\xff\xff\x7f" * 2 + b"."),
    "a pickle that doubles sixty times": pickled(LAUGHS),
    "a pickle's text of 2^60": pickled(b"\x80\x04\x8d" + struct.pack("<Q", HUGE) + b"x."),
    "a pickle that is a bomb of nulls": pickled(b"N" * 10_000_000, packed=zipfile.ZIP_DEFLATED),
    "a long pickle": pickled(b"\x80\x02" + b"N0" * 1_000_000 + b"."),
    "a vocabulary full of gaps": in_folder("tokenizer.json", gapped()),
    "a vocabulary that ends within a piece": in_folder(
        "tokenizer.model", field(1, b"\x0a" + b"\xff" * 9 + b"\x01")
    ),
    "2^32 pieces": alone(struct.pack("<4sI7I", b"tjgg", 3, 0xFFFFFFFF, *SIZES[1:])),
    "a piece of 2 GB": alone(VOCABULARY[:-9] + struct.pack("<I", 1 << 31)),
    "a tensor of 2^64": alone(
        VOCABULARY + struct.pack("<5I", 2, 1, 1, 0xFFFFFFFF, 0xFFFFFFFF) + b"x"
    ),
    "a name of 4 GB": alone(VOCABULARY + struct.pack("<3I", 1, 0xFFFFFFFF, 0)),
    "no heads": alone(struct.pack("<4sI7I", b"tjgg", 3, 1, 64, 256, 0, 1, 16, 1) + PIECE),
    "an adapter of rank 2^31": alone(struct.pack("<4sIii", b"algg", 1, 0x7FFFFFFF, 1)),
    "a header alone": alone(header(Small(), "ggjt 3", "F16")),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_lies_is_refused_at_once(tmp_path: Path, name: str) -> None:
    source = HOSTILE[name](tmp_path)
    write_folder(tmp_path / "base", Small(), "F16")
    tracemalloc.start()
    started = time.process_time()
    with pytest.raises(ConvertError) as refused:
        convert(source, tmp_path / "m.gguf", base=tmp_path / "base")
    taken, (_, peak) = time.process_time() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert source.name in str(refused.value)
    assert "\n" not in str(refused.value)
    assert taken < 4
    assert peak < 100e6


@pytest.mark.parametrize("counts", [(HUGE, 1), (1, HUGE), (1, 1)])
def test_a_base_that_lies_is_refused(tmp_path: Path, counts: tuple[int, int]) -> None:
    raw = struct.pack("<4sIQQ", b"GGUF", 3, *counts) + struct.pack("<Q", HUGE)
    (tmp_path / "base.gguf").write_bytes(raw)
    with pytest.raises(ConvertError, match="is damaged"):
        merge(tmp_path / "base.gguf", tmp_path / "base.gguf", tmp_path / "m.gguf")


def test_names_from_a_file_cannot_steer_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "m.bin").write_bytes(
        VOCABULARY + struct.pack("<4I", 1, 6, 99, 1) + b"\x1b[2Jab" + bytes(99)
    )
    with pytest.raises(ConvertError) as refused:
        convert(tmp_path / "m.bin", tmp_path / "m.gguf")
    assert str(refused.value).isprintable()
    assert "?[2Jab" in str(refused.value)


def test_hundred_and_fifty_broken_files_are_models_or_sentences(tmp_path: Path) -> None:
    """A short run of the fuzz target; `make fuzz-models` is the long one."""
    whole, _ = fuzz(tmp_path, 150, 2)
    assert 10 < whole < 75
