"""Worlds by the thousand, for the game's own simulation: a `world:` written from the banks.

Each is one setting's, some of its names replaced by ones that nobody knows; every world has
doors and keys, something hidden, folk who know, want and withhold, rules, events, a goal in
steps and endings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from pydantic import ValidationError

from training.scenes import renamed, thing_name
from training.stock import Stock
from training.words import Name, invented_person
from tui.cards.worldfile import WorldFile
from tui.world import World
from tui.world.problems import WorldError

_POWERS = ("edible", "drinkable", "wearable", "breakable")
_DIRECTIONS = [("north", "south"), ("east", "west"), ("up", "down"), ("in", "out")]


@dataclass
class Maker:
    """Writes one world."""

    stock: Stock
    random: Random
    setting: str
    strange: float
    file: dict[str, Any] = field(default_factory=dict)

    def make(self) -> dict[str, Any]:
        """The data of a `world:`."""
        bank = self.stock.banks[self.setting]
        self.bank, self.names = bank, set()
        places = self._places()
        self.file = {"places": places, "things": {}, "folk": {}, "rules": [], "events": {}}
        self.places = list(places)
        self._ways()
        self._things()
        self._folk()
        self._rules()
        self._events()
        self._goal()
        start = self.random.choice(self.places[:2])
        for place in (start, self.places[0]):
            places[place]["dark"] = False
        loose = self._loose()
        carry = self.random.sample(loose, min(len(loose), self.random.choice([0, 1, 2])))
        for id_ in carry:
            self.file["things"][id_].pop("at", None)
            self.file["things"][id_].pop("hidden", None)
        self.file["start"] = {
            "place": start,
            "carry": carry,
            "now": self._say("happening", bank["happenings"]),
        }
        if self.random.random() < 0.8:
            hour = f"{self.random.randrange(24):02}:{self.random.choice(['00', '30'])}"
            self.file["clock"] = {
                "start": hour,
                "minutes_per_turn": self.random.choice([5, 10, 20]),
            }
        self.file["strange"] = self.random.sample(bank["not_here"], min(4, len(bank["not_here"])))
        return self.file

    def _fresh(self, make: Callable[[], Name]) -> Name:
        """A name that no other thing of this world has."""
        while True:
            name: Name = make()
            if name.bare.lower() not in self.names and len(name.bare) < 40:
                self.names.add(name.bare.lower())
                return name

    def _loose(self) -> list[str]:
        """What can be carried off and is no door."""
        return [
            id_
            for id_, one in self.file["things"].items()
            if not one.get("fixed") and "open" not in one
        ]

    def _named(self, name: Name) -> dict[str, Any]:
        data: dict[str, Any] = {"name": name.bare}
        if name.plural:
            data["plural"] = True
        if name.mass:
            data["article"] = "some"
        elif not name.proper and name.bare[:1].isupper():
            data["article"] = "the"
        elif name.proper and not name.bare[:1].isupper():
            data["article"] = "none"
        return data

    def _say(self, kind: str, pool: list[str]) -> str:
        """A clause of a bank, or a made one."""
        return (
            self.stock.clause(kind, self.random)
            if self.random.random() < 0.5
            else self.random.choice(pool)
        )

    def _places(self) -> dict[str, Any]:
        found = {}
        for number, data in enumerate(
            self.random.sample(self.bank["places"], self.random.randint(4, 7))
        ):
            bare = data["name"].removeprefix("the ")
            known = Name(bare, proper=bare == data["name"])
            made = self.random.random() < self.strange
            name = (
                self._fresh(lambda: self.stock.place_name(self.random))
                if made
                else self._fresh(
                    lambda known=known: (
                        known
                        if known.bare.lower() not in self.names
                        else self.stock.place_name(self.random)
                    )
                )
            )
            look = self.random.choice(data["looks"])
            found[f"p{number}"] = self._named(name) | {
                "look": look[:1].upper() + look[1:] + ".",
                "outdoors": bool(data.get("outdoors")),
                "dark": bool(data.get("dark")) and self.random.random() < 0.3,
                "exits": {},
            }
            if self.random.random() < 0.4:
                found[f"p{number}"]["sight"] = self._short(self._say("look", data["looks"]))
            if self.random.random() < 0.5:
                found[f"p{number}"]["sound"] = self._say("sound", self.bank["sounds"])
            if self.random.random() < 0.4:
                found[f"p{number}"]["smell"] = self._say("smell", self.bank["smells"])
        return found

    def _short(self, text: str) -> str:
        return " ".join(text.split()[:14])

    def _ways(self) -> None:
        places = self.file["places"]
        for number in range(1, len(self.places)):
            first = self.places[self.random.randrange(max(0, number - 2), number)]
            second = self.places[number]
            pairs = [
                pair
                for pair in _DIRECTIONS
                if pair[0] not in places[first]["exits"] and pair[1] not in places[second]["exits"]
            ]
            if not pairs:
                pairs = [(f"w{number}", f"b{number}")]
            there, back = self.random.choice(pairs)
            go, come = {"to": second}, {"to": first}
            if self.random.random() < 0.35:
                by = self.random.choice(self.bank["ways"])
                there, back, go["by"], come["by"] = f"w{number}", f"b{number}", by, "back " + by
            if self.random.random() < 0.35:
                go["door"] = come["door"] = self._door(number, first)
            places[first]["exits"][there], places[second]["exits"][back] = go, come

    def _door(self, number: int, near: str) -> str:
        door, key = f"d{number}", f"k{number}"
        name = self._fresh(
            lambda: (
                Name(self.random.choice(self.bank["doors"]))
                if self.random.random() < 0.4
                else Name(
                    f"{self.stock.place_name(self.random).bare} {self.random.choice(['door', 'gate', 'hatch'])}"
                )
            )
        )
        thing = self._named(name) | {
            "open": False,
            "look": self.stock.clause("detail", self.random),
        }
        if self.random.random() < 0.6:
            thing |= {"locked": True, "key": key}
            adjective = self.random.choice(self.stock.words["adjectives"])
            named = self._fresh(
                lambda: (
                    Name(f"{adjective} key")
                    if f"{adjective} key" not in self.names
                    else Name(f"{self.stock.noun(self.random)} key")
                )
            )
            reached = self.places[: self.places.index(near) + 1]
            self.file["things"][key] = self._named(named) | {
                "at": self.random.choice(reached),
                "look": self.stock.clause("detail", self.random),
            }
        self.file["things"][door] = thing
        return door

    def _things(self) -> None:
        things = self.file["things"]
        chests: list[str] = []
        for number, data in enumerate(
            self.random.sample(self.bank["things"], min(11, len(self.bank["things"])))
        ):
            if "door" in data["traits"]:
                continue
            one = self._thing(data)
            if "holds" in one:
                chests.append(f"t{number}")
            fixed = bool(one.get("fixed"))
            if chests and "holds" not in one and not fixed and self.random.random() < 0.3:
                one["at"] = f"in {self.random.choice(chests)}"
            elif not fixed and self.random.random() < 0.15:
                one["hidden"] = True
            things[f"t{number}"] = one

    def _thing(self, data: dict[str, Any]) -> dict[str, Any]:
        """A thing of the bank, lying in some place."""
        traits = set(data["traits"])
        plain = thing_name(data)
        made = self.random.random() < self.strange or plain.bare.lower() in self.names
        name = self._fresh(
            lambda: renamed(data, self.stock, self.random) if made else thing_name(data)
        )
        clause = self.random.random() >= 0.5
        looks = [self.stock.clause("detail", self.random)] if clause else data["details"]
        one = self._named(name) | {
            "look": self.random.choice(looks),
            "at": self.random.choice(self.places),
        }
        if "fixed" in traits or "portable" not in traits:
            one["fixed"] = True
        if "container" in traits:
            one["holds"] = "in"
            if "openable" in traits:
                one["open"] = self.random.random() < 0.3
        one |= {trait: True for trait in _POWERS if trait in traits}
        if "light" in traits:
            one["lit"] = False
        if "readable" in traits:
            one["text"] = self._say("text", [data.get("text") or "nothing is written here"])
        return one

    def _folk(self) -> None:
        loose = [
            id_
            for id_, one in self.file["things"].items()
            if id_.startswith("t") and not one.get("fixed")
        ]
        for number, data in enumerate(
            self.random.sample(self.bank["folk"], self.random.randint(2, 4))
        ):
            person = self._person(data)
            if loose and self.random.random() < 0.6:
                person["wants"] = self._want(f"f{number}", f"g{number}", loose)
            if self.random.random() < 0.3:
                person |= {
                    "route": self.random.sample(self.places, 2),
                    "every": self.random.randint(2, 4),
                }
            self.file["folk"][f"f{number}"] = person

    def _person(self, data: dict[str, Any]) -> dict[str, Any]:
        """A person of the bank, in some place."""
        made = self.random.random() < max(self.strange, 0.5)
        person: dict[str, Any] = {
            "name": self._fresh(
                lambda: Name(
                    invented_person(self.random)
                    if made or data["name"].lower() in self.names
                    else data["name"]
                )
            ).bare,
            "at": self.random.choice(self.places),
            "look": data["look"],
            "role": data["trade"],
        }
        known = data["pronoun"] in {"he", "she", "it"}
        person["pronoun"] = data["pronoun"] if known else self.random.choice(["he", "she"])
        person["knows"] = {f"q{place}": topic for place, topic in enumerate(self._topics(data))}
        return person

    def _want(self, person: str, gift: str, loose: list[str]) -> dict[str, Any]:
        """What somebody wants, and maybe gives for it: a thing of their own."""
        wanted = self.random.choice(loose)
        want = {"say": self.stock.clause("result", self.random)}
        if self.random.random() < 0.5:
            name = self._fresh(lambda: self.stock.thing_name(self.random))
            self.file["things"][gift] = self._named(name) | {
                "at": person,
                "look": self.stock.clause("detail", self.random),
            }
            want["gives"] = gift
        return {wanted: want}

    def _topics(self, data: dict[str, Any]) -> list[dict[str, Any]]:
        known = self.random.sample(data["topics"], 2)
        found = [{"name": one["topic"], "answer": one["answer"]} for one in known]
        for _ in range(self.random.randint(1, 2)):
            about = self.random.choice(
                [f"the {self.stock.noun(self.random)}", self.stock.person_name(self.random)]
            )
            found.append({"name": about, "answer": self.stock.clause("answer", self.random)})
        for topic in found:
            if self.random.random() < 0.25:
                topic |= {"when": "flag told", "withheld": self.stock.clause("result", self.random)}
        return found

    def _rules(self) -> None:
        fixed = [id_ for id_, one in self.file["things"].items() if one.get("fixed")]
        loose = self._loose()
        for id_ in fixed:
            if self.random.random() < 0.5:
                verb = self.random.choice(
                    [
                        "push",
                        "pull",
                        "turn",
                        "touch",
                        "knock",
                        "climb",
                        "tie",
                        "fill",
                        "clean",
                        "move",
                        "shake",
                    ]
                )
                self.file["rules"].append(
                    {"on": f"{verb} {id_}", "say": self.stock.clause("result", self.random)}
                )
            if loose and self.random.random() < 0.5:
                tool = self.random.choice(loose)
                self.file["rules"].append(
                    {"on": f"use {tool} on {id_}", "say": self.stock.clause("result", self.random)}
                )
        for place in self.random.sample(self.places, 2):
            self.file["rules"].append(
                {
                    "on": f"enter {place}",
                    "once": True,
                    "say": self._say("happening", self.bank["happenings"]),
                }
            )

    def _events(self) -> None:
        self.file["events"]["told"] = {"after": self.random.randint(3, 9), "do": "flag told on"}
        for number in range(self.random.randint(1, 3)):
            when = (
                {"every": self.random.randint(4, 9)}
                if self.random.random() < 0.5
                else {"after": self.random.randint(2, 12)}
            )
            self.file["events"][f"e{number}"] = when | {
                "say": self._say("happening", self.bank["happenings"])
            }

    def _goal(self) -> None:
        loose = [id_ for id_ in self._loose() if id_[0] in "tk"]
        steps = [
            {"text": f"Get {id_}", "when": f"carried {id_}"}
            for id_ in self.random.sample(loose, min(2, len(loose)))
        ]
        steps += [
            {"text": f"Go to {id_}", "when": f"visited {id_}"}
            for id_ in self.random.sample(self.places[1:], 2)
        ]
        for step in steps:
            if self.random.random() < 0.4:
                step["done"] = self.stock.clause("goal_step", self.random)
        text = self.stock.clause("goal", self.random)
        if self.random.random() < 0.4:
            text = self.random.choice(self.bank["goals"])["goal"]
        self.file["goal"] = {"text": text[:1].upper() + text[1:], "steps": steps}
        whole = [step["when"] for step in steps]
        self.file["endings"] = {
            "first": {
                "title": self.stock.clause("title", self.random),
                "text": "It is done.",
                "when": whole,
            },
            "late": {
                "title": self.stock.clause("title", self.random),
                "text": "It is late.",
                "kind": "bad",
                "when": "turn >= 40",
            },
        }


def make_world(stock: Stock, random: Random) -> tuple[str, World] | None:
    """A world and its setting, or None where what came out is none."""
    setting = random.choice(list(stock.banks))
    data = Maker(stock, random, setting, random.choice([0.2, 0.45, 0.7])).make()
    try:
        return setting, World.build(WorldFile.model_validate(data))
    except (ValidationError, WorldError):
        return None
