"""Narrator: takes one turn, end to end, for every front end alike."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field

from tui.cards import Card, card_from_data
from tui.engine.backend import BackendError
from tui.game import cast, dice, group
from tui.game.ahead import Imagined, worth_it
from tui.game.book import Book
from tui.game.changes import Change, kept_model, left
from tui.game.events import (
    Answered,
    Ended,
    Event,
    Failed,
    Understood,
)
from tui.game.replying import Replying
from tui.game.saying import Saying
from tui.game.stage import Stage, stage_of
from tui.game.storyteller import Storyteller
from tui.game.thinking import Thinking
from tui.game.understanding import Understanding
from tui.prompt import CannotFit, Prompt, TemplateError
from tui.story import Choice, Record, Session, Turn


@dataclass
class Narrator:
    """One session in play: what the player does goes in, events come out.

    `clock` gives unix seconds; `stage` is there where the card has a World.
    """

    book: Book
    card: Card
    teller: Storyteller
    clock: Callable[[], float]
    stage: Stage | None = None
    changes: tuple[Change, ...] = ()
    """What is no longer as it was when the story was told last."""
    thinks_ahead: bool = False
    """Whether the reply to each choice is imagined while the player reads."""
    _company: group.Company = field(default_factory=group.Company)
    _busy: asyncio.Lock = field(default_factory=asyncio.Lock)
    thinking: Thinking = field(default_factory=Thinking)

    def __post_init__(self) -> None:
        """Remember for what the stage was built."""
        self._fitted = self._fit

    @property
    def session(self) -> Session:
        """The story as it stands."""
        return self.book.session

    @property
    def notices(self) -> tuple[str, ...]:
        """What the player should know before going on: a sentence each."""
        return (*self.book.findings, *(change.sentence for change in self.changes))

    @property
    def cards(self) -> tuple[Card, ...]:
        """Everybody in a talk of several, the story's own card first; else that card alone."""
        return self._company.cards(self.session, self.card)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What the player can pick now."""
        return self._saying.choices

    @property
    def ended(self) -> bool:
        """Whether the tale has come to an ending here."""
        return bool(self.stage and self.stage.at(self.session, self.session.here).ended)

    def hints(self) -> tuple[str, ...]:
        """What might be tried next, the most telling first."""
        if self.stage is None:
            return ()
        return self.stage.world.panel(self.stage.at(self.session, self.session.here)).hints

    async def take_turn(self, words: str | int) -> AsyncGenerator[Event, None]:
        """Say `words`, or pick the choice of that index, and have the reply told.

        Closing the iterator stops the reply; what came of it is kept as a cut one.
        """
        async with self._busy, aclosing(self._take(await self._saying.meant(words))) as events:
            async for event in events:
                yield event

    async def roll(self, words: str) -> AsyncGenerator[Event, None]:
        """Roll dice (`2d6+1`), or let a roll decide how a deed goes, and have that told."""
        async with self._busy:
            roll = dice.rolled(words, dice.seed_at(self.session, self.clock()))
            if self.stage or not roll.deed:
                meant = Understanding(roll.deed, answer=roll.shown)
            else:
                meant = Understanding(roll.deed, echo=roll.shown, now=roll.now)
            async with aclosing(self._take(meant)) as events:
                async for event in events:
                    yield event

    async def _take(self, meant: Understanding) -> AsyncGenerator[Event, None]:
        if meant.answer:
            yield Answered(meant.answer)
            return
        imagined = await self.thinking.stop(meant.chosen)
        try:
            turn = await self._say(self._saying.turn(meant))
            yield Understood(turn)
            for place, card in enumerate(self._saying.answering(self.session.path(), turn.text)):
                asked = self.session.turn
                if asked is None or asked.state == "cut" or (place and asked.role == "player"):
                    return
                async with aclosing(self._reply(asked, card, imagined=imagined)) as events:
                    async for event in events:
                        yield event
        finally:
            if imagined is not None:
                imagined.drop()
                await imagined.ended()

    @property
    def _saying(self) -> Saying:
        return Saying(self.session, self.cards, self.teller, self.stage)

    @asynccontextmanager
    async def still(self) -> AsyncGenerator[None]:
        """Let nothing be told or thought meanwhile."""
        async with self._busy:
            await self.thinking.stop()
            yield

    async def let_speak(self, card: Card) -> AsyncGenerator[Event, None]:
        """Have one of the cards speak next, after whoever spoke last."""
        async with self.still():
            here = self.session.turn
            if here is not None:
                async with aclosing(self._reply(here, card)) as events:
                    async for event in events:
                        yield event

    async def retry(self) -> AsyncGenerator[Event, None]:
        """Tell the last reply anew, as a swipe of it."""
        async with self._busy:
            turn, here = self._asked(), self.session.turn
            if turn is None or here is None:
                yield Failed("There is no reply here to tell anew.")
                return
            await self.thinking.stop()
            async with aclosing(self._reply(turn, self.speaker(here))) as events:
                async for event in events:
                    yield event

    async def continue_reply(self) -> AsyncGenerator[Event, None]:
        """Go on with a reply that was cut, or reply to what was said last."""
        async with self._busy:
            here = self.session.turn
            if here is None:
                return
            if here.role == "player":
                replies = self._reply(here, self.speaker(here))
            elif here.parent is not None and here.state == "cut":
                asked = self.session.turns[here.parent]
                replies = self._reply(asked, self.speaker(here), going_on=here)
            else:
                yield Failed("The reply is whole: say something, or ask for another one.")
                return
            await self.thinking.stop()
            async with aclosing(replies) as events:
                async for event in events:
                    yield event

    async def preview(self, words: str | None = None) -> Prompt:
        """What the model was sent for the reply here or, with `words`, would be sent for them.

        The World moves on a fork that is thrown away. Raises CannotFit.
        """
        path = self.session.path()
        speaker = self.speaker(path[-1]) if path else self.card
        if words is not None:
            path = (*path, self._saying.turn(await self._saying.meant(words)))
            speaker = self._saying.answering(path, path[-1].text)[0]
        elif path and path[-1].role == "model" and any(one.role == "player" for one in path):
            path = path[:-1]
        writer = await self.teller.writer(speaker, self.cards)
        return await writer.inspected(await writer.prompt(self.session, path))

    async def record(self, record: Record) -> None:
        """Keep a change that is no new turn; what was thought of the story before it is dropped."""
        await self.thinking.stop()
        await self.book.record(record)
        self.reconsider()

    def reconsider(self) -> None:
        """Follow a change, and think anew of the story as it is now where a wait would be felt."""
        self.refit()
        model = self.teller.model
        if model is not None and worth_it(model) and not self._busy.locked():
            self.wake()

    async def edit(self, turn_id: int, text: str) -> None:
        """Stand an edited sibling in the place of a turn; what followed a reply follows it."""
        turn = self.session.turns[turn_id]
        if turn.role == "player":
            await self.thinking.stop()
            await self.book.record(self.session.move(turn.parent, self.clock()))
            await self._say(self._saying.turn(await self._saying.meant(text)))
        else:
            follows = bool(self.session.children(turn_id))
            at = self.clock()
            await self.record(self.session.edit(turn_id, text, keep_following=follows, at=at))

    async def leave_changes(self) -> None:
        """Go on as the story stands: what has changed is not told of again."""
        for change in self.changes:
            await self.book.record(left(self.session, change, self.teller.path, self.clock()))
        self.changes = ()

    async def told_by(self, teller: Storyteller) -> None:
        """Have another storyteller tell on, and keep which model it has where that is another."""
        await self.thinking.stop()
        before, self.teller = self.teller, teller
        if teller.path != before.path and self.book.writable:
            await self.book.record(kept_model(self.session, teller.path, self.clock()))

    async def take_card(self, card: Card) -> None:
        """Go on with the card as it is now. Raises WorldError where its world is wrong."""
        stage_of(card, cast.user_name(self.session, card), self.session.header.world_seed)
        await self.record(self.session.take_card(card.data, self.clock()))

    def refit(self) -> None:
        """Follow the session where its card or the player's name is another than before."""
        if self._fit != self._fitted:
            self.card = card_from_data(self.session.card, self.session.header.card_id)
            user = cast.user_name(self.session, self.card)
            self.stage = stage_of(self.card, user, self.session.header.world_seed)
            self._fitted = self._fit

    @property
    def _fit(self) -> tuple[int, str]:
        """What a stage is built for."""
        return id(self.session.card), cast.user_name(self.session, self.card)

    async def undo(self) -> bool:
        """Take the last act back; whether there was one."""
        if not self.session.can_undo:
            return False
        await self.record(self.session.undo(self.clock()))
        return True

    async def redo(self) -> bool:
        """Do again what was taken back last; whether there was something."""
        if not self.session.can_redo:
            return False
        await self.record(self.session.redo(self.clock()))
        return True

    async def swipe(self, step: int, turn_id: int | None = None) -> bool:
        """Go to the reply before (-1) or after (1) a turn's among its swipes; whether there is one.

        Without a turn it is the present one's. The other reply of an earlier turn brings along
        what followed it.
        """
        at = self.session.here if turn_id is None else turn_id
        if at is None:
            return False
        siblings = self.session.siblings(at)
        place = siblings.index(at) + step
        if not 0 <= place < len(siblings):
            return False
        to = siblings[place] if at == self.session.here else self.session.tip(siblings[place])
        await self.record(self.session.move(to, self.clock()))
        return True

    async def _say(self, turn: Turn) -> Turn:
        await self.book.record(self._saying.record(turn, self.clock()))
        said = self.session.turn
        assert said is not None
        return said

    def _asked(self) -> Turn | None:
        """The player's turn that the reply here answers."""
        here = self.session.turn
        if here is None or here.role == "player":
            return here
        return None if here.parent is None else self.session.turns[here.parent]

    def speaker(self, turn: Turn) -> Card:
        """Whose reply a turn is; of a player's turn, who answers it."""
        if turn.role == "player":
            return self._saying.answering(self.session.path_to(turn.id), turn.text)[0]
        return group.speaker_of(self.cards, turn)

    async def _reply(
        self,
        asked: Turn,
        speaker: Card,
        going_on: Turn | None = None,
        imagined: Imagined | None = None,
    ) -> AsyncGenerator[Event, None]:
        try:
            replying = await self._replying(speaker)
            async with aclosing(replying.to(asked, going_on, imagined)) as events:
                async for event in events:
                    yield event
        except (BackendError, CannotFit, TemplateError) as error:
            yield Failed(str(error))
            return
        if self.stage and (ending := self.stage.outcome(self.session, asked).ending):
            here = self.session.here
            yield Ended(here if here is not None else asked.id, ending.title, ending.text)
        else:
            self._think(replying.itself)

    async def _replying(self, speaker: Card) -> Replying:
        writer = await self.teller.writer(speaker, self.cards)
        sampling = self.teller.sampling
        book, warm = self.book, self.thinking.warm
        return Replying(book, speaker, writer, sampling, self.clock, self.stage, warm)

    def wake(self) -> None:
        """Think of the story as it stands, as soon as there is a model; returns at once."""
        self._think(lambda: self._replying(self.card))

    def _think(self, replying: Callable[[], Awaitable[Replying]]) -> None:
        if self.book.writable and not self.ended:
            ahead = self.thinks_ahead and len(self.cards) == 1
            self.thinking.begin(replying, self._saying.offers, self.teller.model, ahead=ahead)

    async def close(self) -> None:
        """End what is still being thought, have kept what was read, and give the save free."""
        await self.thinking.end(self.teller.backend)
        await self.book.close()
