"""GGML files of every container and type become GGUF files that compute the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import gguf
import numpy as np
import pytest

from tests.modelfiles.convert.ggml_writer import TYPES, add_tensor, header, interleaved, write_ggml
from tests.modelfiles.convert.ggml_writer import old_name as old_name_of
from tests.modelfiles.convert.reader import Reader
from tests.modelfiles.convert.results import CLOSE, PROMPT, ROUGH, distance, fields
from tests.modelfiles.convert.small import Small, pieces
from tui.modelfiles.convert import ConvertError, Kind, convert, kind_of

NEW_NAMES = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, 2)
OLDER = ["F16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0"]
FORMS = [
    *(("ggjt 3", kind) for kind in TYPES),
    *(("ggjt 2", kind) for kind in OLDER),
    *(("ggjt 1", kind) for kind in OLDER),
    *((container, kind) for container in ("ggmf", "ggml") for kind in ("F32", "F16")),
]


@pytest.mark.parametrize(("container", "kind"), FORMS)
def test_every_form_computes_what_its_weights_say(
    tmp_path: Path, reader: Reader, container: str, kind: str
) -> None:
    source = tmp_path / "model.bin"
    small = Small(n_embd=256, n_ff=256) if kind.endswith("_K") else Small()
    network = write_ggml(source, small, container, kind)
    assert kind_of(source) is Kind.GGML
    made = convert(source, tmp_path / "model.gguf", family="llama-1")
    found = distance(reader.logits(made, PROMPT), network.logits(PROMPT))
    assert found < (CLOSE if kind in ("F32", "F16") else ROUGH)
    for tensor in gguf.GGUFReader(made).tensors:
        numbers = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        expected = expected_weight(network, container, kind, tensor.name)
        assert np.array_equal(numbers.reshape(expected.shape), expected), tensor.name


def expected_weight(network: Small, container: str, kind: str, name: str) -> np.ndarray:
    """The numbers that a tensor must hold exactly."""
    for source, weight in network.weights.items():
        if new_name(source) == name:
            return interleaved(network, source, weight) if not kind.endswith("_K") else weight
    raise KeyError(name)


def new_name(name: str) -> str:
    """GGUF's name for a tensor of Hugging Face's, by the tables of the `gguf` package."""
    found = NEW_NAMES.get_name(name, try_suffixes=(".weight",))
    assert found
    return found


def test_a_planted_fault_is_seen(tmp_path: Path, reader: Reader) -> None:
    write_ggml(tmp_path / "model.bin", Small(), "ggjt 3", "Q4_0")
    made = convert(tmp_path / "model.bin", tmp_path / "model.gguf")
    other = Small(seed=8).logits(PROMPT)
    assert distance(reader.logits(made, PROMPT), other) > 10 * ROUGH


@pytest.mark.parametrize(
    ("name", "container", "n_head_kv", "n_ctx", "eps"),
    [
        ("limarp-llama2-13b.ggmlv3.f16.bin", "ggjt 3", 4, 4096, 1e-5),
        ("metharme-7b.ggmlv3.f16.bin", "ggjt 3", 4, 2048, 1e-6),
        ("story.bin", "ggjt 3", 2, 4096, 1e-5),
        ("story.bin", "ggjt 3", 4, 2048, 5e-6),
        ("model2.bin", "ggjt 3", 4, 2048, 5e-6),
        ("story.bin", "ggjt 2", 4, 2048, 1e-6),
    ],
)
def test_which_llama_it_is_decides_context_and_epsilon(
    tmp_path: Path,
    reader: Reader,
    name: str,
    container: str,
    n_head_kv: int,
    n_ctx: int,
    eps: float,
) -> None:
    network = write_ggml(tmp_path / name, Small(n_head_kv=n_head_kv), container, "F16")
    made = convert(tmp_path / name, tmp_path / "model.gguf")
    found = fields(made)
    assert found["llama.context_length"] == n_ctx
    assert found["llama.attention.layer_norm_rms_epsilon"] == pytest.approx(eps)
    assert found["llama.attention.head_count_kv"] == n_head_kv
    expected = replace(network, eps=eps).logits(PROMPT)
    assert distance(reader.logits(made, PROMPT), expected) < CLOSE


def test_epsilon_is_seen_in_the_logits_of_a_quiet_network(tmp_path: Path, reader: Reader) -> None:
    quiet = Small().weights["model.embed_tokens.weight"] * np.float32(0.003)
    network = write_ggml(
        tmp_path / "m.bin",
        Small().with_weights({"model.embed_tokens.weight": quiet}),
        "ggjt 3",
        "F32",
    )
    made = convert(tmp_path / "m.bin", tmp_path / "m.gguf", family="llama-2")
    found = reader.logits(made, PROMPT)
    assert distance(found, replace(network, eps=1e-5).logits(PROMPT)) < CLOSE
    assert distance(found, network.logits(PROMPT)) > 5 * CLOSE


@pytest.mark.parametrize("container", ["ggml", "ggjt 3"])
def test_text_becomes_the_tokens_of_the_vocabulary(
    tmp_path: Path, reader: Reader, container: str
) -> None:
    write_ggml(tmp_path / "m.bin", Small(), container, "F16")
    made = convert(tmp_path / "m.bin", tmp_path / "m.gguf")
    names = [piece for piece, _, _ in pieces()]
    tokens = reader.tokens(made, "the dark door\u00e9<|user|>Q9")
    assert [names[token] for token in tokens] == [
        "<s>",
        "\u2581the",
        "\u2581dark",
        "\u2581door",
        "<0xC3>",
        "<0xA9>",
        "<|user|>",
        "Q",
        "<0x39>",
    ]


@pytest.mark.parametrize(
    ("container", "number", "words"),
    [
        ("ggjt 2", 4, "Q4_2"),
        ("ggjt 1", 5, "Q4_3"),
        ("ggmf", 2, "March 2023"),
        ("ggjt 2", 14, "Q6_K"),
    ],
)
def test_what_cannot_be_carried_is_refused_by_name(
    tmp_path: Path, container: str, number: int, words: str
) -> None:
    file = bytearray(header(Small(), container, "F16"))
    add_tensor(file, "tok_embeddings.weight", (358, 256), number, bytes(200_000), container)
    (tmp_path / "m.bin").write_bytes(file)
    with pytest.raises(ConvertError, match=words):
        convert(tmp_path / "m.bin", tmp_path / "m.gguf")
    assert [path.name for path in tmp_path.iterdir()] == ["m.bin"]


def test_one_part_of_several_is_named_as_that(tmp_path: Path) -> None:
    file = bytearray(header(Small(), "ggml", "F16"))
    for name, weight in Small().weights.items():
        half = weight[: len(weight) // 2] if "proj" in name else weight
        raw = half.astype("<f2" if half.ndim == 2 else "<f4").tobytes()
        add_tensor(file, old_name_of(name), half.shape, int(half.ndim == 2), raw, "ggml")
    (tmp_path / "m.bin").write_bytes(file)
    with pytest.raises(ConvertError, match="several parts"):
        convert(tmp_path / "m.bin", tmp_path / "m.gguf")
