"""A GGUF header is read as the `gguf` package writes it, and a broken one is told as such."""

from __future__ import annotations

import struct
from pathlib import Path

import gguf
import numpy as np
import pytest

from tui.gguf import GgufError, Header, Tensor, Texts, read_header

TYPE = gguf.GGUFValueType


def write(path: Path) -> Path:
    """A file with a key of every kind, arrays of two, and two tensors."""
    writer = gguf.GGUFWriter(path, "llama")
    for number, kind in enumerate(
        (TYPE.UINT8, TYPE.INT8, TYPE.UINT16, TYPE.INT16, TYPE.UINT32, TYPE.INT32)
    ):
        writer.add_key_value(f"k.{kind.name}", number + 1, kind)
    writer.add_uint64("k.UINT64", 1 << 63)
    writer.add_key_value("k.INT64", -(1 << 62), TYPE.INT64)
    writer.add_float32("k.FLOAT32", 0.5)
    writer.add_float64("k.FLOAT64", 0.1)
    writer.add_bool("k.BOOL", True)
    writer.add_array("k.numbers", [8, 0, 4])
    writer.add_array("k.texts", ["one", "", "three"])
    writer.add_tensor("weights", np.zeros((3, 32), np.float16))
    writer.add_tensor("norm", np.zeros(5, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    return write(tmp_path / "whole.gguf")


def test_every_kind_of_value_is_read(whole: Path) -> None:
    header = read_header(whole)
    assert header.values == {
        "general.architecture": "llama",
        "k.UINT8": 1,
        "k.INT8": 2,
        "k.UINT16": 3,
        "k.INT16": 4,
        "k.UINT32": 5,
        "k.INT32": 6,
        "k.UINT64": 1 << 63,
        "k.INT64": -(1 << 62),
        "k.FLOAT32": 0.5,
        "k.FLOAT64": 0.1,
        "k.BOOL": True,
        "k.numbers": (8, 0, 4),
        "k.texts": Texts(3),
    }
    assert header.raw["k.texts"] == struct.pack("<IIQQ3sQQ5s", 9, 8, 3, 3, b"one", 0, 5, b"three")
    assert header.raw["k.BOOL"] == struct.pack("<I?", 7, True)
    assert (header.text("k.INT8"), header.text("k.numbers"), header.text("none")) == ("2", "", "")


def test_tensors_are_described_where_they_lie(whole: Path) -> None:
    header = read_header(whole)
    assert header.tensors == {"weights": Tensor((3, 32), 1, 0), "norm": Tensor((5,), 0, 192)}
    assert header.n_params == 3 * 32 + 5
    assert header.file_bytes == whole.stat().st_size
    assert -(-header.n_bytes // 32) * 32 + 192 + 32 == header.file_bytes


def test_a_header_that_ends_anywhere_is_told(whole: Path) -> None:
    raw, n_bytes = whole.read_bytes(), read_header(whole).n_bytes
    for stop in range(n_bytes):
        whole.write_bytes(raw[:stop])
        with pytest.raises(GgufError, match="ends too early"):
            read_header(whole)
    whole.write_bytes(raw[:n_bytes])
    assert isinstance(read_header(whole), Header)


HUGE = 1 << 60
KEY = struct.pack("<Q1s", 1, b"k")
BROKEN = {
    "another format": (b"GGML" + bytes(99), "not a GGUF file"),
    "another version": (struct.pack("<4sI", b"GGUF", 4) + bytes(99), "not a GGUF file"),
    "2^60 keys": (struct.pack("<4sIQQ", b"GGUF", 3, 0, HUGE) + bytes(99), "counts more"),
    "2^60 tensors": (struct.pack("<4sIQQ", b"GGUF", 3, HUGE, 0) + bytes(99), "counts more"),
    "a name of 2^60": (struct.pack("<4sIQQQ", b"GGUF", 3, 0, 1, HUGE), "ends too early"),
    "2^60 texts": (
        struct.pack("<4sIQQ", b"GGUF", 3, 0, 1) + KEY + struct.pack("<IIQ", 9, 8, HUGE),
        "an array is longer",
    ),
    "2^24 numbers": (
        struct.pack("<4sIQQ", b"GGUF", 3, 0, 1) + KEY + struct.pack("<IIQ", 9, 10, 1 << 24),
        "ends too early",
    ),
    "an array of arrays": (
        struct.pack("<4sIQQ", b"GGUF", 3, 0, 1) + KEY + struct.pack("<IIQ", 9, 9, 1) + bytes(99),
        "an array is of a kind",
    ),
    "a kind 13": (
        struct.pack("<4sIQQ", b"GGUF", 3, 0, 1) + KEY + struct.pack("<I", 13) + bytes(99),
        "a key has a value of a kind",
    ),
    "five dimensions": (
        struct.pack("<4sIQQ", b"GGUF", 3, 1, 0) + KEY + struct.pack("<I", 5) + bytes(99),
        "too many dimensions",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_header_that_lies_is_told(tmp_path: Path, name: str) -> None:
    raw, words = BROKEN[name]
    (tmp_path / "m.gguf").write_bytes(raw)
    with pytest.raises(GgufError, match=words):
        read_header(tmp_path / "m.gguf")


def test_a_header_never_goes_on_into_gigabytes(tmp_path: Path) -> None:
    """A text that would reach deep into the weights of a big file is not read."""
    path = tmp_path / "m.gguf"
    with path.open("wb") as file:
        file.write(struct.pack("<4sIQQQ", b"GGUF", 3, 0, 1, 1 << 30))
        file.truncate(1 << 31)
    with pytest.raises(GgufError, match="longer than any"):
        read_header(path)
