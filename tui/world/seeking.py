"""Ways toward single conditions: going, carrying, opening, lighting, finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.world.apply.rules import live_rules
from tui.world.board import STATE_WORDS
from tui.world.conditions import AllOf, Not, Test, holds
from tui.world.model import Exit
from tui.world.values import Action

if TYPE_CHECKING:
    from tui.world.planner import Planner


def go(planner: Planner, place: str) -> Action | None:
    """A step on the way to a place, or toward opening that way."""
    ways = planner.routes.free(place)
    if ways is None:
        ways = planner.routes.any(place)
    if not ways:
        return None
    for index, way in enumerate(ways):
        if not planner.routes.is_free(way):
            return unbar(planner, way, ways[:index])
    found = planner.do(f"go:{ways[0].key}")
    if found is None:
        return past_rules(planner, ways[0])
    if found.verb == "go":
        planner.note_reason(found, place)
    return found


def past_rules(planner: Planner, way: Exit) -> Action | None:
    """End what rules have against leaving here or entering there."""
    board = planner.board
    rules = [
        *live_rules(board, "leave", (board.place,)),
        *live_rules(board, "enter", (way.to,)),
    ]
    return planner.first(tuple(Not(rule.when) for rule in rules if rule.refuse), every=True)


def unbar(planner: Planner, way: Exit, before: list[Exit]) -> Action | None:
    """Open a way that is hidden, locked or barred; else go as far as the ways are free."""
    board = planner.board
    if board.exit_hidden(way):
        for source in planner.sources.by_key.get(f"{way.place}.{way.key}.hidden", ()):
            found = planner.carry_out(source)
            if found is not None:
                return found
        return None
    if way.door is not None and board.flag(f"{way.door}.locked"):
        found = unlock(planner, way.door, way.place)
        if found is not None:
            return found
    if not holds(way.when, board):
        found = planner.toward(way.when)
        if found is not None:
            return found
    return planner.do(f"go:{before[0].key}") if before else None


def unlock(planner: Planner, id_: str, from_place: str = "") -> Action | None:
    """Get the key, get to the lock, turn it; or whatever else unlocks."""
    board = planner.board
    key = board.model.things[id_].file.key
    if key is not None:
        if not board.is_carried(key):
            return planner.toward(Test("carried", key)) or planner.by_sources(
                Test("is", id_, "unlocked")
            )
        if id_ in board.scope():
            return planner.do(f"unlock:{id_}:{key}")
        return go(planner, from_place) if from_place else approach(planner, id_)
    return planner.by_sources(Test("is", id_, "unlocked")) or planner.by_sources(
        Test("is", id_, "open")
    )


def be_near(planner: Planner, test: Test) -> Action | None:
    """Get to where something or somebody is, or bring it out."""
    id_ = test.a
    return approach(planner, id_)


def approach(planner: Planner, id_: str) -> Action | None:
    """Get to where something is: its place, its side of a door, out of its hiding."""
    board, model = planner.board, planner.board.model
    if id_ in model.places:
        return go(planner, id_)
    if id_ in model.things and model.things[id_].is_door and board.location(id_) == "doorway":
        return to_door(planner, id_)
    if board.location(id_) == "nowhere":
        return planner.by_sources(Test("at_place", id_, board.place)) or any_move(planner, id_)
    place = board.place_of(id_)
    if place in model.places and place != board.place:
        return light_first(planner, id_) or lift_lid(planner, id_, place) or go(planner, place)
    if board.is_dark():
        return make_light(planner)
    return uncover(planner, id_)


def lift_lid(planner: Planner, id_: str, place: str) -> Action | None:
    """End what would keep the player there from opening what something is in."""
    board, holder = planner.board, planner.board.location(id_)
    while holder in board.model.things:
        if board.has(holder, "open") and not board.flag(f"{holder}.open"):
            found = planner.lift_there(f"open:{holder}", place)
            if found is not None:
                return found
        holder = board.location(holder)
    return None


def any_move(planner: Planner, id_: str) -> Action | None:
    """Whatever brings a thing into the world."""
    for source in planner.sources.by_key.get(f"{id_}@", ()):
        if any(
            effect.kind == "move" and effect.a == id_ and effect.b != "nowhere"
            for effect in source.effects
        ):
            found = planner.carry_out(source)
            if found is not None:
                return found
    return None


def to_door(planner: Planner, id_: str) -> Action | None:
    """Get to the nearer side of a door."""
    sides = [
        place.id
        for place in planner.board.model.places.values()
        if any(way.door == id_ for way in place.exits)
    ]
    ways = [
        (len(found), side) for side in sides if (found := planner.routes.free(side)) is not None
    ]
    if ways:
        return go(planner, min(ways)[1])
    return go(planner, sides[0]) if sides else None


def uncover(planner: Planner, id_: str) -> Action | None:
    """Open or search whatever keeps something in this place from view."""
    board, model = planner.board, planner.board.model
    holder = board.location(id_)
    if board.flag(f"{id_}.hidden"):
        found = planner.by_sources(Test("is", id_, "found"))
        if found is not None:
            return found
        if holder == board.place:
            return planner.do("search")
        if holder in model.things:
            found_there = (
                planner.do(f"search:{holder}")
                if holder in board.scope()
                else uncover(planner, holder)
            )
            return found_there or open_up(planner, holder)
    if holder in model.things and holder not in board.scope():
        return uncover(planner, holder)
    if holder in model.things:
        return open_up(planner, holder)
    return None


def open_up(planner: Planner, id_: str) -> Action | None:
    """Open a container, with its key where that is needed."""
    board = planner.board
    if board.flag(f"{id_}.open") or not board.has(id_, "open"):
        return None
    if board.flag(f"{id_}.locked"):
        return unlock(planner, id_)
    return planner.do(f"open:{id_}")


def make_light(planner: Planner) -> Action | None:
    """Get a light that can be carried, and light it."""
    for id_, thing in planner.board.model.things.items():
        if thing.file.lit is None or not thing.portable:
            continue
        found = planner.toward(AllOf((Test("carried", id_), Test("is", id_, "lit"))))
        if found is not None:
            return found
    return None


def carry(planner: Planner, test: Test) -> Action | None:
    """Take a thing, or get to where it can be taken."""
    board, id_ = planner.board, test.a
    by_rule = planner.by_sources(test)
    owner = board.scope().get(id_)
    if owner == "":
        return planner.do(f"take:{id_}") or by_rule
    holder = board.location(id_)
    if holder == "nowhere" or holder in board.model.folk:
        return by_rule or any_move(planner, id_)
    return (
        planner.lift_there(f"take:{id_}", board.place_of(id_)) or approach(planner, id_) or by_rule
    )


def light_first(planner: Planner, id_: str) -> Action | None:
    """Get a light before going to something in a dark place."""
    place = planner.board.model.places.get(planner.board.place_of(id_))
    if place is None or not place.file.dark or has_light(planner):
        return None
    return make_light(planner)


def has_light(planner: Planner) -> bool:
    """Whether the player carries a light that burns."""
    board = planner.board
    return any(board.flag(f"{id_}.lit") for id_ in board.scope() if board.is_carried(id_))


def wear(planner: Planner, test: Test) -> Action | None:
    """Take a thing and put it on."""
    if not planner.board.is_carried(test.a):
        return planner.toward(Test("carried", test.a))
    return planner.do(f"wear:{test.a}")


def bring(planner: Planner, test: Test) -> Action | None:
    """Bring a thing to a place, or a holder."""
    if test.a in planner.board.model.folk:
        return None
    if not planner.board.is_carried(test.a):
        return planner.toward(Test("carried", test.a))
    if test.b in planner.board.model.places:
        return (
            go(planner, test.b) if planner.board.place != test.b else planner.do(f"drop:{test.a}")
        )
    if test.b not in planner.board.scope():
        return approach(planner, test.b)
    return planner.do(
        f"give:{test.a}:{test.b}"
        if test.b in planner.board.model.folk
        else f"put:{test.a}:{test.b}"
    )


def set_state(planner: Planner, test: Test) -> Action | None:
    """Open, close, light, ... what should be so."""
    verb = {
        "open": "open",
        "closed": "close",
        "lit": "light",
        "unlit": "douse",
        "broken": "break",
    }.get(test.b)
    thing = planner.board.model.things.get(test.a)
    if test.b == "found":
        return approach(planner, test.a)
    if thing is None or (verb is None and test.b not in {"locked", "unlocked"}):
        return None
    if not allows(planner, test):
        return None
    if test.b == "unlocked" or (test.b == "open" and planner.board.flag(f"{test.a}.locked")):
        return unlock(planner, test.a)
    if test.a not in planner.board.scope():
        return approach(planner, test.a)
    if test.b == "locked":
        return planner.do(f"lock:{test.a}:{thing.file.key}") if thing.file.key else None
    return needed_flame(planner, test) or planner.do(f"{verb}:{test.a}")


def allows(planner: Planner, test: Test) -> bool:
    """Whether a thing can be in such a state at all."""
    power, _ = STATE_WORDS[test.b]
    thing = planner.board.model.things[test.a].file
    return thing.breakable if power == "broken" else planner.board.has(test.a, power)


def needed_flame(planner: Planner, test: Test) -> Action | None:
    """Get what a thing is lit with."""
    need = planner.board.model.things[test.a].file.lit_by
    return planner.toward(Test("carried", need)) if test.b == "lit" and need is not None else None


def wait(planner: Planner, _test: Test) -> Action | None:
    """Let the time come."""
    return Action("wait")
