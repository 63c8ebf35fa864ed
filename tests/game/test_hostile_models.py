"""Broken model files: each is a page or a sentence, and the program lives on."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bench.fuzz_gguf import Trial, damaged, header_length

FILES = 40


@pytest.fixture
def whole(tiny_model: Path) -> bytes:
    """A sound model file."""
    return tiny_model.read_bytes()


async def test_broken_files_are_loaded_or_told_of_in_a_sentence(
    whole: bytes, tmp_path: Path
) -> None:
    dice, trial = random.Random(11), Trial(tmp_path)
    found = [await trial.load(damaged(dice, whole, header_length(whole))) for _ in range(FILES)]
    found.append(await trial.load(whole))
    await trial.backend.close()
    assert not [one for one in found if one.startswith("!")]
    assert "refused" in found
    assert found[-1] == "loaded"
