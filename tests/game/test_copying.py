"""What a very small model copies: what came through, and where a phrase was begun and lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.game.copying import Phrases

STRANGE = frozenset({"beery", "brufry", "abc"})
TEXT = st.text("abc ’-.,", max_size=40)


@pytest.mark.parametrize(
    ("phrases", "text", "garbled"),
    [
        (Phrases(names=("the steward’s cabin",)), "This is the steward's cabin.", []),
        (Phrases(names=("the seed-bay hatch",)), "Nothing is behind the seed bay hatch.", []),
        (Phrases(texts=("it is ash, and it has never been lost",)), "It is ash.", ["it is ash"]),
        (Phrases(texts=("it hums, and waits",)), "It hums and waits, still.", []),
        (Phrases(texts=("“Do not be afraid.”",)), "You say: “Do not be afraid,” and go.", []),
        (Phrases(spoken=("may I have a bun",)), "“May I have a bun?” you say.", []),
        (Phrases(spoken=("may I have a bun",)), "You turn, and may I have a bun.", ["may I"]),
        (Phrases(ways=("under the gilt watch",)), "You go under the gilt round.", ["under the"]),
        (Phrases(ways=("under the gilt watch",)), "You go, and arrive.", []),
        (Phrases(names=("Ines",)), "Your eyes go over ines.", ["Ines"]),
        (
            Phrases(names=("Vane’s shop",)),
            "You come to Vane’s hand, which is Vane’s shop.",
            ["Vane’s"],
        ),
    ],
)
def test_what_is_not_word_for_word_is_garbled(
    phrases: Phrases, text: str, garbled: list[str]
) -> None:
    found = [*phrases.missing(text), *phrases.torn(text)]
    assert len(found) == len(garbled)
    assert all(one.startswith(beginning) for one, beginning in zip(found, garbled, strict=True))


@pytest.mark.parametrize(
    ("phrases", "text", "mended"),
    [
        (
            Phrases(names=("the steward’s cabin",)),
            "You arrive at the steward opens around.",
            ["You arrive at the steward’s cabin"],
        ),
        (Phrases(texts=("beeswax",)), "You smell beery, and go.", ["You smell beeswax"]),
        (Phrases(texts=("beeswax",)), "You smell be likes.", []),
        (Phrases(names=("the counter",)), "You smell the steward.", []),
        (Phrases(names=("the steward’s cabin",)), "You go in to the steward’s cabin.", []),
        (
            Phrases(texts=("Amery wedges the gate with it and stands up straight",)),
            "You give it to Amery, and he takes it.",
            [],
        ),
        (
            Phrases(texts=("Amery wedges the gate with it and stands up straight",)),
            "You give it to Amery. Amery wedges himself in.",
            ["You give it to Amery. Amery wedges the gate with it and stands up straight"],
        ),
        (Phrases(texts=("ea rough beam",)), "Ea rude beam.", []),
        (Phrases(texts=("ea rough beam",)), "Ea rough steam.", ["Ea rough beam"]),
        (Phrases(names=("Ines",)), "You look at ines, and Ine.", []),
        (Phrases(names=("the belfry",)), "You go up to the brufry.", ["You go up to the belfry"]),
        (
            Phrases(names=("the cabin",), ways=("under the gilt watch",)),
            "You go under the gilt round and are at the cabin.",
            ["You go under the gilt watch"],
        ),
    ],
)
def test_a_phrase_that_was_begun_and_lost_is_written_out(
    phrases: Phrases, text: str, mended: list[str]
) -> None:
    assert phrases.mended(text, STRANGE) == mended


@given(TEXT, TEXT, TEXT)
def test_what_is_mended_begins_as_the_text_and_has_the_phrase(
    text: str, name: str, way: str
) -> None:
    phrases = Phrases(names=(name,) if name else (), ways=(way,) if way else ())
    for one in phrases.mended(text, STRANGE):
        start = next(place for place in range(len(one)) if not text.startswith(one[: place + 1]))
        assert len(one) > start
        assert any(one.endswith(phrase) or phrase.endswith(one) for phrase in (name, way) if phrase)
