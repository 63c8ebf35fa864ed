"""YAML as people write it: words stay words, and every mistake has its line and its mending."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tui.cards.problems import CardError
from tui.cards.yamlfile import MAX_DEPTH, parse_yaml


def problems_in(text: str) -> list[str]:
    try:
        found = parse_yaml(text, "a.yaml").problems
    except CardError as error:
        found = error.problems
    return [problem.sentence() for problem in found]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("1.10", "1.10"),
        ("1e3", "1e3"),
        ("007", "007"),
        ("0x10", "0x10"),
        ("2024-01-01", "2024-01-01"),
        ("7", 7),
        ("-3", -3),
        ("0.5", 0.5),
        ("true", True),
        ("false", False),
        ("~", None),
        ("", None),
        ("'7'", "7"),
        ('"true"', "true"),
    ],
)
def test_words_stay_words(written: str, meant: object) -> None:
    data = parse_yaml(f"field: {written}\n", "a.yaml").data
    assert data == {"field": meant}


def test_keys_are_always_words() -> None:
    assert parse_yaml("on: 1\nno: 2\n12: 3\n", "a.yaml").data == {"on": 1, "no": 2, "12": 3}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "a: 1\nb: 2\na: 3\n",
            "a.yaml, line 3, a: is given twice (first in line 1); delete one of them",
        ),
        ("x:\n  a: 1\n  a: 2\n", "a.yaml, line 3, x.a: is given twice (first in line 2)"),
        ("first_mes: {{user}} waits\nb: 1\n", "quote text that starts with {{"),
        ("first_mes: {{user}}\n", "put quotes around text that starts with {"),
        ("say: *waves*\n", "quote text that starts with *"),
        ("say: *wave\n", "stands for nothing"),
        (
            "say: a thing: a word\n",
            "a.yaml, line 1, say: the text holds a colon and a space; quote text that contains ': '",
        ),
        (
            "a:\n\tb: 1\n",
            "a.yaml, line 2, b: the line is indented with a tab; indent with spaces, not tabs",
        ),
        ("a: 1\n  b: 2\n", "a.yaml, line 2, b: the line is indented deeper than the one above it"),
        ('a: "open\nb: 1\n', "a quotation mark is opened"),
        ("a: [1, 2\nb: 3\n", "a bracket is opened and never closed"),
        ("a: 'it's late'\n", "quote whole texts, not halves"),
        ("a: !!python/object:os.system x\n", "has a tag"),
        ("a: 1\n---\nb: 2\n", "a second document starts here"),
        ("a: \x07bell\n", "line 1: there is a character that can't be shown (U+0007); delete it"),
        ("l:\n  - a\n - b\n", "a.yaml, line 3"),
    ],
)
def test_each_mistake_has_its_line_and_its_mending(text: str, said: str) -> None:
    assert any(said in sentence for sentence in problems_in(text)), problems_in(text)


def test_a_line_that_cannot_be_read_has_one_mistake() -> None:
    said = problems_in("a: 1\na: 2\nfirst_mes: {{user}} waits\n")
    assert [sentence.partition(":")[0] for sentence in said] == [
        "a.yaml, line 2, a",
        "a.yaml, line 3, first_mes",
    ]


def test_every_field_has_its_line() -> None:
    document = parse_yaml("a: 1\nb:\n  c:\n    - x\n    - y: 2\n", "a.yaml")
    assert document.lines[("b", "c", 1, "y")] == 5
    assert document.line(("b", "c", 1, "z")) == 5
    assert document.line(("nowhere",)) == 0


def test_a_bomb_of_aliases_is_refused_at_once() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert any("too big" in sentence for sentence in problems_in("\n".join(rows)))


def test_an_alias_is_the_value_that_it_stands_for() -> None:
    data = parse_yaml("a: &look [grey, wet]\nb: *look\n", "a.yaml").data
    assert data == {"a": ["grey", "wet"], "b": ["grey", "wet"]}


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_what_is_nested_too_deeply_is_refused(opening: str) -> None:
    assert problems_in(opening * (MAX_DEPTH * 50))


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("ab:-*&!|>'\"{}[]%@,#?~ \n\t.1")), max_size=60))
@example("? a\n: b\n")
@example("{}: x\n")
@example("<<: *a\n")
def test_any_text_is_read_or_explained(text: str) -> None:
    for sentence in problems_in(text):
        assert sentence.startswith("a.yaml")
        assert "\n" not in sentence
