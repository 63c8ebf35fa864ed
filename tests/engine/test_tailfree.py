"""Tail-free sampling against llama.cpp's own vectors, with both programs' rules."""

from __future__ import annotations

import numpy as np
import pytest

from tui.engine.sampling import TfsRule
from tui.engine.worker.tailfree import tail_free_count

VECTOR = np.array([0.3, 0.25, 0.2, 0.15, 0.1])


@pytest.mark.parametrize(
    ("z", "rule", "kept"),
    [
        (0.25, "llama.cpp", 1),
        (0.75, "llama.cpp", 2),
        (0.99, "llama.cpp", 2),
        (1.0, "llama.cpp", 5),
        (0.25, "text-generation-webui", 1),
        (0.75, "text-generation-webui", 3),
    ],
)
def test_vectors(z: float, rule: TfsRule, kept: int) -> None:
    assert tail_free_count(VECTOR, z, rule) == kept


def test_two_candidates_are_left_alone() -> None:
    assert tail_free_count(np.array([0.9, 0.1]), 0.1, "llama.cpp") == 2


def test_webui_keeps_one_more_once_anything_is_cut() -> None:
    generator = np.random.default_rng(5)
    for _ in range(50):
        values = np.sort(generator.dirichlet(np.full(40, 0.3)))[::-1]
        ours = tail_free_count(values, 0.9, "llama.cpp")
        theirs = tail_free_count(values, 0.9, "text-generation-webui")
        assert theirs - ours in (0, 1)
