"""Hugging Face folders become GGUF files that compute the same and read text the same."""

from __future__ import annotations

import json
import pickle
import zipfile
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest

from tests.modelfiles.convert.hf_writer import (
    rounded,
    tokenizer_json,
    write_folder,
    write_safetensors,
)
from tests.modelfiles.convert.reader import Reader
from tests.modelfiles.convert.results import CLOSE, PROMPT, distance, fields
from tests.modelfiles.convert.small import Small, pieces
from tui.modelfiles.convert import ConvertError, Kind, convert, kind_of
from tui.modelfiles.convert.sentencepiece_file import read_sentencepiece

TYPES = ["f16", "bf16", "f32"]


@pytest.mark.parametrize("form", ["safetensors", "torch"])
@pytest.mark.parametrize("kind", ["F32", "F16", "BF16"])
def test_every_form_computes_what_its_weights_say(
    tmp_path: Path, reader: Reader, form: str, kind: str
) -> None:
    network = write_folder(tmp_path / "hf", Small(n_head_kv=2), kind, form)
    assert kind_of(tmp_path / "hf") is Kind.HUGGINGFACE
    made = convert(tmp_path / "hf", tmp_path / "m.gguf", float_type="f32")
    assert distance(reader.logits(made, PROMPT), network.logits(PROMPT)) < CLOSE


@pytest.mark.parametrize("wanted", TYPES)
@pytest.mark.parametrize("kind", ["F32", "BF16"])
def test_weights_become_the_type_that_is_asked_for(
    tmp_path: Path, reader: Reader, wanted: str, kind: str
) -> None:
    network = write_folder(tmp_path / "hf", Small(), kind)
    made = convert(tmp_path / "hf", tmp_path / "m.gguf", float_type=wanted)
    for tensor in gguf.GGUFReader(made).tensors:
        assert tensor.tensor_type.name == (wanted.upper() if "norm" not in tensor.name else "F32")
    turned = network.with_weights(
        {name: rounded(w, wanted.upper()) for name, w in network.weights.items() if w.ndim == 2}
    )
    bound = CLOSE if wanted != "bf16" else 5 * CLOSE  # its activations are brain floats too
    assert distance(reader.logits(made, PROMPT), turned.logits(PROMPT)) < bound


def test_positions_turn_at_the_speed_that_the_folder_says(tmp_path: Path, reader: Reader) -> None:
    network = write_folder(tmp_path / "hf", Small(rope_base=500.0), "F16")
    made = convert(tmp_path / "hf", tmp_path / "m.gguf")
    found = reader.logits(made, PROMPT)
    assert distance(found, network.logits(PROMPT)) < CLOSE
    assert distance(found, Small().logits(PROMPT)) > 10 * CLOSE


def test_linear_stretching_is_carried_over(tmp_path: Path) -> None:
    write_folder(tmp_path / "hf", Small(), rope_scaling={"type": "linear", "factor": 4.0})
    found = fields(convert(tmp_path / "hf", tmp_path / "m.gguf"))
    assert (found["llama.rope.scaling.type"], found["llama.rope.scaling.factor"]) == ("linear", 4.0)


def test_llama_3_stretching_slows_long_waves_only(tmp_path: Path) -> None:
    rope = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0}
    rope["original_max_position_embeddings"] = 64
    write_folder(tmp_path / "hf", Small(), rope_scaling=rope)
    made = convert(tmp_path / "hf", tmp_path / "m.gguf")
    [divisors] = [t.data for t in gguf.GGUFReader(made).tensors if t.name == "rope_freqs.weight"]
    assert divisors[0] == 1
    assert divisors[-1] == 8
    assert np.all(np.diff(divisors) >= 0)


def test_tied_embeddings_need_no_output(tmp_path: Path, reader: Reader) -> None:
    small = Small()
    tied = small.with_weights({"lm_head.weight": small.weights["model.embed_tokens.weight"]})
    network = write_folder(tmp_path / "hf", tied, "F16")
    own = {n: w.astype("<f2") for n, w in network.weights.items() if n != "lm_head.weight"}
    write_safetensors(tmp_path / "hf" / "model.safetensors", own)
    made = convert(tmp_path / "hf", tmp_path / "m.gguf")
    assert distance(reader.logits(made, PROMPT), network.logits(PROMPT)) < CLOSE


TEXTS = ["the dark door", "open, you", "key", "  the  lamp", "<|user|>Open\u00e9\n"]


def test_both_vocabularies_read_text_alike(tmp_path: Path, reader: Reader) -> None:
    folder = tmp_path / "hf"
    write_folder(folder, Small(), "F16")
    by_model = convert(folder, tmp_path / "model.gguf")
    (folder / "tokenizer.model").unlink()
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer_json()))
    by_json = convert(folder, tmp_path / "json.gguf")
    for text in TEXTS:
        assert reader.tokens(by_json, text) == reader.tokens(by_model, text)
    names = [piece for piece, _, _ in pieces()]
    tokens = reader.tokens(by_json, "the dark door")
    assert [names[token] for token in tokens] == ["<s>", "\u2581the", "\u2581dark", "\u2581door"]


def test_a_vocabulary_of_bytes_reads_text_by_its_merges(tmp_path: Path, reader: Reader) -> None:
    folder = tmp_path / "hf"
    write_folder(folder, Small(), "F16")
    (folder / "tokenizer.model").unlink()
    letters = [*"abcdefghijklmnopqrstuvwxyz", "\u0120"]
    vocabulary = {text: place for place, text in enumerate([*letters, "th", "the", "\u0120the"])}
    added = [{"id": 30, "content": "<s>", "special": True}]
    file = {
        "added_tokens": added,
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False},
        "model": {"type": "BPE", "vocab": vocabulary, "merges": ["t h", ["th", "e"], "\u0120 the"]},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": "<s>"}}],
        },
    }
    (folder / "tokenizer.json").write_text(json.dumps(file))
    (folder / "tokenizer_config.json").write_text(json.dumps({"bos_token": "<s>"}))
    made = convert(folder, tmp_path / "m.gguf")
    assert reader.tokens(made, "the the") == [30, 28, 29]


def test_added_pieces_and_the_chat_template_come_along(tmp_path: Path, reader: Reader) -> None:
    folder = tmp_path / "hf"
    count = len(pieces())
    small = Small()
    wide = {
        name: np.concatenate([small.weights[name], small.weights[name][:3]])
        for name in ("model.embed_tokens.weight", "lm_head.weight")
    }
    write_folder(folder, small.with_weights(wide), "F16")
    config = {
        "added_tokens_decoder": {
            str(count): {"content": "<|mark|>", "special": True},
            str(count + 1): {"content": "zzz", "special": False},
            str(count + 9): {"content": "beyond the network", "special": True},
        },
        "chat_template": "{{ messages }}",
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    made = convert(folder, tmp_path / "m.gguf")
    found = fields(made)
    assert found["tokenizer.ggml.tokens"][count : count + 2] == ["<|mark|>", "zzz"]
    assert found["tokenizer.ggml.token_type"][count:] == [3, 4, 5]
    assert found["tokenizer.chat_template"] == "{{ messages }}"
    assert count + 1 in reader.tokens(made, "zzz")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"architectures": ["GPTNeoXForCausalLM"]}, "GPTNeoXForCausalLM and not a LLaMA"),
        ({"rope_scaling": {"type": "yarn", "factor": 4.0}}, "yarn"),
        ({"quantization_config": {"quant_method": "awq"}}, "quantised by awq"),
        ({"hidden_size": 1 << 60}, "wrong at hidden_size"),
        ({"hidden_size": 96}, "where its config.json says"),
        ({"num_hidden_layers": 3}, "lacks blk.2"),
        ({"num_hidden_layers": 1}, "model.layers.1|blk.1"),
    ],
)
def test_what_does_not_fit_is_one_sentence(
    tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    write_folder(tmp_path / "hf", Small(), **change)
    with pytest.raises(ConvertError, match=words):
        convert(tmp_path / "hf", tmp_path / "m.gguf")
    assert not (tmp_path / "m.gguf").exists()


def test_a_real_tokenizer_model_has_the_pieces_of_the_model_that_was_made_with_it() -> None:
    root = Path(__file__).parents[3]
    found = read_sentencepiece(root / "training" / "tokeniser.model")
    known = fields(root / "models" / "pocket.gguf")
    assert found.pieces == known["tokenizer.ggml.tokens"][: len(found.pieces)]
    assert len(found.pieces) > 3000
    assert (found.bos, found.eos, found.unk) == (1, 2, 0)


def test_a_part_of_a_model_leads_to_its_folder(tmp_path: Path) -> None:
    write_folder(tmp_path / "hf", Small(), "F16")
    with pytest.raises(ConvertError, match="name the folder"):
        convert(tmp_path / "hf" / "model.safetensors", tmp_path / "m.gguf")


def test_of_two_copies_of_the_weights_the_usual_one_is_read(tmp_path: Path) -> None:
    write_folder(tmp_path / "hf", Small(), "F16")
    consolidated = {"layers.0.attention.wq.weight": np.zeros((2, 2), "<f2")}
    write_safetensors(tmp_path / "hf" / "consolidated.safetensors", consolidated)
    convert(tmp_path / "hf", tmp_path / "m.gguf")


def test_numbers_too_large_for_f16_are_named(tmp_path: Path) -> None:
    weight = Small().weights["lm_head.weight"] * np.float32(1e6)
    write_folder(tmp_path / "hf", Small().with_weights({"lm_head.weight": weight}), "F32")
    with pytest.raises(ConvertError, match="bf16"):
        convert(tmp_path / "hf", tmp_path / "m.gguf")
    convert(tmp_path / "hf", tmp_path / "m.gguf", float_type="BF16")


class Bomb:
    """What a hostile checkpoint wants to run."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[Any, ...]:
        return (exec, (f"open({str(self.target)!r}, 'w').close()",))


def test_a_pickle_that_wants_to_run_something_is_refused_unread(tmp_path: Path) -> None:
    folder = tmp_path / "hf"
    write_folder(folder, Small(), "F16", "torch")
    for path in folder.glob("*.bin"):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("archive/data.pkl", pickle.dumps(Bomb(tmp_path / "ran")))
    with pytest.raises(ConvertError, match=r"builtins\.exec"):
        convert(folder, tmp_path / "m.gguf")
    assert not (tmp_path / "ran").exists()


def test_a_pointer_in_place_of_the_weights_is_recognised(tmp_path: Path) -> None:
    write_folder(tmp_path / "hf", Small(), "F16", "torch")
    for path in (tmp_path / "hf").glob("*.bin"):
        path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    with pytest.raises(ConvertError, match="Git LFS pointer"):
        convert(tmp_path / "hf", tmp_path / "m.gguf")
