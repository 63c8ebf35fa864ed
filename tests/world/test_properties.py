"""Properties: any valid world loads, runs and replays; things stay in one place each."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.world.invariants import check_state
from tests.world.lamp import world_of
from tui.cards.worldfile import WorldFile, words_of
from tui.world import Action, World

PLACES = [f"room_{index}" for index in range(5)]
THINGS = [f"thing_{index}" for index in range(8)]
FOLK = ["ann", "ben"]
WAYS = ["north", "south", "up", "lane"]


@st.composite
def conditions(draw: st.DrawFn) -> str:
    thing, place, person = (
        draw(st.sampled_from(THINGS)),
        draw(st.sampled_from(PLACES)),
        draw(st.sampled_from(FOLK)),
    )
    test = draw(
        st.sampled_from(
            [
                f"carried {thing}",
                f"at {place}",
                f"visited {place}",
                f"{thing} at {place}",
                f"{thing} is hidden",
                f"{person} here",
                f"{person} follows",
                f"met {person}",
                f"mood {person} >= 1",
                "flag red",
                "count tide >= 2",
                "turn >= 3",
                "time after 20:00",
                "dark here",
            ]
        )
    )
    return draw(st.sampled_from([test, f"not {test}", f"{test} or flag red"]))


@st.composite
def effects(draw: st.DrawFn) -> str:
    thing, place, person = (
        draw(st.sampled_from(THINGS)),
        draw(st.sampled_from(PLACES)),
        draw(st.sampled_from(FOLK)),
    )
    other = draw(
        st.sampled_from(
            [
                *PLACES,
                "carried",
                "nowhere",
                "here",
                person,
                *(id_ for id_ in THINGS if id_ != thing),
            ]
        )
    )
    return draw(
        st.sampled_from(
            [
                f"move {thing} to {other}",
                f"move {person} to {place}",
                f"move player to {place}",
                f"reveal {thing}",
                f"hide {thing}",
                "flag red on",
                "flag red off",
                "count tide +1",
                f"mood {person} +1",
                f"{person} follows",
                f"{person} stays",
                "time +20",
                "end over",
            ]
        )
    )


@st.composite
def things(draw: st.DrawFn, index: int) -> dict[str, Any]:
    holders = [
        *PLACES,
        *(f"in thing_{other}" for other in range(index)),
        "nowhere",
        "carried",
        *FOLK,
    ]
    made: dict[str, Any] = {"at": draw(st.sampled_from(holders))}
    for power in ("fixed", "wearable", "edible", "drinkable", "breakable", "hidden", "scenery"):
        if draw(st.integers(0, 5)) == 0:
            made[power] = True
    if draw(st.booleans()):
        made["open"] = draw(st.booleans())
        if draw(st.booleans()):
            made |= {"locked": not made["open"], "key": draw(st.sampled_from(THINGS))}
    if draw(st.booleans()):
        made["holds"] = draw(st.sampled_from(["in", "on"]))
    if draw(st.integers(0, 3)) == 0:
        made["lit"] = draw(st.booleans())
    return made


@st.composite
def world_files(draw: st.DrawFn) -> dict[str, Any]:
    places: dict[str, Any] = {}
    for id_ in PLACES:
        ways: dict[str, Any] = {}
        for way in draw(st.lists(st.sampled_from(WAYS), unique=True, max_size=3)):
            ways[way] = {
                "to": draw(st.sampled_from(PLACES)),
                "when": draw(st.lists(conditions(), max_size=1)),
            }
        places[id_] = {"look": "A room.", "dark": draw(st.integers(0, 4)) == 0, "exits": ways}
    folk = {
        id_: {
            "at": draw(st.sampled_from(PLACES)),
            "knows": {
                "news": {
                    "answer": "it rains",
                    "when": draw(st.lists(conditions(), max_size=1)),
                    "do": [draw(effects())],
                }
            },
            "wants": {
                draw(st.sampled_from(THINGS)): {
                    "gives": [draw(st.sampled_from(THINGS))],
                    "say": "that was wanted",
                }
            },
            "route": draw(st.lists(st.sampled_from(PLACES), max_size=3, unique=True)),
            "follows": draw(st.booleans()),
        }
        for id_ in FOLK
    }
    rules = [
        {
            "on": f"{draw(st.sampled_from(['push', 'take', 'touch', 'examine', 'open']))} {draw(st.sampled_from(THINGS))}",
            "when": draw(st.lists(conditions(), max_size=2)),
            **draw(
                st.one_of(
                    st.fixed_dictionaries(
                        {"do": st.lists(effects(), max_size=2), "say": st.just("something gives")}
                    ),
                    st.just({"refuse": "something will not give"}),
                )
            ),
        }
        for _ in range(draw(st.integers(0, 5)))
    ]
    return {
        "start": {"place": draw(st.sampled_from(PLACES))},
        "clock": {"start": "19:00", "minutes_per_turn": 10},
        "flags": ["red"],
        "counters": {"tide": 0},
        "places": places,
        "things": {id_: draw(things(index)) for index, id_ in enumerate(THINGS)},
        "folk": folk,
        "rules": rules,
        "events": {
            "bell": {
                "every": draw(st.integers(1, 4)),
                "say": "a bell tolls",
                "do": [draw(effects())],
            },
            "dawn": {
                "at": "20:30",
                "when": draw(st.lists(conditions(), max_size=1)),
                "do": [draw(effects())],
            },
        },
        "goal": {
            "text": "Get on",
            "steps": [{"text": "Do it", "when": draw(conditions())} for _ in range(2)],
        },
        "endings": {"over": {"title": "Over", "text": "It is over."}},
    }


def play(world: World, chooser: random.Random, turns: int, *, every: int = 1) -> None:
    """Random play that checks what must always hold, and replays exactly."""
    state = world.start(3)
    ids: list[list[str]] = []
    for turn in range(turns):
        possible = world.possible(state)
        assert bool(possible) != bool(state.ended)
        if not possible:
            break
        action = chooser.choice(possible)
        before = state
        state, outcome = world.apply(state, [action])
        ids.append([action.id])
        assert world.action(action.id) == action
        assert not outcome.refused, (action, outcome.now)
        assert len(words_of(outcome.now)) <= 40
        assert world.apply(before, [action])[0] == state
        if turn % every == 0:
            check_state(world, state)
            offered = {option.action for option in world.options(state, 3)}
            assert offered <= {*world.possible(state)}
            assert world.tell(state, outcome)
            assert world.scene_line(state, outcome).endswith(".")
    assert world.replay(3, ids) == state


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=world_files(), seed=st.integers(0, 1000))
def test_any_valid_world_runs_and_replays(data: dict[str, Any], seed: int) -> None:
    world = World.build(WorldFile.model_validate(data))
    play(world, random.Random(seed), 25, every=4)


def test_ten_thousand_steps_of_random_play_keep_what_must_hold() -> None:
    world = world_of()
    chooser = random.Random(11)
    for _ in range(125):
        play(world, chooser, 80, every=8)


def test_the_telling_layer_passes_its_own_check() -> None:
    world = world_of()
    chooser = random.Random(5)
    tried = [
        "take:table",
        "open:lamp_door",
        "give:bread:marta",
        "go:up",
        "ask:marta:lock",
        "light:great_lamp",
    ]
    tried += [
        "improvise:absent:telephone",
        "improvise:trivial:dance a jig",
        "improvise:cruel:kick the dog",
        "say::hello",
    ]
    for game in range(30):
        state = world.start(game)
        for _ in range(40):
            possible = world.possible(state)
            if not possible:
                break
            action = (
                Action(chooser.choice(tried))
                if chooser.random() < 0.25
                else chooser.choice(possible)
            )
            state, outcome = world.apply(state, [action])
            told = world.tell(state, outcome, game)
            verdict = world.check(state, outcome, told)
            assert verdict.passed, (outcome.now, told, verdict)
