"""Over any small world, the clever search finds the endings and the dead ends of the plain one."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.world.exploring.plain import plain_search
from tui.cards.worldfile import WorldFile
from tui.world import World
from tui.world.exploring import explore

PLACES = ("p0", "p1", "p2", "p3", "p4")
THINGS = ("t0", "t1", "t2")
FLAGS = ("f0", "f1")
CONDITIONS = st.sampled_from(
    [
        *(f"flag {flag}" for flag in FLAGS),
        *(f"not flag {flag}" for flag in FLAGS),
        *(f"carried {thing}" for thing in THINGS),
        *(f"visited {place}" for place in PLACES),
        "door is unlocked",
        "box is open",
        "not carried t0",
        "t1 with man",
    ]
)
EFFECTS = st.sampled_from(
    [
        *(f"flag {flag} on" for flag in FLAGS),
        "flag f0 off",
        "move t0 to nowhere",
        "move t2 to p0",
        "set door unlocked",
        "move man to nowhere",
        "move player to p0",
        "end bad",
        "reveal t2",
    ]
)
SOME = st.lists(CONDITIONS, max_size=2)


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    size = draw(st.integers(2, 5))
    places: dict[str, Any] = {}
    here = list(PLACES[:size])
    for at, place in enumerate(here):
        exits: dict[str, Any] = {}
        if at + 1 < size:
            exits["on"] = {"to": here[at + 1], "when": draw(st.lists(CONDITIONS, max_size=1))}
        if at and draw(st.integers(0, 3)):
            exits["back"] = {"to": here[at - 1]}
        places[place] = {"look": "Grey.", "exits": exits}
    locked = draw(st.sampled_from(here[:-1]))
    places[locked]["exits"]["on"]["door"] = "door"
    spots = st.sampled_from([*here, "box", "man", "nowhere"])
    things: dict[str, Any] = {
        "door": {"open": False, "locked": draw(st.booleans()), "key": "t0"},
        "box": {"at": draw(st.sampled_from(here)), "open": False, "holds": "in", "fixed": True},
    }
    for thing in THINGS:
        edible, hidden = draw(st.booleans()), draw(st.booleans())
        things[thing] = {
            "at": draw(spots),
            "edible": edible and thing == "t2",
            "hidden": hidden and thing == "t2",
        }
    want = {
        "when": draw(SOME),
        "gives": draw(st.sampled_from([[], ["t0"]])),
        "do": draw(st.lists(EFFECTS, max_size=1)),
    }
    topic = {"answer": "it is so", "when": draw(SOME), "do": draw(st.lists(EFFECTS, max_size=1))}
    rules = [
        {
            "on": on,
            "when": draw(SOME),
            "do": draw(st.lists(EFFECTS, max_size=2)),
            "say": "it is done",
        }
        for on in draw(
            st.lists(
                st.sampled_from(["push box", "turn box", "take t1", f"enter {here[-1]}"]),
                max_size=2,
            )
        )
    ]
    return {
        "start": {"place": "p0"},
        "flags": list(FLAGS),
        "places": {**places, **{place: {"look": "Far."} for place in PLACES[size:]}},
        "things": things,
        "folk": {
            "man": {
                "name": "man",
                "at": draw(st.sampled_from(here)),
                "wants": {"t1": want},
                "knows": {"it": topic},
            }
        },
        "rules": rules,
        "goal": {"text": "Go", "steps": [{"text": "Go", "when": f"at {here[-1]}"}]},
        "endings": {
            "good": {"title": "Good", "text": "Well.", "when": [f"at {here[-1]}", *draw(SOME)]},
            "other": {
                "title": "Other",
                "text": "So.",
                "when": [draw(CONDITIONS), draw(CONDITIONS)],
            },
            "bad": {"title": "Bad", "text": "Ill."},
        },
    }


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(worlds())
def test_both_searches_find_the_same(data: dict[str, Any]) -> None:
    world = World.build(WorldFile.model_validate(data))
    plain, found = plain_search(world), explore(world)
    assert found.complete
    assert {ending.id for ending in found.endings if ending.ways} == plain.endings
    assert bool(found.dead_ends) == plain.has_dead_end
    for ending in found.endings:
        assert bool(ending.ways) == ending.reached
