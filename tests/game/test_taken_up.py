"""A story taken up again by another run: a reply that was cut goes on, jumps bring their state."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from tui.game.events import Event, Finished, Piece
from tui.game.narrator import Narrator
from tui.game.program import Program
from tui.game.storyteller import Storyteller


async def play(events: AsyncIterator[Event]) -> list[Event]:
    return [event async for event in events]


@pytest.fixture
async def talk(program: Program, teller: Storyteller) -> Narrator:
    """A talk whose replies stream."""
    card = program.paths.characters / "tam.yaml"
    card.write_text("name: Tam\ndescription: Tam is a boy.\nfirst_mes: Row.\n", encoding="utf-8")
    return await program.begin(program.card("tam"), teller, seed=3)


async def test_a_reply_that_was_cut_goes_on_in_the_next_run(
    program: Program, teller: Storyteller, talk: Narrator
) -> None:
    async with aclosing(talk.take_turn("tell me")) as events:
        async for event in events:
            if isinstance(event, Piece) and len(event.text.strip()) > 1:
                break
    cut = talk.session.turn
    assert cut is not None
    assert cut.state == "cut"
    assert cut.text
    await talk.close()

    again = program.resume(talk.book.path, teller)
    assert again.session.turn == cut
    told = await play(again.continue_reply())
    assert isinstance(told[-1], Finished)
    whole = again.session.turn
    assert whole is not None
    assert whole.state == "whole"
    assert whole.text.startswith(cut.text.rstrip()[:20])
    await again.close()

    third = program.resume(talk.book.path, teller)
    assert third.session.turn == whole
    assert await third.undo()
    assert third.session.turn == cut
    await third.close()


async def test_every_jump_brings_the_worlds_state_with_it(
    program: Program, teller: Storyteller, narrator: Narrator
) -> None:
    states: dict[int, object] = {}
    for _ in range(4):
        await play(narrator.take_turn(0))
        assert narrator.stage is not None
        here = narrator.session.here
        assert here is not None
        states[here] = narrator.stage.at(narrator.session, here)
    middle = list(states)[1]
    await narrator.book.record(narrator.session.move(middle))
    offered = narrator.choices
    await play(narrator.take_turn(len(offered) - 1))
    await narrator.close()

    again = program.resume(narrator.book.path, teller)
    assert again.stage is not None
    for turn, state in states.items():
        await again.book.record(again.session.move(turn))
        assert again.stage.at(again.session, again.session.here) == state
    await again.book.record(again.session.move(middle))
    assert again.choices == offered
    await again.close()
