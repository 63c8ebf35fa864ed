"""A turn, end to end: a real engine on a tiny model, a real world, a real save."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from tui.game.events import (
    Answered,
    Event,
    Failed,
    Finished,
    Piece,
    Understood,
)
from tui.game.narrator import Narrator
from tui.game.program import Program
from tui.game.storyteller import Storyteller


async def all_of(events: AsyncGenerator[Event, None]) -> list[Event]:
    return [event async for event in events]


def shown(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, Piece))


async def test_a_choice_is_told_checked_and_followed_by_choices(narrator: Narrator) -> None:
    choice = narrator.choices[0]
    events = await all_of(narrator.take_turn(0))
    kinds = [type(event) for event in events]
    assert kinds[0] is Understood
    assert kinds[-1] is Finished
    said, reply = narrator.session.path()[-2:]
    assert (said.text, said.origin, said.chosen) == (choice.text, "chosen", 0)
    assert said.actions == (choice.action,)
    assert said.scene.startswith("Scene: ")
    assert "Now: " in said.scene
    assert reply.text == shown(events).rstrip()
    assert len({one.text for one in reply.choices}) == len(reply.choices) == 3


async def test_every_choice_is_possible_on_a_model_that_writes_nonsense(narrator: Narrator) -> None:
    stage = narrator.stage
    assert stage is not None
    for turn in range(6):
        await all_of(narrator.take_turn(turn % max(len(narrator.choices), 1)))
        state = stage.at(narrator.session, narrator.session.here)
        possible = {action.id for action in stage.world.possible(state)}
        assert {one.action for one in narrator.choices} <= possible


async def test_what_the_model_leaves_out_the_world_says(narrator: Narrator) -> None:
    stage = narrator.stage
    assert stage is not None
    await all_of(narrator.take_turn(0))
    said, reply = narrator.session.path()[-2:]
    outcome = stage.outcome(narrator.session, said)
    state = stage.at(narrator.session, said.id)
    assert stage.world.check(state, outcome, reply.text).passed


async def test_a_question_is_answered_and_the_story_stays(narrator: Narrator) -> None:
    here = narrator.session.here
    events = await all_of(narrator.take_turn("what do I carry?"))
    assert [type(event) for event in events] == [Answered]
    assert narrator.session.here == here


async def test_retry_is_a_swipe_that_shares_the_scene_line(narrator: Narrator) -> None:
    await all_of(narrator.take_turn(0))
    first = narrator.session.turn
    assert first is not None
    await all_of(narrator.retry())
    second = narrator.session.turn
    assert second is not None
    assert second.parent == first.parent
    assert narrator.session.siblings(second.id) == (first.id, second.id)
    assert await narrator.swipe(-1)
    assert narrator.session.here == first.id


async def test_undo_brings_the_world_back(narrator: Narrator) -> None:
    stage = narrator.stage
    assert stage is not None
    before = stage.at(narrator.session, narrator.session.here)
    await all_of(narrator.take_turn(0))
    assert stage.at(narrator.session, narrator.session.here) != before
    assert await narrator.undo()
    assert stage.at(narrator.session, narrator.session.here) == before
    assert await narrator.redo()


async def test_a_stopped_reply_is_kept_and_can_go_on(narrator: Narrator) -> None:
    narrator.stage = None
    events = narrator.take_turn("look around")
    async for event in events:
        if isinstance(event, Piece):
            break
    await events.aclose()
    cut = narrator.session.turn
    assert cut is not None
    assert cut.state == "cut"
    await all_of(narrator.continue_reply())
    whole = narrator.session.turn
    assert whole is not None
    assert whole.state == "whole"
    assert whole.text.startswith(cut.text[:20])


async def test_the_same_story_comes_back(
    program: Program, teller: Storyteller, narrator: Narrator
) -> None:
    await all_of(narrator.take_turn(0))
    path, choices = narrator.session.path(), narrator.choices
    await narrator.close()
    again = program.resume(narrator.book.path, teller)
    assert [(turn.text, turn.scene, turn.choices) for turn in again.session.path()] == [
        (turn.text, turn.scene, turn.choices) for turn in path
    ]
    assert again.choices == choices
    await again.close()


async def test_an_edited_line_of_the_player_is_understood_anew(narrator: Narrator) -> None:
    await all_of(narrator.take_turn(0))
    said = narrator.session.path()[-2]
    await narrator.edit(said.id, "wait")
    edited = narrator.session.turn
    assert edited is not None
    assert edited.role == "player"
    assert edited.parent == said.parent
    assert edited.scene != said.scene


@pytest.mark.parametrize(
    "words", ["", "   ", "\x00\x1b[31m", "x" * 100_000, "🦆" * 500, "<|model|>no"]
)
async def test_any_words_are_taken(narrator: Narrator, words: str) -> None:
    events = await all_of(narrator.take_turn(words))
    assert isinstance(events[-1], Finished | Answered | Failed)
