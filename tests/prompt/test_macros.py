"""Macros: what each stands for, that chance and time are frozen, and that none runs away."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.prompt.macros import TOO_DEEP, Moment, Names, resolve

NAMES = Names("Ann", "Marta", "OLD")
NOW = datetime(2026, 3, 7, 15, 4, 9, tzinfo=UTC)
MOMENT = Moment(seed=7, story_seed=3, now=NOW, said={"input": "hello", "persona": "a sailor"})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{{user}} and {{ CHAR }}, <USER> and <BOT>", "Ann and Marta, Ann and Marta"),
        ("{{original}}{{original}}", "OLD"),
        ("a{{// not this}}b{{comment: nor this}}{{hidden_key: key}}", "ab"),
        ("a{{newline}}b{{noop}}", "a\nb"),
        ("a\n\n{{trim}}\n\nb", "ab"),
        ("{{reverse:abc}}", "cba"),
        ("{{reverse:{{user}}}}", "nnA"),
        ("{{time}} {{date}} {{weekday}}", "3:04 PM March 7, 2026 Saturday"),
        ("{{isotime}} {{isodate}} {{time_UTC+2}}", "15:04 2026-03-07 5:04 PM"),
        ("{{datetimeformat DD.MM.YYYY HH:mm}}", "07.03.2026 15:04"),
        ("{{input}}, {{persona}}", "hello, a sailor"),
        ("{{random:only}}{{pick::one}}", "onlyone"),
        ("{{random:a\\,b}}", "a,b"),
        ("{{roll:d1}}{{roll 3d1+4}}{{roll:1}}", "171"),
        ('{{banned "x"}}', ""),
        ("{{unknown}} {{random}} {{roll:x}}", "{{unknown}}  {{roll:x}}"),
        ("{{user", "{{user"),
        ("}} {{", "}} {{"),
        ("{{{user}}}", "{{{user}}}"),
    ],
)
def test_what_macros_stand_for(text: str, wanted: str) -> None:
    assert resolve(text, NAMES, MOMENT) == wanted


def test_chance_is_frozen_by_the_seed() -> None:
    text = "{{random:a,b,c,d,e,f,g}} {{roll:2d20}} {{pick:a,b,c,d,e,f,g}}"
    assert resolve(text, NAMES, MOMENT) == resolve(text, NAMES, MOMENT)
    turns = {resolve("{{random:a,b,c}}", NAMES, Moment(seed=seed)) for seed in range(40)}
    assert turns == {"a", "b", "c"}
    picks = {resolve("{{pick:a,b,c}}", NAMES, Moment(seed=seed)) for seed in range(40)}
    assert len(picks) == 1


def test_two_of_a_kind_are_drawn_apart() -> None:
    drawn = [resolve("{{roll:d1000}} {{roll:d1000}}", NAMES, Moment(seed=n)) for n in range(9)]
    assert any(one.split()[0] != one.split()[1] for one in drawn)


def test_macros_nested_a_thousand_deep_are_one_sentence() -> None:
    problems: list[str] = []
    began = time.process_time()
    text = "{{reverse:" * 1000 + "x" + "}}" * 1000
    assert "x" in resolve(text, NAMES, MOMENT, problems)
    assert problems == [TOO_DEEP]
    assert time.process_time() - began < 1


def test_a_macro_that_grows_is_bounded() -> None:
    moment = Moment(said={"input": "y" * 100_000})
    assert len(resolve("{{input}}" * 1000, NAMES, moment)) < 2 << 20


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="{}:user,rol d6\\/", max_size=80))
def test_any_text_is_resolved(text: str) -> None:
    assert isinstance(resolve(text, NAMES, MOMENT), str)
