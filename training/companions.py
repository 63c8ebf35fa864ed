"""Chats with companions: closed facts told, withheld or not known, and talk of nothing much."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from training.games import MODEL, NAMES, SYSTEM, USER, Segment
from training.stock import Frame, Stock, choose_frame
from training.words import fill, invented_person, plain, raised
from tui.prompt import factline
from tui.prompt.system import companion_system

_ASKING = [
    "What do you know about {topic}?",
    "Tell me about {topic}.",
    "{Topic}?",
    "what about {topic}",
    "I heard something about {topic}.",
    "Can you tell me about {topic}?",
    "Do you know anything of {topic}?",
    "Ask about {topic}",
    "tell me about {topic} please",
    "And {topic}?",
    "“What can you tell me about {topic}?”",
]
_TALKING = [
    "Hello.",
    "How are you?",
    "hi",
    "It is late.",
    "I like it here.",
    "What a day.",
    "You look tired.",
    "I am not sure what to say.",
    "Are you happy?",
    "Thank you.",
    "That is a lot to think about.",
    "Say nothing and wait",
    "hm",
    "you are funny",
    "I had a bad day",
    "What are you doing?",
    "Good evening.",
]
_VERBS = re.compile(r"\((\w+)/(\w+)\)")
"""Another verb of a deed: first person, third person."""
_SOMEBODY = ["sailor", "cousin", "widow", "stranger", "baker", "duke", "nun", "child", "thief"]
_THEIRS = {"she": "her", "he": "his", "it": "its", "they": "their"}
_THEM = {"she": "her", "he": "him", "it": "it", "they": "them"}


@dataclass(frozen=True, slots=True)
class Known:
    """A closed fact; `hidden` is why it is kept back, None where it is told."""

    topic: str
    mine: str
    yours: str
    now: str
    said: str
    hidden: str | None


class Chat:
    """One conversation with a companion."""

    def __init__(self, stock: Stock, random: Random) -> None:
        self.stock, self.random = stock, random
        self.person = random.choice(stock.people)
        self.name = invented_person(random) if random.random() < 0.5 else self.person["name"]
        self.user = random.choice(NAMES) if random.random() < 0.5 else invented_person(random)
        self.told: set[str] = set()
        self.lists = random.random() < 0.5
        self.topics = [self._own(one) for one in self.person["facts"]] + [
            make() for make in (self._made, self._made, self._deed, self._deed)
        ]

    def _own(self, fact: dict[str, Any]) -> Known:
        name = self.person["name"]
        now, said = (text.replace(name, self.name) for text in (fact["now"], fact["said"]))
        topic = fact["topic"]
        return Known(
            topic,
            fact.get("mine", topic),
            fact.get("yours", topic),
            now,
            said,
            fact.get("reason", "") if fact["hidden"] else None,
        )

    def _deed(self) -> Known:
        """Something they did: told of them in the fact line, said by themselves in the reply."""
        they = self.person.get("pronoun", "they")
        topic = f"the {self.stock.noun(self.random)}"
        one, other, rest = self.random.choice(self.stock.deeds)
        rest = rest.replace("{topic}", topic).replace("SOMEBODY", self.random.choice(_SOMEBODY))
        rest = self.stock.spoken(rest, self.random)
        mine, theirs = (_VERBS.sub(form, rest) for form in (r"\1", r"\2"))
        now = f"{they} {one} {mine}" if they == "they" else f"{they} {other} {theirs}"
        now = now.replace("MY", _THEIRS[they]).replace("ME", _THEM[they])
        said = f"I {one} {mine}".replace("MY", "my").replace("ME", "me")
        hidden = "" if self.random.random() < 0.2 else None
        return Known(topic, topic, topic, now, said + ".", hidden)

    def _made(self) -> Known:
        topic = self.random.choice(
            [f"the {self.stock.noun(self.random)}", self.stock.person_name(self.random)]
        )
        now = self.stock.clause("answer", self.random)
        hidden = "" if self.random.random() < 0.25 else None
        return Known(topic, topic, topic, now, raised(now) + ".", hidden)

    def document(self, turns: int) -> list[Segment]:
        """A system prompt, a greeting, and `turns` replies."""
        description = self.person["description"].replace(self.person["name"], self.name)
        persona = ""
        if self.random.random() < 0.3:
            persona = f"a {self.random.choice(self.stock.words['adjectives'])} {self.random.choice(self.stock.words['roles'])}"
        lore = [self.stock.clause("lore", self.random)] if self.random.random() < 0.15 else []
        system = companion_system(
            self.name, about=[description], user=self.user, persona=persona, lore=lore
        )
        greeting = self._frame("greeting", "")
        segments = [
            Segment(SYSTEM + system + (MODEL + greeting + self._list() if greeting else ""))
        ]
        for _ in range(turns):
            segments += self._turn()
        return segments if len(segments) > 1 else []

    def _turn(self) -> list[Segment]:
        known, roll, kind = self.random.choice(self.topics), self.random.random(), "told"
        if roll < 0.22:
            kind, line = "smalltalk", factline.talk(self.user, self.name)
        elif roll < 0.42:
            known = replace(self._made(), hidden=None)
            kind, line = "deflect", factline.unknown(self.user, known.topic, self.name)
        elif known.hidden is not None:
            manner = known.hidden if self.random.random() < 0.6 else ""
            kind, line = "withheld", factline.withheld(self.user, known.topic, self.name, manner)
        else:
            line = factline.told(self.user, known.topic, self.name, known.now)
        words = self.random.choice(_TALKING)
        if kind != "smalltalk":
            words = fill(self.random.choice(_ASKING), {"topic": plain(known.yours)})
        reply = self._frame(kind, known.mine, known.said)
        if reply is None:
            return []
        context = f"{USER}{words}{SYSTEM}{line}{MODEL}"
        return [Segment(context), Segment(f" {reply}{self._list()}", own=True)]

    def _frame(self, kind: str, topic: str, said: str = "") -> str | None:
        tags = frozenset({self.person.get("manner", "")})
        frames: list[Frame] = self.stock.companions.get(kind, [])
        frame = choose_frame(frames, tags, "", self.random, self.told, self.stock.core * 2)
        if frame is None:
            return None
        self.told.add(frame.text)
        pronoun = self.person.get("pronoun", "they")
        args = {"topic": plain(topic), "said": plain(said), "user": plain(self.user)}
        args |= {
            "person": plain(self.name),
            "char": plain(self.name),
            "name": plain(self.name),
            "they": plain(pronoun),
        }
        return fill(frame.text, args)

    def _list(self) -> str:
        """Things to say."""
        if not self.lists:
            return ""
        topics = self.random.sample(self.topics, 3)
        frames = self.random.sample(self.stock.companions["things_to_say"], 3)
        lines = [
            fill(one.text, {"topic": plain(topic.yours), "person": plain(self.name)})
            for one, topic in zip(frames, topics, strict=True)
        ]
        return "\n\n" + "\n".join(f"- {line}" for line in lines)
