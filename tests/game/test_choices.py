"""The list of choices where the model has no room left for it."""

from __future__ import annotations

from tui.game.choices import ChoiceList
from tui.game.companion import WHEREVER
from tui.game.storyteller import Storyteller


async def test_in_a_full_window_the_choices_come_without_the_model(teller: Storyteller) -> None:
    model = await teller.ready()
    prompt = (1, *[300] * (model.n_ctx - 1))
    backend = teller.backend
    full = ChoiceList(backend, backend.generate, "- ", prompt, 3)
    lines = await full.of_lines(3, WHEREVER, ())
    assert [one.text for one in lines.choices] == list(WHEREVER[:3])
    things = await full.of_phrases(["Go", "Stay", "Wait"], 2)
    assert [one.text for one in things.choices] == ["Go", "Stay"]
