"""Imagined turns: what is told is what would have been told, only sooner; the rest is dropped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from itertools import pairwise

import pytest

from tests.tiny_model import make_tiny_model
from tui.engine.backend import BackendError, Request
from tui.engine.backend import Event as Drawn
from tui.engine.client import LlamaBackend
from tui.game import recap
from tui.game.events import ChoicesReady, Event, Finished, Piece
from tui.game.narrator import Narrator
from tui.game.program import Program
from tui.game.saying import Saying
from tui.game.storyteller import Storyteller
from tui.game.understanding import picked
from tui.story import Turn

BOARD = """\
name: The Board
kind: tale
scenario: A harbour at night.
first_mes: You stand on the quay.
opening_choices: [Walk to the boat, Call out, Wait]
"""
HESTER = """\
name: Hester
kind: companion
first_mes: Hester looks up from her book.
things_to_say: [Wait, Look at the shelves, Sit down]
facts:
  - {topic: the tea, knows: it is smoked over pine}
  - {topic: the grey book, knows: nobody may read it}
"""


class Asked:
    """Whatever the engine is asked to write, and how much of it is under way.

    With `refuses` it writes nothing at idle priority; what `holds` names never comes.
    """

    def __init__(self, teller: Storyteller, monkeypatch: pytest.MonkeyPatch) -> None:
        self.requests: list[Request] = []
        self.open = 0
        self.refuses = False
        self.holds: Callable[[Request], bool] = lambda _: False
        self._more = asyncio.Event()
        self._generate = teller.backend.generate
        monkeypatch.setattr(teller.backend, "generate", self.generate)

    async def generate(self, request: Request) -> AsyncGenerator[Drawn, None]:
        if request.max_tokens:
            self.requests.append(request)
            self._more.set()
        if self.refuses and request.priority == "idle":
            raise BackendError("It rests.")
        self.open += 1
        try:
            if self.holds(request):
                await asyncio.Event().wait()
            async with aclosing(self._generate(request)) as events:
                async for event in events:
                    yield event
        finally:
            self.open -= 1

    async def imagining(self, *, choices: bool = False) -> Request:
        """Wait for one that is imagined: its prose, or its choices."""
        return await self.until(lambda one: one.priority == "idle" and bool(one.phrases) == choices)

    async def until(self, wanted: Callable[[Request], bool]) -> Request:
        """Wait for one of a kind."""
        while True:
            for one in filter(wanted, self.requests):
                return one
            self._more.clear()
            await self._more.wait()

    def take(self) -> list[Request]:
        """What was asked since the last time."""
        requests, self.requests = self.requests, []
        return requests


@pytest.fixture
async def large(program: Program, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Storyteller]:
    """A storyteller that says of itself that it is large and slow, and is neither."""
    make_tiny_model(program.paths.models / "tiny.gguf", kind="F16", attention=0.0)
    for name, text in (("board", BOARD), ("hester", HESTER)):
        (program.paths.characters / f"{name}.yaml").write_text(text, encoding="utf-8")
    teller = program.storyteller()
    model = await teller.ready()
    slow = replace(model, n_params=1_100_000_000, read_per_second=100.0, write_per_second=10.0)
    monkeypatch.setattr(LlamaBackend, "model", slow)
    yield teller
    await teller.close()


@pytest.fixture
def asked(large: Storyteller, monkeypatch: pytest.MonkeyPatch) -> Asked:
    return Asked(large, monkeypatch)


async def begun(
    program: Program, teller: Storyteller, card: str = "lamp", *, ahead: bool = True
) -> Narrator:
    narrator = await program.begin(program.card(card), teller, seed=3)
    narrator.thinks_ahead = ahead
    narrator.wake()
    return narrator


async def told(events: AsyncGenerator[Event, None]) -> list[Event]:
    return [event async for event in events]


async def first_piece(narrator: Narrator, choice: int) -> str:
    """Pick a choice, and stop at the first text."""
    async with aclosing(narrator.take_turn(choice)) as events:
        async for event in events:
            if isinstance(event, Piece):
                return event.text
    raise AssertionError("nothing was told")


def values(turn: Turn) -> tuple[object, ...]:
    """All of a turn that does not hang on when it was told."""
    return turn.text, turn.tokens, turn.choices, turn.seed, turn.finish, turn.notes, turn.origin


def urgent(request: Request) -> Request:
    return replace(request, priority="now", key="")


def only_the_first(saying: Saying) -> list[Turn]:
    """One choice: rows that are decoded together round otherwise than one alone."""
    return [saying.turn(picked(saying.choices, 0))]


async def played(narrator: Narrator, turns: int, *, rests: bool) -> list[tuple[object, ...]]:
    """A story in which the first choice is picked each time, at once or after a rest."""
    for _ in range(turns):
        if rests:
            await narrator.thinking.rested()
        await told(narrator.take_turn(0))
    story = [values(turn) for turn in narrator.session.path()]
    await narrator.close()
    return story


@pytest.mark.parametrize("card", ["lamp", "board", "hester"])
async def test_what_is_told_is_what_would_have_been_told(
    program: Program,
    large: Storyteller,
    asked: Asked,
    card: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Saying, "offers", only_the_first)
    plain = await played(await begun(program, large, card, ahead=False), 3, rests=False)
    needed = asked.take()
    rested = await played(await begun(program, large, card), 3, rests=True)
    imagined = asked.take()
    hurried = await played(await begun(program, large, card), 3, rests=False)
    assert rested == plain
    assert hurried == plain
    assert {one.priority for one in needed} == {"now"}
    assert {one.priority for one in imagined} == {"idle"}
    assert [urgent(one) for one in imagined[: len(needed)]] == needed


async def test_what_is_imagined_knows_what_has_left_the_memory(
    program: Program, large: Storyteller, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Saying, "offers", only_the_first)
    monkeypatch.setattr(Storyteller, "window", 640)
    narrator = await begun(program, large, ahead=False)
    plain = await played(narrator, 4, rests=True)
    assert recap.told(narrator.session)
    needed = asked.take()
    assert await played(await begun(program, large), 4, rests=True) == plain
    assert [urgent(one) for one in asked.take()[: len(needed)]] == needed


@pytest.mark.parametrize("card", ["lamp", "board", "hester"])
async def test_of_what_was_imagined_whole_nothing_is_asked_any_more(
    program: Program, large: Storyteller, asked: Asked, card: str
) -> None:
    narrator = await begun(program, large, card)
    await narrator.thinking.rested()
    imagined = asked.take()
    assert {one.priority for one in imagined} == {"idle"}
    assert len({one.key for one in imagined}) == len(narrator.choices) == 3
    narrator.thinks_ahead = False
    events = await told(narrator.take_turn(1))
    assert asked.take() == []
    assert [len(one.choices) for one in events if isinstance(one, ChoicesReady)] == [3]
    turn = narrator.session.path()[-1]
    world = [note for note in turn.notes if note.kind == "world"]
    assert len(world) == (card == "lamp")
    assert all(note.before and turn.text.startswith(note.before) for note in world)
    await narrator.close()
    plain = await begun(program, large, card, ahead=False)
    await first_piece(plain, 1)
    assert asked.take()[0] in map(urgent, imagined)
    await plain.close()


async def test_choices_that_are_asked_for_when_it_is_picked_become_urgent(
    program: Program, large: Storyteller, asked: Asked
) -> None:
    narrator = await begun(program, large)
    line = await asked.imagining(choices=True)
    narrator.thinks_ahead = False
    asked.take()
    await told(narrator.take_turn(int(line.key[-1])))
    assert asked.take()[-1].priority == "now"
    assert len(narrator.choices) == 3
    await narrator.close()


async def test_whatever_else_the_player_does_drops_all_of_it(
    program: Program, large: Storyteller, asked: Asked
) -> None:
    narrator = await begun(program, large, "board")
    session, turn = narrator.session, narrator.session.path()[1]
    acts = (
        lambda: narrator.record(session.pin(turn.id, "A rope.")),
        lambda: told(narrator.retry()),
        lambda: told(narrator.take_turn("whistle")),
        narrator.undo,
        lambda: narrator.told_by(large),
    )
    for act in acts:
        narrator.thinks_ahead = True
        narrator.wake()
        await asked.imagining()
        narrator.thinks_ahead = False
        await act()
        await narrator.thinking.rested()
        assert asked.open == 0
        asked.take()
    await narrator.close()


async def test_a_picked_one_is_stopped_as_any_other(
    program: Program, large: Storyteller, asked: Asked
) -> None:
    narrator = await begun(program, large, "board")
    await asked.imagining()
    narrator.thinks_ahead = False
    await first_piece(narrator, 0)
    turn = narrator.session.path()[-1]
    assert (turn.state, turn.finish) == ("cut", "cancelled")
    assert asked.open == 0
    await narrator.close()


async def test_of_what_was_imagined_no_more_is_kept_than_was_shown(
    program: Program, large: Storyteller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Saying, "offers", only_the_first)
    plain = await begun(program, large, "board", ahead=False)
    await told(plain.take_turn(0))
    whole = plain.session.path()[-1]
    await plain.close()
    narrator = await begun(program, large, "board")
    await narrator.thinking.rested()
    narrator.thinks_ahead = False
    shown = await first_piece(narrator, 0)
    turn = narrator.session.path()[-1]
    assert (turn.text, turn.state) == (shown, "cut")
    assert turn.tokens
    assert whole.tokens[: len(turn.tokens)] == turn.tokens
    assert whole.text.startswith(shown)
    await narrator.close()


async def test_what_is_imagined_anew_stands_in_the_place_of_what_was(
    program: Program, large: Storyteller, asked: Asked
) -> None:
    narrator = await begun(program, large, "board")
    await asked.imagining()
    narrator.wake()
    asked.take()
    await asked.imagining()
    assert asked.open <= len(narrator.choices) + 1
    await narrator.close()
    assert asked.open == 0


async def test_what_cannot_be_made_urgent_is_drawn_anew(
    program: Program, large: Storyteller, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(_key: str) -> bool:
        raise BackendError("The engine stopped twice in a row.")

    monkeypatch.setattr(large.backend, "promote", gone)
    narrator = await begun(program, large, "board")
    await asked.imagining()
    asked.take()
    narrator.thinks_ahead = False
    assert isinstance((await told(narrator.take_turn(0)))[-1], Finished)
    assert "now" in {one.priority for one in asked.take()}
    assert asked.open == 0
    await narrator.close()


async def test_after_an_undo_the_choices_that_stand_again_are_imagined(
    program: Program, large: Storyteller, asked: Asked
) -> None:
    narrator = await begun(program, large, "board")
    await told(narrator.take_turn(0))
    await asked.imagining()
    assert await narrator.undo()
    await narrator.thinking.rested()
    asked.take()
    narrator.thinks_ahead = False
    await told(narrator.take_turn(2))
    assert asked.take() == []
    await narrator.close()


async def test_what_could_not_be_imagined_is_drawn_when_it_is_picked(
    program: Program, large: Storyteller, asked: Asked
) -> None:
    asked.refuses = True
    narrator = await begun(program, large, "board")
    await narrator.thinking.rested()
    asked.take()
    events = await told(narrator.take_turn(0))
    assert isinstance(events[-1], Finished)
    assert {one.priority for one in asked.take()} >= {"now"}
    await narrator.close()


def is_recap(request: Request) -> bool:
    return request.key.startswith("recap")


async def until_something_is_summed_up(narrator: Narrator, asked: Asked) -> list[Request]:
    """Play until something has left the memory; what was asked after the last reply."""
    for _ in range(9):
        await narrator.thinking.rested()
        if any(is_recap(one) for one in asked.requests):
            return asked.take()
        asked.take()
        await told(narrator.take_turn(0))
    raise AssertionError("nothing was summed up")


async def test_what_left_the_memory_is_summed_up_before_anything_is_imagined(
    program: Program, large: Storyteller, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Storyteller, "window", 640)
    narrator = await begun(program, large, "board")
    requests = [one for one in await until_something_is_summed_up(narrator, asked) if one.key]
    order = [is_recap(one) for one in requests]
    assert order == sorted(order, reverse=True)
    assert len(requests) >= sum(order) + len(narrator.choices)
    await narrator.close()


async def test_a_quick_model_s_summing_up_is_not_waited_for(
    program: Program, large: Storyteller, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert large.model is not None
    quick = replace(large.model, read_per_second=1e5, write_per_second=1e4)
    monkeypatch.setattr(LlamaBackend, "model", quick)
    monkeypatch.setattr(Storyteller, "window", 640)
    asked.holds = is_recap
    narrator = await begun(program, large, "board")
    summing = asyncio.create_task(asked.until(is_recap))
    async with asyncio.timeout(60):
        while not summing.done():
            await told(narrator.take_turn(0))
            rest = asyncio.create_task(narrator.thinking.rested())
            await asyncio.wait([rest, summing], return_when=asyncio.FIRST_COMPLETED)
        await told(narrator.take_turn("whistle"))
    await narrator.close()
    assert asked.open == 0


async def test_of_a_turn_that_is_called_off_at_once_nothing_goes_on(
    program: Program, large: Storyteller, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    promoting = asyncio.Event()

    async def slowly(_key: str) -> bool:
        promoting.set()
        return await asyncio.Event().wait()

    monkeypatch.setattr(large.backend, "promote", slowly)
    asked.holds = lambda one: one.priority == "idle" and bool(one.max_tokens)
    narrator = await begun(program, large, "board")
    await asked.imagining()
    turn = asyncio.create_task(told(narrator.take_turn(0)))
    await promoting.wait()
    turn.cancel()
    await asyncio.wait([turn])
    assert asked.open == 0
    await narrator.close()


async def test_what_is_imagined_after_a_cut_is_not_read_ahead_once_more(
    program: Program, large: Storyteller, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, read_ahead = list[Sequence[int]](), large.backend.read_ahead

    async def noted(tokens: Sequence[int]) -> bool:
        read.append(tokens)
        return await read_ahead(tokens)

    monkeypatch.setattr(large.backend, "read_ahead", noted)
    narrator = await begun(program, large)
    pauses: list[tuple[bool, bool]] = []
    start = None
    for turn in range(12):
        read.clear()
        await told(narrator.take_turn(turn % 2))
        await narrator.thinking.rested()
        now = narrator.session.path()[-1].stats["first_turn"]
        pauses.append((bool(read), start not in (None, now)))
        start = now
    assert [cut for _, cut in pauses[1:]].count(True) >= 2
    for (was_read, _), (_, cut) in pairwise(pauses):
        assert not (was_read and cut)
    assert [was_read for was_read, _ in pauses].count(True) >= 2
    await narrator.close()
