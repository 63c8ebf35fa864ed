"""The window's promises, for any story, template and context from 256 up."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.window import REPLY_TOKENS, drop_the_oldest, letters, ours, story
from tui.engine.backend import Run
from tui.prompt import Block, CannotFit, ContextWindow, Draft, Unit, shipped_templates

TEMPLATES = shipped_templates()
SYSTEM = Block("system", "system", "You are Marta. " * 3)
KINDS = ("note", "lore", "recall", "memory")


def unit(place: int, words: int, reply: int) -> Unit:
    said = Block("player", "player", f"p{place}:" + "p" * words, "Ann", 2 * place)
    scene = Block("system", "scene", f"s{place}", turn=2 * place)
    answer = Block("model", "reply", f"r{place}:" + "r" * reply, "Marta", 2 * place + 1)
    return Unit(2 * place, (said, scene, answer) if reply else (said, scene))


@settings(deadline=None, max_examples=60)
@given(
    name=st.sampled_from(sorted(TEMPLATES)),
    sizes=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 200)), max_size=40),
    last=st.integers(0, 400),
    context=st.integers(256, 4096),
    notes=st.lists(st.tuples(st.integers(0, 120), st.integers(0, 4)), max_size=4),
    examples=st.integers(0, 30),
)
async def test_the_windows_promises(
    name: str,
    sizes: list[tuple[int, int]],
    last: int,
    context: int,
    notes: list[tuple[int, int]],
    examples: int,
) -> None:
    template = TEMPLATES[name]
    window = ContextWindow(template, context, context // 4, letters)
    units = [unit(place, *size) for place, size in enumerate(sizes)]
    newest = unit(len(sizes), last, 0)
    shown = [
        Block("model", "example", f"e{place}" + "e" * 20, "Marta") for place in range(examples)
    ]
    volatile = tuple(
        Block("system", KINDS[place % 4], f"v{place}" + "v" * size, back=back)
        for place, (size, back) in enumerate(notes)
    )
    draft = Draft((SYSTEM, *shown), [*units, newest], volatile, speaker="Marta")
    try:
        prompt = await window.fit(draft)
    except CannotFit as error:
        words = str(error)
        if "tokens" not in words or "\n" in words:
            raise
        return
    room = context - context // 4
    assert len(prompt.tokens) <= room
    assert SYSTEM.text in prompt.text
    assert newest.blocks[0].text.removeprefix("p") in prompt.text
    kept = [f"r{place}:" in prompt.text for place in range(len(sizes))]
    assert kept == sorted(kept), "the oldest go first, and whole"
    assert [f"s{place}" in prompt.text for place in range(len(sizes))] == kept or len(sizes) > 9
    assert (await window.fit(draft)).tokens == prompt.tokens
    assert bool(prompt.left_out) or all(kept)
    stable = "".join(part.text for part in template.parts(draft.stable, open_end=True))
    if not any(one.kind == "example" for one in prompt.left_out):
        assert prompt.text.startswith(stable[:20])


@settings(deadline=None, max_examples=15)
@given(
    name=st.sampled_from(sorted(TEMPLATES)),
    context=st.integers(700, 4096),
    examples=st.integers(0, 60),
)
async def test_what_comes_before_history_is_the_same_from_turn_to_turn(
    name: str, context: int, examples: int
) -> None:
    template = TEMPLATES[name]
    shown = [
        Block("model", "example", f"e{place}" + "e" * 20, "Marta") for place in range(examples)
    ]
    prompts: list[str] = []
    start: int | None = None
    for count in range(12):
        units = [unit(place, 20, 100) for place in range(count)]
        draft = Draft((SYSTEM, *shown), [*units, unit(count, 20, 0)], start=start)
        prompt = await ContextWindow(template, context, 100, letters).fit(draft)
        start = prompt.first_turn
        first = min(
            place
            for place, one in enumerate(prompt.sections)
            if one.kind in ("player", "scene", "opening")
        )
        prompts.append("".join(one.text for one in prompt.sections[:first]))
    assert len(set(prompts)) == 1


async def test_a_system_text_longer_than_the_context_is_one_sentence_within_a_second() -> None:
    window = ContextWindow(TEMPLATES["metharme"], 2048, 256, letters)
    draft = Draft((Block("system", "system", "d" * 1_000_000),), [unit(0, 5, 0)])
    began = time.process_time()
    with pytest.raises(CannotFit, match="longer context, or shorten the card"):
        await window.fit(draft)
    assert time.process_time() - began < 1


async def test_too_many_examples_make_way_and_it_is_said() -> None:
    examples = tuple(Block("model", "example", f"e{place} " * 20, "Marta") for place in range(90))
    window = ContextWindow(TEMPLATES["metharme"], 1024, 256, letters)
    prompt = await window.fit(Draft((SYSTEM, *examples), [unit(0, 5, 0)]))
    assert "e89 " in prompt.text
    assert "e0 " not in prompt.text
    assert [one.kind for one in prompt.left_out] == ["example"]


@pytest.mark.parametrize(("context", "share"), [(2048, 0.75), (4096, 0.85)])
async def test_most_turns_of_a_full_window_drop_nothing(context: int, share: float) -> None:
    turns = story(200 + context // 200, 200, seed=context)
    costs = await ours(context, turns)
    assert costs.quiet / costs.turns >= share
    peers = await drop_the_oldest(context, turns[:60])
    assert peers.read / peers.turns > 2 * costs.read / costs.turns


async def test_the_cost_at_five_thousand_turns_is_that_of_the_window() -> None:
    counted = 0

    async def counting(runs: Sequence[Run], bos: bool) -> tuple[int, ...]:
        nonlocal counted
        counted += sum(len(run.text) for run in runs)
        return await letters(runs, bos)

    async def cost(turns: int) -> int:
        nonlocal counted
        counted = 0
        units = [unit(place, 20, 180) for place in range(turns)]
        window = ContextWindow(TEMPLATES["metharme"], 2048, REPLY_TOKENS, counting)
        await window.fit(Draft((SYSTEM,), [*units, unit(turns, 20, 0)]))
        return counted

    assert await cost(5000) <= 1.2 * await cost(50)
