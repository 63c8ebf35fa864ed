"""Replies that say nothing, or again what was said: told once more, and then it is said."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator

import pytest

from tests.game.test_prompting import CARD
from tui.engine.backend import Event as Drawn
from tui.engine.backend import Finished as Ended
from tui.engine.backend import Piece as Written
from tui.engine.backend import Request
from tui.game.events import Event, Finished, NoteAdded, ReplyStarted
from tui.game.narrator import Narrator
from tui.game.opening import begin
from tui.game.program import Program
from tui.game.storyteller import Storyteller

SAME = "She looks at the water, and the water looks at her."


class Said:
    """Replies that stand in for the model's, in order; the prompts are the real engine's."""

    def __init__(self, *texts: str) -> None:
        self.texts = list(texts)
        self.seeds: list[int] = []

    async def generate(self, request: Request) -> AsyncGenerator[Drawn, None]:
        self.seeds.append(request.seed)
        text = self.texts.pop(0)
        if text:
            yield Written(f" {text}", (5,))
        ids = (5,) if text else ()
        yield Ended("end", "", 0, ids, ids, 0, len(request.tokens), len(ids), 0.0, 0.0)


@pytest.fixture
async def talk(program: Program, teller: Storyteller) -> AsyncIterator[Narrator]:
    narrator = await begin(CARD, program.paths.saves, teller, program.clock)
    await teller.ready()
    yield narrator
    await narrator.close()


async def all_of(events: AsyncGenerator[Event, None]) -> list[Event]:
    return [event async for event in events]


def notes(events: list[Event]) -> list[str]:
    return [event.note.kind for event in events if isinstance(event, NoteAdded)]


async def test_an_empty_reply_is_drawn_again_and_nobody_sees_it(
    talk: Narrator, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Said("", SAME)
    monkeypatch.setattr(talk.teller.backend, "generate", said.generate)
    events = await all_of(talk.take_turn("Hello."))
    assert [type(event) for event in events].count(ReplyStarted) == 1
    assert talk.session.path()[-1].text == SAME
    assert notes(events) == []
    assert said.seeds[0] != said.seeds[1]


async def test_nothing_twice_is_said(talk: Narrator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talk.teller.backend, "generate", Said("", "").generate)
    events = await all_of(talk.take_turn("Hello."))
    assert notes(events) == ["empty"]
    assert isinstance(events[-1], Finished)


async def test_a_reply_that_says_it_again_is_told_once_more_beside_it(
    talk: Narrator, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = "A gull laughs at something far out on the grey water."
    monkeypatch.setattr(talk.teller.backend, "generate", Said(SAME, SAME, other).generate)
    await all_of(talk.take_turn("Hello."))
    events = await all_of(talk.take_turn("And now?"))
    here = talk.session.path()[-1]
    assert here.text == other
    assert len(talk.session.siblings(here.id)) == 2
    assert notes(events) == ["loop"]
    assert await talk.undo()
    assert talk.session.path()[-1].text == SAME


async def test_once_is_enough_and_then_it_is_said(
    talk: Narrator, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Said(SAME, SAME, SAME)
    monkeypatch.setattr(talk.teller.backend, "generate", said.generate)
    await all_of(talk.take_turn("Hello."))
    events = await all_of(talk.take_turn("And now?"))
    assert said.texts == []
    assert [event.note.text for event in events if isinstance(event, NoteAdded)] == [
        "says again what was said before; try other words"
    ]
