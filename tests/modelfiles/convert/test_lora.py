"""LoRA adapters of every form do to a model what their numbers say: beside it, or merged."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from tests.modelfiles.convert.ggml_writer import NAMES, write_ggml
from tests.modelfiles.convert.hf_writer import write_adapter, write_folder
from tests.modelfiles.convert.reader import Reader
from tests.modelfiles.convert.results import CLOSE, PROMPT, ROUGH, distance, fields
from tests.modelfiles.convert.small import Floats, Small
from tui.modelfiles.convert import ConvertError, Kind, convert, kind_of, merge

MODULES = ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "mlp.down_proj")
RANK, ALPHA = 4, 8
Pairs = dict[str, tuple[Floats, Floats]]
SMALL = Small(n_head_kv=2)


def some_pairs(seed: int) -> Pairs:
    """An adapter's numbers, large enough to make another model of it."""
    chance = np.random.default_rng(seed)
    made: Pairs = {}
    for layer in range(SMALL.n_layer):
        for name in MODULES:
            module = f"model.layers.{layer}.{name}"
            n_out, n_in = SMALL.weights[f"{module}.weight"].shape
            down = chance.standard_normal((RANK, n_in), dtype=np.float32) / np.float32(n_in**0.5)
            up = chance.standard_normal((n_out, RANK), dtype=np.float32) / np.float32(RANK**0.5)
            made[module] = (down, up)
    return made


def adapted(small: Small, *adapters: tuple[Pairs, float]) -> Small:
    """The network with adapters added."""
    weights = dict(small.weights)
    for pairs, scale in adapters:
        for module, (down, up) in pairs.items():
            change = scale * ALPHA / RANK * (up @ down)
            weights[f"{module}.weight"] = weights[f"{module}.weight"] + change.astype(np.float32)
    return small.with_weights(weights)


def write_ggla(path: Path, pairs: Pairs, *, kind: int = 0) -> None:
    """An adapter as llama.cpp's first script wrote it: `down` turned, the rows left as they were."""
    file = bytearray(struct.pack("<4sIii", b"algg", 1, RANK, ALPHA))
    for module, (down, up) in pairs.items():
        name = module
        for new, old in NAMES.items():
            name = name.replace(new, old)
        for end, half in (("loraA", down.T), ("loraB", up)):
            text = f"{name}.weight.{end}".encode()
            file += struct.pack("<3I", 2, len(text), kind)
            file += struct.pack("<2I", *reversed(half.shape)) + text
            file += bytes(-len(file) % 32)
            file += np.ascontiguousarray(half).astype("<f2" if kind else "<f4").tobytes()
    path.write_bytes(file)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """The model that the adapters are of, as GGUF."""
    write_folder(tmp_path / "base", SMALL, "F32")
    return convert(tmp_path / "base", tmp_path / "base.gguf", float_type="f32")


@pytest.mark.parametrize("form", ["peft", "peft torch", "ggla", "ggla of halves"])
def test_an_adapter_beside_its_model(tmp_path: Path, reader: Reader, base: Path, form: str) -> None:
    pairs, source = some_pairs(1), tmp_path / "adapter"
    if form.startswith("peft"):
        kept = "torch" if form == "peft torch" else "safetensors"
        write_adapter(source, pairs, rank=RANK, alpha=ALPHA, form=kept)
    else:
        write_ggla(source, pairs, kind=int(form != "ggla"))
    assert kind_of(source) is (Kind.LORA_PEFT if "peft" in form else Kind.LORA_GGLA)
    made = convert(source, tmp_path / "adapter.gguf", base=base)
    assert fields(made)["adapter.lora.alpha"] == ALPHA
    for scale in (1.0, 0.5):
        found = reader.logits(base, PROMPT, [(made, scale)])
        expected = adapted(SMALL, (pairs, scale)).logits(PROMPT)
        assert distance(found, expected) < 2 * CLOSE
        assert distance(found, SMALL.logits(PROMPT)) > 0.2


def test_the_order_of_queries_and_keys_matters(tmp_path: Path, reader: Reader, base: Path) -> None:
    pairs = {name: pair for name, pair in some_pairs(1).items() if "q_proj" in name}
    write_adapter(tmp_path / "adapter", pairs, rank=RANK, alpha=ALPHA)
    made = convert(tmp_path / "adapter", tmp_path / "adapter.gguf", base=base)
    raw = made.read_bytes()
    assert all(up.tobytes() not in raw and down.tobytes() in raw for down, up in pairs.values())
    found = reader.logits(base, PROMPT, [(made, 1.0)])
    assert distance(found, adapted(SMALL, (pairs, 1.0)).logits(PROMPT)) < 2 * CLOSE


def test_what_the_adapters_settings_say_of_its_strength_counts(tmp_path: Path, base: Path) -> None:
    write_adapter(tmp_path / "root", some_pairs(1), rank=RANK, alpha=ALPHA, use_rslora=True)
    made = convert(tmp_path / "root", tmp_path / "root.gguf", base=base)
    assert fields(made)["adapter.lora.alpha"] == ALPHA * RANK**0.5
    write_adapter(tmp_path / "dora", some_pairs(1), rank=RANK, alpha=ALPHA, use_dora=True)
    with pytest.raises(ConvertError, match="cannot add to a model"):
        convert(tmp_path / "dora", tmp_path / "dora.gguf", base=base)


def test_several_adapters_add_up(tmp_path: Path, reader: Reader, base: Path) -> None:
    made: list[tuple[Path, float]] = []
    adapters = [(some_pairs(seed), scale) for seed, scale in ((1, 0.7), (2, -0.4))]
    for number, (pairs, scale) in enumerate(adapters):
        write_adapter(tmp_path / f"a{number}", pairs, rank=RANK, alpha=ALPHA)
        target = tmp_path / f"a{number}.gguf"
        made.append((convert(tmp_path / f"a{number}", target, base=base), scale))
    found = reader.logits(base, PROMPT, made)
    assert distance(found, adapted(SMALL, *adapters).logits(PROMPT)) < 2 * CLOSE


@pytest.mark.parametrize("form", ["peft", "ggla", "gguf"])
def test_a_merged_adapter(tmp_path: Path, reader: Reader, base: Path, form: str) -> None:
    pairs, source = some_pairs(3), tmp_path / "adapter"
    write_adapter(source, pairs, rank=RANK, alpha=ALPHA)
    if form == "ggla":
        source = tmp_path / "adapter.bin"
        write_ggla(source, pairs)
    if form == "gguf":
        source = convert(source, tmp_path / "adapter.gguf", base=base)
    made = merge(source, base, tmp_path / "merged.gguf", scale=0.8)
    expected = adapted(SMALL, (pairs, 0.8)).logits(PROMPT)
    assert distance(reader.logits(made, PROMPT), expected) < CLOSE
    keys = fields(made)
    assert {key: keys[key] for key in fields(base) if not key.startswith("GGUF.")} == {
        key: value for key, value in fields(base).items() if not key.startswith("GGUF.")
    }


def test_what_an_adapter_belongs_to_may_be_a_folder_or_a_ggml_file(
    tmp_path: Path, base: Path
) -> None:
    write_adapter(tmp_path / "adapter", some_pairs(1), rank=RANK, alpha=ALPHA)
    write_ggml(tmp_path / "base.bin", SMALL, "ggjt 3", "F16")
    made = [
        convert(tmp_path / "adapter", tmp_path / "a.gguf", base=one).read_bytes()
        for one in (base, tmp_path / "base", tmp_path / "base.bin")
    ]
    assert made[0] == made[1] == made[2]


def test_merging_into_a_ggml_file_of_f16_and_quantising(
    tmp_path: Path, reader: Reader, base: Path
) -> None:
    pairs = some_pairs(4)
    write_adapter(tmp_path / "adapter", pairs, rank=RANK, alpha=ALPHA)
    network = write_ggml(tmp_path / "m.bin", SMALL, "ggjt 3", "F16")
    f16 = convert(tmp_path / "m.bin", tmp_path / "f16.gguf", family="llama-1")
    merged = merge(tmp_path / "adapter", f16, tmp_path / "merged.gguf")
    reader.quantise(merged, tmp_path / "q8_0.gguf", 7)
    expected = adapted(network, (pairs, 1.0)).logits(PROMPT)
    assert distance(reader.logits(merged, PROMPT), expected) < CLOSE
    assert distance(reader.logits(tmp_path / "q8_0.gguf", PROMPT), expected) < ROUGH


def test_what_does_not_belong_together_is_one_sentence(tmp_path: Path, base: Path) -> None:
    write_adapter(tmp_path / "adapter", some_pairs(1), rank=RANK, alpha=ALPHA)
    with pytest.raises(ConvertError, match="name the model that it belongs to"):
        convert(tmp_path / "adapter", tmp_path / "a.gguf")
    write_folder(tmp_path / "other", Small(n_embd=128, n_ff=256), "F32")
    other = convert(tmp_path / "other", tmp_path / "other.gguf")
    with pytest.raises(ConvertError, match="does not fit"):
        merge(tmp_path / "adapter", other, tmp_path / "m.gguf")
    with pytest.raises(ConvertError, match="a model and not a LoRA adapter"):
        merge(other, base, tmp_path / "m.gguf")
    write_ggml(tmp_path / "q.bin", SMALL, "ggjt 3", "Q4_0")
    quantised = convert(tmp_path / "q.bin", tmp_path / "q.gguf")
    with pytest.raises(ConvertError, match="is quantised"):
        merge(tmp_path / "adapter", quantised, tmp_path / "m.gguf")
    assert not list(tmp_path.glob("m.gguf*"))
