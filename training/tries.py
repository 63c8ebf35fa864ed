"""What does not work, and what nobody foresaw: refusals and free text, in a stand-in scene."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from training.acts import Act
from training.scenes import Scene, Told, with_near
from training.stock import Stock
from training.words import Name, plain


def refused(scene: Scene, stock: Stock, random: Random) -> Act | None:
    """One thing that the player types and that comes to nothing, as this scene has it."""
    makers = list(_MAKERS)
    random.shuffle(makers)
    for maker in makers:
        act = maker(scene, stock, random)
        if act:
            return act
    return None


def _typed(line: str, told: Told) -> Act:
    return Act((line,), lambda: [told], typed=(line,))


def _absent(scene: Scene, stock: Stock, random: Random) -> Act:
    if random.random() < 0.5:
        noun = stock.thing_name(random)
        name = Name(noun.bare, plural=noun.plural, mass=noun.mass)
    else:
        name = Name(random.choice(stock.words["absents"]).split(" ", 1)[1])
    shown = replace(name, shown=name.some)
    verb = random.choice(
        ["take", "look at", "open", "find", "use", "where is", "examine", "pick up"]
    )
    told = with_near(scene, "absent", {"noun": shown}, random)
    return _typed(f"{verb} {random.choice([name.the, name.bare])}", told)


def _impossible(scene: Scene, stock: Stock, random: Random) -> Act:
    what = random.choice(stock.words["absurd"])
    if random.random() < 0.5:
        what = stock.spoken(random.choice(_WILD), random)
    kind = random.choice(["impossible", "not_of_world"])
    told = with_near(scene, kind, {"what": plain(what)}, random)
    return _typed(random.choice([what, f"i {what}", f"I want to {what}", f"try to {what}"]), told)


def _trivial(scene: Scene, stock: Stock, random: Random) -> Act:
    what = random.choice(stock.words["trivial"])
    return _typed(random.choice([what, f"i {what}"]), Told("trivial", {"what": plain(what)}))


def _no_way(scene: Scene, stock: Stock, random: Random) -> Act | None:
    way = random.choice(
        [
            "north",
            "south",
            "east",
            "west",
            "up",
            "down",
            "in",
            "out",
            f"to {stock.place_name(random).the}",
        ]
    )
    if way in scene.here.exits:
        return None
    return _typed(f"go {way}", Told("no_way", {"way": plain(way)}))


def _closed(scene: Scene, stock: Stock, random: Random) -> Act | None:
    shut = [one for one in scene.things_here() if "openable" in one.traits and not one.opened]
    if not shut or scene.is_dark():
        return None
    thing = random.choice(shut)
    if thing.locked:
        return _typed(f"open {thing.name.the}", Told("locked", {"thing": thing.name}))
    kind = "shut" if "door" in thing.traits else "not_open"
    line = f"go through {thing.name.the}" if kind == "shut" else f"look in {thing.name.the}"
    return _typed(line, Told(kind, {"thing": thing.name}))


def _fixed(scene: Scene, stock: Stock, random: Random) -> Act | None:
    fixed = [one for one in scene.things_here() if "fixed" in one.traits]
    if not fixed or scene.is_dark():
        return None
    thing = random.choice(fixed)
    roll = random.random()
    if roll < 0.4:
        return _typed(f"take {thing.name.the}", Told("fixed", {"thing": thing.name}))
    if roll < 0.7:
        need = plain(stock.thing_name(random).some)
        return _typed(f"use {thing.name.the}", Told("needs", {"thing": thing.name, "need": need}))
    if "openable" in thing.traits:
        state = "open" if thing.opened else "closed"
        verb = "open" if thing.opened else "close"
        return _typed(
            f"{verb} {thing.name.the}",
            Told("already", {"thing": thing.name, "state": plain(state)}),
        )
    return _typed(f"break {thing.name.the}", Told("fixed", {"thing": thing.name}))


def _dark(scene: Scene, stock: Stock, random: Random) -> Act | None:
    if not scene.is_dark():
        return None
    line = random.choice(
        ["look around", "search the room", "take it", "read the sign", "what is here?"]
    )
    return _typed(line, Told("too_dark", {"place": scene.here.name}))


def _not_held(scene: Scene, stock: Stock, random: Random) -> Act | None:
    loose = [one for one in scene.things_here() if "portable" in one.traits]
    if not loose or scene.is_dark():
        return None
    thing = random.choice(loose)
    if random.random() < 0.4:
        return _typed(f"take {thing.name.the}", Told("carried_enough", {"thing": thing.name}))
    if random.random() < 0.3:
        told = Told("break", {"thing": thing.name})
        scene.things.remove(thing)
        return _typed(f"break {thing.name.the}", told)
    return _typed(f"drop {thing.name.the}", Told("not_held", {"thing": thing.name}))


def _to_person(scene: Scene, stock: Stock, random: Random) -> Act | None:
    if not scene.folk_here():
        return None
    person = random.choice(scene.folk_here())
    who, roll = person.name.the, random.random()
    if roll < 0.45:
        words = (
            random.choice(stock.words["says"])
            if random.random() < 0.5
            else stock.clause("answer", random)
        )
        line = random.choice(
            [f"say “{words}” to {who}", f"tell {who} {words}", f"“{words}”", words]
        )
        return _typed(line, Told("tell", {"person": person.name, "words": plain(words)}))
    if roll < 0.65:
        line = random.choice([f"hit {who}", f"kick {who}", f"push {who} over", f"steal from {who}"])
        return _typed(line, Told("cruel", {"person": person.name}))
    what = plain(stock.clause("wish", random))
    if roll < 0.8:
        return _typed(
            f"ask {who} {what.bare}", Told("unwilling", {"person": person.name, "what": what})
        )
    way = random.choice(list(scene.here.exits))
    blocked = Told("blocked", {"what": plain(f"the way {way}"), "by": person.name})
    return _typed(f"go {way}", blocked)


def afterwards(scene: Scene, stock: Stock, random: Random) -> list[Told]:
    """What the world adds of itself to a turn: mostly nothing."""
    roll, bank = random.random(), stock.banks[scene.setting]
    if roll < 0.07:
        made = random.random() < 0.6
        text = stock.clause("happening", random) if made else random.choice(bank["happenings"])
        return [Told("happening", {"text": plain(text)})]
    if roll < 0.12 and scene.folk:
        return [_moving(scene, random)]
    if roll < 0.17 and scene.steps and scene.done < len(scene.steps) - 1:
        scene.done += 1
        return [Told("goal_step", {"text": plain(scene.steps[scene.done - 1])})]
    if roll < 0.185 and scene.steps:
        scene.ended = True
        text = stock.clause("ending", random) if random.random() < 0.3 else ""
        title = stock.clause("title", random)
        return [Told("ending", {"text": plain(text), "title": plain(title)})]
    return []


def _moving(scene: Scene, random: Random) -> Told:
    person = random.choice(scene.folk)
    if person.at is scene.here:
        way = random.choice(list(scene.here.exits))
        person.at = scene.here.exits[way][0]
        if random.random() < 0.3:
            return Told("leaves", {"person": person.name, "way": plain("")}, "unseen")
        return Told("leaves", {"person": person.name, "way": plain(way)})
    origin, person.at = person.at, scene.here
    if random.random() < 0.3 or origin is None:
        return Told("comes", {"person": person.name, "from": plain("")}, "unseen")
    return Told("comes", {"person": person.name, "from": origin.name})


_WILD = [
    "swallow the {noun}",
    "turn the {noun} into a {noun}",
    "fly to {place}",
    "marry the {noun}",
    "carry off the whole {noun}",
    "call {person} on the telephone",
    "make a {adj} {noun} out of {mass}",
    "teach the {noun} to sing",
    "fold the {noun} into a {adj} {noun}",
    "shoot the {noun}",
    "drink all the {mass} in {place}",
]
_MAKERS = (
    _absent,
    _absent,
    _impossible,
    _impossible,
    _trivial,
    _no_way,
    _closed,
    _closed,
    _fixed,
    _dark,
    _not_held,
    _to_person,
    _to_person,
    _to_person,
)
