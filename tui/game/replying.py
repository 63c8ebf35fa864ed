"""One reply: drawn, or taken as it was imagined; told as it comes, and kept."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from tui.cards import Card
from tui.engine.backend import Backend, Reading
from tui.engine.backend import Piece as Written
from tui.engine.sampling import Sampling
from tui.game import cast
from tui.game.ahead import Imagined
from tui.game.book import Book
from tui.game.drawing import Added, Drawing, Prose, Step
from tui.game.events import (
    ChoicesReady,
    Event,
    Finished,
    NoteAdded,
    Piece,
    PromptRead,
    ProseEnded,
    ReplyStarted,
)
from tui.game.prompting import PromptWriter
from tui.game.replies import Drawn
from tui.game.stage import Stage
from tui.game.warmstart import WarmStart
from tui.story import Session, Turn

SEEDS = 0x7FFF_FFFF


@dataclass
class Replying:
    """Has replies told and kept in one session."""

    book: Book
    card: Card
    writer: PromptWriter
    sampling: Sampling
    clock: Callable[[], float]
    stage: Stage | None = None
    warm: WarmStart = field(default_factory=WarmStart)

    @property
    def backend(self) -> Backend:
        """What turns prompts into text."""
        return self.writer.backend

    @property
    def session(self) -> Session:
        """The story as it stands."""
        return self.book.session

    async def itself(self) -> Replying:
        """This, for whoever would also wait for one to be made."""
        return self

    async def to(
        self, asked: Turn, going_on: Turn | None = None, imagined: Imagined | None = None
    ) -> AsyncGenerator[Event, None]:
        """Reply to the player's turn `asked`, or go on with the cut reply `going_on`.

        What was `imagined` is told as far as it has come, and goes on from there. A reply that
        says again what was said before is kept, and told once more as a swipe of it.

        Raises BackendError, CannotFit and TemplateError; what came before is kept as a cut reply.
        """
        path = self.session.path_to(asked.id)
        if imagined is None:
            drawing = await self.drawing(path, self.session.next_id, going_on)
            steps = drawing.steps()
        else:
            drawing, steps = imagined.drawing, imagined.steps()
        async with aclosing(self._told(drawing, steps, going_on)) as events:
            async for event in events:
                yield event
        if drawing.loops and going_on is None:
            again = await self.drawing(path, self.session.next_id)
            again.again = True
            async with aclosing(self._told(again, again.steps())) as events:
                async for event in events:
                    yield event

    async def drawing(
        self, path: tuple[Turn, ...], reply: int, going_on: Turn | None = None
    ) -> Drawing:
        """What draws the reply that will have the id `reply` to the last turn of `path`.

        Raises BackendError, CannotFit and TemplateError.
        """
        told = path if going_on is None else (*path, going_on)
        prompt = await self.writer.prompt(self.session, told, opens=going_on is None)
        return Drawing(
            self.session,
            self.card,
            self.writer,
            self.sampling,
            self.stage,
            path,
            prompt,
            self._seed_of(reply),
            before=going_on.text if going_on else "",
        )

    def _seed_of(self, turn_id: int) -> int:
        """A seed of the turn's own, the same whenever the same session comes to it."""
        return (self.session.header.world_seed * 1_000_003 + turn_id * 7_919 + 1) & SEEDS

    async def _told(
        self, drawing: Drawing, steps: AsyncGenerator[Step, None], going_on: Turn | None = None
    ) -> AsyncGenerator[Event, None]:
        await self.warm.bring(self.backend, drawing.prompt.tokens)
        self.warm.read(drawing.prompt.tokens)
        turn = await self._start(drawing, going_on)
        ended = whole = False
        try:
            yield ReplyStarted(turn)
            async with aclosing(steps):
                async for step in steps:
                    whole = whole or isinstance(step, Added | Prose)
                    for event in await self._shown(turn.id, step):
                        yield event
            ended = True
            await self._end(turn, drawing)
            yield ChoicesReady(turn.id, drawing.listed.choices)
            yield Finished(self.session.turns[turn.id])
        finally:
            if not ended:
                await self._cut(turn, drawing, whole=whole)

    async def _start(self, drawing: Drawing, going_on: Turn | None) -> Turn:
        model = self.backend.model
        record = self.session.reply_started(
            parent=drawing.asked.id,
            name=cast.teller(self.card),
            model=model.fingerprint if model else "",
            seed=drawing.seed,
            sampling=_chosen(self.sampling),
            continues=going_on.id if going_on else None,
            at=self.clock(),
        )
        await self.book.record(record)
        turn = self.session.turn
        assert turn is not None
        return turn

    async def _shown(self, turn: int, step: Step) -> tuple[Event, ...]:
        """What the front end is told of a step; streamed text is kept as it comes."""
        match step:
            case Reading(done, total, kept):
                return (PromptRead(turn, done, total, kept),)
            case Written(text, tokens):
                await self.book.record(self.session.reply_grew(turn, text, tokens))
                return (Piece(turn, text),)
            case Added(text):
                return (Piece(turn, text),)
            case Prose(text, notes):
                return (ProseEnded(turn, text), *(NoteAdded(turn, note) for note in notes))
            case _:
                return ()

    async def _end(self, turn: Turn, drawing: Drawing) -> None:
        own, prompt = _ids(turn, drawing.before, drawing.drawn), drawing.prompt
        stats = {"first_turn": prompt.first_turn or 0, "prompt": len(prompt.tokens)}
        record = self.session.reply_ended(
            turn.id,
            drawing.text,
            tokens=(*own, *drawing.listed.tokens) if own else (),
            prose_tokens=len(own),
            choices=drawing.listed.choices,
            finish=drawing.drawn.finish,
            origin=drawing.origin,
            notes=drawing.notes,
            stats=drawing.drawn.stats | stats,
            at=self.clock(),
        )
        await self.book.record(record)

    async def _cut(self, turn: Turn, drawing: Drawing, *, whole: bool) -> None:
        """Keep what was shown of a reply that was stopped: one imagined may have come further."""
        drawn, shown = drawing.drawn, self.session.turns[turn.id].text
        if not whole and len(shown) < len(drawing.text):
            own = shown[len(drawing.before) :]
            drawn = replace(drawn, text=own, tokens=drawn.tokens_of(own))
        ids = _ids(turn, drawing.before, drawn)
        record = self.session.reply_ended(
            turn.id,
            drawing.before + drawn.text,
            tokens=ids,
            prose_tokens=len(ids),
            finish="cancelled",
            stats=drawn.stats,
            at=self.clock(),
        )
        await self.book.record(record)


def _ids(turn: Turn, before: str, drawn: Drawn) -> tuple[int, ...]:
    """The ids of a reply's prose, with those of the cut one `before` it; () for a text."""
    whole = bool(drawn.tokens or not drawn.text) and bool(turn.tokens or not before)
    return (*turn.tokens, *drawn.tokens) if whole else ()


def _chosen(sampling: Sampling) -> dict[str, object]:
    """The values of a sampling that differ from what they are where nobody chose."""
    usual = Sampling().as_dict()
    return {key: value for key, value in sampling.as_dict().items() if value != usual[key]}
