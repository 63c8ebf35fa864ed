"""One reply as it takes form: prose, guards, check and choices; nothing of it is recorded here."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import cached_property

from tui.cards import Card
from tui.engine.backend import Backend, Event, Piece, Reading, Request
from tui.engine.sampling import Sampling
from tui.game import cast, companion
from tui.game.choices import ChoiceList, Listed
from tui.game.guards import guard, repeats
from tui.game.judge import FactJudge, Judge, WorldJudge
from tui.game.picking import RECENT, Picking
from tui.game.prompting import PromptWriter
from tui.game.replies import Drawn, batches, streamed, with_allowance
from tui.game.stage import Stage
from tui.prompt import Prompt, factline
from tui.story import Note, Origin, Session, Turn
from tui.world import Outcome, State


@dataclass(frozen=True, slots=True)
class Added:
    """Words of a reply that were not streamed: the best of a batch, or the program's own."""

    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """The prose is whole: what will stand, and what was done to it."""

    text: str
    notes: tuple[Note, ...]


Step = Reading | Piece | Added | Prose | Listed
"""What a reply comes in: its reading, its text, the prose as a whole, and last its choices."""


@dataclass
class Drawing:
    """Draws one reply; made anew for each.

    `path` ends in the turn that is replied to, which need not stand in the story yet; `before`
    is the text of a cut reply that is gone on with. `again` says that a reply to the same turn
    said again what was said before. With the name `idle` the engine is asked at idle priority.
    """

    session: Session
    card: Card
    writer: PromptWriter
    sampling: Sampling
    stage: Stage | None
    path: tuple[Turn, ...]
    prompt: Prompt
    seed: int
    before: str = ""
    again: bool = False
    idle: str = ""
    drawn: Drawn = field(default_factory=Drawn)
    notes: list[Note] = field(default_factory=list[Note])
    origin: Origin = "sampled"
    listed: Listed = field(default_factory=Listed)
    loops: bool = False
    """Whether it says again what was said before, and is worth another try."""

    @property
    def backend(self) -> Backend:
        """What turns prompts into text."""
        return self.writer.backend

    @property
    def asked(self) -> Turn:
        """The turn that is replied to."""
        return self.path[-1]

    @property
    def text(self) -> str:
        """The prose, as far as it has come."""
        return self.before + self.drawn.text

    @property
    def streams(self) -> bool:
        """Whether the prose comes word by word; else the best of a batch is taken."""
        return not self._judge or bool(self.before) or not batches(self._rate())

    async def steps(self) -> AsyncGenerator[Step, None]:
        """Draw it. Raises BackendError."""
        for seed in (self.seed, self.seed + 1):
            self.drawn = Drawn(seed=seed)
            async with aclosing(self._prose(self.request(seed))) as prose:
                async for step in prose:
                    yield step
            if self.text:
                break
        self._look_back()
        yield Prose(self.text, tuple(self.notes))
        self.listed = await self._choices()
        yield self.listed

    async def hurry(self) -> None:
        """Go on at once with what is drawn at idle priority."""
        key, self.idle = self.idle, ""
        if key:
            await self.backend.promote(key)

    def generate(self, request: Request) -> AsyncGenerator[Event, None]:
        """Ask the engine, in the hurry that there is."""
        if self.idle:
            request = replace(request, priority="idle", key=self.idle)
        return self.backend.generate(request)

    async def _prose(self, request: Request) -> AsyncGenerator[Step, None]:
        """Draw the prose into `drawn`: in a batch where that is quick, else as a stream."""
        judge = self._judge
        if judge and not self.streams:
            sent, earlier = self.prompt.text, self._earlier
            picking = Picking(self.backend, self.generate, judge, sent, earlier)
            self.drawn, self.origin = await picking.best(request, batches(self._rate()))
            yield Added(self.drawn.text)
            return
        source = self.generate(with_allowance(request))
        async with aclosing(streamed(source, request, self.drawn)) as pieces:
            async for shown in pieces:
                yield shown
        self._guard()
        if isinstance(judge, WorldJudge) and (added := self._put_right(judge)):
            yield Added(added)

    def _guard(self) -> None:
        guarded = guard(
            self.drawn.text,
            self._user,
            others=self.writer.others,
            speaks_for_you=not cast.several_voices(self.card),
            ended=self.drawn.finish == "end",
        )
        self.drawn.tokens = self.drawn.tokens_of(guarded.text)
        self.drawn.text = guarded.text
        self.notes += guarded.notes

    def _put_right(self, judge: WorldJudge) -> str:
        """The World's own sentence where a streamed reply left out or denied what happened."""
        if judge.passes(self.text):
            self.drawn.stats |= {"drawn": 1, "passed": 1.0}
            return ""
        told = judge.tells(self.drawn.seed)
        self.notes.append(Note("world", "added what the world decided", self.drawn.text))
        self.drawn.stats |= {"drawn": 1, "passed": 0.0}
        added = f" {told}" if self.drawn.text else told
        self.drawn.text += added
        self.drawn.tokens = ()
        return added

    def _look_back(self) -> None:
        """Say so where nothing came, or where what came is what an earlier reply said."""
        if not self.text:
            self.notes.append(Note("empty", "the storyteller said nothing; another reply may do"))
        loops = self.origin == "sampled" and repeats(self.text, self._earlier[-RECENT:])
        self.loops = loops and not self.again
        if self.again:
            said = "says again what was said before; try other words"
            anew = "told anew what said again what was said before"
            self.notes.append(Note("loop", said if loops else anew))

    async def _choices(self) -> Listed:
        """The choices under the prose; none at an ending or where they are off."""
        count = cast.choice_count(self.session, self.card)
        state, outcome = self._decided
        if not count or (outcome and outcome.ending):
            return Listed()
        tokens = self.prompt.tokens + await self._prose_ids()
        marker, seed = self.writer.template.choice, self.drawn.seed
        maker = ChoiceList(self.backend, self.generate, marker, tokens, seed)
        offered = self.path[-2].choices if len(self.path) > 1 else ()
        untaken = [one for place, one in enumerate(offered) if place != self.asked.chosen]
        if state and self.stage:
            avoid = [one.action for one in untaken]
            options = self.stage.world.options(state, count, avoid=avoid, seed=seed)
            return await maker.of_options(options, count)
        if self.card.facts:
            lines = companion.things_to_say(self.card, self.path, count)
            return await maker.of_phrases(lines, count)
        if self.card.kind == "companion":
            return Listed()
        lines = [one.text for one in untaken]
        return await maker.of_lines(count, companion.WHEREVER, lines)

    async def _prose_ids(self) -> tuple[int, ...]:
        if self.drawn.tokens:
            return self.drawn.tokens
        return (await self.backend.encode_many([self.drawn.text]))[0]

    def request(self, seed: int) -> Request:
        """What is asked of the model for the prose."""
        template = self.writer.template
        lists = "\n" + template.choice.rstrip(" ")
        own = template.stop_strings(self._user, cast.teller(self.card))
        silent = () if cast.several_voices(self.card) else (self._user, *self.writer.others)
        names = (f"\n{name}:" for name in silent)
        stop = tuple(dict.fromkeys((*own, lists, *names)))
        return Request(
            tokens=self.prompt.tokens,
            max_tokens=self.writer.reply_tokens,
            sampling=self.sampling,
            seed=seed,
            stop=stop,
        )

    @property
    def _user(self) -> str:
        return cast.user_name(self.session, self.writer.cards[0])

    @cached_property
    def _judge(self) -> Judge | None:
        """What replies are held against, where the program decided anything."""
        state, outcome = self._decided
        if self.stage and state and outcome:
            return WorldJudge(self.stage.world, state, outcome)
        line = factline.read(self.asked.scene)
        if line is None and self.card.facts and self.asked.role == "model":
            line = factline.FactLine("talk")
        return FactJudge(line, cast.teller(self.card)) if line else None

    @cached_property
    def _decided(self) -> tuple[State | None, Outcome | None]:
        return self.stage.decided(self.session, self.asked) if self.stage else (None, None)

    @property
    def _earlier(self) -> list[str]:
        """What the replies so far have said."""
        return [turn.text for turn in self.path if turn.role == "model" and turn.text]

    def _rate(self) -> float:
        """Tokens a second that the model writes, as measured at load or guessed from its size.

        A machine that was busy when it was measured is not taken for ever as that slow.
        """
        model = self.backend.model
        if model is None:
            return 0.0
        guess = 4e9 / max(model.n_params, 1)
        return max(model.write_per_second, guess / 4) if model.write_per_second else guess
