"""GPTQ folders of every layout become GGUF files that compute the same."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
import pytest

from tests.modelfiles.convert.gptq_writer import write_gptq
from tests.modelfiles.convert.hf_writer import write_safetensors
from tests.modelfiles.convert.reader import Reader
from tests.modelfiles.convert.results import CLOSE, PROMPT, distance
from tests.modelfiles.convert.small import Small
from tui.modelfiles.convert import ConvertError, Kind, convert, kind_of

LAYOUTS = [
    ("first", -1, False),
    ("old", -1, False),
    ("old", 32, False),
    ("new", -1, True),
    ("new", 32, False),
    ("new", 32, True),
    ("v2", 16, True),
]


@pytest.mark.parametrize(("layout", "groupsize", "act_order"), LAYOUTS)
def test_every_layout_is_computed_back(
    tmp_path: Path, reader: Reader, layout: str, groupsize: int, act_order: bool
) -> None:
    folder = tmp_path / "gptq"
    network = write_gptq(
        folder, Small(n_head_kv=2), layout=layout, groupsize=groupsize, act_order=act_order
    )
    assert kind_of(folder) is Kind.GPTQ
    made = convert(folder, tmp_path / "m.gguf", float_type="f32")
    assert distance(reader.logits(made, PROMPT), network.logits(PROMPT)) < CLOSE
    [down] = [t.data for t in gguf.GGUFReader(made).tensors if t.name == "blk.1.ffn_down.weight"]
    expected = network.weights["model.layers.1.mlp.down_proj.weight"]
    if layout == "first":
        np.testing.assert_allclose(down, expected, rtol=0, atol=2e-6)
    else:
        assert np.array_equal(down, expected)


def test_it_is_still_the_model_that_was_packed(tmp_path: Path) -> None:
    network = write_gptq(tmp_path / "gptq", Small(), layout="new", groupsize=16)
    assert distance(network.logits(PROMPT), Small().logits(PROMPT)) < 0.5
    assert distance(Small(seed=8).logits(PROMPT), Small().logits(PROMPT)) > 1


def test_a_group_that_does_not_exist_is_one_sentence(tmp_path: Path) -> None:
    write_gptq(tmp_path / "gptq", Small(), layout="new", groupsize=32)
    parts = {
        "model.layers.0.self_attn.q_proj.qweight": np.zeros((8, 64), "<i4"),
        "model.layers.0.self_attn.q_proj.scales": np.ones((2, 64), "<f2"),
        "model.layers.0.self_attn.q_proj.qzeros": np.zeros((2, 8), "<i4"),
        "model.layers.0.self_attn.q_proj.g_idx": np.full(64, 1 << 30, "<i4"),
    }
    write_safetensors(tmp_path / "gptq" / "4bit.safetensors", parts)
    with pytest.raises(ConvertError, match="not GPTQ's"):
        convert(tmp_path / "gptq", tmp_path / "m.gguf")
