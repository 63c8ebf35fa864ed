"""Whatever is done, opening the save gives the same session; undo and redo lose nothing."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from tui.story import Choice, Session, new_header, peek
from tui.story.records import Record
from tui.story.session import mark_record

TEXTS = st.text(max_size=12)
PICKS = st.integers(min_value=0, max_value=10_000)


def shape(session: Session) -> dict[str, Any]:
    """All that undo may change."""
    return {
        "here": session.here,
        "path": [(turn.id, turn.text, turn.choices) for turn in session.path()],
        "children": {turn: session.children(turn) for turn in session.turns},
        "settings": dict(session.settings),
        "pins": session.pinned,
        "bookmarks": session.bookmarks,
        "folded": dict(session.folded),
        "rest": (
            session.author_note,
            session.memory,
            session.name,
            session.tags,
            session.hidden.keys(),
        ),
    }


def all_of(session: Session) -> dict[str, Any]:
    """All that a save must keep; a reply that nobody writes any more is cut."""
    session.settle()
    more = {
        "turns": dict(session.turns),
        "undo": (session.history.done, session.history.undone),
        "tips": {turn: session.tip(turn) for turn in session.turns},
        "counts": {turn: session.count(turn) for turn in session.turns},
        "next": session.next_id,
    }
    return shape(session) | more


class Story(RuleBasedStateMachine):
    """Any acts in any order, each as it goes into the save."""

    replies = Bundle("replies")

    def __init__(self) -> None:
        super().__init__()
        self.session = Session()
        self.lines: list[str] = []

    def do(self, record: Record) -> None:
        self.session.apply(record)
        record = record | {"mark": mark_record(self.session.mark)}
        self.lines.append(json.dumps(record))

    def pick(self, number: int) -> int:
        ids = list(self.session.turns)
        return ids[number % len(ids)]

    @initialize()
    def begin(self) -> None:
        self.do(new_header(session_id="1", name="A", card_id="a", card={"name": "A"}))
        self.do(self.session.lay("player", "Start!", root=True))
        self.do(self.session.lay("model", "Opening.", choices=(Choice("a"), Choice("b"))))

    @rule(text=TEXTS)
    def say(self, text: str) -> None:
        self.do(self.session.say(text, actions=("a",)))

    @rule(target=replies, number=PICKS, here=st.booleans())
    def start(self, number: int, here: bool) -> int:
        self.do(self.session.reply_started(parent=None if here else self.pick(number), seed=1))
        return self.session.next_id - 1

    @rule(turn=replies, text=TEXTS, tokens=st.lists(st.integers(0, 9), max_size=3))
    def grow(self, turn: int, text: str, tokens: list[int]) -> None:
        if not self.session.history.get("offer", turn):
            self.do(self.session.reply_grew(turn, text, tokens))

    @rule(turn=consumes(replies), text=TEXTS, finish=st.sampled_from(["end", "cancelled"]))
    def end(self, turn: int, text: str, finish: str) -> None:
        if not self.session.history.get("offer", turn):
            self.do(
                self.session.reply_ended(turn, text, tokens=(1, 2), prose_tokens=1, finish=finish)
            )

    @rule(number=PICKS)
    def go_on(self, number: int) -> None:
        self.do(self.session.reply_started(continues=self.pick(number)))

    @rule(number=PICKS, text=TEXTS, keep=st.booleans())
    def edit(self, number: int, text: str, keep: bool) -> None:
        self.do(self.session.edit(self.pick(number), text, keep_following=keep))

    @rule(number=PICKS)
    def move(self, number: int) -> None:
        self.do(self.session.move(self.pick(number)))

    @rule(number=PICKS)
    def delete(self, number: int) -> None:
        turn = self.pick(number)
        if self.session.turns[turn].parent is not None:
            self.do(self.session.delete(turn))

    @rule(number=PICKS)
    def restore(self, number: int) -> None:
        self.do(self.session.restore(self.pick(number)))

    @rule(
        number=PICKS,
        text=TEXTS,
        kind=st.sampled_from(["pin", "unpin", "bookmark", "fold"]),
    )
    def set_on_turn(self, number: int, text: str, kind: str) -> None:
        session, turn = self.session, self.pick(number)
        acts = {
            "pin": session.pin(turn, text),
            "unpin": session.unpin(turn),
            "bookmark": session.bookmark(turn, text),
            "fold": session.fold_branch(turn, bool(text)),
        }
        self.do(acts[kind])

    @rule(number=PICKS, text=TEXTS)
    def offer(self, number: int, text: str) -> None:
        turn = self.pick(number)
        if self.session.turns[turn].state != "streaming":
            self.do(self.session.offer(turn, (Choice(text),), tokens=(3,)))

    @rule(text=TEXTS, kind=st.sampled_from(["set", "note", "memory", "rename", "tags", "card"]))
    def set_on_session(self, text: str, kind: str) -> None:
        session = self.session
        acts = {
            "set": session.set("key" + text[:1], text or None),
            "note": session.note(text, len(text)),
            "memory": session.remember(text),
            "rename": session.rename(text),
            "tags": session.tag((text,)),
            "card": session.take_card({"name": text}),
        }
        self.do(acts[kind])

    @rule(number=st.integers(1, 5))
    def undo(self, number: int) -> None:
        for _ in range(number):
            self.do(self.session.undo())

    @rule(number=st.integers(1, 5))
    def redo(self, number: int) -> None:
        for _ in range(number):
            self.do(self.session.redo())

    @rule()
    def undo_all_and_redo_all(self) -> None:
        steps, before = self.session.history.done, shape(self.session)
        for _ in range(steps):
            self.do(self.session.undo())
        assert not self.session.can_undo
        assert self.session.here == 2
        for _ in range(steps):
            self.do(self.session.redo())
        assert shape(self.session) == before

    @rule()
    def restart(self) -> None:
        self.session = self.opened()

    @invariant()
    def path_is_the_way_from_the_root(self) -> None:
        here = self.session.here
        if here is not None:
            assert self.session.path() == self.session.path_to(here)
            assert here in self.session.siblings(here)

    @invariant()
    def last_turns_are_told_from_the_tail(self) -> None:
        settled = self.opened()
        for many in (3, 10, len(self.lines)):
            found = peek([json.loads(line) for line in self.lines[-many:]], most=4)
            assert found == settled.path()[len(settled.path()) - len(found) :]

    def opened(self) -> Session:
        session = Session.open(json.loads(line) for line in self.lines)
        assert not session.damaged
        return session

    def teardown(self) -> None:
        assert all_of(self.opened()) == all_of(self.session)


TestStory = Story.TestCase
TestStory.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
