"""One reply: drawn, guarded, checked against the World, listed choices, kept."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from tui.cards import Card
from tui.engine.backend import Backend, Reading, Request
from tui.engine.sampling import Sampling
from tui.game import cast, companion
from tui.game.ahead import Imagined
from tui.game.book import Book
from tui.game.choices import ChoiceList, Listed
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
from tui.game.guards import guard, repeats, says_again, stutters
from tui.game.judge import FactJudge, Judge, WorldJudge
from tui.game.prompting import PromptWriter
from tui.game.replies import (
    Drawn,
    batch,
    batches,
    likeliest,
    reading_of,
    streamed,
    with_allowance,
)
from tui.game.sentences import is_complete
from tui.game.stage import Stage
from tui.game.warmstart import WarmStart
from tui.game.wording import known_words, slips, words_in
from tui.prompt import Prompt, factline
from tui.story import Choice, Note, Origin, Session, Turn
from tui.world import Outcome, State

RECENT = 12
"""How many replies back the loop guard looks."""
ENOUGH = 3
"""Replies that pass, of which the likeliest is told."""
UNREPEATED = 30
"""How many replies back no sentence of a reply should have been said."""
SEEDS = 0x7FFF_FFFF


@dataclass
class Replying:
    """Has one reply told in one session; made anew for each."""

    book: Book
    card: Card
    writer: PromptWriter
    sampling: Sampling
    clock: Callable[[], float]
    stage: Stage | None = None
    warm: WarmStart = field(default_factory=WarmStart)
    _drawn: Drawn = field(default_factory=Drawn)
    _notes: list[Note] = field(default_factory=list[Note])
    _origin: Origin = "sampled"
    _before: str = ""
    _imagined: Imagined | None = None
    _loops: bool = False

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

        Raises BackendError and CannotFit; what came before is kept as a cut reply.
        """
        async with aclosing(self._once(asked, going_on, imagined)) as events:
            async for event in events:
                yield event
        if self._loops and going_on is None:
            again = replace(self, _drawn=Drawn(), _notes=[], _imagined=None, _loops=False)
            again._notes.append(Note("loop", "told anew what said again what was said before"))
            async with aclosing(again._once(asked)) as events:
                async for event in events:
                    yield event

    async def _once(
        self, asked: Turn, going_on: Turn | None = None, imagined: Imagined | None = None
    ) -> AsyncGenerator[Event, None]:
        path = self.session.path_to((going_on or asked).id)
        prompt = imagined.prompt if imagined else await self.prompt(path, going_on)
        await self.warm.bring(self.backend, prompt.tokens)
        self.warm.read(prompt.tokens)
        self._imagined = imagined
        turn = await self._start(asked, going_on)
        ended = False
        try:
            yield ReplyStarted(turn)
            async with aclosing(self._prose(turn, asked, prompt)) as prose:
                async for event in prose:
                    yield event
            if not self._drawn.text and not self._before:
                self._drawn, self._imagined = Drawn(), None
                other = replace(turn, seed=(turn.seed or 0) + 1)
                async with aclosing(self._prose(other, asked, prompt)) as prose:
                    async for event in prose:
                        yield event
            text = self._before + self._drawn.text
            self._look_back(asked, text)
            yield ProseEnded(turn.id, text)
            for note in self._notes:
                yield NoteAdded(turn.id, note)
            listed = await self._choices(asked, prompt)
            ended = True
            await self._end(turn, text, listed, prompt)
            yield ChoicesReady(turn.id, listed.choices)
            yield Finished(self.session.turns[turn.id])
        finally:
            if not ended:
                await self._cut(turn)

    async def prompt(self, path: Sequence[Turn], going_on: Turn | None = None) -> Prompt:
        """What the model is sent for a reply at the end of `path`. Raises CannotFit."""
        return await self.writer.prompt(self.session, path, opens=going_on is None)

    async def _start(self, asked: Turn, going_on: Turn | None) -> Turn:
        model = self.backend.model
        self._before = going_on.text if going_on else ""
        record = self.session.reply_started(
            parent=asked.id,
            name=cast.teller(self.card),
            model=model.fingerprint if model else "",
            seed=self.seed_of(self.session.next_id),
            sampling=_chosen(self.sampling),
            continues=going_on.id if going_on else None,
            at=self.clock(),
        )
        await self.book.record(record)
        turn = self.session.turn
        assert turn is not None
        return turn

    async def _prose(self, turn: Turn, asked: Turn, prompt: Prompt) -> AsyncGenerator[Event, None]:
        """Draw the prose into `_drawn`: in a batch where that is quick, else as a stream."""
        request = self.request(turn.seed or 0, prompt)
        judge = self._judge(asked)
        if judge and not self._before and batches(self._rate()):
            await self._take_best(request, judge, prompt.text)
            yield Piece(turn.id, self._drawn.text)
            return
        self._drawn.seed = request.seed
        source = (
            self._imagined.events()
            if self._imagined
            else self.backend.generate(with_allowance(request))
        )
        async with aclosing(streamed(source, request, self._drawn)) as pieces:
            async for shown in pieces:
                if isinstance(shown, Reading):
                    yield PromptRead(turn.id, shown.done, shown.total, shown.kept)
                    continue
                await self.book.record(self.session.reply_grew(turn.id, shown.text, shown.tokens))
                yield Piece(turn.id, shown.text)
        self._guard()
        if isinstance(judge, WorldJudge) and (added := self._put_right(judge)):
            yield Piece(turn.id, added)

    async def _take_best(self, request: Request, judge: Judge, sent: str) -> None:
        """The best of a few batches that says what was decided; else the program's own sentence.

        Drawing ends, while it is quick, with a few that pass and say nothing again.
        """
        recent, seen = self._recent(RECENT), self._recent(UNREPEATED)
        known, said = known_words(self.backend.model), words_in(sent)

        def passes(text: str) -> bool:
            whole = is_complete(text) and not stutters(text) and not repeats(text, recent)
            return whole and not slips(text, known, said) and judge.passes(text)

        drawn: list[Drawn] = []
        passed: list[Drawn] = []
        fresh: list[Drawn] = []
        for _ in range(batches(self._rate())):
            more = await batch(self.backend, replace(request, seed=request.seed + len(drawn)))
            drawn += more
            whole = [one for one in more if passes(one.text)]
            passed += whole
            fresh += [one for one in whole if not says_again(one.text, seen)]
            if len(fresh) >= ENOUGH:
                break
        if passed:
            best = await likeliest(self.backend, request.tokens, fresh or passed)
        else:
            told = judge.tells(request.seed)
            best = Drawn(told, seed=request.seed, finish="end", stats=dict(drawn[0].stats))
            self._origin = "told"
        best.stats |= {**reading_of(drawn[0]), "drawn": len(drawn), "passed": len(passed)}
        self._drawn = best

    def _guard(self) -> None:
        guarded = guard(
            self._drawn.text,
            self._user,
            others=self.writer.others,
            speaks_for_you=not cast.several_voices(self.card),
            ended=self._drawn.finish == "end",
        )
        self._drawn.tokens = self._drawn.tokens_of(guarded.text)
        self._drawn.text = guarded.text
        self._notes += guarded.notes

    def _look_back(self, asked: Turn, text: str) -> None:
        """Say so where nothing came, or where what came is what an earlier reply said."""
        if not text:
            self._notes.append(Note("empty", "the storyteller said nothing; another reply may do"))
        path = self.session.path_to(asked.id)
        earlier = [turn.text for turn in path if turn.role == "model"][-RECENT:]
        self._loops = self._origin == "sampled" and repeats(text, earlier)
        if self._loops and any(note.kind == "loop" for note in self._notes):
            self._loops = False
            self._notes[:] = [note for note in self._notes if note.kind != "loop"]
            self._notes.append(Note("loop", "says again what was said before; try other words"))

    def _put_right(self, judge: WorldJudge) -> str:
        """The World's own sentence where a streamed reply left out or denied what happened."""
        if judge.passes(self._before + self._drawn.text):
            self._drawn.stats |= {"drawn": 1, "passed": 1.0}
            return ""
        told = judge.tells(self._drawn.seed)
        self._notes.append(Note("world", "added what the world decided", self._drawn.text))
        self._drawn.stats |= {"drawn": 1, "passed": 0.0}
        added = f" {told}" if self._drawn.text else told
        self._drawn.text += added
        self._drawn.tokens = ()
        return added

    async def _choices(self, asked: Turn, prompt: Prompt) -> Listed:
        """The choices under the prose; none at an ending or where they are off."""
        count = cast.choice_count(self.session, self.card)
        state, outcome = self._decided(asked)
        if not count or (outcome and outcome.ending):
            return Listed()
        tokens = prompt.tokens + await self._prose_ids()
        maker = ChoiceList(self.backend, self.writer.template.choice, tokens, self._drawn.seed)
        offered = self._offered(asked)
        if state and self.stage:
            avoid = [one.action for place, one in enumerate(offered) if place != asked.chosen]
            options = self.stage.world.options(state, count, avoid=avoid, seed=self._drawn.seed)
            return await maker.of_options(options, count)
        if self.card.facts:
            said = companion.things_to_say(self.session, self.card, asked)
            return await maker.of_phrases(said, count)
        if self.card.kind == "companion":
            return Listed()
        lines = [one.text for place, one in enumerate(offered) if place != asked.chosen]
        return await maker.of_lines(count, companion.WHEREVER, lines)

    async def _prose_ids(self) -> tuple[int, ...]:
        if self._drawn.tokens:
            return self._drawn.tokens
        return (await self.backend.encode_many([self._drawn.text]))[0]

    async def _end(self, turn: Turn, text: str, listed: Listed, prompt: Prompt) -> None:
        ids = self._drawn.tokens
        before = turn.tokens if self._before else ()
        stats = self._drawn.stats | {
            "first_turn": prompt.first_turn or 0,
            "prompt": len(prompt.tokens),
        }
        own = (*before, *ids) if ids and (before or not self._before) else ()
        record = self.session.reply_ended(
            turn.id,
            text,
            tokens=(*own, *listed.tokens) if own else (),
            prose_tokens=len(own),
            choices=listed.choices,
            finish=self._drawn.finish,
            origin=self._origin,
            notes=self._notes,
            stats=stats,
            at=self.clock(),
        )
        await self.book.record(record)

    async def _cut(self, turn: Turn) -> None:
        """Keep what came of a reply that was stopped."""
        before = turn.tokens if self._before else ()
        ids = (*before, *self._drawn.tokens)
        record = self.session.reply_ended(
            turn.id,
            self._before + self._drawn.text,
            tokens=ids,
            prose_tokens=len(ids),
            finish="cancelled",
            stats=self._drawn.stats,
            at=self.clock(),
        )
        await self.book.record(record)

    def request(self, seed: int, prompt: Prompt) -> Request:
        """What is asked of the model for a reply's prose."""
        template = self.writer.template
        lists = "\n" + template.choice.rstrip(" ")
        own = template.stop_strings(self._user, cast.teller(self.card))
        silent = () if cast.several_voices(self.card) else (self._user, *self.writer.others)
        names = (f"\n{name}:" for name in silent)
        stop = tuple(dict.fromkeys((*own, lists, *names)))
        return Request(
            tokens=prompt.tokens,
            max_tokens=self.writer.reply_tokens,
            sampling=self.sampling,
            seed=seed,
            stop=stop,
        )

    @property
    def _user(self) -> str:
        return cast.user_name(self.session, self.writer.cards[0])

    def _judge(self, asked: Turn) -> Judge | None:
        """What replies to `asked` are held against, where the program decided anything."""
        state, outcome = self._decided(asked)
        if self.stage and state and outcome:
            return WorldJudge(self.stage.world, state, outcome)
        line = factline.read(asked.scene)
        if line is None and self.card.facts and asked.role == "model":
            line = factline.FactLine("talk")
        return FactJudge(line, cast.teller(self.card)) if line else None

    def _decided(self, asked: Turn) -> tuple[State | None, Outcome | None]:
        if self.stage is None:
            return None, None
        return self.stage.at(self.session, asked.id), self.stage.outcome(self.session, asked)

    def _offered(self, asked: Turn) -> Sequence[Choice]:
        """The choices that stood when the player spoke."""
        return () if asked.parent is None else self.session.turns[asked.parent].choices

    def _recent(self, count: int) -> list[str]:
        said = [turn.text for turn in self.session.path() if turn.role == "model"]
        return [text for text in said[-count:] if text]

    def seed_of(self, turn_id: int) -> int:
        """A seed of the turn's own, the same whenever the same session comes to it."""
        return (self.session.header.world_seed * 1_000_003 + turn_id * 7_919 + 1) & SEEDS

    def _rate(self) -> float:
        """Tokens a second that the model writes, as measured at load or guessed from its size.

        A machine that was busy when it was measured is not taken for ever as that slow.
        """
        model = self.backend.model
        if model is None:
            return 0.0
        guess = 4e9 / max(model.n_params, 1)
        return max(model.write_per_second, guess / 4) if model.write_per_second else guess


def _chosen(sampling: Sampling) -> dict[str, object]:
    """The values of a sampling that differ from what they are where nobody chose."""
    usual = Sampling().as_dict()
    return {key: value for key, value in sampling.as_dict().items() if value != usual[key]}
