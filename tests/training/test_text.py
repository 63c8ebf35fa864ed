"""The hand-written stock of words is whole, and its checker sees what it is there to see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from training.text_check import bank_problems, check, count
from training.text_rules import colour_problems, frame_problems, person_problems, twin_problems

TEXT = Path(__file__).parents[2] / "training" / "text"


def test_the_stock_has_no_problems_and_is_large_enough() -> None:
    assert check(TEXT) == []


def test_the_counts_name_every_part() -> None:
    counts = count(TEXT)
    assert counts["banks: things"] >= 500
    assert counts["colour: general"] >= 300


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("The wind drops and the sea lies down!", "exclamation"),
        ("[sunny] The wind drops and the sea lies down.", "unknown tag sunny"),
        ("[night,tone=cross] The wind drops, and the sea lies down.", "unknown tag tone=cross"),
        ("The wind drops in {hall}, and the sea lies down.", "unknown slot {hall}"),
        ("The wind drops and the sea lies down", "not a sentence"),
        ("The wind drops.", "3 words"),
        ("The brass key lies under the wind and the sea.", "names brass key"),
        ("There is a sense of wind about the old sea.", "worn phrase"),
    ],
)
def test_a_bad_line_of_colour_is_seen(line: str, complaint: str) -> None:
    assert any(complaint in problem for problem in colour_problems(line, ["brass key"]))


def test_a_good_line_of_colour_passes() -> None:
    line = "[night,outdoors,tone=wry] Above {place} the stars come out, a few at a time."
    assert list(colour_problems(line, ["brass key"])) == []


def test_lines_that_differ_by_a_word_are_twins() -> None:
    lines = [
        ("a", "A small cold wind comes over the wall."),
        ("b", "A small cold breeze comes over the wall."),
        ("c", "Bread is baking somewhere, and everyone knows it."),
    ]
    assert len(list(twin_problems(lines, 0.6))) == 1


@pytest.mark.parametrize(
    ("kind", "line", "complaint"),
    [
        ("told", "*nods* “It is so.”", "does not tell"),
        ("told", "*nods “{said}”", "does not close"),
        ("told", "[angry] “{said}”", "unknown manner angry"),
        ("deflect", "“I know nothing of {thing}.”", "unknown slot {thing}"),
        ("greeting", "*waves*", "says nothing"),
    ],
)
def test_a_bad_frame_is_seen(kind: str, line: str, complaint: str) -> None:
    assert any(complaint in problem for problem in frame_problems(kind, line))


def test_a_fact_is_said_in_the_words_in_which_it_is_known() -> None:
    people = yaml.safe_load((TEXT / "companions/people.yaml").read_text(encoding="utf-8"))
    person = {**people[0], "facts": [{**fact} for fact in people[0]["facts"]]}
    assert list(person_problems(person)) == []
    person["facts"][0]["said"] = "The moon was never here."
    assert any("does not say" in problem for problem in person_problems(person))


PLACE: dict[str, Any] = {
    "name": "the quay",
    "outdoors": True,
    "dark": False,
    "looks": ["it is wet"],
}
THING: dict[str, Any] = {
    "name": "spoon",
    "traits": ["portable"],
    "details": ["it is bent", "it is old"],
}
PERSON: dict[str, Any] = {
    "name": "Ana",
    "pronoun": "she",
    "look": "she waits",
    "trade": "baker",
    "topics": [],
}


@pytest.mark.parametrize(
    ("part", "entry", "complaint"),
    [
        ("places", PLACE, "fewer than three looks"),
        ("things", {**THING, "traits": ["portable", "holy"]}, "wrong traits"),
        ("things", {**THING, "traits": ["portable", "readable"]}, "says nothing"),
        ("things", {**THING, "details": ["It is bent", "it is old"]}, "starts with a capital"),
        ("things", {**THING, "details": ["they are bent", "it is old"]}, "several there"),
        ("folk", PERSON, "fewer than four topics"),
        ("goals", {"goal": "go home", "steps": []}, "has 0 steps"),
        ("lore", "no capital here.", "is not a sentence"),
        ("premises", "It is at {spot}.", "unknown slot {spot}"),
        ("happenings", "it ends in a stop.", "ends in a stop"),
    ],
)
def test_a_fault_in_a_bank_is_seen(part: str, entry: Any, complaint: str) -> None:
    path = TEXT / "banks/river_country.yaml"
    bank = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    bank[part].append(entry)
    assert any(complaint in problem for problem in bank_problems(bank))
