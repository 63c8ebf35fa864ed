"""A Narrator that needs no model and no world: it tells what it is given, piece by piece."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace

from tui.game.events import (
    ChoicesReady,
    Event,
    Finished,
    NoteAdded,
    Piece,
    ProseEnded,
    ReplyStarted,
    Understood,
)
from tui.story import Choice, Note, Record, Session, Turn, new_header
from tui.world.values import Panel, Step

STATS = {"kept": 1183, "read": 31, "written": 64, "write_seconds": 0.156, "prompt": 1150}

PANEL = Panel(
    place="Lock House",
    time="dusk",
    day=2,
    here=("sluice door (locked)", "Tam, behind the door"),
    carried=("lantern (lit)", "iron key", "half a loaf"),
    ways=("towpath", "weir"),
    goal="Open the sluice before midnight",
    done=2,
    steps=(
        Step("the key on the table", True),
        Step("the lock that was oiled", True),
        Step("what Tam’s brother wanted", False),
        Step("the wheel under the weir", False),
        Step("the sluice", False),
    ),
    hints=("Perhaps Tam knows who oiled the lock.",),
    person="Tam, the keeper’s boy",
)


ENDINGS = {
    "night": SimpleNamespace(title="The Ninth Night", missed=""),
    "barge": SimpleNamespace(title="Nobody Aboard", missed="Somebody rowed the barge."),
    "dry": SimpleNamespace(title="A Dry Summer", missed="A gate can be left shut."),
    "ice": SimpleNamespace(title="In with the Ice", missed=""),
}


@dataclass
class Reply:
    """One reply to tell."""

    text: str
    choices: Sequence[str] = ()
    notes: Sequence[Note] = ()
    stats: Mapping[str, float] = field(default_factory=lambda: dict(STATS))


class FakeBook:
    """Keeps a session in memory."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.saved = self.writable = True
        self.trouble = self.notice = ""
        self.on_change: Callable[[], None] | None = None

    async def record(self, record: Record) -> None:
        self.session.apply(record)

    async def close(self) -> None:
        pass


class FakeWorld:
    """Shows one panel for ever."""

    def panel(self, state: object) -> Panel:
        return PANEL


class FakeStage:
    """Stands still."""

    world = FakeWorld()

    def at(self, session: Session, turn_id: int | None) -> SimpleNamespace:
        return SimpleNamespace(ended="")

    def outcome(self, session: Session, turn: Turn) -> SimpleNamespace:
        ending = SimpleNamespace(
            id="night",
            title="The Ninth Night",
            text="The gate rises a hand’s breadth, and then the river does the rest. In the yard the tow-horses have come back by themselves.",
        )
        return SimpleNamespace(ending=ending)


@dataclass
class FakeNarrator:
    """Tells the replies it was given, in order, and again from the first."""

    replies: Sequence[Reply]
    card: SimpleNamespace
    opening: str = "It begins."
    opening_choices: Sequence[str] = ()
    with_world: bool = True
    piece_seconds: float = 0.0
    gate: asyncio.Event | None = None
    """If there, a reply waits for it in its middle."""
    ended: bool = False
    changes: Sequence[object] = ()

    def __post_init__(self) -> None:
        header = new_header(
            session_id="a", name=self.card.name, card_id=self.card.id, card={"name": self.card.name}
        )
        self.session = Session()
        self.session.apply(header)
        tale = self.card.kind == "tale"
        if tale:
            self.session.apply(self.session.lay("player", "Start!", name="you", root=True))
        choices = tuple(Choice(text) for text in self.opening_choices)
        laid = self.session.lay(
            "model", self.opening, name=self.card.name, choices=choices, root=not tale
        )
        self.session.apply(laid)
        self.book = FakeBook(self.session)
        self.stage = FakeStage() if self.with_world else None
        self.teller = SimpleNamespace(
            window=2048,
            model=SimpleNamespace(name="pocket 7M", n_ctx=2048, gpu_layers=0, n_threads=1),
        )
        self.told = 0

    async def record(self, record: Record) -> None:
        await self.book.record(record)

    def clock(self) -> float:
        return 0.0

    @property
    def cards(self) -> tuple[SimpleNamespace, ...]:
        return (self.card,)

    @property
    def choices(self) -> tuple[Choice, ...]:
        turn = self.session.turn
        return turn.choices if turn and turn.role == "model" else ()

    async def take_turn(self, words: str | int) -> AsyncGenerator[Event, None]:
        chosen = words if isinstance(words, int) else None
        text = self.choices[words].text if isinstance(words, int) else words
        reading = "you look at the door by lantern light" if "lantrn" in text else ""
        origin = "said" if chosen is None else "chosen"
        self.session.apply(
            self.session.say(text, name="you", chosen=chosen, origin=origin, reading=reading)
        )
        turn = self.session.turn
        assert turn
        yield Understood(turn)
        async for event in self._reply(turn):
            yield event

    async def retry(self) -> AsyncGenerator[Event, None]:
        here = self.session.turn
        assert here
        assert here.parent is not None
        async for event in self._reply(self.session.turns[here.parent]):
            yield event

    async def continue_reply(self) -> AsyncGenerator[Event, None]:
        here = self.session.turn
        assert here
        assert here.parent is not None
        async for event in self._reply(self.session.turns[here.parent], here):
            yield event

    async def _reply(
        self, asked: Turn, going_on: Turn | None = None
    ) -> AsyncGenerator[Event, None]:
        reply = self.replies[self.told % len(self.replies)]
        self.told += 1
        started = self.session.reply_started(
            parent=asked.id, name=self.card.name, continues=going_on.id if going_on else None
        )
        self.session.apply(started)
        turn = self.session.turn
        assert turn
        text, ended = turn.text, False
        try:
            yield ReplyStarted(turn)
            words = reply.text.split(" ")
            for number, word in enumerate(words):
                if self.gate and number == len(words) // 2:
                    await self.gate.wait()
                if self.piece_seconds:
                    await asyncio.sleep(self.piece_seconds)
                piece = word if not number else f" {word}"
                text += piece
                self.session.apply(self.session.reply_grew(turn.id, piece))
                yield Piece(turn.id, piece)
            yield ProseEnded(turn.id, text)
            choices = tuple(Choice(line) for line in reply.choices)
            for note in reply.notes:
                yield NoteAdded(turn.id, note)
            record = self.session.reply_ended(
                turn.id, text, choices=choices, notes=reply.notes, stats=reply.stats
            )
            self.session.apply(record)
            ended = True
            yield ChoicesReady(turn.id, choices)
            yield Finished(self.session.turns[turn.id])
        finally:
            if not ended:
                self.session.apply(self.session.reply_ended(turn.id, text, finish="cancelled"))

    def wake(self) -> None:
        """Think of nothing."""

    async def close(self) -> None:
        pass

    async def told_by(self, teller: object) -> None:
        pass

    def refit(self) -> None:
        pass

    def hints(self) -> tuple[str, ...]:
        return PANEL.hints

    async def edit(self, turn_id: int, text: str) -> None:
        follows = bool(self.session.children(turn_id))
        self.session.apply(self.session.edit(turn_id, text, keep_following=follows))

    async def undo(self) -> bool:
        return self.session.can_undo and (self.session.apply(self.session.undo()) or True)

    async def redo(self) -> bool:
        return self.session.can_redo and (self.session.apply(self.session.redo()) or True)

    async def swipe(self, step: int, turn_id: int | None = None) -> bool:
        at = self.session.here if turn_id is None else turn_id
        assert at is not None
        siblings = self.session.siblings(at)
        place = siblings.index(at) + step
        if not 0 <= place < len(siblings):
            return False
        to = siblings[place] if at == self.session.here else self.session.tip(siblings[place])
        self.session.apply(self.session.move(to))
        return True


def tale_card(name: str = "The Weir at Ashlock") -> SimpleNamespace:
    """What a screen asks of a tale's card."""
    return SimpleNamespace(
        portrait="",
        name=name,
        id="ashlock",
        kind="tale",
        world=SimpleNamespace(endings=ENDINGS),
        nickname="",
        choices=3,
        genre="mystery",
        tone="quiet",
        user_name="Robin",
        user_persona="",
        facts=(),
        things_to_say=(),
    )


def companion_card(name: str = "Tam") -> SimpleNamespace:
    """What a screen asks of a companion's card."""
    card = tale_card(name)
    card.kind, card.things_to_say = "companion", ("Ask about the river",)
    return card


STORY = (
    Reply(
        "Salt has eaten the hinges, but the lock is bright and new. Somebody oiled it this week. Behind the wood a slow step stops.\n\n"
        '"You are early," says Tam. "The river is not."',
        ("Knock and wait", "Ask Tam who oiled the lock", "Go back along the towpath"),
        (
            Note(
                "speaks-for-you",
                "cut one line that spoke for you",
                "You nod. Salt has eaten the hinges.",
            ),
        ),
    ),
    Reply(
        'A gate groans under the weir before he answers. "My brother did. He went in with the ice in spring." Against your palm, the iron key grows cold.',
        (
            "Unlock the door with the iron key",
            "Ask Tam what his brother wanted",
            "Go back along the towpath before the water turns",
        ),
    ),
)
