"""When the text of a reply is told."""

from __future__ import annotations

from pathlib import Path

from tests.engine.inside import Inside
from tui.engine import LoadSettings, Request, Sampling
from tui.engine.worker.library import Library


def test_the_first_text_is_told_as_soon_as_it_is_drawn(library: Library, tiny_model: Path) -> None:
    inside = Inside(library, tiny_model, LoadSettings(n_ctx=512, n_threads=1))
    always = Sampling(temperature=0.0, logit_bias=((300, 1000.0),))
    inside.start(Request((1, *range(400, 600)), 20, always))
    told: list[str] = []
    for _ in range(4):
        assert "piece" not in told
        inside.work(1)
        told = [said["e"] for said in inside.said]
    assert told[-2:] == ["reading", "piece"]
    inside.work()
