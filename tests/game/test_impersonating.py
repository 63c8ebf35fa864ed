"""The player's line, written by the model: where it stands in the prompt, and that it stops."""

from __future__ import annotations

import pytest

from tests.game.test_prompting import CARD, answer, say
from tui.game.impersonating import players_line
from tui.game.narrator import Narrator
from tui.game.opening import begin
from tui.game.program import Program
from tui.game.storyteller import Storyteller

ENDS = {
    "metharme": ("It is.<|user|>", "It is.<|user|>I say"),
    "chatml": ("<|im_start|>user\n", "<|im_start|>user\nI say"),
    "limarp": ("<<HUMAN>>\nRobin:", "<<HUMAN>>\nRobin: I say"),
    "pygmalion": ("\nYou:", "\nYou: I say"),
    "vicuna": ("\nUSER:", "\nUSER: I say"),
    "mistral": ("</s>[INST]", "</s>[INST] I say"),
    "adventure": ("\n\n> You", "\n\n> You I say"),
    "llama-2": ("[INST]", "[INST] I say"),
}


async def test_the_prompt_ends_where_the_players_line_begins(
    program: Program, teller: Storyteller
) -> None:
    narrator = await begin(CARD, program.paths.saves, teller, program.clock)
    session = narrator.session
    say(session, "Is it lit?")
    answer(session, "It is.")
    for name, (empty, begun) in ENDS.items():
        teller.template_name = name
        writer = await teller.writer(CARD)
        text = (await writer.players_line(session, session.path(), "")).text
        assert text.endswith(empty), name
        assert "Answer as Marta" not in text
        text = (await writer.players_line(session, session.path(), "I say")).text
        assert text.endswith(begun), name
    await narrator.close()


async def test_a_line_is_written_and_the_story_stays(program: Program, teller: Storyteller) -> None:
    narrator = await begin(CARD, program.paths.saves, teller, program.clock)
    here = narrator.session.here
    lines = ["".join([piece async for piece in players_line(narrator)]) for _ in range(2)]
    assert all(0 < len(line) < 2000 for line in lines)
    assert lines[0] != lines[1], "each time it is another one"
    assert not any(stop in line for line in lines for stop in ("<|model|>", "\n\n", "\nMarta:"))
    assert narrator.session.here == here
    await narrator.close()


async def test_in_a_world_it_is_a_deed_that_is_possible_and_not_offered(narrator: Narrator) -> None:
    stage = narrator.stage
    assert stage is not None
    line = "".join([piece async for piece in players_line(narrator)])
    assert line not in {choice.text for choice in narrator.choices}
    state = stage.at(narrator.session, narrator.session.here)
    possible = stage.world.options(state, 99)
    assert line in {phrase for option in possible for phrase in option.phrasings}


@pytest.mark.parametrize("begun", ["", "I lift the lamp and"])
async def test_a_line_that_was_begun_is_gone_on_with(
    program: Program, teller: Storyteller, begun: str
) -> None:
    narrator = await begin(CARD, program.paths.saves, teller, program.clock)
    pieces = [piece async for piece in players_line(narrator, begun)]
    assert begun not in "".join(pieces) or not begun
    assert pieces
    assert begun or not pieces[0].startswith(" ")
    await narrator.close()
