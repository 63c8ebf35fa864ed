"""The window: what fits, what goes first, and that a cut once made stays."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.engine.backend import Run
from tui.prompt import Block, CannotFit, ContextWindow, Draft, Prompt, Unit, shipped_templates

SYSTEM = Block("system", "system", "s" * 40)


async def letters(runs: Sequence[Run], bos: bool) -> tuple[int, ...]:
    """A tokeniser that gives every character a token: exact, and easy to count."""
    ids = [ord(char) for run in runs for char in run.text]
    return tuple([1] * bos + ids)


def window(context: int, reply: int = 20) -> ContextWindow:
    return ContextWindow(shipped_templates()["metharme"], context, reply, letters)


def unit(turn: int, words: int = 10) -> Unit:
    said = Block("player", "player", "p" * words, turn=turn)
    reply = Block("model", "reply", "r" * words, turn=turn + 1)
    return Unit(turn, (said, reply))


def story(count: int, words: int = 10) -> list[Unit]:
    units = [unit(2 * number, words) for number in range(count)]
    newest = 2 * count
    return [*units, Unit(newest, (Block("player", "player", "n" * words, turn=newest),))]


async def fit(units: Sequence[Unit], context: int, start: int | None = None) -> Prompt:
    return await window(context).fit(Draft((SYSTEM,), units, start=start))


async def test_all_of_a_short_story_is_sent() -> None:
    prompt = await fit(story(3), 2048)
    assert prompt.first_turn == 0
    assert prompt.left_out == ()
    assert prompt.tokens[0] == 1


async def test_a_cut_goes_down_to_half_of_historys_room() -> None:
    prompt = await fit(story(40), 600)
    assert prompt.first_turn is not None
    assert prompt.first_turn > 0
    assert len(prompt.tokens) < 600 * 0.6


async def test_a_cut_once_made_stays_while_the_story_fits() -> None:
    first = await fit(story(40), 600)
    kept = [one for one in story(41) if one.turn >= (first.first_turn or 0)]
    later = await fit(kept, 600, start=first.first_turn)
    assert later.first_turn == first.first_turn
    assert later.tokens[: len(first.tokens) - 20] == first.tokens[: len(first.tokens) - 20]


async def test_what_a_cut_keeps_is_known_from_half_of_history_on() -> None:
    """Whatever is said until it is made, and however long that is."""
    half, told = window(600), list[Unit]()
    start = known = None
    cuts = 0
    for turn in range(0, 200, 2):
        newest = Unit(turn, (Block("player", "player", "n" * (turn * 7 % 60), turn=turn),))
        prompt = await half.fit(Draft((SYSTEM,), [*told, newest], start=start))
        if start is not None and prompt.first_turn != start:
            assert prompt.first_turn == known
            assert len(prompt.tokens) < 600 * 0.7
            cuts += 1
        start = prompt.first_turn
        told = [one for one in told if one.turn >= (start or 0)] + [unit(turn, 2 + turn * 5 % 30)]
        known = await half.next_start(Draft((SYSTEM,), [*told, newest], start=start))
        assert known is not None or len(prompt.tokens) < 600 * 0.7
    assert cuts > 5


async def test_what_cannot_fit_is_said_in_one_sentence() -> None:
    with pytest.raises(CannotFit, match=r"needs .* tokens"):
        await fit(story(0, words=400), 256)


@settings(deadline=None)
@given(
    count=st.integers(0, 60),
    words=st.integers(1, 60),
    context=st.integers(256, 2048),
    notes=st.integers(0, 3),
)
async def test_a_prompt_never_exceeds_its_room(
    count: int, words: int, context: int, notes: int
) -> None:
    volatile = tuple(Block("system", "note", "v" * 30) for _ in range(notes))
    draft = Draft((SYSTEM,), story(count, words), volatile)
    prompt = await window(context).fit(draft)
    assert len(prompt.tokens) <= context - 20
    text = prompt.text
    assert text.startswith("<|system|>" + SYSTEM.text)
    assert "n" * words in text
    turns = [one.turn for one in prompt.sections if one.kind == "player"]
    assert turns == sorted(turns, key=lambda turn: turn or 0)
