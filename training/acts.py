"""What can be done in a stand-in scene, what comes of it, and how a player says it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from training.lines import go_lines, line_of
from training.scenes import Person, Scene, Thing, Told, together
from training.stock import Stock
from training.words import Name, plain


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do: choice lines for it, and the doing."""

    lines: tuple[str, ...]
    do: Callable[[], list[Told]]
    sort: str = "other"
    typed: tuple[str, ...] = field(default=())


@dataclass
class Player:
    """Everything that is possible in one scene, as Acts."""

    scene: Scene
    stock: Stock
    random: Random

    def possible(self) -> list[Act]:
        """What the world allows now."""
        scene = self.scene
        acts = [*self._ways()]
        if scene.is_dark():
            acts += [act for one in scene.carried() for act in self._held(one)]
            return [*acts, self._still("wait")]
        for one in scene.things_here():
            acts += self._thing(one)
        for one in scene.carried():
            acts += self._held(one)
        for one in scene.folk_here():
            acts += self._person(one)
        return [*acts, *(self._still(kind) for kind in ("wait", "listen", "smell_air", "look"))]

    def _ways(self) -> list[Act]:
        found = []
        for way, (place, door) in self.scene.here.exits.items():
            if door and not door.opened:
                continue

            def go(way: str = way, place: object = place) -> list[Told]:
                self.scene.here = place
                adverb = way if not way.startswith("to ") else self.random.choice(["on", "back"])
                told = [Told("arrive", {"place": place.name, "way": plain(adverb)})]
                if self.scene.is_dark():
                    told.append(Told("darkness", {"place": place.name}))
                elif self.random.random() < 0.4:
                    sight = plain(self.random.choice(place.looks))
                    told.append(Told(self.random.choice(["result", "happening"]), {"text": sight}))
                return told

            lines = line_of(go_lines(way), way=way, place=place.name.the)
            found.append(Act(lines, go, "explore"))
        return found

    def _thing(self, thing: Thing) -> list[Act]:
        acts, traits = [self._examine(thing)], thing.traits
        if "portable" in traits:
            lines = "take {t}|pick up {t}|take {t} with you|take {t}|take {t}"
            acts.append(self._act(lines, self._take(thing), "goal", t=thing))
        if "fixed" in traits and "door" not in traits:
            lines = "search {t}|look through {t}|go over {t} with care|search {t} carefully"
            acts.append(self._act(lines, self._search(thing), "explore", t=thing))
            acts.append(self._handle(thing))
        if "openable" in traits and not thing.locked:
            acts.append(self._open_or_close(thing))
        acts += self._with_key(thing)
        if "readable" in traits:
            acts.append(self._read(thing))
        return acts

    def _with_key(self, thing: Thing) -> list[Act]:
        key = thing.key
        if key is None or key.at != "carried":
            return []
        if thing.locked:
            lines = "unlock {t} with {k}|try {k} in {t}|turn {k} in the lock of {t}|use {k} on {t}"
            return [self._act(lines, self._unlock(thing, key), "goal", t=thing, k=key)]
        lines = "lock {t} with {k}|lock {t} again with {k}"
        return [self._act(lines, self._lock(thing, key), t=thing, k=key)]

    def _held(self, thing: Thing) -> list[Act]:
        traits, acts = thing.traits, [self._examine(thing)]
        lines = "put down {t}|leave {t} here|set down {t}|drop {t}"
        acts.append(self._act(lines, self._drop(thing), t=thing))
        if "light" in traits:
            lines = "put out {t}|douse {t}" if thing.lit else "light {t}|get {t} lit"
            acts.append(self._act(lines, self._flame(thing), "goal", t=thing))
        if "wearable" in traits:
            lines = "take off {t}" if thing.worn else "put on {t}|wear {t}"
            acts.append(self._act(lines, self._wear(thing), t=thing))
        if "edible" in traits:
            acts.append(
                self._act("eat {t}|make a meal of {t}", self._consume(thing, "eat"), t=thing)
            )
        if "drinkable" in traits:
            acts.append(
                self._act("drink {t}|drink from {t}", self._consume(thing, "drink"), t=thing)
            )
        if "readable" in traits:
            acts.append(self._read(thing))
        fixed = [one for one in self.scene.things_here() if "fixed" in one.traits]
        if fixed and self.random.random() < 0.6:
            acts.append(self._use_on(thing, self.random.choice(fixed)))
        return acts

    def _person(self, person: Person) -> list[Act]:
        random, who = self.random, person.name
        lines = "greet {p}|say a word to {p}|speak to {p}|say hello to {p}"
        acts = [self._act(lines, self._just("greet", person=who), "person", p=person)]
        for topic in random.sample(person.topics, min(3, len(person.topics))):
            lines = "ask {p} about %|talk with {p} about %|question {p} about %".replace(
                "%", topic[0]
            )
            acts.append(self._act(lines, self._ask(person, topic), "person", p=person))
        for thing in self.scene.carried()[:3]:
            lines = "give {t} to {p}|offer {t} to {p}|hand {t} to {p}"
            acts.append(self._act(lines, self._give(thing, person), "person", t=thing, p=person))
            lines = "show {t} to {p}|hold up {t} before {p}|let {p} see {t}"
            shown = self._just("show", thing=thing.name, person=who)
            acts.append(self._act(lines, shown, "person", t=thing, p=person))
        if random.random() < 0.3:
            lines = "persuade {p} to help|talk {p} round|try to win {p} over"
            acts.append(self._act(lines, self._persuade(person), "person", p=person))
        return acts

    def _act(
        self, lines: str, do: Callable[[], list[Told]], sort: str = "other", **named: Thing | Person
    ) -> Act:
        """An Act whose lines name things or folk."""
        return Act(line_of(lines, **{key: one.name.the for key, one in named.items()}), do, sort)

    def _just(self, kind: str, **args: Name) -> Callable[[], list[Told]]:
        return lambda: [Told(kind, args)]

    def _still(self, kind: str) -> Act:
        lines = {
            "wait": "wait a while|stand still and wait|let some time pass",
            "listen": "listen|stand still and listen|hold your breath and listen",
            "smell_air": "smell the air|breathe in the air|sniff the air",
            "look": "look round|look about you once more|look around",
        }[kind]

        def do() -> list[Told]:
            bank = self.stock.banks[self.scene.setting]
            made = self.random.random() < 0.5
            if kind == "listen":
                sound = (
                    self.stock.clause("sound", self.random)
                    if made
                    else self.random.choice(bank["sounds"])
                )
                return [Told(kind, {"sound": plain(sound)})]
            if kind == "smell_air":
                smell = (
                    self.stock.clause("smell", self.random)
                    if made
                    else self.random.choice(bank["smells"])
                )
                return [Told(kind, {"smell": plain(smell)})]
            return [Told(kind, {"place": self.scene.here.name} if kind == "look" else {})]

        return Act(line_of(lines), do, "explore" if kind in {"look", "listen"} else "other")

    def _examine(self, thing: Thing) -> Act:
        detail = plain(
            self.random.choice(thing.details or [self.stock.clause("detail", self.random)])
        )
        lines = line_of(
            "look at {t}|look closely at {t}|examine {t}|look at {t}|study {t}",
            t=thing.name.the,
        )
        return Act(lines, self._just("examine", thing=thing.name, detail=detail), "explore")

    def _take(self, thing: Thing) -> Callable[[], list[Told]]:
        def do() -> list[Told]:
            holder, thing.at = thing.at, "carried"
            if isinstance(holder, Thing):
                return [Told("take_from", {"thing": thing.name, "holder": holder.name})]
            return [Told("take", {"thing": thing.name})]

        return do

    def _drop(self, thing: Thing) -> Callable[[], list[Told]]:
        def do() -> list[Told]:
            boxes = [
                one
                for one in self.scene.things_here()
                if "container" in one.traits and one.opened and one is not thing
            ]
            thing.at, thing.worn = self.scene.here, False
            if boxes and self.random.random() < 0.5:
                thing.at = boxes[0]
                return [Told("put_in", {"thing": thing.name, "target": boxes[0].name})]
            fixed = [
                one
                for one in self.scene.things_here()
                if "fixed" in one.traits and "door" not in one.traits
            ]
            if fixed and self.random.random() < 0.5:
                return [Told("put_on", {"thing": thing.name, "target": fixed[0].name})]
            return [Told("drop", {"thing": thing.name})]

        return do

    def _search(self, thing: Thing) -> Callable[[], list[Told]]:
        def do() -> list[Told]:
            where = plain(f"{self.random.choice(['in', 'under', 'behind'])} {thing.name.the}")
            hidden = [one for one in self.scene.things if one.hidden]
            if hidden and self.random.random() < 0.6:
                hidden[0].hidden, hidden[0].at = False, self.scene.here
                return [Told("search", {"thing": thing.name})] * (self.random.random() < 0.5) + [
                    Told("find", {"thing": hidden[0].name, "where": where})
                ]
            return [Told("nothing_found", {"where": where})]

        return do

    def _handle(self, thing: Thing) -> Act:
        bank = self.stock.banks[self.scene.setting]
        made = self.random.random() < 0.6
        verb = (
            self.random.choice(_HANDLINGS) if made else self.random.choice(bank["results"])["verb"]
        )
        if verb == "use":
            verb = "push"
        text = (
            self.stock.clause("result", self.random)
            if made
            else self.random.choice(bank["results"])["text"]
        )
        args = {"verb": plain(verb), "thing": thing.name, "result": plain(text)}
        return Act(
            line_of("{v} {t}|try to {v} {t}", v=verb, t=thing.name.the),
            lambda: [Told("handle", args)],
            "explore",
        )

    def _use_on(self, thing: Thing, target: Thing) -> Act:
        result = plain(self.stock.clause("result", self.random))
        args = {"thing": thing.name, "target": target.name, "result": result}
        return Act(
            line_of(
                "use {t} on {o}|try {t} on {o}|put {t} to use on {o}",
                t=thing.name.the,
                o=target.name.the,
            ),
            lambda: [Told("use_on", args)],
            "goal",
        )

    def _open_or_close(self, thing: Thing) -> Act:
        lines = (
            "close {t}|shut {t}"
            if thing.opened
            else "open {t}|open {t}|look inside {t}|see what is in {t}"
        )

        def do() -> list[Told]:
            thing.opened = not thing.opened
            told = [Told("open" if thing.opened else "close", {"thing": thing.name})]
            inside = [one for one in self.scene.things if one.at is thing]
            if thing.opened and inside:
                told.append(Told("reveal", {"things": together(inside), "holder": thing.name}))
            return told

        if "door" in thing.traits:
            lines = (
                "open {t}|try opening {t}|see what is behind {t}" if "open {t}" in lines else lines
            )
        return Act(line_of(lines, t=thing.name.the), do, "explore")

    def _unlock(self, thing: Thing, key: Thing) -> Callable[[], list[Told]]:
        def do() -> list[Told]:
            thing.locked = False
            told = [Told("unlock", {"thing": thing.name, "key": key.name})]
            if self.random.random() < 0.5:
                thing.opened = True
                told.append(Told("open", {"thing": thing.name}))
            return told

        return do

    def _lock(self, thing: Thing, key: Thing) -> Callable[[], list[Told]]:
        def do() -> list[Told]:
            thing.locked, thing.opened = True, False
            return [Told("lock", {"thing": thing.name, "key": key.name})]

        return do

    def _flame(self, thing: Thing) -> Callable[[], list[Told]]:
        def do() -> list[Told]:
            thing.lit = not thing.lit
            return [Told("light" if thing.lit else "douse", {"thing": thing.name})]

        return do

    def _wear(self, thing: Thing) -> Callable[[], list[Told]]:
        def do() -> list[Told]:
            thing.worn = not thing.worn
            return [Told("wear" if thing.worn else "take_off", {"thing": thing.name})]

        return do

    def _consume(self, thing: Thing, kind: str) -> Callable[[], list[Told]]:
        def do() -> list[Told]:
            thing.at = None
            return [Told(kind, {"thing": thing.name})]

        return do

    def _read(self, thing: Thing) -> Act:
        text = plain(thing.text or self.stock.clause("text", self.random))
        return Act(
            line_of("read {t}|see what is written on {t}|read what {t} says", t=thing.name.the),
            self._just("read", thing=thing.name, text=text),
            "goal",
        )

    def _ask(self, person: Person, topic: tuple[str, str, bool]) -> Callable[[], list[Told]]:
        about, answer, withheld = topic
        args = {"person": person.name, "topic": plain(about)}
        if withheld:
            return lambda: [Told("withheld", args)]
        return lambda: [Told("ask", {**args, "answer": plain(answer)})]

    def _give(self, thing: Thing, person: Person) -> Callable[[], list[Told]]:
        def do() -> list[Told]:
            if person.wants is not thing and self.random.random() < 0.35:
                what = plain(f"to take {thing.name.the}")
                return [
                    Told(
                        self.random.choice(["unwilling", "refuse_person"]),
                        {"person": person.name, "what": what},
                    )
                ]
            thing.at = None
            told = [Told("give", {"thing": thing.name, "person": person.name})]
            if person.gift:
                gift, person.gift = person.gift, None
                gift.at = "carried"
                self.scene.things.append(gift)
                told.append(Told("receive", {"thing": gift.name, "person": person.name}))
            elif self.random.random() < 0.2:
                told.append(
                    Told("result", {"text": plain(self.stock.clause("result", self.random))})
                )
            return told

        return do

    def _persuade(self, person: Person) -> Callable[[], list[Told]]:
        if self.random.random() < 0.4:
            what = plain(self.stock.clause("wish", self.random))
            return lambda: [
                Told(
                    self.random.choice(["unwilling", "refuse_person"]),
                    {"person": person.name, "what": what},
                )
            ]
        result = plain(self.stock.clause("result", self.random))
        return self._just("persuade", person=person.name, result=result)


_HANDLINGS = [
    "push",
    "pull",
    "turn",
    "touch",
    "shake",
    "knock",
    "tap",
    "lift",
    "rub",
    "kick",
    "polish",
    "tickle",
    "stroke",
    "wind",
    "climb",
    "tilt",
    "twist",
]
