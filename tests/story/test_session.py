"""A session does what each record says, and can take all of it back."""

from __future__ import annotations

import itertools
import json

import pytest

from tui.story import Choice, Note, RecordError, Session, new_header
from tui.story.records import Record


class Played:
    """A session, and the records that made it, as a save would hold them."""

    def __init__(self) -> None:
        self.session = Session()
        self.lines: list[str] = []
        self.do(
            new_header(
                session_id="1", name="The Ferry", card_id="ferry", card={"name": "The Ferry"}
            )
        )

    def do(self, record: Record) -> int:
        self.session.apply(record)
        self.lines.append(json.dumps(record))
        return self.session.here or 0

    def again(self) -> Session:
        return Session.open(json.loads(line) for line in self.lines)

    def begin(self) -> None:
        self.do(
            self.session.lay(
                "player", "Start!", scene="Scene: pier, dusk. Now: you arrive.", root=True
            )
        )
        self.do(
            self.session.lay("model", "A pier.", choices=(Choice("Row", "row"), Choice("Wait")))
        )

    def say(self, text: str, reply: str) -> int:
        self.do(self.session.say(text))
        return self.reply(reply)

    def reply(self, text: str, parent: int | None = None) -> int:
        turn = self.do(
            self.session.reply_started(
                parent=parent, model="pocket", seed=7, sampling={"top_k": 40}
            )
        )
        self.do(self.session.reply_grew(turn, " " + text[:4], [5, 6]))
        self.do(self.session.reply_ended(turn, " " + text, tokens=(5, 6, 7, 8), prose_tokens=3))
        return turn


@pytest.fixture
def played() -> Played:
    game = Played()
    game.begin()
    return game


def texts(session: Session) -> list[str]:
    return [turn.text for turn in session.path()]


def test_path_runs_from_the_root_to_the_last_reply(played: Played) -> None:
    played.say("row", "You row.")
    assert texts(played.session) == ["Start!", "A pier.", "row", "You row."]
    assert played.session.path() is played.session.path()
    assert texts(played.again()) == texts(played.session)


def test_saying_and_its_reply_are_one_step(played: Played) -> None:
    played.say("row", "You row.")
    played.do(played.session.undo())
    assert texts(played.session) == ["Start!", "A pier."]
    assert not played.session.can_undo
    played.do(played.session.redo())
    assert texts(played.session)[-1] == "You row."


def test_undo_of_a_retry_shows_the_reply_before_and_keeps_both(played: Played) -> None:
    first = played.say("row", "You row.")
    second = played.reply("You sink.", parent=played.session.turns[first].parent)
    assert played.session.siblings(first) == (first, second)
    played.do(played.session.undo())
    assert played.session.here == first
    assert played.session.siblings(first) == (first, second)


def test_the_opening_is_not_undone(played: Played) -> None:
    played.do(played.session.undo())
    assert texts(played.session) == ["Start!", "A pier."]


def test_turn_keeps_all_that_made_it(played: Played) -> None:
    played.do(
        played.session.say(
            "Row",
            origin="chosen",
            chosen=0,
            scene="Scene: river. Now: you row.",
            reading="you row",
            actions=("row",),
            at=12.5,
        )
    )
    turn = played.do(
        played.session.reply_started(model="pocket", seed=3, sampling={"temperature": 0.7})
    )
    note = Note("speech", "cut one line", "You row. Mira: yes")
    ended = played.session.reply_ended(
        turn, "You row.", choices=(Choice("On"),), notes=(note,), stats={"rate": 4.5}, finish="stop"
    )
    played.do(ended)
    again = played.again()
    assert again.path() == played.session.path()
    said, reply = again.path()[-2:]
    assert (said.chosen, said.actions, said.scene, said.at) == (
        0,
        ("row",),
        "Scene: river. Now: you row.",
        12.5,
    )
    assert (reply.seed, reply.sampling, reply.notes) == (3, {"temperature": 0.7}, (note,))
    assert (reply.choices, reply.stats, reply.finish) == ((Choice("On"),), {"rate": 4.5}, "stop")


def test_reply_that_never_ended_is_cut_and_keeps_what_came(played: Played) -> None:
    played.do(played.session.say("row"))
    turn = played.do(played.session.reply_started())
    played.do(played.session.reply_grew(turn, " You r", (1, 2)))
    played.do(played.session.reply_grew(turn, "ow", (3,)))
    assert played.session.turns[turn].state == "streaming"
    cut = played.again().turns[turn]
    assert (cut.state, cut.text, cut.tokens) == ("cut", "You row", (1, 2, 3))


def test_cut_reply_is_gone_on_with_in_a_sibling_that_takes_its_place(played: Played) -> None:
    played.do(played.session.say("row"))
    cut = played.do(played.session.reply_started())
    played.do(
        played.session.reply_ended(cut, " You r", tokens=(1, 2), prose_tokens=2, finish="cancelled")
    )
    whole = played.do(played.session.reply_started(continues=cut))
    assert played.session.turns[whole].text == "You r"
    played.do(played.session.reply_grew(whole, "ow", (3,)))
    played.do(played.session.reply_ended(whole, " You row.", tokens=(1, 2, 3, 4), prose_tokens=4))
    assert played.session.siblings(whole) == (whole,)
    played.do(played.session.undo())
    assert played.session.here == cut
    assert played.session.turns[cut].state == "cut"


def test_edit_makes_a_sibling_and_goes_there(played: Played) -> None:
    reply = played.say("row", "You row.")
    edited = played.do(played.session.edit(reply, "You fly."))
    assert played.session.siblings(reply) == (reply, edited)
    assert played.session.turns[edited].origin == "edited"
    assert not played.session.turns[edited].tokens


def test_edit_in_the_middle_can_keep_what_followed(played: Played) -> None:
    reply = played.say("row", "You rwo.")
    last = played.say("on", "Land.")
    played.do(played.session.edit(reply, "You row.", keep_following=True))
    assert texts(played.session)[3:] == ["You row.", "on", "Land."]
    assert played.session.here == last
    played.do(played.session.undo())
    assert texts(played.session)[3:] == ["You rwo.", "on", "Land."]
    played.do(played.session.redo())
    assert texts(played.again()) == texts(played.session)


def test_deleting_hides_a_branch_and_steps_back(played: Played) -> None:
    reply = played.say("row", "You row.")
    played.say("on", "Land.")
    played.do(played.session.delete(reply))
    assert texts(played.session)[-1] == "row"
    assert played.session.children(played.session.here) == ()
    assert reply in played.session.turns
    played.do(played.session.undo())
    assert texts(played.session)[-1] == "Land."


def test_the_beginning_can_not_be_deleted(played: Played) -> None:
    with pytest.raises(RecordError, match="beginning"):
        played.session.delete(1)


def test_jump_leads_back_to_where_a_branch_was_left(played: Played) -> None:
    first = played.say("row", "You row.")
    last = played.say("on", "Land.")
    other = played.reply("You sink.", parent=played.session.turns[first].parent)
    played.do(played.session.move(other))
    assert played.session.tip(first) == last
    played.do(played.session.move(played.session.tip(first)))
    assert texts(played.session)[-1] == "Land."


def test_all_that_is_set_can_be_undone_in_order(played: Played) -> None:
    session = played.session
    reply = played.say("row", "You row.")
    acts = [
        session.set("temperature", 0.5),
        session.pin(reply, "rowed"),
        session.note("darker", 3),
        session.remember("Mira can't swim."),
        session.bookmark(reply, "the river"),
        session.fold_branch(reply),
        session.rename("The Other Ferry"),
        session.tag(("night",)),
        session.take_card({"name": "New"}),
        session.offer(reply, (Choice("Dive"),)),
    ]

    def all_of() -> list[object]:
        return [
            dict(session.settings),
            session.pinned,
            session.author_note,
            session.memory,
            session.bookmarks,
            dict(session.folded),
            session.name,
            session.tags,
            dict(session.card),
            session.turns[reply].choices,
        ]

    states = [all_of()]
    for act in acts:
        played.do(act)
        states.append(all_of())
    for before, after in itertools.pairwise(states):
        assert before != after
    for state in reversed(states[:-1]):
        played.do(session.undo())
        assert all_of() == state
    for state in states[1:]:
        played.do(session.redo())
        assert all_of() == state


def test_a_new_step_ends_what_could_be_redone(played: Played) -> None:
    played.say("row", "You row.")
    played.do(played.session.undo())
    played.say("wait", "You wait.")
    assert not played.session.can_redo
    assert len(played.session.children(2)) == 2


def test_records_that_make_no_sense_are_listed_and_the_rest_stands(played: Played) -> None:
    played.say("row", "You row.")
    records = [json.loads(line) for line in played.lines]
    bad: list[Record] = [
        {"t": "say", "id": 3, "text": "again"},
        {"t": "say", "id": 90, "parent": 77},
        {"t": "say", "id": "x", "parent": 2},
        {"t": "say", "id": 91, "parent": 2, "choices": [7]},
        {"t": "say", "id": 92, "parent": 2, "step": "sideways"},
        {"t": "dance"},
        {"t": "move", "to": 500},
        {"t": "set"},
        {"t": "grew", "id": 500, "text": "x"},
        {"t": "ended", "id": 4, "text": 7},
        {"t": "pin", "id": True},
        {"not": "a record"},
    ]
    session = Session.open([*records, *bad])
    assert len(session.damaged) == len(bad)
    assert texts(session) == texts(played.session)
    assert session.history.done == played.session.history.done


def test_mark_says_what_the_list_of_saves_shows(played: Played) -> None:
    played.say(
        "row", "You row.\n\n“Hold on,” says Mira. " + "The river is wide and slow here. " * 5
    )
    mark = played.session.mark
    assert (mark.name, mark.card, mark.turns, mark.place) == ("The Ferry", "ferry", 1, "pier, dusk")
    assert mark.last_line.startswith("“Hold on,” says Mira.")
    assert mark.last_line.endswith("…")
    assert len(mark.last_line) <= 101
