"""What nobody should write: each is told in one sentence, within a second, and the game goes on."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest

from tui.cards import card_from_data
from tui.game.events import Failed, Finished
from tui.game.narrator import Narrator
from tui.game.opening import begin
from tui.game.program import Program
from tui.game.storyteller import Storyteller
from tui.story import Record

BAD = {
    "a lorebook of ten thousand": {
        "character_book": {
            "entries": [
                {"keys": [f"word{number}"], "content": f"fact {number}"} for number in range(10_000)
            ]
        }
    },
    "expressions without an end": {
        "character_book": {
            "recursive_scanning": True,
            "entries": [{"keys": ["/(a+)+$/"], "content": "never"}] * 300,
        }
    },
    "macros a hundred deep": {
        "description": "{{reverse:" * 100 + "x" + "}}" * 100,
        "post_history_instructions": "{{" * 100,
    },
    "macros that grow": {"mes_example": "{{reverse:" + "x" * 400_000 + "}}" * 3},
    "examples without an end": {"mes_example": "<START>\n{{user}}: a\n{{char}}: b\n" * 3000},
    "nothing at all": {},
}
WORDS = "word1 " + "a" * 40 + "! hello"


@pytest.fixture
async def narrators(program: Program, teller: Storyteller) -> AsyncIterator[dict[str, Narrator]]:
    await teller.ready()
    cards = {
        title: card_from_data({"name": "Ada", "first_mes": "Hello.", **fields}, "ada")
        for title, fields in BAD.items()
    }
    found = {
        title: await begin(card, program.paths.saves, teller, program.clock)
        for title, card in cards.items()
    }
    yield found
    for narrator in found.values():
        await narrator.close()


async def test_the_game_goes_on_with_each(narrators: dict[str, Narrator]) -> None:
    for title, narrator in narrators.items():
        began = time.process_time()
        prompt = await narrator.preview(WORDS)
        assert time.process_time() - began < 1, title
        assert all("\n" not in one.why for one in prompt.left_out), title
        events = [event async for event in narrator.take_turn(WORDS)]
        assert isinstance(events[-1], Finished), title


async def test_a_description_longer_than_the_context_fails_in_words_and_can_be_taken_back(
    program: Program, teller: Storyteller
) -> None:
    card = card_from_data({"name": "Ada", "description": "long " * 50_000}, "ada")
    narrator = await begin(card, program.paths.saves, teller, program.clock)
    await teller.ready()
    began = time.process_time()
    events = [event async for event in narrator.take_turn("hello")]
    assert time.process_time() - began < 1
    assert isinstance(events[-1], Failed)
    assert "shorten the card" in events[-1].sentence
    assert "\n" not in events[-1].sentence
    assert narrator.session.path()[-1].text == "hello", "what was typed is still there"
    assert await narrator.undo()
    shorter: Record = {"name": "Ada", "description": "short"}
    await narrator.take_card(card_from_data(shorter, "ada"))
    events = [event async for event in narrator.take_turn("hello")]
    assert isinstance(events[-1], Finished)
    await narrator.close()


async def test_a_bad_template_of_the_players_leaves_the_others(program: Program) -> None:
    folder = program.paths.templates
    folder.mkdir()
    (folder / "a.yaml").write_text("name: mine\ntitle: Mine\n", encoding="utf-8")
    (folder / "b.yaml").write_text("like: alpaca\nname: yours\ntitle: Yours\n", encoding="utf-8")
    loaded = program.templates()
    assert loaded.problems == (
        "a.yaml: field system: is missing; it needs name, title, system, player and model.",
    )
    assert "yours" in loaded.templates
    assert program.storyteller().template.name == "metharme"
