"""Broken model files by the thousand: `python -m bench.fuzz_models [--count N] [--seed N]`.

A small model in every form that can be converted is damaged at random, mostly where sizes and
offsets are. Each must become a file or a `ConvertError` of one sentence, soon, and leave no part
behind; anything else is kept in a folder and ends the run.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import struct
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.odd_json import odd_values
from tests.modelfiles.convert.ggml_writer import write_ggml
from tests.modelfiles.convert.gptq_writer import write_gptq
from tests.modelfiles.convert.hf_writer import tokenizer_json, write_adapter, write_folder
from tests.modelfiles.convert.small import Small
from tests.modelfiles.convert.test_lora import write_ggla
from tui.modelfiles.convert import ConvertError, convert, merge

SLOWEST = 1.0
"""Seconds of computing after which one input counts as a hang."""
LONGEST_SENTENCE = 600
SMALL = Small(n_embd=32, n_head=2, n_head_kv=2, n_ff=32, n_layer=1)
LIES = [0, 1, 7, 0x7FFFFFFF, 0xFFFFFFFF, 1 << 20, 1 << 31]
LONG_LIES = [1 << 40, 1 << 60, (1 << 63) - 1, (1 << 64) - 1, 1 << 32]
Damage = Callable[[random.Random, bytes], bytes]


@dataclass(frozen=True, slots=True)
class Form:
    """A whole model in one form."""

    source: str
    base: str | None = None
    merged: bool = False


def write_forms(folder: Path) -> list[Form]:
    """Write a model in each form."""
    made: list[Form] = []
    for number, (container, kind) in enumerate(
        [
            ("ggjt 3", "F16"),
            ("ggjt 3", "Q8_0"),
            ("ggjt 1", "Q4_0"),
            ("ggml", "F32"),
            ("ggmf", "F16"),
        ]
    ):
        write_ggml(folder / f"{number}.bin", SMALL, container, kind)
        made.append(Form(f"{number}.bin"))
    write_folder(folder / "safetensors", SMALL, "F16")
    write_folder(folder / "torch", SMALL, "BF16", "torch")
    write_folder(folder / "json", SMALL, "F16")
    (folder / "json" / "tokenizer.model").unlink()
    (folder / "json" / "tokenizer.json").write_text(json.dumps(tokenizer_json()))
    write_gptq(folder / "gptq", SMALL, layout="new", groupsize=16, act_order=True)
    made += [Form(name) for name in ("safetensors", "torch", "json", "gptq")]
    convert(folder / "safetensors", folder / "base.gguf")
    weight = SMALL.weights["model.layers.0.self_attn.q_proj.weight"]
    pairs = {"model.layers.0.self_attn.q_proj": (weight[:4], weight[:, :4].copy())}
    write_adapter(folder / "peft", pairs, rank=4, alpha=8)
    write_ggla(folder / "ggla.bin", pairs)
    convert(folder / "peft", folder / "adapter.gguf", base=folder / "base.gguf")
    made += [Form(name, "base.gguf") for name in ("peft", "ggla.bin")]
    return [*made, Form("adapter.gguf", "base.gguf", merged=True)]


def flip(chance: random.Random, content: bytes) -> bytes:
    """Some bytes changed."""
    made = bytearray(content)
    for _ in range(chance.choice((1, 2, 8, 64))):
        made[place_in(chance, made)] = chance.randrange(256)
    return bytes(made)


def lie(chance: random.Random, content: bytes) -> bytes:
    """A number in the place of another."""
    made, at = bytearray(content), place_in(chance, content)
    if chance.random() < 0.5:
        raw = struct.pack("<I", chance.choice(LIES))
    else:
        raw = struct.pack("<Q", chance.choice(LONG_LIES))
    made[at : at + len(raw)] = raw
    return bytes(made)


def cut(chance: random.Random, content: bytes) -> bytes:
    """The end gone."""
    return content[: chance.randrange(len(content))]


def take_out(chance: random.Random, content: bytes) -> bytes:
    """A stretch gone."""
    start = place_in(chance, content)
    return content[:start] + content[start + chance.randrange(1, 200) :]


def repeat(chance: random.Random, content: bytes) -> bytes:
    """A stretch many times over."""
    start = place_in(chance, content)
    piece = content[start : start + chance.randrange(1, 60)]
    return content[:start] + piece * chance.choice((2, 9, 500)) + content[start:]


def digits(chance: random.Random, content: bytes) -> bytes:
    """A digit in a text made many, or another."""
    places = [at for at, byte in enumerate(content[:20000]) if 48 <= byte < 58]
    if not places:
        return flip(chance, content)
    at = chance.choice(places)
    return content[:at] + chance.choice((b"9" * 19, b"0", b"-1", b"1e400")) + content[at + 1 :]


def nested(_chance: random.Random, content: bytes) -> bytes:
    """Deep brackets in front."""
    return b"[" * 100_000 + content


DAMAGES: tuple[Damage, ...] = (flip, lie, lie, cut, take_out, repeat, digits, nested)


def place_in(chance: random.Random, content: bytes | bytearray) -> int:
    """A place in a file, mostly near one of its ends, where its tables are."""
    where, near = chance.random(), min(len(content), 3000)
    if where < 0.6:
        return chance.randrange(near)
    return (
        len(content) - 1 - chance.randrange(near) if where < 0.8 else chance.randrange(len(content))
    )


def damaged(chance: random.Random, path: Path) -> bytes:
    """A file's content after some damage."""
    content = path.read_bytes()
    if path.suffix == ".json" and chance.random() < 0.7:
        return odd_values(chance, content)
    for _ in range(chance.choice((1, 1, 1, 3))):
        content = chance.choice(DAMAGES)(chance, content) or b"\0"
    return content


def try_one(folder: Path, form: Form) -> bool:
    """Convert what may be broken; whether a model came of it. Raises what should not be raised."""
    source, target = folder / form.source, folder / "out.gguf"
    base = folder / form.base if form.base else None
    made = False
    try:
        if form.merged and base:
            merge(source, base, target)
        else:
            convert(source, target, base=base)
        made = True
    except ConvertError as error:
        text = str(error)
        if "\n" in text or not text.endswith((".", "?")) or len(text) > LONGEST_SENTENCE:
            raise ValueError(f"not a sentence: {text[:2000]}") from error
    if target.exists() != made or (folder / "out.gguf.part").exists():
        raise ValueError("half a file is left")
    target.unlink(missing_ok=True)
    return made


def fuzz(folder: Path, count: int, seed: int) -> tuple[int, float]:
    """Try `count` files; how many were models still, and the slowest one's seconds."""
    chance, forms = random.Random(seed), write_forms(folder)
    whole, slowest = 0, 0.0
    for number in range(count):
        form = chance.choice(forms)
        source = folder / form.source
        path = chance.choice(sorted(source.iterdir())) if source.is_dir() else source
        content = path.read_bytes()
        path.write_bytes(damaged(chance, path))
        start = time.process_time()
        whole += try_one(folder, form)
        taken = time.process_time() - start
        if taken > SLOWEST:
            raise TimeoutError(f"input {number} ({path.name}) took {taken:.1f} s")
        path.write_bytes(content)
        slowest = max(slowest, taken)
    return whole, slowest


def main() -> None:
    """Read the command line and fuzz."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failure"))
    given = parser.parse_args()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        try:
            whole, slowest = fuzz(Path(folder), given.count, given.seed)
        except BaseException:
            shutil.copytree(folder, given.keep, dirs_exist_ok=True)
            raise
    seconds = time.perf_counter() - start
    sys.stdout.write(
        f"{given.count} files in {seconds:.0f} s: {whole} models still, {given.count - whole} refused "
        f"in a sentence, none crashed or hung; the slowest took {slowest * 1000:.0f} ms\n"
    )


if __name__ == "__main__":
    main()
