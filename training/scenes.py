"""A stand-in for the simulation: small scenes that keep their word, made and played very fast.

It is the *direct* source of training text. The game's own worlds (`worlds.py`) are the other
one; this covers every kind of fact evenly, with names and clauses that no world has.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from training.stock import Stock
from training.words import Name, invented_noun, invented_person, plain


@dataclass(frozen=True, slots=True)
class Told:
    """A fact: its kind, its names, and which variant of frames it needs (`one`, `none`, ...)."""

    kind: str
    args: dict[str, Name]
    tag: str = ""


@dataclass
class Thing:
    """Something that can be handled."""

    name: Name
    traits: frozenset[str]
    details: list[str]
    at: object = None
    text: str = ""
    opened: bool = False
    locked: bool = False
    lit: bool = False
    worn: bool = False
    hidden: bool = False
    key: Thing | None = None

    def state(self) -> str:
        """What the scene line puts in brackets."""
        if self.locked:
            return "locked"
        if "openable" in self.traits:
            return "open" if self.opened else "closed"
        if "light" in self.traits:
            return "lit" if self.lit else ""
        return "worn" if self.worn else ""


@dataclass
class Person:
    """Somebody who can be met."""

    name: Name
    look: str
    topics: list[tuple[str, str, bool]]
    role: str
    at: object = None
    wants: Thing | None = None
    gift: Thing | None = None


@dataclass
class Place:
    """Somewhere to be."""

    name: Name
    looks: list[str]
    outdoors: bool
    dark: bool
    exits: dict[str, tuple[Place, Thing | None]] = field(default_factory=dict)


@dataclass
class Scene:
    """A small world in play; `carried` is a place of its own."""

    setting: str
    places: list[Place]
    things: list[Thing]
    folk: list[Person]
    here: Place
    time: str
    goal: str
    steps: list[str]
    done: int = 0
    ended: bool = False

    def things_here(self) -> list[Thing]:
        """What can be seen here, doors among it, what is in open containers too."""
        doors = [door for _, door in self.here.exits.values() if door]
        seen = [one for one in self.things if one.at is self.here and not one.hidden]
        inside = [
            one
            for one in self.things
            if isinstance(one.at, Thing) and one.at in seen and one.at.opened and not one.hidden
        ]
        return doors + seen + inside

    def carried(self) -> list[Thing]:
        """What the player has."""
        return [one for one in self.things if one.at == "carried"]

    def folk_here(self) -> list[Person]:
        """Who is here."""
        return [one for one in self.folk if one.at is self.here]

    def is_dark(self) -> bool:
        """Whether nothing can be seen."""
        return self.here.dark and not any(
            one.lit for one in self.things if one.at in ("carried", self.here)
        )


def make_scene(stock: Stock, random: Random) -> Scene:
    """A scene of one setting, with some of its names replaced by ones that nobody knows."""
    setting = random.choice(list(stock.banks))
    bank = stock.banks[setting]
    strange = random.choice([0.2, 0.45, 0.75])
    places = _places(stock, bank, strange, random)
    _join_up(places, bank, stock, strange, random)
    things = _things(stock, bank, places, strange, random)
    folk = _folk(stock, bank, places, things, strange, random)
    scene = Scene(
        setting=setting,
        places=places,
        things=things,
        folk=folk,
        here=random.choice(places),
        time=random.choice(bank["times"] + stock.words["times"]) if random.random() < 0.85 else "",
        goal="",
        steps=[],
    )
    _goal(scene, bank, stock, random)
    scene.done = random.randrange(len(scene.steps)) if scene.steps else 0
    _lock_up(scene, stock, random)
    for thing in random.sample(things, min(len(things), random.choice([0, 1, 1, 2, 3]))):
        if "portable" in thing.traits:
            thing.at = "carried"
    return scene


def _places(stock: Stock, bank: dict, strange: float, random: Random) -> list[Place]:
    found = []
    for data in random.sample(bank["places"], random.randint(3, 5)):
        made = random.random() < strange
        name = stock.place_name(random) if made else _place_name(data["name"])
        looks = [stock.clause("look", random)] if random.random() < 0.4 else list(data["looks"])
        found.append(Place(name, looks, data.get("outdoors", False), bool(data.get("dark"))))
        if random.random() < 0.75:
            found[-1].dark = False
    return found


def _place_name(text: str) -> Name:
    bare = text.removeprefix("the ")
    proper = bare == text
    return Name(bare, proper=proper, plural=not proper and _is_plural(bare))


def _is_plural(bare: str) -> bool:
    head = bare.split(" of ")[0].split(" in ")[0].rsplit(" ", 1)[-1]
    return head.endswith("s") and not head.endswith(("ss", "us", "is", "'s"))


def thing_name(data: dict) -> Name:
    """A bank's thing as a Name."""
    bare = data["name"]
    return Name(bare, plural=data.get("plural", _is_plural(bare)), mass=data.get("mass", False))


def renamed(data: dict, stock: Stock, random: Random) -> Name:
    """Another name for a bank's thing, of a kind that can do what it does."""
    traits, adjective = set(data["traits"]), random.choice(stock.words["adjectives"])
    for trait, heads in _HEADS.items():
        if trait in traits and random.random() < 0.85:
            head = random.choice(heads.split())
            roll = random.random()
            if roll < 0.4:
                return Name(f"{adjective} {head}")
            if roll < 0.75:
                return Name(f"{invented_noun(random)} {head}")
            return Name(f"{invented_person(random)}'s {head}", proper=True)
    return stock.thing_name(random)


_HEADS = {
    "edible": "cake loaf apple pie biscuit pear plum dumpling pastry bun cheese root berry nut",
    "drinkable": "tea cordial wine brew cup flask bottle soup tonic syrup",
    "wearable": "cloak coat hat scarf glove ring mask belt shawl cap collar robe helmet boot",
    "readable": "book letter map note diary ledger scroll card poster tablet log",
    "light": "lantern lamp candle torch taper lamp",
    "container": "chest box basket crate jar cupboard drawer sack barrel trunk case cabinet",
    "key": "key",
    "fixed": "pillar stove statue well altar table bench panel loom wheel pump mirror fountain gate",
}


def _join_up(places: list[Place], bank: dict, stock: Stock, strange: float, random: Random) -> None:
    ways = [
        *random.sample(bank["ways"], min(len(bank["ways"]), 8)),
        *["north", "south", "east", "west"],
    ]
    for first, second in zip(places, [*places[1:], places[0]], strict=True):
        door = None
        if random.random() < 0.35:
            name = (
                Name(random.choice(bank["doors"]))
                if random.random() > strange
                else Name(
                    f"{stock.place_name(random).bare} {random.choice(['door', 'gate', 'hatch'])}"
                )
            )
            door = Thing(
                name,
                frozenset({"door", "openable", "lockable", "fixed"}),
                [],
                opened=random.random() < 0.4,
            )
            door.details = [stock.clause("detail", random)]
        for start, end in ((first, second), (second, first)):
            way = ways.pop(random.randrange(len(ways))) if ways else f"to {end.name.the}"
            if random.random() < 0.25:
                way = f"to {end.name.the}"
            start.exits[way] = (end, door)


def _things(
    stock: Stock, bank: dict, places: list[Place], strange: float, random: Random
) -> list[Thing]:
    found, named = [], set()
    for data in random.sample(bank["things"], min(len(bank["things"]), random.randint(7, 12))):
        name = renamed(data, stock, random) if random.random() < strange else thing_name(data)
        if name.bare in named or "door" in data["traits"]:
            continue
        named.add(name.bare)
        details = list(data["details"]) if random.random() < 0.5 else []
        details += [stock.clause("detail", random) for _ in range(2)]
        text = data.get("text", "") if random.random() < 0.4 else stock.clause("text", random)
        thing = Thing(name, frozenset(data["traits"]), details, random.choice(places), text)
        if "openable" in thing.traits:
            thing.opened = random.random() < 0.3
        found.append(thing)
    chests = [one for one in found if {"container", "openable"} <= one.traits]
    for thing in found:
        if (
            chests
            and "portable" in thing.traits
            and "container" not in thing.traits
            and random.random() < 0.25
        ):
            thing.at = random.choice(chests)
        elif "portable" in thing.traits and random.random() < 0.12:
            thing.hidden = True
    return found


def _folk(
    stock: Stock,
    bank: dict,
    places: list[Place],
    things: list[Thing],
    strange: float,
    random: Random,
) -> list[Person]:
    found = []
    for data in random.sample(bank["folk"], min(len(bank["folk"]), random.randint(2, 4))):
        pronoun = (
            data["pronoun"]
            if data["pronoun"] in {"he", "she", "it"}
            else random.choice(["he", "she"])
        )
        bare = invented_person(random) if random.random() < max(strange, 0.5) else data["name"]
        proper = not bare.startswith("the ")
        name = Name(bare.removeprefix("the "), proper=proper, pronoun=pronoun)
        topics = [(one["topic"], one["answer"], one["withheld"]) for one in data["topics"]]
        topics = random.sample(topics, min(2, len(topics)))
        for _ in range(random.randint(1, 3)):
            about = random.choice(
                [
                    f"the {stock.noun(random)}",
                    stock.person_name(random),
                    stock.place_name(random).the,
                ]
            )
            topics.append((about, stock.clause("answer", random), random.random() < 0.25))
        person = Person(name, data["look"], topics, data["trade"], random.choice(places))
        portable = [one for one in things if "portable" in one.traits]
        if portable and random.random() < 0.5:
            person.wants = random.choice(portable)
        if random.random() < 0.3:
            person.gift = Thing(
                stock.thing_name(random), frozenset({"portable"}), [stock.clause("detail", random)]
            )
        found.append(person)
    return found


def _goal(scene: Scene, bank: dict, stock: Stock, random: Random) -> None:
    roll = random.random()
    if roll < 0.1:
        return
    if roll < 0.4:
        goal = random.choice(bank["goals"])
        scene.goal, scene.steps = goal["goal"][0].upper() + goal["goal"][1:], list(goal["steps"])
        return
    scene.goal = stock.clause("goal", random)
    scene.steps = [stock.clause("goal_step", random) for _ in range(random.randint(3, 6))]


def _lock_up(scene: Scene, stock: Stock, random: Random) -> None:
    doors = {id(door): door for place in scene.places for _, door in place.exits.values() if door}
    closed = [*doors.values(), *(one for one in scene.things if "lockable" in one.traits)]
    for thing in closed:
        if random.random() < 0.5:
            name = (
                stock.thing_name(random)
                if random.random() < 0.3
                else Name(f"{random.choice(stock.words['adjectives'])} key")
            )
            if random.random() < 0.2:
                name = Name(f"{stock.noun(random)} key")
            thing.key = Thing(
                name, frozenset({"portable", "key"}), [stock.clause("detail", random)]
            )
            thing.locked, thing.opened = True, False
            thing.key.at = random.choice(["carried", random.choice(scene.places), scene.here])
            scene.things.append(thing.key)


def scene_line(scene: Scene, now: str, style: str, random: Random) -> str:
    """The scene in one line, in PROMPT.md's shape; `style` is how names of things are shown."""
    parts = [f"Scene: {scene.here.name.the}" + (f", {scene.time}" if scene.time else "")]
    dark = scene.is_dark()
    here = [] if dark else [shown(one, style) for one in scene.things_here()]
    folk = [one.name.the for one in scene.folk_here()]
    listed = (folk + here)[:5]
    if listed:
        parts.append("Here: " + ", ".join(listed))
    carried = [shown(one, style) for one in scene.carried()][:5]
    if carried:
        parts.append("You carry: " + ", ".join(carried))
    if scene.here.exits:
        parts.append("Ways: " + ", ".join(way_shown(scene, way) for way in scene.here.exits))
    if scene.goal and not scene.ended and random.random() < 0.6:
        parts.append(f"Goal: {scene.goal} ({scene.done} of {len(scene.steps)})")
    parts.append(f"Now: {now}")
    return ". ".join(parts) + "."


def shown(thing: Thing, style: str) -> str:
    """A thing in a scene line's list, with its state in brackets."""
    name = {"bare": thing.name.bare, "the": thing.name.the, "some": thing.name.some}[style]
    states = [thing.state()] if thing.state() else []
    if isinstance(thing.at, Thing) and style == "the":
        states.append(f"in {thing.at.name.the}")
    return f"{name} ({', '.join(states)})" if states else name


def together(things: list[Thing]) -> Name:
    """`the rope and the lantern`, a Name that takes a plural verb where there are several."""
    names = [one.name.the for one in things[:3]]
    text = ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]
    return Name(text, proper=True, plural=len(names) > 1 or things[0].name.plural)


def way_shown(scene: Scene, way: str) -> str:
    """A way with where it leads, `east to the shore`; only the place where the way names it."""
    place = scene.here.exits[way][0].name.the
    return place if way.startswith("to ") else f"{way} to {place}"


def nearby(scene: Scene, random: Random) -> list[Name]:
    """Up to two things or folk that are here, for refusals to name."""
    found = [one.name for one in scene.things_here()] if not scene.is_dark() else []
    found += [one.name for one in scene.folk_here()]
    random.shuffle(found)
    return found[:2]


def with_near(scene: Scene, kind: str, args: dict[str, Name], random: Random) -> Told:
    """A refusal that names what is here, as far as there is something."""
    near = nearby(scene, random)
    tag = {0: "none", 1: "one", 2: ""}[len(near)]
    first, second = [*near, plain(""), plain("")][:2]
    return Told(kind, {**args, "near1": first, "near2": second}, tag)
