"""What is known of a reply that streamed."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from tui.engine.backend import Event, Piece, Reading, Request
from tui.game.replies import Drawn, streamed


async def long_reply() -> AsyncGenerator[Event, None]:
    yield Reading(6, 10, 4)
    yield Reading(10, 10, 4)
    for word in ("You", " go", " on.", " You", " stop."):
        yield Piece(word, (7,))


async def test_a_reply_that_ends_at_its_budget_tells_what_it_cost() -> None:
    drawn = Drawn()
    shown = [event async for event in streamed(long_reply(), Request((1,), 3), drawn)]
    assert (drawn.text, drawn.finish) == ("You go on.", "length")
    assert drawn.stats == {"kept": 4, "read": 6, "written": 3}
    assert len(shown) == 5
