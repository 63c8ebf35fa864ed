"""What is read while the player reads, and what of a story is there when it is opened again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tui.game.narrator import Narrator
from tui.game.pieces import read_beginning, thinks_ahead
from tui.game.program import Program
from tui.game.storyteller import Storyteller
from tui.prompt import units_of
from tui.prompt.window import joined

N_CTX = 640
WORDS = ["look around", "wait", "go north", "1", "look at the lamp", "2"] * 2


@pytest_asyncio.fixture
async def small(program: Program) -> AsyncIterator[Storyteller]:
    """A storyteller whose window is full after a few turns."""
    program.settings = program.settings.model_copy(update={"n_ctx": N_CTX, "n_threads": 1})
    teller = program.storyteller()
    yield teller
    await teller.close()


async def said(narrator: Narrator, words: str) -> dict[str, float]:
    """Say something, have everything thought of it, and tell what the reply cost."""
    choice = int(words) - 1 if words.isdigit() and narrator.choices else words
    async for _ in narrator.take_turn(choice):
        pass
    await narrator.thinking.rested()
    turn = narrator.session.turn
    assert turn is not None
    return dict(turn.stats)


async def newest(narrator: Narrator, teller: Storyteller) -> int:
    """The tokens that the newest turn, with its reply and choices, has added to the story."""
    model = teller.model
    assert model is not None
    unit = units_of(narrator.session.path(), teller.template, model.fingerprint)[-1]
    runs = joined(list(teller.template.parts(unit.blocks)))
    return len(await teller.backend.encode(runs, add_bos=False))


async def test_of_a_full_window_only_what_is_new_is_read_while_the_player_waits(
    program: Program, small: Storyteller
) -> None:
    narrator = await program.begin(program.card("lamp"), small, seed=3)
    await narrator.book.record(narrator.session.note("Write of the sea and of its smells.", 4))
    read = added = cuts = 0
    start = 0.0
    for place, words in enumerate(WORDS):
        costs = await said(narrator, words)
        if place >= 2:
            read += int(costs["read"])
            added += await newest(narrator, small)
            cuts += costs["first_turn"] != start
        start = costs["first_turn"]
    await narrator.close()
    assert cuts >= 3
    assert read < 1.1 * added


async def test_a_story_that_is_opened_again_is_known_but_for_what_is_said(
    program: Program, teller: Storyteller
) -> None:
    narrator = await program.begin(program.card("lamp"), teller, seed=3)
    for words in WORDS[:3]:
        await said(narrator, words)
    save = narrator.book.path
    await narrator.close()
    await teller.close()
    again = program.storyteller()
    narrator = program.resume(save, again)
    narrator.wake()
    await narrator.thinking.rested()
    costs = await said(narrator, "wait")
    assert costs["kept"] + costs["read"] == costs["prompt"] > 400
    assert costs["read"] < 100
    await narrator.close()
    await again.close()


async def test_another_model_s_state_is_not_taken(program: Program, teller: Storyteller) -> None:
    narrator = await program.begin(program.card("lamp"), teller, seed=3)
    await said(narrator, "wait")
    save = narrator.book.path
    await narrator.close()
    await teller.close()
    program.settings = program.settings.model_copy(update={"n_ctx": 512, "n_threads": 1})
    other = program.storyteller()
    narrator = program.resume(save, other)
    costs = await said(narrator, "wait")
    assert costs["kept"] == 0
    await narrator.close()
    await other.close()


async def test_a_card_that_was_looked_at_is_read_when_its_story_begins(
    program: Program, teller: Storyteller
) -> None:
    card = program.card("lamp")
    await teller.ready()
    await read_beginning(program, card, teller)
    assert program.saves() == []
    narrator = await program.begin(card, teller, seed=3)
    costs = await said(narrator, "wait")
    assert costs["kept"] > 100
    assert costs["read"] < costs["kept"]
    await narrator.close()


@pytest.mark.parametrize(
    ("supplies", "asked", "thinks"),
    [
        ({}, "auto", True),
        ({"AC": "1\n", "USB": "0\n"}, "auto", True),
        ({"AC": "0\n"}, "auto", False),
        ({"AC": "0\n"}, True, True),
        ({"AC": "1\n"}, False, False),
    ],
)
def test_on_battery_it_thinks_ahead_only_where_that_is_asked_for(
    program: Program, tmp_path: Path, supplies: dict[str, str], asked: str | bool, thinks: bool
) -> None:
    for name, online in supplies.items():
        (tmp_path / "power" / name).mkdir(parents=True)
        (tmp_path / "power" / name / "online").write_text(online)
    (tmp_path / "power" / "BAT0").mkdir(parents=True)
    program.settings = program.settings.model_copy(update={"ahead": asked})
    assert thinks_ahead(program, tmp_path / "power") == thinks
