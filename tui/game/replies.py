"""Drawing replies from the model: one that streams, or a small batch to take the best of."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from tui.engine.backend import Backend, Event, Finished, Piece, Reading, Request
from tui.game.sentences import is_complete

BATCH = 4
"""Replies drawn together where that is quick: the first that passes the check is taken."""
BATCH_SECONDS = 1.0
TYPICAL_REPLY_TOKENS = 70
SENTENCE_TOKENS = 40
"""What a reply may take beyond its budget to end its last sentence."""


@dataclass
class Drawn:
    """A reply as it was sampled so far. `text` has no leading space; `tokens` are clean ids."""

    text: str = ""
    tokens: tuple[int, ...] = ()
    seed: int = 0
    finish: str = ""
    stats: dict[str, float] = field(default_factory=dict[str, float])
    _marks: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    _shift: int = 0

    def add(self, piece: Piece) -> str:
        """Take a piece in; returns the text that it shows."""
        text = piece.text if self.text else piece.text.lstrip(" ")
        self._shift += len(piece.text) - len(text)
        self.text += text
        self.tokens += piece.tokens
        self._marks.append((len(self.text), len(self.tokens)))
        return text

    def end(self, done: Finished) -> None:
        """Take in how it ended."""
        self.finish = done.reason
        self.tokens = done.clean_tokens
        seconds = done.write_seconds
        self.stats = {
            "kept": done.kept,
            "read": done.read,
            "written": done.written,
            "read_seconds": round(done.read_seconds, 4),
            "write_seconds": round(seconds, 4),
        }

    def tokens_of(self, text: str) -> tuple[int, ...]:
        """The ids of `text`, a beginning of this reply; () where no id ends just there."""
        if text == self.text.rstrip() or text == self.text:
            return self.tokens
        ends = (count for length, count in self._marks if length == len(text))
        return self.tokens[: next(ends, 0)]


def batches(rate: float) -> bool:
    """Whether a batch of replies takes under a second at `rate` tokens a second for one."""
    return rate > 0 and TYPICAL_REPLY_TOKENS / rate * 2 < BATCH_SECONDS


async def first_passing(
    backend: Backend, request: Request, passes: Callable[[str], bool]
) -> tuple[Drawn | None, list[Drawn]]:
    """Draw a batch; the first whole reply that passes, and all that were looked at.

    None where no reply passes.
    """
    drawn = [Drawn(seed=request.seed + index) for index in range(BATCH)]
    looked_at: list[Drawn] = []
    async with aclosing(backend.generate(replace(request, count=BATCH))) as events:
        async for event in events:
            if isinstance(event, Piece):
                drawn[event.index].add(event)
            elif isinstance(event, Finished):
                one = drawn[event.index]
                one.end(event)
                looked_at.append(one)
                if passes(one.text):
                    return one, looked_at
    return None, looked_at


def with_allowance(request: Request) -> Request:
    """`request` with room to end the last sentence beyond its budget."""
    return replace(request, max_tokens=request.max_tokens + SENTENCE_TOKENS)


async def streamed(
    source: AsyncGenerator[Event, None], request: Request, drawn: Drawn
) -> AsyncGenerator[Piece | Reading, None]:
    """Take one reply from `source` into `drawn`, yielding what it shows and how far reading is.

    Past the budget of `request` the reply goes on to the end of its sentence, within the
    allowance that `source` was asked with.
    """
    async with aclosing(source) as events:
        async for event in events:
            if isinstance(event, Reading):
                yield event
            elif isinstance(event, Finished):
                drawn.end(event)
            elif shown := drawn.add(event):
                yield Piece(shown, event.tokens)
                if len(drawn.tokens) >= request.max_tokens and is_complete(drawn.text):
                    drawn.finish = "length"
                    return
