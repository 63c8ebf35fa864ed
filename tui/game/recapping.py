"""Summing up what the storyteller no longer remembers, while the player reads.

What a World decided needs no model to be told again; other stories are summed up by theirs, but
not by a model of ours, which knows nothing but to tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing

from tui.engine.backend import Piece, Request
from tui.engine.sampling import Sampling
from tui.game.book import Book
from tui.game.guards import stutters
from tui.game.ours import is_ours
from tui.game.prompting import PromptWriter, window_start
from tui.game.recap import KEY, Part, is_on, outcomes, untold
from tui.game.sentences import is_complete, trimmed
from tui.prompt import Block
from tui.prompt.window import joined
from tui.story import Record, Session, Turn

RECAP_TOKENS = 110
MOST_PARTS = 4
"""Parts that are written in one pause of the player's."""
TASK = "You keep the record of a story. You write what happened, briefly and plainly."
ASK = (
    "Sum up these lines in two or three short sentences, in the past tense and the third person, "
    "with everybody's name. Add nothing."
)
OPENING = "In short:"
PLAINLY = Sampling(temperature=0.3, min_p=0.1)
SHORTEST = 20


async def keep(book: Book, writer: PromptWriter) -> None:
    """Sum up what the model no longer remembers of an open story, and save it.

    Raises BackendError, CannotFit and TemplateError.
    """
    for _ in range(MOST_PARTS):
        path = book.session.path()
        record = await summed_up(writer, book.session, path, window_start(path))
        if record is None:
            return
        await book.record(record)


async def summed_up(
    writer: PromptWriter, session: Session, path: Sequence[Turn], start: int | None
) -> Record | None:
    """The record that keeps what came before turn `start` and is not kept yet; None for none.

    Raises BackendError, CannotFit and TemplateError.
    """
    turns = untold(session, path, start)
    if not turns or not is_on(session):
        return None
    if writer.card.world is not None:
        part = Part(turns[-1].id, outcomes(turns), "world")
    elif is_ours(writer.backend.model):
        return None
    else:
        part = await _by_model(writer, turns, _free(writer, path))
    value = {"text": part.text, "by": part.by}
    return session.set(f"{KEY}.{part.upto}", value, step="none")


def _free(writer: PromptWriter, path: Sequence[Turn]) -> int:
    """How many tokens the model's cache holds beside the story as it was told last."""
    model = writer.backend.model
    stats = next((turn.stats for turn in reversed(path) if "prompt" in turn.stats), {})
    live = int(stats.get("prompt", 0) + stats.get("written", 0))
    return (model.n_ctx if model else 0) - live - 2 * RECAP_TOKENS


async def _by_model(writer: PromptWriter, turns: Sequence[Turn], room: int) -> Part:
    """As many of `turns`, the oldest first, as there is `room` for, in the model's words."""
    tokens = await asked(writer, turns)
    while len(tokens) > room and len(turns) > 1:
        turns = turns[: len(turns) // 2]
        tokens = await asked(writer, turns)
    if len(tokens) > room:
        return Part(turns[-1].id, "", "model")
    request = Request(
        tokens=tokens,
        max_tokens=RECAP_TOKENS,
        sampling=PLAINLY,
        seed=turns[-1].id,
        stop=(*writer.template.stop_strings(), "\n"),
        priority="idle",
        key=f"recap:{turns[-1].id}",
    )
    text = ""
    async with aclosing(writer.backend.generate(request)) as events:
        async for event in events:
            if isinstance(event, Piece):
                text += event.text
    text = " ".join((text if is_complete(text) else trimmed(text)).split())
    sound = is_complete(text) and len(text) >= SHORTEST and not stutters(text)
    return Part(turns[-1].id, text if sound else "", "model")


async def asked(writer: PromptWriter, turns: Sequence[Turn]) -> tuple[int, ...]:
    """The ids of the lines, of what is asked of them, and of the answer's beginning."""
    lines = [" ".join(f"{turn.name}: {turn.text}".split()) for turn in turns]
    blocks = [
        Block("system", "system", TASK),
        Block("player", "memory", "\n".join([*lines, "", ASK])),
        Block("model", "recap", OPENING),
    ]
    written = writer.template.written(blocks, "", opens=False)
    return await writer.backend.encode(joined(written), add_bos=True)
