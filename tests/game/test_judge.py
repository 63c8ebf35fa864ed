"""What a companion's reply is held against, and what is said where none passes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.world.lamp import played, world_of
from tui.game.copying import Phrases
from tui.game.judge import FactJudge, WorldJudge
from tui.prompt import factline
from tui.prompt.factline import FactLine

WORDS = st.text("abcdefg ,'", min_size=1, max_size=30).map(str.strip).filter(bool)


@given(WORDS, WORDS)
def test_a_fact_line_can_be_read_again(topic: str, fact: str) -> None:
    fact = " ".join(fact.split())
    assert factline.read(factline.told("Ann", topic, "Hester", fact)) == FactLine(
        "told", topic, fact
    )
    assert factline.read(factline.withheld("Ann", topic, "Hester", fact)) == FactLine(
        "withheld", topic, fact
    )
    assert factline.read(factline.unknown("Ann", topic, "Hester")) == FactLine("unknown", topic)


def test_talk_and_scene_lines_are_told_apart() -> None:
    assert factline.read(factline.talk("Ann", "Hester")) == FactLine("talk")
    assert factline.read("Scene: the yard, noon. Now: you wait.") is None


@pytest.mark.parametrize(
    ("line", "reply", "passes"),
    [
        (
            FactLine("told", "the tea", "she makes tea at midnight"),
            "“I make tea at midnight,” she says.",
            True,
        ),
        (
            FactLine("told", "the tea", "she makes tea at midnight"),
            "“Tea? Who told you that?”",
            False,
        ),
        (FactLine("told", "the tea", "tea is made at ten"), "“The Tea is made at ten.”", False),
        (FactLine("told", "the tea", "tea is made at ten"), "“So: Tea is made at ten.”", True),
        (FactLine("told", "Tam", "Tam is at sea"), "“They say Tam is at sea.”", True),
        (
            FactLine("withheld", "the tea", "she turns her ring"),
            "“Let us not talk about that.”",
            True,
        ),
        (FactLine("withheld", "the tea", ""), "“She wrote it herself, forty years ago.”", False),
        (FactLine("unknown", "the tea", ""), "“I’ve never heard of such a thing.”", True),
        (FactLine("unknown", "the tea", ""), "“It lies behind the mill, under a stone.”", False),
        (FactLine("talk", "the tea", ""), "“Good evening.”", True),
        (FactLine("talk", "", ""), "“I thinks that it will rain.”", False),
        (FactLine("talk", "", ""), "“I always think so, and I was right.”", True),
        (FactLine("unknown", "the dial", ""), "“There has been no the dial in my life.”", False),
        (FactLine("unknown", "the Echo"), "“I know nothing of the E likes.”", False),
        (FactLine("unknown", "the Echo"), "“I know nothing of the Echo.”", True),
        (FactLine("unknown", "Inspector Loup"), "“No. I know no Inspect Loup.”", False),
        (FactLine("unknown", "Norway"), "“No. I was never in Norway, Nora.”", True),
        (FactLine("unknown", "the man with no hat"), "“I know the man with no hat.”", False),
    ],
)
def test_a_reply_tells_what_is_known_and_makes_nothing_up(
    line: FactLine, reply: str, passes: bool
) -> None:
    assert FactJudge(line, "Hester").passes(reply) is passes


def test_the_programs_own_words_pass() -> None:
    for line in (
        FactLine("told", "the rain", "the roof leaks, as ever"),
        FactLine("told", "the tea", "she makes tea at midnight"),
        FactLine("withheld", "her husband", "she turns her ring"),
        FactLine("withheld", "the book"),
        FactLine("unknown", "the moon"),
        FactLine("talk"),
    ):
        judge = FactJudge(line, "Hester")
        assert all(judge.passes(judge.tells(seed)) for seed in range(2)), line


@pytest.mark.parametrize(
    ("ids", "phrases"),
    [
        (("go:east",), Phrases(names=("shore",), ways=("east",))),
        (
            ("improvise:absent:telephone",),
            Phrases(names=("a telephone",)),
        ),
        (("wait",), Phrases()),
    ],
)
def test_names_texts_and_ways_are_given_to_be_copied(
    ids: tuple[str, ...], phrases: Phrases
) -> None:
    world = world_of()
    state, outcome = played(world, *ids)
    judge = WorldJudge(world, state, outcome)
    assert judge.phrases == phrases
    assert not phrases.missing(judge.tells(0))


@pytest.mark.parametrize(
    ("fact", "copied"),
    [
        ("the library opens at dusk, as it always did", True),
        ("most of the borrowers bring their books back", True),
        ("she makes tea at midnight", False),
        ("the stamp has one date and she has never changed it", False),
        ("they have been in the same cloud since breakfast", False),
    ],
)
def test_a_fact_is_copied_unless_it_may_be_about_whoever_says_it(fact: str, copied: bool) -> None:
    judge = FactJudge(FactLine("told", "the tea", fact), "Hester")
    said = fact[0].upper() + fact[1:]
    assert judge.phrases == (Phrases(texts=(said,)) if copied else Phrases())


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (FactLine("told", "the rain", "the roof leaks"), "“The roof leaks,” says Hester."),
        (FactLine("told", "the tea", "she makes tea"), "Hester tells you that she makes tea."),
        (
            FactLine("withheld", "her ring", "she looks away"),
            "Hester will not speak of her ring. She looks away.",
        ),
    ],
)
def test_the_programs_own_words_read_well(line: FactLine, told: str) -> None:
    assert FactJudge(line, "Hester").tells(0) == told
