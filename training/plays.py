"""Games in the game's own worlds: scripted players, the world's own scene lines and choices.

Every reply is held against the world's own check; what fails is not learnt, and its frames
are counted in `training/work/bad_frames.txt`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random

from training.games import MODEL, SYSTEM, USER, Segment, Wish, asked, typed
from training.paths import WORK
from training.scenes import Told
from training.stock import Stock
from training.telling import Teller
from training.words import Name, plain, raised
from tui.story.turn import Choice
from tui.world import Action, Fact, Option, Outcome, State, World

_EMPTY = (
    ("near1", "none"),
    ("near2", "one"),
    ("thing", "lone"),
    ("from", "unseen"),
    ("way", "unseen"),
)
_DEEDS = ("take", "open", "look at", "ask about", "push", "break", "use", "talk to", "search")
_ALONE = (
    "look around",
    "wait",
    "listen",
    "where can I go?",
    "what do I carry?",
    "smell the air",
    "go back",
)


@dataclass(frozen=True, slots=True)
class Here:
    """Where the player is, as the teller asks for it."""

    name: Name
    outdoors: bool
    dark: bool


@dataclass(frozen=True, slots=True)
class View:
    """A State as the teller asks for it."""

    setting: str
    time: str
    here: Here
    goal: str = ""


class Play:
    """One game in one world."""

    def __init__(
        self, stock: Stock, random: Random, setting: str, world: World, bad: Counter[str]
    ) -> None:
        self.stock, self.random, self.setting, self.world, self.bad = (
            stock,
            random,
            setting,
            world,
            bad,
        )
        self.names = names_of(world)
        self.state = world.start(random.randrange(10**6))
        self.wish = self._wish()
        self.teller = Teller(
            stock, random, self.wish.tone, random.choice([0.4, 0.7]), self.wish.placed
        )
        self.free = random.choice([0.15, 0.35, 0.6])
        self.taste = random.choice(["goal", "explore", "person", "", ""])
        self.offered: list[tuple[str, Option]] = []
        self.avoid: list[str] = []
        self.recent: tuple[str, ...] = ()

    def _wish(self) -> Wish:
        view = View(self.setting, "", Here(plain(""), False, False), self.world.model.goal)
        return asked(self.stock, view, self.random)

    def document(self, turns: int, *, start: bool) -> list[Segment]:
        """A prompt with up to `turns` replies."""
        segments = self.beginning()
        if not start:
            segments = segments[:1]
            for _ in range(self.random.randrange(8)):
                self._skip()
            self._choices()
        for _ in range(turns):
            if self.state.ended:
                break
            segments += self._turn()
        return segments if len(segments) > 1 + start else []

    def beginning(self) -> list[Segment]:
        """The system prompt, and the opening as the game has it."""
        outcome = self.world.opening(self.state)
        line = self.world.scene_line(self.state, outcome)
        opening = self.world.tell(self.state, outcome)
        text = f"{USER}Start!{SYSTEM}{line}{MODEL}{opening}{self._choices()}"
        return [Segment(SYSTEM + self.wish.system), Segment(text)]

    def _skip(self) -> None:
        options = self.world.options(self.state, 4, seed=self.random.randrange(999))
        if options and not self.state.ended:
            self.state, _ = self.world.apply(self.state, [self.random.choice(options).action])

    def advance(self) -> tuple[str, State, Outcome]:
        """What the player says next, and the state and outcome that it leads to."""
        words, actions = self._said()
        state, outcome = self.world.apply(self.state, actions)
        self.recent = tuple(action.id for action in actions)
        return words, state, outcome

    def _turn(self) -> list[Segment]:
        words, state, outcome = self.advance()
        told, reply = None, self._reply(state, outcome)
        if reply is None or not self._passes(state, outcome, reply):
            told = self.world.tell(state, outcome, self.random.randrange(99))
        self.state = state
        line = self.world.scene_line(state, outcome)
        names = tuple(name for fact in outcome.facts for name in fact.names)
        context = Segment(f"{USER}{words}{SYSTEM}{line}{MODEL}")
        if told is not None:
            return [context, Segment(f"{told}{self._choices()}")]
        return [context, Segment(f" {reply}{self._choices()}", own=True, names=names)]

    def _reply(self, state: State, outcome: Outcome) -> str | None:
        facts = [self._told(fact) for fact in outcome.facts]
        if not facts:
            return None
        place = self.world.model.places[state.place]
        time = self.world.panel(state).time
        here = Here(
            self.names.get(self.world.model.the(state.place), plain("")),
            place.file.outdoors,
            place.file.dark,
        )
        text = self.teller.tell(facts, View(self.setting, time, here))
        return text if text and len(text.split()) < 120 else None

    def _passes(self, state: State, outcome: Outcome, reply: str) -> bool:
        verdict = self.world.check(state, outcome, reply)
        kinds = "+".join(fact.kind for fact in outcome.facts)
        self.bad["replies"] += 1
        if not verdict.passed:
            self.bad["failed"] += 1
            self.bad[f"{kinds} | {outcome.now} | {reply} | {verdict.missing} {verdict.denied}"] += 1
        return verdict.passed

    def _told(self, fact: Fact) -> Told:
        args = {
            key: self._name(key, text, fact)
            for key, text in fact.args.items()
            if key not in {"pronoun", "plural"}
        }
        tag = next((tag for key, tag in _EMPTY if key in args and not fact.args[key]), "")
        if fact.kind == "ending":
            args["text"] = plain("")
        if tag == "unseen" and fact.kind not in {"comes", "leaves"}:
            tag = ""
        return Told(fact.kind, args, tag)

    def _name(self, key: str, text: str, fact: Fact) -> Name:
        if text in self.names:
            return self.names[text]
        if key == "things":
            return Name(text, proper=True, plural=" and " in text)
        if key == "noun":
            bare = text
            for article in ("a ", "an ", "some ", "the "):
                bare = bare.removeprefix(article)
            plural = text == bare and bare.endswith("s")
            return Name(bare, plural=plural, shown=text)
        return plain(text.rstrip("."))

    def _said(self) -> tuple[str, list[Action]]:
        random = self.random
        if self.offered and random.random() > self.free:
            liked = [one for one in self.offered if one[1].kind == self.taste]
            line, option = random.choice(liked if liked and random.random() < 0.6 else self.offered)
            self.avoid = [one.action.id for _, one in self.offered if one.action != option.action]
            return line, [option.action]
        self.avoid = [one.action.id for _, one in self.offered]
        words = self.free_words()
        choices = [Choice(line, option.action.id) for line, option in self.offered]
        reading = self.world.read(self.state, words, choices, self.recent)
        if reading.actions and reading.kind != "question":
            return words, list(reading.actions)
        options = self.world.options(self.state, 6, seed=random.randrange(99))
        option = random.choice(options)
        return random.choice(option.phrasings), [option.action]

    def free_words(self) -> str:
        """Something typed: sensible, mistaken, absurd or only said."""
        random, roll = self.random, self.random.random()
        named = list(self.names.values())
        if roll < 0.45:
            options = self.world.options(self.state, 8, seed=random.randrange(99))
            return typed(random.choice(random.choice(options).phrasings), random)
        if roll < 0.6:
            return typed(f"{random.choice(_DEEDS)} {random.choice(named).the}", random)
        if roll < 0.7:
            noun = (
                random.choice(self.stock.words["absents"])
                if random.random() < 0.5
                else self.stock.thing_name(random).some
            )
            return typed(f"{random.choice(['look for', 'take', 'use'])} {noun}", random)
        if roll < 0.8:
            return random.choice(self.stock.words["absurd"])
        if roll < 0.86:
            return random.choice(self.stock.words["trivial"])
        if roll < 0.93:
            return f"“{raised(random.choice(self.stock.words['says']))}”"
        return random.choice(_ALONE)

    def _choices(self) -> str:
        """The list after a reply, from what the world offers; and what is offered next."""
        self.offered = []
        if self.state.ended or not self.wish.count:
            return ""
        options = self.world.options(
            self.state, self.wish.count, self.avoid, self.random.randrange(999)
        )
        chosen = list(options[: self.wish.count + 2])
        while len(chosen) > self.wish.count:
            chosen.pop(self.random.randrange(len(chosen)))
        self.random.shuffle(chosen)
        lines: dict[str, Option] = {}
        for option in chosen:
            lines.setdefault(self.random.choice(option.phrasings), option)
        self.offered = list(lines.items())
        return "\n\n" + "\n".join(f"- {line}" for line in lines) if lines else ""


def names_of(world: World) -> dict[str, Name]:
    """Every name of a world, by how it is shown."""
    found = {}
    model = world.model
    for id_ in (*model.places, *model.things, *model.folk):
        name = model.name(id_)
        pronoun = name.pronoun if name.pronoun != "they" else "it"
        found[name.the] = Name(
            name.text, proper=name.the == name.text, plural=name.plural, pronoun=pronoun
        )
    return found


def report(bad: Counter[str]) -> None:
    """Write what failed the check, for whoever tunes frames and check together."""
    lines = [
        f"{bad['failed']} of {bad['replies']} replies failed the check",
        *(text for text, _ in bad.most_common() if "|" in text),
    ]
    (WORK / "bad_frames.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
