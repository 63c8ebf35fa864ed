"""A search finds every ending, every dead end, and what can be left behind for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.world.exploring.plain import plain_search
from tui.cards.read import read_card
from tui.world import World
from tui.world.exploring import explore, random_games

CHARACTERS = Path(__file__).parents[3] / "characters"
ISLE = """\
name: Isle
world:
  start: {place: quay}
  places:
    quay: {look: Stones., exits: {north: hill, boat: {to: isle, name: the boat}}}
    hill: {look: Grass., exits: {south: quay}}
    isle: {look: Sand., exits: {in: {to: hut, door: hut_door}}}
    hut: {look: A hut., exits: {out: {to: isle, door: hut_door}}}
    moon: {look: Dust., exits: {down: quay}}
  things:
    hut_door: {open: false, locked: true, key: iron_key}
    iron_key: {at: hill}
    bread: {at: quay, edible: true}
    apple: {at: hill, edible: true}
  goal: {text: Get in, steps: [{text: Go in, when: at hut}]}
  endings:
    home: {title: Home, when: at hut, text: You are home.}
    never: {title: Never, when: at moon, text: You are on the moon.}
"""
BACK = ISLE.replace("isle: {look: Sand., exits: {", "isle: {look: Sand., exits: {back: quay, ")
HUNGRY = """\
name: Hungry
world:
  start: {place: hall, carry: [bread]}
  places:
    hall: {look: Stone., exits: {north: gate}}
    gate: {look: Iron., exits: {south: hall, out: {to: field, when: flag fed, refuse: the dog will not let you}}}
    field: {look: Grass.}
  things: {bread: {edible: true}}
  folk:
    dog: {name: dog, at: gate, talks: false, wants: {bread: {say: the dog eats, do: flag fed on}}}
  goal: {text: Get out, steps: [{text: Go out, when: at field}]}
  endings: {out: {title: Out, when: at field, text: Out.}}
"""
TIDE = """\
name: Tide
world:
  start: {place: quay}
  clock: {start: "20:00", minutes_per_turn: 5}
  places:
    quay: {look: Stone., exits: {north: rock}}
    rock: {look: Rock., exits: {south: {to: quay, when: not flag tide_in, refuse: the sea is over it}}}
  things: {lamp: {at: rock, lit: false, fixed: true, lit_by: matches}, matches: {at: quay}}
  events:
    bell: {at: "20:10", say: a bell rings}
    tide: {at: "20:30", do: flag tide_in on, say: the tide comes in}
  goal: {text: Light it, steps: [{text: Light the lamp, when: lamp is lit}]}
  endings: {lit: {title: Lit, when: lamp is lit, text: It burns.}}
"""


def world_of(text: str) -> World:
    file = read_card(text.encode()).world
    assert file is not None
    return World.build(file)


def test_the_shortest_way_to_an_ending_is_played() -> None:
    found = explore(world_of(ISLE))
    [home, never] = found.endings
    assert found.complete
    assert home.path == (
        "go:north",
        "take:iron_key",
        "go:south",
        "go:boat",
        "unlock:hut_door:iron_key",
        "go:in",
    )
    assert home.turns == 6
    assert not never.reached
    assert found.unreached_endings == ("never",)
    assert found.unreached_places == ("moon",)


def test_what_is_left_behind_for_ever_is_a_dead_end() -> None:
    found = explore(world_of(ISLE))
    assert [dead.action for dead in found.dead_ends] == ["go:boat"]
    assert found.dead_ends[0].path == ("go:boat",)
    assert {thing for dead in found.dead_ends for thing in dead.lost} == {"iron_key"}
    assert explore(world_of(BACK)).dead_ends == ()


def test_what_is_eaten_and_still_needed_is_a_dead_end() -> None:
    found = explore(world_of(HUNGRY))
    assert found.endings[0].reached
    assert [dead.action for dead in found.dead_ends] == ["eat:bread"]
    assert {thing for dead in found.dead_ends for thing in dead.lost} == {"bread"}


def test_the_clock_can_close_a_way() -> None:
    found = explore(world_of(TIDE))
    assert found.endings[0].reached
    assert found.endings[0].turns <= 5
    assert found.dead_states > 0


def test_a_limit_ends_the_search_and_is_said() -> None:
    found = explore(world_of(ISLE), limit=2)
    assert not found.complete
    assert found.states >= 2


@pytest.mark.parametrize("text", [ISLE, BACK, HUNGRY], ids=["isle", "back", "hungry"])
def test_the_short_search_agrees_with_the_plain_one(text: str) -> None:
    world = world_of(text)
    found, plain = explore(world), plain_search(world)
    assert {ending.id for ending in found.endings if ending.reached} == plain.endings
    assert bool(found.dead_ends) == plain.has_dead_end


def test_every_path_that_is_told_can_be_played() -> None:
    for text in (ISLE, HUNGRY, TIDE):
        world = world_of(text)
        for ending in explore(world).endings:
            if ending.reached:
                state = world.replay(0, [[action] for action in ending.path])
                assert state.ended == ending.id


def test_random_games_are_the_same_for_the_same_seed() -> None:
    world = world_of(BACK)
    first, again = random_games(world, 20, 5), random_games(world, 20, 5)
    assert first == again
    assert 0 <= first.ended <= first.games
    assert first.ended == len(first.lengths) == sum(first.endings.values())


@pytest.mark.parametrize("path", sorted(CHARACTERS.glob("*.yaml")), ids=lambda path: path.stem)
def test_what_ships_has_no_dead_end_and_every_ending(path: Path) -> None:
    file = read_card(path).world
    if file is None:
        return
    found = explore(World.build(file))
    assert found.complete
    assert found.dead_ends == ()
    assert found.unreached_endings == ()
    assert found.unreached_places == ()
