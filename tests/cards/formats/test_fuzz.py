"""A short run of the fuzz target; `make fuzz-cards` is the long one."""

from __future__ import annotations

from pathlib import Path

from bench.fuzz_cards import fuzz


def test_five_hundred_broken_cards_give_cards_or_sentences(tmp_path: Path) -> None:
    cards, _ = fuzz(500, 2, tmp_path / "failure")
    assert 50 < cards < 450
