"""The telling layer: true, grammatical, never twice the same while it can be helped."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from tests.world.lamp import file_of, played, world_of
from tests.world.tales import TALES, random_game, tale_world
from tui.world import World

DOUBLED = re.compile(r"\b(\w+) \1\b", re.IGNORECASE)
TWO_ARTICLES = re.compile(r"\b(?:the|a|an|some) (?:the|a|an|some)\b", re.IGNORECASE)
EMPTY_SLOT = re.compile(r"  |[{}]| [.,:;?!]|[,;:]\.|\.\.|^\W*$")


def told(world: World, *ids: str, seed: int = 1) -> str:
    """What is told of the last action."""
    state, outcome = played(world, *ids, seed=seed)
    return world.tell(state, outcome, seed)


@pytest.mark.parametrize("tale", TALES)
def test_a_random_game_is_told_in_sentences_that_pass_the_check(tale: str) -> None:
    world = tale_world(tale)
    for game in range(3):
        for _, _, state, outcome in random_game(world, game, odd=0.3, most=40):
            text = world.tell(state, outcome, game)
            assert text[0].isupper() or text[0] == "“", text
            assert text.endswith((".", "!", "?", "”")), text
            assert not TWO_ARTICLES.search(text), text
            assert not EMPTY_SLOT.search(text), text
            verdict = world.check(state, outcome, text)
            sights = [place.file.sight for place in world.model.places.values()]
            missing = [one for one in verdict.missing if one.removeprefix("result: ") not in sights]
            assert not missing, (outcome.now, text, verdict)
            assert not verdict.denied, (outcome.now, text, verdict)


@pytest.mark.parametrize("tale", TALES)
def test_the_scene_line_of_a_random_game_has_no_doubled_words(tale: str) -> None:
    world = tale_world(tale)
    said = {"valley", "day", "own", "round", "in", "that"}  # what the authors say twice on purpose
    for _, _, state, outcome in random_game(world, 5, odd=0.3, most=40):
        line = world.scene_line(state, outcome)
        assert not TWO_ARTICLES.search(line), line
        assert {match[1].lower() for match in DOUBLED.finditer(line)} <= said, line


def test_somebody_who_is_elsewhere_is_missed_as_a_person() -> None:
    world = tale_world("the-cold-echo")
    state = world.start(1)
    for words in ("Emmer", "emmer"):
        after, outcome = world.apply(state, [world.action(f"improvise:absent:{words}")])
        assert outcome.now.startswith("you look for Emmer; there is nobody like him here")
        for seed in range(6):
            text = world.tell(after, outcome, seed)
            assert re.fullmatch(r".*Emmer\b.*, but he is not .*|Emmer is not here\b.*", text), text
            assert world.check(after, outcome, text).passed


def test_the_same_deed_is_told_in_turn_in_other_words() -> None:
    world = world_of()
    state = world.start(4)
    texts: list[str] = []
    for _ in range(5):
        state, outcome = world.apply(state, [world.action("listen")])
        texts.append(world.tell(state, outcome, 4).split(".")[0])
    assert all(text != after for text, after in pairwise(texts))


def test_folk_are_not_bent_over() -> None:
    world = world_of()
    for seed in range(8):
        text = told(world, "examine:marta", seed=seed)
        assert "bend" not in text
        assert "Marta" in text


def test_deeds_have_their_prepositions_and_harm_nobodys_sense() -> None:
    world = World.build(
        file_of(
            things={
                "coin": {"at": "hall"},
                "gong": {"at": "hall", "fixed": True},
                "gloves": {"at": "hall", "plural": True, "open": False},
            },
            rules=[{"on": "knock gong", "say": "it answers"}],
        )
    )
    nows = {
        "knock:gong": "you knock at the gong; it answers",
        "climb:coin": "you look for a foothold on the coin; nothing comes of it",
        "throw:gloves": "you swing the gloves as if to throw them; nothing comes of it",
        "close:gloves": "the gloves are already closed",
        "lock:gong": "you try to lock the gong; it can't be done",
        "take_off:coin": "you try to take off the coin; it can't be done",
        "use:coin:coin": "you try to use the coin on itself; it can't be done",
    }
    assert {id_: played(world, id_)[1].now for id_ in nows} == nows


def test_searching_shows_what_lies_open_and_finds_what_does_not() -> None:
    world = World.build(
        file_of(
            things={
                "tray": {"at": "hall", "fixed": True, "holds": "on"},
                "coin": {"at": "on tray"},
                "sack": {"at": "hall", "holds": "in"},
                "pearl": {"at": "in sack", "hidden": True},
            }
        )
    )
    assert (
        played(world, "search:tray")[1].now == "you search the tray; on the tray you see the coin"
    )
    assert (
        played(world, "search:sack")[1].now == "you search the sack; you find the pearl in the sack"
    )
    assert played(world, "take:coin", "search:tray")[1].now == (
        "you search the tray; you find nothing on the tray"
    )


def test_what_somebody_hands_over_is_always_told() -> None:
    folk = {
        "ann": {
            "name": "Ann",
            "pronoun": "she",
            "at": "hall",
            "knows": {"rain": {"answer": "it will stop", "do": "move coin to carried"}},
            "persuade": {
                "part": {"to": "part with it", "say": "Ann sighs", "do": "move coin to carried"},
                "give": {"to": "give", "say": "Ann gives you a coin", "do": "move coin to carried"},
            },
        }
    }
    world = World.build(file_of(folk=folk, things={"coin": {"at": "ann"}}))
    assert played(world, "ask:ann:rain")[1].now.endswith("; Ann gives you the coin")
    assert played(world, "persuade:ann:part")[1].now == (
        "you talk to Ann; Ann sighs; Ann gives you the coin"
    )
    assert played(world, "persuade:ann:give")[1].now == "you talk to Ann; Ann gives you a coin"
    assert told(world, "persuade:ann:part").count("Ann") <= 2


def test_a_way_that_names_its_place_does_not_name_it_twice() -> None:
    places = {
        "hall": {"look": "A hall.", "exits": {"up": {"to": "yard", "by": "up to the yard"}}},
        "yard": {"look": "A yard.", "exits": {"down": "hall"}},
    }
    world = World.build(file_of(places=places))
    assert played(world, "go:up")[1].now == "you go up to the yard"
    assert told(world, "go:up").count("yard") <= 2
    option = next(one for one in world.options(world.start(1), 3) if one.action.verb == "go")
    assert all(line.count("yard") == 1 for line in option.phrasings)


def test_a_look_does_not_say_the_sight_again() -> None:
    world = tale_world("the-borrowed-hour")
    assert told(world, "look").count("candle") == 1


def test_speech_is_quoted_with_its_own_marks() -> None:
    world = world_of()
    texts = {told(world, "say:marta:are you well?", seed=seed) for seed in range(6)}
    assert all("“Are you well?”" in text for text in texts)
    assert not any("?." in text or "?," in text for text in texts)
