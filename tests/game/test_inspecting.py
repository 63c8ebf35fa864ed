"""What the inspector is told: tokens that were kept, and what changed since the turn before."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.game.test_prompting import CARD
from tui.game.inspecting import alike, inspected
from tui.game.narrator import Narrator
from tui.game.opening import begin
from tui.game.program import Program
from tui.game.storyteller import Storyteller


@pytest.fixture
async def talk(program: Program, teller: Storyteller) -> AsyncIterator[Narrator]:
    narrator = await begin(CARD, program.paths.saves, teller, program.clock)
    yield narrator
    await narrator.close()


async def test_the_first_prompt_has_none_before_it(talk: Narrator) -> None:
    seen = await inspected(talk)
    assert seen.before is None
    assert list(seen.changes()) == []


async def test_what_is_new_since_the_turn_before_and_what_was_kept(talk: Narrator) -> None:
    for words in ("Hello.", "Is the lamp lit?"):
        async for _ in talk.take_turn(words):
            pass
    await talk.book.record(talk.session.note("Be kind."))
    seen = await inspected(talk)
    reply = talk.session.path()[-1]
    assert seen.kept == int(reply.stats["kept"])
    assert seen.kept + seen.read == len(seen.prompt.tokens)
    changes = [(sign, one.kind, one.text) for sign, one in seen.changes()]
    assert ("+", "lore", "<|system|>Lamps burn oil.") in changes
    assert ("+", "player", "<|user|>Is the lamp lit?") in changes
    assert not any(kind == "system" for _, kind, _ in changes)

    coming = await inspected(talk, "And now?")
    assert coming.before is not None
    assert 0 < coming.kept < len(coming.prompt.tokens)
    assert coming.kept == alike(coming.prompt.tokens, coming.before.tokens)
    new = [one.text for sign, one in coming.changes() if sign == "+"]
    assert any(text.endswith("And now?") for text in new)


def test_what_two_prompts_begin_with_alike() -> None:
    assert alike((1, 2, 3), (1, 2, 4)) == 2
    assert alike((1, 2), (1, 2, 3)) == 2
    assert alike((), (1,)) == 0
