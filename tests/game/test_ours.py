"""The model that ships is known by its file, and drawn as it tells best."""

from __future__ import annotations

from pathlib import Path

from tui.engine import LlamaBackend
from tui.game.ours import is_ours
from tui.game.storyteller import Storyteller

POCKET = Path(__file__).parents[2] / "models" / "pocket.gguf"


async def test_the_pocket_model_is_drawn_more_narrowly(pocket: LlamaBackend) -> None:
    teller = Storyteller(pocket, POCKET)
    assert is_ours(pocket.model)
    assert teller.sampling.min_p == 0.2
    assert Storyteller(pocket, POCKET, overrides={"min_p": 0.1}).sampling.min_p == 0.1


async def test_another_model_is_drawn_as_its_template_says(
    tiny_model: Path, tmp_path: Path
) -> None:
    teller = Storyteller(LlamaBackend(log=tmp_path / "log"), tiny_model)
    await teller.ready()
    assert not is_ours(teller.model)
    assert teller.sampling.min_p == teller.template.sampling.get("min_p", 0.05)
    await teller.close()
