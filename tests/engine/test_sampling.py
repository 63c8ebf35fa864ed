"""Sampling as a value: every setting survives a file, and a wrong one is named."""

from __future__ import annotations

import json

import pytest

from tui.engine import Sampling
from tui.engine.sampling import advised


def test_every_value_survives_json() -> None:
    sampling = Sampling(
        temperature=0.7,
        tfs_z=0.85,
        tfs_rule="text-generation-webui",
        dry_breakers=("\n", "*"),
        logit_bias=((2, -5.0), (7, 1.5)),
        mirostat=2,
        order=("temperature", "min_p"),
    )
    assert Sampling.from_dict(json.loads(json.dumps(sampling.as_dict()))) == sampling


def test_missing_values_are_the_defaults() -> None:
    assert Sampling.from_dict({"temperature": 1}) == Sampling(temperature=1.0)


def test_unknown_settings_are_all_named() -> None:
    with pytest.raises(ValueError, match="unknown setting temprature, top_q"):
        Sampling.from_dict({"top_q": 1, "temprature": 0.5})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", "hot"),
        ("top_k", 1.5),
        ("ban_eos", 1),
        ("top_k", True),
        ("dry_breakers", "\n"),
        ("temperature", -1.0),
        ("repeat_penalty", 0.0),
        ("mirostat", 3),
        ("order", ["temperature", "luck"]),
        ("tfs_rule", "mine"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"sampling: {name} "):
        Sampling.from_dict({name: value})


def test_a_model_file_says_how_it_wants_to_be_drawn_from() -> None:
    metadata = {
        "general.sampling.temp": "0.600000",
        "general.sampling.top_k": "20",
        "general.sampling.penalty_repeat": "1.05",
        "general.sampling.min_p": "nonsense",
        "general.sampling.top_p": "-3",
        "general.sampling.mirostat": "nan",
        "general.sampling.penalty_last_n": "inf",
        "general.name": "some model",
    }
    assert advised(metadata) == {"temperature": 0.6, "top_k": 20, "repeat_penalty": 1.05}
