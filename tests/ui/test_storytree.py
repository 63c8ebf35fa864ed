from __future__ import annotations

from tui.story import Session, new_header
from tui.ui.storytree import map_lines, places


def begun() -> Session:
    session = Session()
    session.apply(new_header(session_id="s", name="A tale", card_id="c", card={}))
    session.apply(session.lay("player", "Start!", root=True))
    session.apply(session.lay("model", "It begins."))
    return session


def play(session: Session, said: str, told: str) -> int:
    session.apply(session.say(said))
    session.apply(session.lay("model", told))
    assert session.here is not None
    return session.here


def rows(session: Session) -> list[tuple[int, int, str, bool]]:
    return [(place.depth, place.step, place.said, place.on_path) for place in places(session)]


def test_one_path_is_one_column():
    session = begun()
    play(session, "north", "A gate.")
    play(session, "knock", "A step.")
    assert rows(session) == [(0, 0, "", True), (0, 1, "north", True), (0, 2, "knock", True)]


def test_a_branch_is_set_in_before_what_goes_straight_on():
    session = begun()
    gate = play(session, "north", "A gate.")
    play(session, "knock", "A step.")
    session.apply(session.move(gate))
    play(session, "climb", "A wall.")
    assert rows(session) == [
        (0, 0, "", True),
        (0, 1, "north", True),
        (1, 2, "knock", False),
        (0, 2, "climb", True),
    ]


def test_replies_that_led_nowhere_are_one_row():
    session = begun()
    session.apply(session.say("north"))
    asked = session.here
    for text in ("one", "two", "three"):
        session.apply(session.lay("model", text, parent=asked))
    found = places(session)
    assert len(found) == 2
    assert found[1].swipes == 3
    assert found[1].turn.text == "three"


def test_a_folded_branch_says_how_much_it_hides():
    session = begun()
    gate = play(session, "north", "A gate.")
    play(session, "knock", "A step.")
    session.apply(session.fold_branch(gate))
    found = places(session)
    assert len(found) == 2
    assert found[1].folded == 2


def test_hidden_turns_are_not_on_the_map():
    session = begun()
    gate = play(session, "north", "A gate.")
    last = play(session, "knock", "A step.")
    session.apply(session.delete(last))
    assert [place.turn.id for place in places(session)][:2] == [places(session)[0].turn.id, gate]
    assert last not in [place.turn.id for place in places(session)]


def test_names_and_the_present_place_are_shown():
    session = begun()
    gate = play(session, "north [b]", "A gate.")
    session.apply(session.bookmark(gate, "the gate"))
    lines = list(map_lines(session))
    assert "★ the gate" in lines[-1].right.plain
    assert "you are here" in lines[-1].right.plain
    assert "north [b]" in lines[-1].content.plain


def test_two_thousand_turns_and_a_hundred_branches_are_all_there():
    session = begun()
    stops = [play(session, f"step {number}", f"told {number}") for number in range(900)]
    for branch in range(100):
        session.apply(session.move(stops[branch * 9]))
        play(session, f"aside {branch}", "elsewhere")
    found = places(session)
    assert len(found) == 1 + 900 + 100
    assert len(list(map_lines(session))) == len(found)
    assert max(place.depth for place in found) <= 12
