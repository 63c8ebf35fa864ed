"""There is a whole file or none, in little memory, whatever happens on the way."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.convert_large import SHAPES, peak_kib, write_sparse
from tests.modelfiles.convert.ggml_writer import write_ggml
from tests.modelfiles.convert.hf_writer import write_folder
from tests.modelfiles.convert.small import Small
from tui.modelfiles.convert import ConvertError, Progress, convert, decode_xor
from tui.modelfiles.convert.writing import need_room


class Enough(Exception):
    """The player does not want to wait any longer."""


def after(count: int) -> Callable[[Progress], None]:
    """Cancels when it is told something for the `count`th time."""
    told: list[Progress] = []

    def tell(progress: Progress) -> None:
        told.append(progress)
        if len(told) == count:
            raise Enough

    return tell


@pytest.mark.parametrize("count", [1, 2, 9])
def test_cancelling_leaves_nothing_behind(tmp_path: Path, count: int) -> None:
    write_ggml(tmp_path / "m.bin", Small(), "ggjt 3", "F16")
    (tmp_path / "m.gguf").write_bytes(b"an older file")
    with pytest.raises(Enough):
        convert(tmp_path / "m.bin", tmp_path / "m.gguf", on_progress=after(count))
    assert (tmp_path / "m.gguf").read_bytes() == b"an older file"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.bin", "m.gguf"]


@pytest.mark.parametrize("count", [1, 3])
def test_cancelling_a_decoding_leaves_nothing_behind(tmp_path: Path, count: int) -> None:
    write_folder(tmp_path / "a", Small(), "F16", "torch")
    with pytest.raises(Enough):
        decode_xor(tmp_path / "a", tmp_path / "a", tmp_path / "b", on_progress=after(count))
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_part_that_a_crash_left_is_written_anew(tmp_path: Path) -> None:
    write_ggml(tmp_path / "m.bin", Small(), "ggjt 3", "F16")
    whole = convert(tmp_path / "m.bin", tmp_path / "a.gguf").read_bytes()
    (tmp_path / "b.gguf.part").write_bytes(b"\xff" * (len(whole) + 1000))
    assert convert(tmp_path / "m.bin", tmp_path / "b.gguf").read_bytes() == whole
    assert not (tmp_path / "b.gguf.part").exists()


def test_progress_counts_bytes_to_the_end(tmp_path: Path) -> None:
    write_ggml(tmp_path / "m.bin", Small(), "ggjt 3", "F16")
    seen: list[Progress] = []
    made = convert(tmp_path / "m.bin", tmp_path / "m.gguf", on_progress=seen.append)
    assert seen[0].done == 0
    assert seen[-1].done == seen[-1].total == made.stat().st_size
    assert [one.done for one in seen] == sorted(one.done for one in seen)
    assert {one.step for one in seen} == {"converting"}


def test_room_is_looked_for_first(tmp_path: Path) -> None:
    with pytest.raises(ConvertError, match=r"free and 1000000\.0 GB are needed; make room"):
        need_room(tmp_path, 10**15)


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    write_ggml(tmp_path / "m.bin", Small(), "ggjt 3", "F16")
    (tmp_path / "folder").write_text("a file")
    with pytest.raises(ConvertError, match="cannot be used: "):
        convert(tmp_path / "m.bin", tmp_path / "folder" / "m.gguf")
    with pytest.raises(ConvertError, match="the source itself"):
        convert(tmp_path / "m.bin", tmp_path / "m.bin")


ALONE = """
import sys
from pathlib import Path
from tui.modelfiles.convert import convert
for source in sys.argv[1:]:
    convert(Path(source), Path(source + ".gguf"))
print(*sorted(set(sys.modules) & {"torch", "transformers", "safetensors", "sentencepiece", "gguf",
    "tokenizers", "google", "llama_cpp", "requests", "huggingface_hub"}))
"""


def test_nothing_else_needs_to_be_installed(tmp_path: Path) -> None:
    write_ggml(tmp_path / "m.bin", Small(), "ggjt 1", "Q4_0")
    write_folder(tmp_path / "safetensors", Small(), "BF16")
    write_folder(tmp_path / "torch", Small(), "F16", "torch")
    sources = [str(tmp_path / name) for name in ("m.bin", "safetensors", "torch")]
    done = subprocess.run([sys.executable, "-c", ALONE, *sources], check=True, capture_output=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize(("version", "kind"), [(3, "F16"), (1, "Q4_0 of ggjt 1")])
def test_a_large_file_takes_little_memory(tmp_path: Path, version: int, kind: str) -> None:
    """A sparse file with a layer as wide as a 7B model's."""
    write_sparse(tmp_path / "m.bin", SHAPES["one layer"], version, kind)
    peak = peak_kib(tmp_path / "m.bin", tmp_path / "m.gguf")
    assert (tmp_path / "m.gguf").stat().st_size > (200e6 if kind == "F16" else 60e6)
    assert peak < 110 * 1024
    for path in tmp_path.iterdir():
        path.unlink()
