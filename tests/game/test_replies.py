"""What is known of a reply that streamed."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from itertools import accumulate

import pytest

from tui.engine.backend import Event, Piece, Reading, Request
from tui.game.replies import Drawn, streamed


async def long_reply() -> AsyncGenerator[Event, None]:
    yield Reading(6, 10, 4)
    yield Reading(10, 10, 4)
    for word in ("You", " go", " on.", " You", " stop."):
        yield Piece(word, (7,), ends=(len(word),))


async def test_a_reply_that_ends_at_its_budget_tells_what_it_cost() -> None:
    drawn = Drawn()
    shown = [event async for event in streamed(long_reply(), Request((1,), 3), drawn)]
    assert (drawn.text, drawn.finish) == ("You go on.", "length")
    assert drawn.stats == {"kept": 4, "read": 6, "written": 3}
    assert len(shown) == 5


@pytest.mark.parametrize("together", [1, 2, 3, 5, 8])
async def test_where_a_reply_ends_does_not_depend_on_how_much_travels_together(
    together: int,
) -> None:
    words = ["  You", " go", " on.", " A", " bell", " rings.", " You", " stop."]

    async def source() -> AsyncGenerator[Event, None]:
        for start in range(0, len(words), together):
            some = words[start : start + together]
            ends = tuple(accumulate(map(len, some)))
            yield Piece("".join(some), tuple(range(start, start + len(some))), ends=ends)

    drawn = Drawn()
    shown = [event async for event in streamed(source(), Request((1,), 4), drawn)]
    assert (drawn.text, drawn.tokens) == ("You go on. A bell rings.", tuple(range(6)))
    assert "".join(piece.text for piece in shown if isinstance(piece, Piece)) == drawn.text
    assert drawn.tokens_of("You go on.") == (0, 1, 2)
