"""The recap: what is kept of turns that left the window, by whom, and on which branch."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.game.test_prompting import CARD, answer, begun, say, written
from tui.game import recap, recapping
from tui.game.narrator import Narrator
from tui.game.opening import begin
from tui.game.program import Program
from tui.game.storyteller import Storyteller
from tui.story import Session, Turn


def seen(session: Session) -> None:
    """Six exchanges, of which the model remembers the last two."""
    for number in range(6):
        say(session, f"Question {number}.")
        start = [turn.id for turn in session.path() if turn.role == "player"][-2:][0]
        answer(session, f"Answer {number}.", **({"first_turn": start} if number == 5 else {}))


def start_of(session: Session) -> int:
    start = recapping.window_start(session.path())
    assert start is not None
    return start


def kept(session: Session, turn: int, text: str, by: str = "model") -> None:
    session.apply(session.set(f"recap.{turn}", {"text": text, "by": by}, step="none"))


async def test_what_left_the_window_is_summed_up_once(
    program: Program, teller: Storyteller
) -> None:
    session = await begun(program, teller)
    seen(session)
    start = start_of(session)
    turns = recap.untold(session, session.path(), start)
    assert turns[0].text.startswith("“Over?”")
    assert turns[-1].text == "Answer 3."
    writer = await teller.writer(CARD)
    for _ in range(recapping.MOST_PARTS):
        record = await recapping.summed_up(writer, session, session.path(), start)
        if record is None:
            break
        session.apply(record)
    assert recap.untold(session, session.path(), start) == []
    assert await recapping.summed_up(writer, session, session.path(), start) is None
    assert session.can_undo
    assert recap.parts(session)[-1].upto == turns[-1].id


async def test_the_prompt_asks_for_these_lines_and_fits(
    program: Program, teller: Storyteller
) -> None:
    session = await begun(program, teller)
    seen(session)
    writer = await teller.writer(CARD)
    tokens = await recapping.asked(writer, session.path()[1:3])
    text = b"".join(await writer.backend.pieces(tokens)).decode()
    assert "<|user|>Robin: Question 0.\nMarta: Answer 0.\n\nSum up these lines" in text
    assert text.endswith("<|model|>In short:")


async def test_it_is_a_line_in_the_prompt_of_its_own_branch(
    program: Program, teller: Storyteller
) -> None:
    session = await begun(program, teller)
    seen(session)
    path = session.path()
    kept(session, path[4].id, "They spoke of rivers.")
    kept(session, path[8].id, "Then of boats.")
    say(session, "And now?")
    prompt = await written(teller, session)
    lines = [one.text for one in prompt.sections if one.kind == "recap"]
    assert lines == ["<|system|>The story so far: They spoke of rivers. Then of boats."]
    session.apply(session.move(path[6].id))
    say(session, "Another way.")
    answer(session, "Yes.", first_turn=path[5].id)
    say(session, "And now?")
    assert recap.told(session) == "They spoke of rivers."
    session.apply(recap.switched(session, False, 0.0))
    assert recap.line(session, path[5].id, None) == ""


async def test_what_is_still_remembered_is_not_told_twice(
    program: Program, teller: Storyteller
) -> None:
    session = await begun(program, teller)
    seen(session)
    path = session.path()
    kept(session, path[4].id, "Early.")
    kept(session, path[8].id, "Late.")
    assert recap.line(session, path[5].id, None) == "The story so far: Early."
    assert recap.line(session, None, None) == ""


async def test_the_player_can_rewrite_it_and_take_that_back(
    program: Program, teller: Storyteller
) -> None:
    session = await begun(program, teller)
    seen(session)
    path = session.path()
    kept(session, path[4].id, "One.")
    kept(session, path[8].id, "Two.")
    for record in recap.rewritten(session, "My own\nwords.", 0.0):
        session.apply(record)
    assert [(part.upto, part.text, part.by) for part in recap.parts(session)] == [
        (path[8].id, "My own words.", "player")
    ]
    session.apply(session.undo())
    assert recap.told(session) == "One. Two."


async def test_a_model_of_ours_gets_only_what_the_player_wrote(
    program: Program, teller: Storyteller
) -> None:
    session = await begun(program, teller)
    seen(session)
    writer = await teller.writer(CARD)
    model = writer.backend.model
    assert model is not None
    ours = replace(model, metadata={"fabletop.made": "here"})
    path = session.path()
    kept(session, path[4].id, "Early.")
    assert recap.line(session, path[8].id, ours) == ""
    for record in recap.rewritten(session, "My own.", 0.0):
        session.apply(record)
    assert recap.line(session, path[8].id, ours) == "The story so far: My own."
    assert recap.line(session, None, ours) == "The story so far: My own."


def test_what_a_world_decided_needs_no_model() -> None:
    def turn(action: str, now: str) -> Turn:
        scene = f"Scene: the quay, dusk. Now: {now}."
        return Turn(0, None, "player", "Ann", "x", "said", scene=scene, actions=(action,))

    turns = [
        turn("take:key", "you take the brass key"),
        turn("look", "you look about"),
        turn("unlock:door:key", "you unlock the door with the brass key; it opens"),
        turn("unlock:door:key", "you unlock the door with the brass key; it opens"),
    ]
    assert recap.outcomes(turns) == (
        "You take the brass key. You unlock the door with the brass key; it opens."
    )
    assert recap.outcomes(turns[1:2]) == ""


def test_the_newest_sentences_are_kept_where_it_grows_too_long() -> None:
    text = " ".join(f"Sentence number {number} is here." for number in range(99))
    short = recap.bounded(text)
    assert len(short) <= recap.MOST_CHARACTERS
    assert short.endswith("Sentence number 98 is here.")
    assert short.startswith("Sentence number ")
    assert len(recap.bounded("x" * 5000)) == recap.MOST_CHARACTERS


async def test_a_world_sums_itself_up_between_turns(narrator: Narrator) -> None:
    writer = await narrator.teller.writer(narrator.card)
    for _ in range(3):
        async for _event in narrator.take_turn(0):
            pass
    session = narrator.session
    last = session.path()[-2]
    record = await recapping.summed_up(writer, session, session.path(), last.id)
    assert record is not None
    await narrator.book.record(record)
    part = recap.parts(session)[-1]
    assert part.by == "world"
    nows = [turn.scene.partition("Now: ")[2].rstrip(".") for turn in session.path()[1:-2]]
    told = [now for now in nows if now and now[1:] in part.text]
    assert bool(told) == bool(part.text)


@pytest.mark.parametrize("value", ["x", 3, {"text": 4}, {"by": "world"}, None])
async def test_what_a_save_holds_in_its_place_is_passed_over(
    program: Program, teller: Storyteller, value: object
) -> None:
    session = await begun(program, teller)
    session.apply(session.set(f"recap.{session.path()[0].id}", value))
    session.apply(session.set("recap.nine", {"text": "x"}))
    session.apply(session.set("recap.999", {"text": "x"}))
    assert recap.parts(session) == []


async def test_it_is_written_while_the_player_reads(program: Program) -> None:
    program.settings = program.settings.model_copy(update={"n_ctx": 512})
    teller = program.storyteller()
    narrator = await begin(CARD, program.paths.saves, teller, program.clock)
    written_down = asyncio.Event()

    def look() -> None:
        if any(key.startswith("recap.") for key in narrator.session.settings):
            written_down.set()

    narrator.book.on_change = look
    async with asyncio.timeout(60):
        for number in range(30):
            async for _ in narrator.take_turn(
                f"Question {number}, and some more words to fill it."
            ):
                pass
            if recapping.window_start(narrator.session.path()) != narrator.session.path()[0].id:
                break
        await written_down.wait()
    assert recap.parts(narrator.session)[0].by == "model"
    await narrator.close()
    await teller.close()
