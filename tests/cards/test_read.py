"""Cards are read with everything that is wrong at once, and unknown fields are kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.cards.card import Card
from tui.cards.problems import CardError
from tui.cards.read import MAX_BYTES, card_from_data, inspect_card, read_card, without_world
from tui.cards.template import new_card_template

SHIPPED = sorted((Path(__file__).parents[2] / "characters").glob("*.yaml"))
BAD = """\
name: Ada
scenrio: a quay
choices: many
starred: perhaps
persona:
  user_nam: Wren
tags: [a, [b]]
world:
  start: {place: quay}
  places:
    quay:
      exits: {north: }
      loko: grey
  goal: {text: go, steps: [{text: a, when: at quay}]}
kind: tail
"""


def test_all_problems_come_at_once_with_their_lines() -> None:
    said = {problem.line: problem for problem in inspect_card(BAD.encode(), "bad.yaml").problems}
    assert said[2].text == "is not a field of a card"
    assert said[2].mending == "did you mean `scenario`?"
    assert said[2].weight == "warning"
    assert (
        said[3].sentence()
        == "bad.yaml, line 3, choices: is `many`, and should be a number; write digits, without quotes"
    )
    assert said[4].mending == "write true or false"
    assert said[6].field == "persona.user_nam"
    assert said[6].mending == "did you mean `user_name`?"
    assert said[7].field == "tags[2]"
    assert said[8].text == "`endings` is missing"
    assert said[12].field == "world.places.quay.exits.north"
    assert said[13].mending == "did you mean `look`?"
    assert said[15].text == "is `tail`"


def test_reading_a_bad_card_raises_with_every_error() -> None:
    with pytest.raises(CardError) as caught:
        read_card(BAD.encode(), "bad.yaml")
    assert len(caught.value.problems) >= 8
    assert all(problem.weight == "error" for problem in caught.value.problems)


def test_words_that_look_like_something_else_stay_text() -> None:
    card = read_card(
        b"name: 7\ntone: no\nlength: 12:30\ncharacter_version: 1.10\ncreator: true\n", "seven.yaml"
    )
    assert (card.name, card.tone, card.length, card.character_version, card.creator) == (
        "7",
        "no",
        "12:30",
        "1.10",
        "true",
    )
    assert card.id == "seven"


def test_lists_may_be_written_as_one_text() -> None:
    card = read_card(b"name: A\ntags: sea, fog\nalternate_greetings: Well, well.\n")
    assert card.tags == ("sea", "fog")
    assert card.alternate_greetings == ("Well, well.",)


def test_empty_fields_are_as_if_they_were_not_there() -> None:
    card = read_card(b"name: A\ndescription:\ntags:\ncharacter_book:\nextensions:\n")
    assert card.description == ""
    assert card.character_book is None


def test_unknown_fields_are_kept() -> None:
    card = read_card(b"name: A\nmood_ring: blue\nextensions: {depth: {prompt: x}}\n")
    assert card.extra == {"mood_ring": "blue"}
    assert card.extensions == {"depth": {"prompt": "x"}}
    assert card.data["mood_ring"] == "blue"


def test_a_lorebook_is_read_in_the_shapes_that_exist() -> None:
    text = "name: A\ncharacter_book:\n  entries:\n    '0': {keys: 'lock, key', content: oiled}\n    '1': {keys: [fog], content: grey, constant: true}\n"
    book = read_card(text.encode()).character_book
    assert book is not None
    assert [entry.keys for entry in book.entries] == [("lock", "key"), ("fog",)]
    assert book.entries[1].constant


def test_a_world_makes_a_tale() -> None:
    assert read_card(new_card_template("tale").encode()).kind == "tale"
    assert read_card(b"name: A\n").kind == "companion"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_ships_has_no_problem(path: Path) -> None:
    assert not inspect_card(path).problems


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_card_comes_back_from_the_copy_in_a_save(path: Path) -> None:
    card = read_card(path)
    copy = card_from_data(json.loads(json.dumps(card.data)), card.id)
    assert copy == card
    assert copy.id == card.id


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"- a\n- b\n", "this is a list, not a card"),
        (b"just words\n", "this is a single text, not a card"),
        (b"\x00\x01\x02PNG", "is not a text file"),
        (b"kind: tale\n", "`name` is missing"),
        (b"name:\n", "`name` is missing"),
        (b"name: ''\n", "is empty"),
    ],
)
def test_what_is_no_card_is_said_in_a_sentence(content: bytes, said: str) -> None:
    sentences = [problem.sentence() for problem in inspect_card(content, "x.yaml").problems]
    assert any(said in sentence for sentence in sentences), sentences


def test_a_missing_or_huge_file_is_said_in_a_sentence(tmp_path: Path) -> None:
    assert "can't be read" in inspect_card(tmp_path / "none.yaml").problems[0].text
    assert "bigger than 8 MB" in inspect_card(b"a" * (MAX_BYTES + 1)).problems[0].text


def test_other_encodings_are_read() -> None:
    assert read_card("\ufeffname: Zoë\n".encode()).name == "Zoë"
    assert read_card("name: Zoë\n".encode("utf-16")).name == "Zoë"
    latin = inspect_card("name: Zoë\n".encode("cp1252"))
    assert latin.card is not None
    assert latin.card.name == "Zoë"
    assert latin.problems[0].weight == "warning"


def test_lists_leave_the_world_unread_and_the_lines_in_place() -> None:
    text = "name: A\nworld:\n  start: {place: x}\n\n  # a note\n  places: {}\ntone: dry\n"
    cut = without_world(text)
    assert "start" not in cut
    assert cut.splitlines()[6] == "tone: dry"


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from([*Card.model_fields, "other"]), inner, max_size=6)
        ),
        max_leaves=12,
    )
)
def test_any_data_is_a_card_or_a_list_of_problems(data: object) -> None:
    inspection = inspect_card(json.dumps(data).encode(), "x.yaml")
    assert inspection.card is not None or inspection.problems
