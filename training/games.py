"""Whole stretches of play as the model is sent them: system prompt, turns, replies, choices."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from training.acts import Act, Player
from training.nows import Nows, joined
from training.scenes import Scene, make_scene, scene_line
from training.stock import Stock
from training.telling import Teller
from training.tries import afterwards, refused
from training.words import invented_person, raised
from tui.prompt.system import tale_system

SYSTEM, USER, MODEL = "<|system|>", "<|user|>", "<|model|>"
_NAMED = frozenset({"thing", "person", "place", "key", "target", "holder"})
NAMES = [
    "Robin",
    "Sam",
    "Alex",
    "Mira",
    "Jonas",
    "Lena",
    "Tom",
    "Ada",
    "Nils",
    "Ines",
    "Ruth",
    "Karim",
    "Wren",
    "Otto",
    "Noor",
    "Pia",
    "Emil",
    "Juno",
    "Hugo",
    "Esme",
    "Leo",
    "Anja",
    "Finn",
    "Sofia",
    "Max",
    "Ida",
    "Ravi",
    "Clara",
    "Theo",
    "Yara",
]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a document; the model's own stretches are what it learns from."""

    text: str
    own: bool = False
    names: tuple[str, ...] = ()
    """Names in it that have to be copied, so that copying can be measured."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the system prompt of one game asks for."""

    system: str
    tone: str
    count: int
    placed: bool
    """Whether the premise says what sort of place this is, so that colour may show it."""


def asked(stock: Stock, scene: Scene, random: Random) -> Wish:
    """A system prompt for a scene, made by the game's own prompt code."""
    bank = stock.banks[scene.setting]
    toned = random.random() < 0.85
    pool = stock.words["tones"] if random.random() < 0.7 else list(bank.get("tones", ["wry"]))
    tone = random.choice(pool) if toned else ""
    shown = tone
    if tone and random.random() < 0.45:
        shown = f"{tone} and {random.choice(stock.words['tones'])}"
    count = random.choice([3, 3, 3, 3, 2, 4, 5, 0, 0, 0, 0])
    placed = random.random() < 0.75
    pattern = random.choice(bank["premises"] if placed else stock.clauses["premise"])
    goal = (scene.goal[:1].lower() + scene.goal[1:]) if scene.goal else "find the way home"
    pattern = pattern.replace("{goal}", goal).replace("{thing}", stock.thing_name(random).some)
    lore = []
    if random.random() < 0.2:
        facts = [*bank.get("lore", []), stock.clause("lore", random)]
        lore = [
            raised(fact) for fact in random.sample(facts, min(len(facts), random.choice([1, 1, 2])))
        ]
    roles = stock.words["roles"]
    persona = (
        f"a {random.choice(stock.words['adjectives'])} {random.choice(roles)}"
        if random.random() < 0.3
        else ""
    )
    user = random.choice(NAMES) if random.random() < 0.6 else invented_person(random)
    if random.random() < 0.15:
        user = "you"
    system = tale_system(
        raised(stock.spoken(pattern, random)),
        user=user,
        persona=persona,
        tone=shown,
        choices=count,
        lore=lore,
    )
    return Wish(system, tone, count, placed)


class Game:
    """One game of the direct source, told turn by turn."""

    def __init__(self, stock: Stock, nows: Nows, random: Random) -> None:
        self.stock, self.nows, self.random = stock, nows, random
        self.scene = make_scene(stock, random)
        self.wish = asked(stock, self.scene, random)
        self.teller = Teller(
            stock, random, self.wish.tone, random.choice([0.4, 0.7]), self.wish.placed
        )
        self.style = random.choice(["the", "the", "the", "the", "the", "some", "bare"])
        self.free = random.choice([0.1, 0.3, 0.6])
        self.offered: list[tuple[str, Act]] = []
        self.untaken: set[str] = set()

    def document(self, turns: int, *, start: bool) -> list[Segment]:
        """The prompt of a game with `turns` replies; `start` is whether its beginning is there."""
        segments = [Segment(SYSTEM + self.wish.system)]
        if start:
            segments.append(Segment(self._opening()))
        for _ in range(turns):
            made = self._turn()
            if made:
                segments += made
            if self.scene.ended:
                break
        return segments if len(segments) > 1 + start else []

    def _opening(self) -> str:
        look = raised(self.random.choice(self.scene.here.looks)).rstrip(".")
        line = scene_line(
            self.scene, f"you are in {self.scene.here.name.the}", self.style, self.random
        )
        text = f"You are in {self.scene.here.name.the}. {look}."
        return f"{USER}Start!{SYSTEM}{line}{MODEL}{text}{self._choices()}"

    def _turn(self) -> list[Segment]:
        words, act = self._said()
        facts = act.do()
        if not any(fact.kind == "arrive" for fact in facts) or self.random.random() < 0.4:
            facts = facts + afterwards(self.scene, self.stock, self.random)
        facts = facts[:3]
        reply = self.teller.tell(facts, self.scene)
        if reply is None or len(reply.split()) > 110:
            return []
        now = joined(
            [self.nows.of(one.kind, one.args, one.tag, self.random) for one in facts], self.random
        )
        line = scene_line(self.scene, now, self.style, self.random)
        note = f"{SYSTEM}{self._note()}" if self.random.random() < 0.03 else ""
        listed = self._choices()
        told = self.random.random() < 0.03
        lead = "" if told else " "
        names = tuple(
            name.bare for fact in facts for key, name in fact.args.items() if key in _NAMED
        )
        context = Segment(f"{note}{USER}{words}{SYSTEM}{line}{MODEL}")
        return [context, Segment(f"{lead}{reply}{listed}", own=not told, names=names)]

    def _note(self) -> str:
        parts = [self.stock.clause(kind, self.random) for kind in ("answer", "happening")]
        return (
            raised(
                "Earlier: " * (self.random.random() < 0.5) + ". ".join(raised(one) for one in parts)
            )
            + "."
        )

    def _said(self) -> tuple[str, Act]:
        """What the player says next: a choice as it stands, or words of their own."""
        random = self.random
        if self.offered and random.random() > self.free:
            line, act = random.choice(self.offered)
            self.untaken = {one for one, _ in self.offered if one != line}
            return line, act
        self.untaken = {one for one, _ in self.offered}
        if random.random() < 0.5:
            act = refused(self.scene, self.stock, random)
            if act:
                return typed(act.lines[0], random), act
        act = random.choice(weighted(Player(self.scene, self.stock, random).possible(), random))
        return typed(random.choice(act.lines), random), act

    def _choices(self) -> str:
        """The list after a reply, and what is offered next."""
        self.offered = []
        if self.scene.ended or not self.wish.count:
            return ""
        acts = Player(self.scene, self.stock, self.random).possible()
        self.random.shuffle(acts)
        found: list[tuple[str, Act]] = []
        for sort in ("goal", "explore", "person", "other", "", ""):
            for act in acts:
                if len(found) >= self.wish.count:
                    break
                line = self.random.choice(act.lines)
                fresh = line not in self.untaken and all(act is not one for _, one in found)
                if (
                    act.sort == (sort or act.sort)
                    and fresh
                    and line not in {one for one, _ in found}
                ):
                    found.append((line, act))
                    if sort:
                        break
        self.random.shuffle(found)
        self.offered = found
        return "\n\n" + "\n".join(f"- {line}" for line, _ in found) if found else ""


def weighted(acts: list[Act], random: Random) -> list[Act]:
    """The acts of one sort, so that no sort drowns the others."""
    sort = random.choice(sorted({act.sort for act in acts}))
    return [act for act in acts if act.sort == sort]


def typed(line: str, random: Random) -> str:
    """A line as somebody types it: small letters, dropped articles, politeness, slips."""
    text = line
    if random.random() < 0.75:
        text = text[:1].lower() + text[1:]
    if random.random() < 0.3:
        text = re.sub(r"\bthe ", "", text, count=1)
    if random.random() < 0.2 and not text.lower().startswith(("i ", "try", "where", "“")):
        text = (
            random.choice(["I ", "i ", "please ", "I want to ", "try to ", "let me ", "now "])
            + text
        )
    if random.random() < 0.12 and len(text) > 6:
        place = random.randrange(1, len(text) - 2)
        text = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text + (random.choice([".", "!"]) if random.random() < 0.08 else "")
