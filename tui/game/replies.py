"""Drawing replies from the model: one that streams, or a small batch to take the best of."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from tui.engine.backend import Backend, Event, Finished, Piece, Reading, Request
from tui.game.sentences import is_complete

Generate = Callable[[Request], AsyncGenerator[Event, None]]
"""Asks the engine to go on."""

BATCH = 4
"""Replies drawn together where that is quick: of those that pass the check the likeliest is taken."""
BATCH_SECONDS = 1.0
MOST_BATCHES = 6
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
    given: tuple[int, ...] = ()
    """Ids of the beginning that it was to go on with."""
    _marks: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """Characters up to the end of each id, and how many ids that are."""

    def add(self, piece: Piece) -> str:
        """Take a piece in; returns the text that it shows."""
        text = piece.text if self.text else piece.text.lstrip(" ")
        start = len(self.text) + len(text) - len(piece.text)
        ends = enumerate(piece.ends, len(self.tokens) + 1)
        self._marks += [(start + end, count) for count, end in ends]
        self.text += text
        self.tokens += piece.tokens
        return text

    def end_past(self, budget: int) -> bool:
        """Let it end where, beyond `budget` tokens, a sentence first does; whether one did."""
        for length, count in self._marks:
            if count >= budget and is_complete(self.text[:length]):
                self.text, self.tokens = self.text[:length], self.tokens[:count]
                self.finish, self.stats["written"] = "length", count
                return True
        return False

    def end(self, done: Finished) -> None:
        """Take in how it ended."""
        self.finish = done.reason
        self.tokens = self.given + done.clean_tokens
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


def batches(rate: float) -> int:
    """How many batches of replies take under a second at `rate` tokens a second for one."""
    return min(MOST_BATCHES, int(BATCH_SECONDS * rate / (TYPICAL_REPLY_TOKENS * 2)))


async def batch(
    generate: Generate, request: Request, begun: str = "", ids: tuple[int, ...] = ()
) -> list[Drawn]:
    """A batch of whole replies, in the order in which they ended; all begin as `begun`, with `ids`."""
    if begun:
        room = max(request.max_tokens - len(ids), SENTENCE_TOKENS)
        request = replace(request, tokens=request.tokens + ids, max_tokens=room)
    drawn = [Drawn(begun, ids, request.seed + index, given=ids) for index in range(BATCH)]
    ended: list[Drawn] = []
    async with aclosing(generate(replace(request, count=BATCH))) as events:
        async for event in events:
            if isinstance(event, Piece):
                drawn[event.index].add(event)
            elif isinstance(event, Finished):
                one = drawn[event.index]
                one.end(event)
                one.text = one.text.rstrip()
                ended.append(one)
    # One of them read the prompt, and the others went on from there.
    reader = max(ended, key=lambda one: one.stats["read"])
    for one in ended:
        one.stats |= reading_of(reader)
    return ended


def reading_of(drawn: Drawn) -> dict[str, float]:
    """What reading the prompt took."""
    return {name: drawn.stats[name] for name in ("kept", "read", "read_seconds")}


async def likeliest(backend: Backend, prompt: Sequence[int], drawn: Sequence[Drawn]) -> Drawn:
    """Of several replies the one that the model itself finds most likely, token for token.

    What a small model says against its own odds is mostly what a reader would laugh at.
    """
    if len(drawn) == 1:
        return drawn[0]
    scores = await backend.score(prompt, [f" {one.text}" for one in drawn])
    means = [score / max(len(one.tokens), 1) for score, one in zip(scores, drawn, strict=True)]
    return drawn[max(range(len(drawn)), key=means.__getitem__)]


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
            length, count = len(drawn.text), len(drawn.tokens)
            if isinstance(event, Reading):
                drawn.stats |= {"kept": event.kept, "read": event.total - event.kept}
                yield event
            elif isinstance(event, Finished):
                drawn.end(event)
            elif drawn.add(event):
                over = drawn.end_past(request.max_tokens)
                yield Piece(drawn.text[length:], drawn.tokens[count:])
                if over:
                    return
