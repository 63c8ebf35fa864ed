"""Small ways of asking a backend that many tests share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui.engine import Finished, LlamaBackend, Piece, Reading, Request, Run

STORY = "You stand in the old lamp room. The brass lantern is cold, and a stair goes down. "


@dataclass(frozen=True, slots=True)
class Reply:
    """Everything that a generation said of one index."""

    text: str
    tokens: tuple[int, ...]
    finished: Finished
    readings: tuple[Reading, ...]


async def replies(backend: LlamaBackend, request: Request) -> list[Reply]:
    """All replies to a request, by index."""
    events = [event async for event in backend.generate(request)]
    readings = tuple(event for event in events if isinstance(event, Reading))
    ends = {event.index: event for event in events if isinstance(event, Finished)}
    assert sorted(ends) == list(range(request.count))
    found: list[Reply] = []
    for index in range(request.count):
        parts = [event for event in events if isinstance(event, Piece) and event.index == index]
        tokens = tuple(token for part in parts for token in part.tokens)
        found.append(Reply("".join(part.text for part in parts), tokens, ends[index], readings))
    return found


async def reply(backend: LlamaBackend, request: Request) -> Reply:
    """The one reply to a request."""
    return (await replies(backend, request))[0]


async def prompt(backend: LlamaBackend, text: str = STORY, length: int = 0) -> tuple[int, ...]:
    """A text's tokens; repeated to at least `length` of them and cut there, if that is given."""
    tokens = await backend.encode([Run(text)])
    while len(tokens) < length:
        tokens = await backend.encode([Run(tokens=tokens), Run(text)], add_bos=False)
    return tokens[:length] if length else tokens


def text_of(pieces: Sequence[bytes]) -> str:
    """Pieces as a text."""
    return b"".join(pieces).decode("utf-8", "replace")
