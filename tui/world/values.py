"""The values that pass between a World and whoever plays it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True, slots=True)
class Action:
    """Something the player does, as its stable id: `take:brass_key`, `ask:marta:lock`, `wait`.

    The parts after the verb are ids, except in `say:<person or empty>:<words>` and
    `improvise:<kind>:<words>`, whose last part is what was typed.
    """

    id: str

    @property
    def verb(self) -> str:
        """The first part of the id."""
        return self.id.split(":", 1)[0]

    @property
    def args(self) -> tuple[str, ...]:
        """The parts after the verb; free text stays whole."""
        verb, *rest = self.id.split(":", 1)
        if not rest:
            return ()
        most = 1 if verb in FREE_TEXT_VERBS else -1
        return tuple(rest[0].split(":", most))


FREE_TEXT_VERBS = frozenset({"say", "improvise"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that the World decided, as a reply must carry it."""

    kind: str
    args: Mapping[str, str] = field(default_factory=dict)
    """Names as shown, with their article (`the brass key`, `Marta`), and authored texts."""
    names: tuple[str, ...] = ()
    """What a reply has to name."""
    secret: tuple[str, ...] = ()
    """What a reply may not say yet."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How the tale ended."""

    id: str
    title: str
    text: str
    kind: Literal["good", "bad", "mixed", "secret"]
    missed: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one turn."""

    facts: tuple[Fact, ...]
    now: str
    """At most 40 words, present tense, second person, lower-case start, no final full stop."""
    ending: Ending | None = None
    minutes: int = 0
    refused: bool = False
    """Nothing that was tried worked."""
    actions: tuple[Action, ...] = ()
    """The actions that were carried out or refused, in order; those after a refusal are left out."""


@dataclass(frozen=True, slots=True)
class Option:
    """A candidate for a choice."""

    action: Action
    phrasings: tuple[str, ...]
    """Several ways of saying it as a choice line, `Unlock the door with the brass key`."""
    kind: Literal["goal", "explore", "person", "other"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check found in a reply."""

    passed: bool
    missing: tuple[str, ...] = ()
    """Names, and facts as `kind: text`, that the reply does not carry."""
    denied: tuple[str, ...] = ()
    """What the reply contradicts, or says too early."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How what the player typed was understood."""

    actions: tuple[Action, ...] = ()
    sure: float = 0.0
    echo: str = ""
    unread: str = ""
    kind: Literal["actions", "improvised", "question", "none"] = "none"


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the goal, as the panel shows it."""

    text: str
    done: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """The state for the screen; names are without article, states in brackets."""

    place: str
    time: str
    day: int
    here: tuple[str, ...]
    carried: tuple[str, ...]
    ways: tuple[str, ...]
    goal: str
    done: int
    steps: tuple[Step, ...]
    hints: tuple[str, ...]
    person: str = ""
    """Who is with the player, most telling first; `` when nobody is."""


FACT_KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # What the player did. {thing} and the like are names with article.
        "arrive": ("place", "way"),  # way is an adverb: `north`, `along the causeway`, `on`
        "look": ("place",),
        "examine": ("thing", "detail"),  # detail: a clause, `salt has eaten its hinges`
        "search": ("thing",),
        "find": ("thing", "where"),  # where: `in the desk`, `in the cellar`
        "nothing_found": ("where",),
        "take": ("thing",),
        "take_from": ("thing", "holder"),
        "drop": ("thing",),
        "put_in": ("thing", "target"),
        "put_on": ("thing", "target"),
        "open": ("thing",),
        "reveal": ("things", "holder"),  # things: `the rope and the lantern`
        "close": ("thing",),
        "unlock": ("thing", "key"),
        "lock": ("thing", "key"),
        "light": ("thing",),
        "douse": ("thing",),
        "wear": ("thing",),
        "take_off": ("thing",),
        "eat": ("thing",),
        "drink": ("thing",),
        "read": ("thing", "text"),
        "break": ("thing",),
        "use_on": ("thing", "target", "result"),
        "handle": ("verb", "thing", "result"),  # verb: `push`; thing may be "" for a lone verb
        "give": ("thing", "person"),
        "receive": ("thing", "person"),
        "show": ("thing", "person"),
        "greet": ("person",),
        "ask": ("person", "topic", "answer"),  # answer: a clause for `tells you that …`
        "withheld": ("person", "topic"),
        "tell": ("person", "words"),  # words: as said
        "persuade": ("person", "result"),
        "refuse_person": ("person", "what"),  # what: an infinitive, `to give up the key`
        "wait": (),
        "listen": ("sound",),  # sound: a noun phrase, `a slow step behind the wood`
        "smell_air": ("smell",),
        "result": ("text",),  # authored, told whole: a clause in the present tense
        # What others and the world did.
        "comes": ("person", "from"),  # from: `the quay`, or "" where unseen
        "leaves": ("person", "way"),  # way: `to the shore`, or "" where unseen
        "happening": ("text",),
        "darkness": ("place",),
        "goal_step": ("text",),
        "ending": ("title", "text"),
        # Refusals: nothing changed.
        "absent": ("noun", "near1", "near2"),  # noun: `a telephone`; near2 and near1 may be ""
        "locked": ("thing",),
        "shut": ("thing",),
        "too_dark": ("place",),
        "fixed": ("thing",),
        "already": ("thing", "state"),
        "not_held": ("thing",),
        "not_open": ("thing",),
        "no_way": ("way",),  # way: `north`, `to the moon`
        "needs": ("thing", "need"),
        "unwilling": ("person", "what"),  # what: an infinitive, `to take the bread`
        "cruel": ("person",),
        "impossible": ("what", "near1", "near2"),  # what: a bare verb phrase, `lift the tower`
        "not_of_world": ("what", "near1", "near2"),  # what: a bare verb phrase, `phone a taxi`
        "blocked": ("what", "by"),  # what: `the way north`, by: `the dog`
        "carried_enough": ("thing",),
        "trivial": ("what",),  # what: a bare verb phrase, `dance a jig`: harmless, little happens
    }
)
"""Every kind of fact and its args, in order; all args are always there, some may be empty."""

REFUSALS = frozenset(
    [
        "absent",
        "locked",
        "shut",
        "too_dark",
        "fixed",
        "already",
        "not_held",
        "not_open",
        "no_way",
        "needs",
        "unwilling",
        "cruel",
        "impossible",
        "not_of_world",
        "blocked",
        "carried_enough",
        "withheld",
        "refuse_person",
        "nothing_found",
    ]
)
"""The kinds that say no."""

TOLD_WHOLE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        kind: tuple(
            arg
            for arg in args
            if arg
            in {"detail", "text", "result", "answer", "sound", "smell", "words", "noun", "what"}
        )
        for kind, args in FACT_KINDS.items()
    }
)
"""The args whose content words a reply must carry."""


@dataclass(frozen=True, slots=True)
class State:
    """A snapshot of a World in play, as its differences from the World's start.

    Equal states behave alike; `World.apply` makes new ones and never changes one.
    """

    place: str
    minutes: int
    """Since the midnight before the first day."""
    turn: int
    seed: int
    at: Mapping[str, str] = field(default_factory=dict)
    """Where each moved thing or person is: an id, `carried`, `worn`, `nowhere`."""
    values: Mapping[str, bool | int | str] = field(default_factory=dict)
    """`lamp_door.open`, `flag.oiled`, `count.tide`, `marta.mood`, ..., where not as at the start."""
    came_from: str = ""
    ended: str = ""

    def __hash__(self) -> int:
        return hash(
            (
                self.place,
                self.minutes,
                self.turn,
                self.ended,
                frozenset(self.at.items()),
                frozenset(self.values.items()),
            )
        )
