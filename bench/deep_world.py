"""A typed turn in a world of 500 places and 2,000 things: `python -m bench.deep_world`."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from tui.cards.worldfile import WorldFile
from tui.world import World

PLACES, THINGS, FOLK, ACROSS = 500, 2_000, 50, 20
LOOKS = ("red", "old", "tall", "grey", "cold", "long", "dim", "wide", "low", "blue")
ROOMS = ("hall", "room", "court", "stair", "cell", "loft", "yard", "vault", "porch", "crypt")
GOODS = ("coin", "box", "key", "lamp", "book", "rope", "cup", "door", "bell", "map")
POWERS: dict[int, dict[str, object]] = {
    1: {"open": False, "holds": "in"},
    3: {"lit": False},
    4: {"text": "it rains"},
}
TYPED = (
    "take the red coin 0",
    "go north",
    "look around",
    "open the box",
    "examine everything",
    "ask folk about news",
    "take it and go east",
    "light the lapm",
    "what do i carry",
    "dance",
    "read the book",
)
TURNS = 200
T = TypeVar("T")


def deep_world() -> World:
    """A grid of places with four things each, folk on their rounds, and rules."""
    places = {f"p{at}": _place(at) for at in range(PLACES)}
    things = {
        f"t{at}": {
            "name": f"{LOOKS[at % 10]} {GOODS[at // 10 % 10]} {at}",
            "at": f"p{at % PLACES}",
            **POWERS.get(at % 10, {}),
        }
        for at in range(THINGS)
    }
    folk = {
        f"f{at}": {
            "name": f"Folk{at}",
            "at": f"p{at * 10}",
            "knows": {"news": {"answer": "it rains"}},
            "wants": {f"t{at}": {"say": "that was wanted"}},
            "route": [f"p{at * 10}", f"p{at * 10 + 1}"],
        }
        for at in range(FOLK)
    }
    last = f"p{PLACES - 1}"
    file: dict[str, Any] = {
        "start": {"place": "p0"},
        "clock": {"start": "08:00"},
        "places": places,
        "things": things,
        "folk": folk,
        "rules": [{"on": f"push t{at}", "say": "it moves a little"} for at in range(0, THINGS, 10)],
        "goal": {"text": "Reach the end", "steps": [{"text": "Get there", "when": f"at {last}"}]},
        "endings": {"end": {"title": "End", "text": "It is the end.", "when": f"at {last}"}},
    }
    return World.build(WorldFile.model_validate(file))


def _place(at: int) -> dict[str, object]:
    ways = {"north": at + 1, "south": at - 1, "east": at + ACROSS, "west": at - ACROSS}
    return {
        "name": f"{LOOKS[at % 10]} {ROOMS[at // 10 % 10]} {at}",
        "look": "A place with a floor.",
        "exits": {way: f"p{to}" for way, to in ways.items() if 0 <= to < PLACES},
    }


def main() -> None:
    """Play, and print the median of each part of a turn."""
    started = time.perf_counter()
    world = deep_world()
    print(f"build {1000 * (time.perf_counter() - started):.0f} ms")
    spent: dict[str, list[float]] = {}

    def timed(part: str, work: Callable[[], T]) -> T:
        began = time.perf_counter()
        made = work()
        spent.setdefault(part, []).append(time.perf_counter() - began)
        return made

    state, chooser = world.start(1), random.Random(1)
    for turn in range(TURNS):
        reading = timed("read", partial(world.read, state, TYPED[turn % len(TYPED)]))
        actions = [one for one in reading.actions if one.verb != "question"]
        state, outcome = timed("apply", partial(world.apply, state, actions))
        timed("scene line", partial(world.scene_line, state, outcome))
        timed("options", partial(world.options, state, 3))
        timed("check", partial(world.check, state, outcome, world.tell(state, outcome)))
        if turn % 3 == 0 and not state.ended:
            state, _ = world.apply(state, [chooser.choice(world.possible(state))])
    medians = {part: 1000 * statistics.median(times) for part, times in spent.items()}
    print(", ".join(f"{part} {median:.2f} ms" for part, median in medians.items()))
    print(f"a turn {sum(medians.values()):.2f} ms")


if __name__ == "__main__":
    main()
