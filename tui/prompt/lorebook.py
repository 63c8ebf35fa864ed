"""Lorebook: which facts enter the prompt, and why each did or did not.

Sources: the V2 and V3 character card specifications (keys, order, priority, budget, recursion,
decorators) and, in `extensions`, what SillyTavern's books keep there (the four logics of
secondary keys, probability, depth, whole words, limits of recursion).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tui.cards.lorebook import Entry, Lorebook
from tui.prompt.block import Role
from tui.prompt.decorators import Decorated, undecorated
from tui.prompt.keys import Finder, Slow
from tui.prompt.rolls import drawn

SCAN_DEPTH = 4
"""How many of the last turns are searched where the book doesn't say."""
ROUNDS = 5
"""How often facts that came in are searched for words that bring in others."""
MOST_TEXT = 200_000
MOST_TURNS = 100
"""Turns that are searched at most."""
EXCHANGE = 2
"""The reply and the player's words that are new since the book was searched last."""
ROLES: Mapping[str, Role] = {"user": "player", "assistant": "model", "system": "system"}
"""The names that the V3 specification has for roles."""

State = Literal["constant", "fired", "dropped", "silent"]


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one entry: fired by `word`, or not in the prompt and `why`."""

    index: int
    entry: str
    state: State
    word: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """An entry as it is used: its text, its place, and what decides when it comes in."""

    index: int
    name: str
    text: str
    entry: Entry
    decorated: Decorated

    @property
    def constant(self) -> bool:
        """Whether it is always in the prompt."""
        return bool(self.entry.constant) and not self.entry.use_regex

    @property
    def order(self) -> tuple[float, int]:
        """Where it stands among others, the first first."""
        return (self.entry.insertion_order, self.index)

    @property
    def worth(self) -> tuple[int, float, float, int]:
        """What is dropped first where the budget is short: the least."""
        lasting = 0 if "ignore_on_max_context" in self.decorated.said else 1
        priority = self.entry.priority if self.entry.priority is not None else 0.0
        return (lasting, priority, -self.entry.insertion_order, -self.index)

    @property
    def role(self) -> Role:
        """In whose role it is told: the system's unless its decorator says otherwise."""
        return ROLES.get(self.decorated.said.get("role", "").strip().lower(), "system")

    @property
    def depth(self) -> int | None:
        """How many messages from the end it stands; None where that is left to the template."""
        own = self.decorated.number("depth")
        if own is not None:
            return own
        extra = self.entry.extensions
        return _whole(extra, "depth", 4) if extra.get("position") == 4 else None


@dataclass(frozen=True, slots=True)
class Scene:
    """What the book is searched with: the last turns' texts, the newest first, and the turn's seed.

    `replies` is how many the model has given; `greeting` which of the card's greetings began it.
    """

    texts: Sequence[str]
    seed: int = 0
    replies: int = 0
    greeting: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """The facts that fired, in the order of the prompt, and every entry's fate."""

    facts: tuple[Fact, ...] = ()
    fates: tuple[Fate, ...] = ()


def facts_of(book: Lorebook) -> tuple[Fact, ...]:
    """The enabled entries of a book, in the order of the prompt."""
    found: list[Fact] = []
    for index, entry in enumerate(book.entries):
        if entry.enabled:
            decorated = undecorated(entry.content)
            name = entry.name or entry.comment or ", ".join(entry.keys[:3]) or f"entry {index + 1}"
            found.append(Fact(index, name, decorated.text, entry, decorated))
    return tuple(sorted(found, key=lambda fact: fact.order))


def scanned(book: Lorebook, facts: Sequence[Fact], scene: Scene) -> Found:
    """Which of `facts` the last turns mention, with those that these mention in their turn."""
    scan = _Scan(book, scene)
    waiting = [fact for fact in facts if not fact.constant and fact.text]
    for number in range(ROUNDS if book.recursive_scanning else 1):
        if not scan.round(number, waiting):
            break
    chosen = tuple(fact for fact in facts if fact.index in scan.fired)
    return Found(chosen, tuple(scan.fate(fact) for fact in facts))


class _Scan:
    """One search of a book: what has fired so far, and what is searched next."""

    def __init__(self, book: Lorebook, scene: Scene) -> None:
        self.fired: dict[int, str] = {}
        self._out: dict[int, str] = {}
        self._book = book
        self._scene = scene
        self._finder = Finder()
        self._brought = ""
        self._texts: dict[int, str] = {}

    def round(self, number: int, waiting: Sequence[Fact]) -> bool:
        """Search once; whether facts came in whose own words are to be searched."""
        new: list[str] = []
        self._texts.clear()
        for fact in waiting:
            extra = fact.entry.extensions
            late = (
                extra.get("delay_until_recursion")
                if number == 0
                else extra.get("exclude_recursion")
            )
            if fact.index in self.fired or fact.index in self._out or late:
                continue
            if self._fires(fact) and not extra.get("prevent_recursion"):
                new.append(fact.text)
        self._brought += "".join(f"\n{text}" for text in new)
        return bool(new)

    def fate(self, fact: Fact) -> Fate:
        """What became of a fact."""
        if fact.constant:
            return Fate(fact.index, fact.name, "constant")
        if fact.index in self.fired:
            return Fate(fact.index, fact.name, "fired", self.fired[fact.index])
        if fact.index in self._out:
            return Fate(fact.index, fact.name, "dropped", why=self._out[fact.index])
        why = "none of its words came up" if fact.text else "it is empty"
        return Fate(fact.index, fact.name, "silent", why=why)

    def _fires(self, fact: Fact) -> bool:
        try:
            word = _word(fact, self._text(_depth_of(fact, self._book)), self._scene, self._finder)
        except Slow as slow:
            self._out[fact.index] = str(slow)
            return False
        if word and (why := self._had(fact, word) or _unlucky(fact, self._scene)):
            self._out[fact.index] = why
            return False
        if word:
            self.fired[fact.index] = word
        return bool(word)

    def _had(self, fact: Fact, word: str) -> str:
        """Why a fact that comes in once stays out: its word came up before the last exchange."""
        if "dont_activate_after_match" not in fact.decorated.said:
            return ""
        entry = fact.entry
        older = "\n".join(self._scene.texts[EXCHANGE:])[:MOST_TEXT]
        find = self._finder.looking(
            older,
            regular=entry.use_regex,
            cased=bool(entry.case_sensitive),
            whole=bool(entry.extensions.get("match_whole_words")),
        )
        return "it comes in once, and did" if find(word) else ""

    def _text(self, depth: int) -> str:
        if depth not in self._texts:
            spoken = "\n".join(self._scene.texts[:depth])
            self._texts[depth] = (spoken + self._brought)[-MOST_TEXT:]
        return self._texts[depth]


def within(found: Found, sizes: Sequence[int], budget: int) -> Found:
    """`found` with no more facts than `budget` tokens hold; `sizes` are those of its facts.

    The least of them goes first, and its fate says so.
    """
    kept = dict(zip((fact.index for fact in found.facts), sizes, strict=True))
    total = sum(sizes)
    dropped: set[int] = set()
    for fact in sorted(found.facts, key=lambda one: one.worth):
        if total <= budget:
            break
        total -= kept[fact.index]
        dropped.add(fact.index)
    if not dropped:
        return found
    why = f"the book's {budget:,} tokens were full"
    fates = tuple(
        replace(fate, state="dropped", why=why) if fate.index in dropped else fate
        for fate in found.fates
    )
    return Found(tuple(one for one in found.facts if one.index not in dropped), fates)


def _word(fact: Fact, text: str, scene: Scene, finder: Finder) -> str:
    """The word that brings a fact in; empty where none does, or something keeps it out."""
    said = fact.decorated
    entry = fact.entry
    if "dont_activate" in said.said or not _in_time(said, scene):
        return ""
    find: Callable[[str], bool] = finder.looking(
        text,
        regular=entry.use_regex,
        cased=bool(entry.case_sensitive),
        whole=bool(entry.extensions.get("match_whole_words")),
    )
    if any(find(key) for key in said.words("exclude_keys")):
        return ""
    if "activate" in said.said:
        return "@@activate"
    word = next((key for key in (*entry.keys, *said.words("additional_keys")) if find(key)), "")
    if not word or not entry.selective or not entry.secondary_keys or entry.use_regex:
        return word
    hits = [find(key) for key in entry.secondary_keys]
    logic = _whole(entry.extensions, "selectiveLogic", 0)
    passes = {1: not all(hits), 2: not any(hits), 3: all(hits)}.get(logic, any(hits))
    return word if passes else ""


def _in_time(said: Decorated, scene: Scene) -> bool:
    after, every = said.number("activate_only_after"), said.number("activate_only_every")
    greeting = said.number("is_greeting")
    if after is not None and scene.replies < after:
        return False
    if every and scene.replies % every:
        return False
    return greeting is None or scene.greeting == greeting


def _unlucky(fact: Fact, scene: Scene) -> str:
    extra = fact.entry.extensions
    chance = _whole(extra, "probability", 100)
    if extra.get("useProbability") is False or chance >= 100:
        return ""
    lucky = drawn(scene.seed, "lore", fact.index, below=100) < chance
    return "" if lucky else f"its chance of {chance} % did not come up"


def _depth_of(fact: Fact, book: Lorebook) -> int:
    """How many turns are searched for a fact; one that stays once it fired looks at all there are."""
    if "keep_activate_after_match" in fact.decorated.said:
        return MOST_TURNS
    own = fact.decorated.number("scan_depth")
    if own is None:
        own = _whole(fact.entry.extensions, "scan_depth", -1)
    if own >= 0:
        return own
    return SCAN_DEPTH if book.scan_depth is None else book.scan_depth


def _whole(extra: Mapping[str, object], name: str, otherwise: int) -> int:
    value = extra.get(name)
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value.strip()[:9])
    return int(value) if isinstance(value, int | float) and abs(value) < 1e9 else otherwise
