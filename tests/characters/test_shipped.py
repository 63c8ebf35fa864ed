"""The cards that ship: they load, their worlds can be won and lost, and their lines stay short."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.world.tales import TALES, card_of, tale_world
from tui.world import World
from tui.world.exploring import explore, random_games

COMPANIONS = ("hester-quill", "kettle-9", "odo-pinch")
MOST_SITUATIONS = 4000
GAMES = 10
MOST_WORDS = 15
MOST_WORDS_OF_A_SIGHT = 14


def told(world: World) -> Iterator[tuple[str, str]]:
    """Every text that the storyteller has to carry whole, with what it is."""
    model = world.model
    for rule in model.rules:
        yield from ((f"rule {rule.id}", text) for text in (rule.say, rule.refuse) if text)
    yield from ((f"event {event.id}", event.say) for event in model.events if event.say)
    for person in model.folk.values():
        for topic in person.topics.values():
            yield f"answer {person.id}.{topic.id}", topic.answer
            yield f"withheld {person.id}.{topic.id}", topic.withheld
        for want in (*person.wants.values(), *person.fears.values()):
            yield f"want {person.id}.{want.thing}", want.say
        for plea in person.pleas.values():
            yield f"plea {person.id}.{plea.id}", plea.say
            yield f"unwilling {person.id}.{plea.id}", plea.unwilling


@pytest.mark.parametrize("name", [*TALES, *COMPANIONS])
def test_a_shipped_card_loads(name: str) -> None:
    card = card_of(name)
    assert card.name
    assert card.first_mes


def unhurried(name: str) -> tuple[World, set[str]]:
    """A tale without the hours that end it, which would hide a dead end; and the endings they bring."""
    file = card_of(name).world
    assert file is not None
    late = {
        id_: word.removeprefix("end ")
        for id_, event in file.events.items()
        for word in ([event.do] if isinstance(event.do, str) else event.do)
        if word.startswith("end ")
    }
    events = {id_: event for id_, event in file.events.items() if id_ not in late}
    return World.build(file.model_copy(update={"events": events})), set(late.values())


@pytest.mark.parametrize("name", TALES)
def test_every_ending_is_reached_and_nothing_leads_nowhere(name: str) -> None:
    world, brought_by_time = unhurried(name)
    found = explore(world, MOST_SITUATIONS)
    assert found.complete
    assert set(found.unreached_endings) <= brought_by_time
    assert found.unreached_places == ()
    assert found.dead_ends == ()
    assert {ending.kind for ending in found.endings} >= {"good", "secret"}
    assert len(found.endings) >= 3


@pytest.mark.parametrize("name", TALES)
def test_hints_are_whole_sentences(name: str) -> None:
    model = tale_world(name).model
    hints = [*(hint for step in model.steps for hint in step.hints)]
    hints += [hint.text for hint in model.hints]
    assert all(hint[0].isupper() and hint.endswith(".") for hint in hints), hints


@pytest.mark.parametrize("name", TALES)
def test_who_only_waits_comes_to_an_ending_too(name: str) -> None:
    world = tale_world(name)
    state = world.start(1)
    while not state.ended and state.turn < 60:
        state, _ = world.apply(state, [])
    assert state.ended
    assert state.turn >= 40


@pytest.mark.parametrize("name", TALES)
def test_games_of_choices_picked_at_random_end(name: str) -> None:
    played = random_games(tale_world(name), GAMES, seed=11)
    assert played.share_within(15, 60) >= 0.8


@pytest.mark.parametrize("name", TALES)
def test_following_the_goal_ends_well(name: str) -> None:
    world = tale_world(name)
    state = world.start(1)
    while not state.ended and state.turn < 60:
        offered = world.options(state, 3)
        state, outcome = world.apply(state, [offered[0].action])
        assert not outcome.refused
    kinds = {ending.id: ending.kind for ending in world.model.endings}
    assert kinds[state.ended] in {"good", "secret"}
    assert 15 <= state.turn <= 45


@pytest.mark.parametrize("name", TALES)
def test_what_is_told_whole_is_short_and_bare(name: str) -> None:
    for what, text in told(tale_world(name)):
        assert len(text.split()) <= MOST_WORDS, f"{what}: {text}"
        assert not text.endswith("."), f"{what}: {text}"
        assert not set(text) & set('“”"'), f"{what}: {text}"


@pytest.mark.parametrize("name", TALES)
def test_a_sight_is_short_and_not_the_look_again(name: str) -> None:
    for place in tale_world(name).model.places.values():
        sight, look = place.file.sight, place.looks[0].text if place.looks else ""
        assert len(sight.split()) <= MOST_WORDS_OF_A_SIGHT, f"{place.id}: {sight}"
        assert sight.lower() not in look.lower(), f"{place.id}: {sight}"


@pytest.mark.parametrize("name", TALES)
def test_no_two_names_are_the_same(name: str) -> None:
    model = tale_world(name).model
    names = [model.name(id_).the.lower() for id_ in (*model.things, *model.folk, *model.places)]
    assert len(names) == len(set(names))
