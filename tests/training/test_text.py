"""The generated text keeps the prompt's shape, and tells what the world decided."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from random import Random

import pytest

from training.companions import Chat
from training.games import Game, Segment
from training.judging import Rate, carries, parted, sentences_of
from training.nows import Nows
from training.plays import Play
from training.stock import Stock
from training.words import Name, fill, raised
from training.worlds import make_world

SHAPE = re.compile(
    r"<\|system\|>This is a text adventure game\. .+?(<\|user\|>.+?<\|system\|>Scene: [^<]+? Now: [^<]+\.<\|model\|>[^<]+)+",
    re.DOTALL,
)


@pytest.fixture(scope="module")
def stock() -> Stock:
    return Stock.read()


def text_of(segments: list[Segment]) -> str:
    return "".join(segment.text for segment in segments)


def test_games_have_the_shape_of_the_prompt(stock: Stock) -> None:
    nows = Nows()
    for seed in range(150):
        segments = Game(stock, nows, Random(seed)).document(3, start=seed % 2 == 0)
        text = re.sub(r"<\|system\|>(?!Scene: |This is)[^<]*", "", text_of(segments))
        assert not segments or SHAPE.fullmatch(text), text
        assert "{" not in text
        assert not re.search(r"\s(<\||$)", text), "nothing stands before a role word but the text"


def test_only_own_replies_begin_with_a_space(stock: Stock) -> None:
    for seed in range(60):
        for segment in Game(stock, Nows(), Random(seed)).document(3, start=True):
            assert segment.own == segment.text.startswith(" ")


def test_no_sentence_of_the_prose_comes_twice_in_a_game(stock: Stock) -> None:
    repeated = total = 0
    for seed in range(80):
        said: Counter[str] = Counter()
        for segment in Game(stock, Nows(), Random(seed)).document(4, start=False):
            if segment.own:
                said.update(sentences_of(parted(segment.text)[0]))
        repeated += sum(count - 1 for count in said.values())
        total += sum(said.values())
    assert repeated < 0.02 * total


def test_replies_of_played_worlds_pass_the_worlds_own_check(stock: Stock) -> None:
    bad: Counter[str] = Counter()
    for seed in range(6):
        random = Random(seed)
        made = make_world(stock, random)
        assert made is not None
        Play(stock, random, made[0], made[1], bad).document(5, start=True)
    assert bad["replies"] > 15
    assert bad["failed"] <= 0.1 * bad["replies"]


def test_generated_worlds_are_worlds(stock: Stock) -> None:
    assert sum(make_world(stock, Random(seed)) is not None for seed in range(12)) == 12


def test_companions_keep_what_is_hidden(stock: Stock) -> None:
    for seed in range(120):
        segments = Chat(stock, Random(seed)).document(4)
        for context, reply in itertools.pairwise(segments):
            if reply.own and " knows: " in context.text:
                assert parted(reply.text)[0]
            if reply.own and "knows nothing of it" in context.text:
                assert "knows:" not in context.text.rsplit("<|system|>", 1)[1]


def test_frames_agree_with_their_names() -> None:
    stairs = Name("stairs", plural=True)
    assert fill("{Thing} creak{thing.s}: {thing.it} {thing.is} old.", {"thing": stairs}) == (
        "The stairs creak: they are old."
    )
    lamp = Name("oil lamp")
    assert (
        fill("{Thing} burn{thing.s}, {thing.a}.", {"thing": lamp})
        == "The oil lamp burns, an oil lamp."
    )
    assert raised("“you are late”") == "“You are late”"


def test_a_rate_knows_how_sure_it_is() -> None:
    rate = Rate()
    for hit in [True] * 95 + [False] * 5:
        rate.add(hit)
    assert str(rate) == "95.0 % (88.8–97.8, 100)"


def test_a_fact_is_carried_by_most_of_its_words() -> None:
    fact = "her brother oiled the lock the night he drowned"
    assert carries("“Her brother oiled that lock,” she says, “the night he drowned.”", fact)
    assert not carries("“I know nothing of it.”", fact)


def test_a_reply_is_parted_into_prose_and_choices() -> None:
    assert parted(" You wait.\n\n- Go north\n- Wait") == ("You wait.", ["Go north", "Wait"])
