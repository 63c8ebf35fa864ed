"""The check after: does a reply tell what the World decided, and deny none of it?

Names must be there; each fact must be heard in the sentences round its name; authored
texts must be carried for the most part; and nothing may contradict the fact or the state.
The words are data (`phrases/checks.yaml`). Prose around the facts is free.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from tui.world.board import Board
from tui.world.denials import denials_of_state
from tui.world.hearing import (
    any_beginning,
    bare,
    carries,
    compiled,
    name_pattern,
    names_it,
    normal,
    sentences,
    stems,
    without_speech,
    words_in,
)
from tui.world.model import Model
from tui.world.values import REFUSALS, TOLD_WHOLE, Fact, Outcome, Verdict

NAMING_IS_ENOUGH = "~"
SLOTS = ("thing", "target", "person", "holder", "place", "by", "noun", "way")
UNCHECKED = frozenset({"ending"})


@dataclass(frozen=True)
class CheckWords:
    """The check's words, as `phrases/checks.yaml` has them."""

    heard: Mapping[str, str]
    """One expression a kind; empty where naming is enough."""
    failed: tuple[str, ...]
    failing: frozenset[str]
    denied: Mapping[str, tuple[str, ...]]
    carried_denied: str
    speaking: str
    taking: str
    idle_takes: frozenset[str]
    stop: frozenset[str]


@cache
def check_words() -> CheckWords:
    """The words that ship with the program."""
    text = files("tui.world").joinpath("phrases", "checks.yaml").read_text(encoding="utf-8")
    data = yaml.load(text, Loader=yaml.BaseLoader)  # BaseLoader, so that `no` and `on` are words
    return CheckWords(
        heard={
            kind: "" if NAMING_IS_ENOUGH in words else any_beginning(words)
            for kind, words in data["heard"].items()
        },
        failed=tuple(data["failed"]),
        failing=frozenset(data["failing"]),
        denied={kind: tuple(patterns) for kind, patterns in data["denied"].items()},
        carried_denied=data["carried_denied"],
        speaking=data["speaking"],
        taking=data["taking"],
        idle_takes=frozenset(data["idle_takes"]),
        stop=frozenset(data["stop"]),
    )


class Checker:
    """What is the same for every check of one World."""

    def __init__(self, model: Model) -> None:
        self.words = check_words()
        self.stop_stems = stems(" ".join(self.words.stop))
        self.named_by: dict[str, list[tuple[str, str]]] = {}
        """Things, folk and places with their lower names, by the first word of those."""
        for id_ in (*model.things, *model.folk, *model.places):
            name = bare(model.name(id_).text)
            first = (words_in(name) or [""])[0]
            self.named_by.setdefault(first, []).append((id_, name))

    def named(self, text: str) -> list[str]:
        """Whatever a normal text may name: its name is in it, the first word as a whole one."""
        words = words_in(text)
        ended = [word.removesuffix(ending) for word in words for ending in ("s", "es", "'s")]
        return [
            id_
            for word in dict.fromkeys([*words, *ended])
            for id_, name in self.named_by.get(word, ())
            if name in text
        ]


@dataclass(frozen=True)
class Prose:
    """A reply made ready for listening."""

    text: str
    parts: tuple[str, ...]
    told: tuple[str, ...]
    """The sentences without what is said in quotes: only these can contradict."""
    heard: frozenset[str]


def prose_of(reply: str) -> Prose:
    """A reply made ready; any text will do."""
    text = normal(reply)
    plain = " ".join(without_speech(text).split())
    return Prose(text, tuple(sentences(text)), tuple(sentences(plain)), frozenset(stems(text)))


def check_reply(checker: Checker, board: Board, outcome: Outcome, reply: str) -> Verdict:
    """Whether a reply tells the outcome that led to the board, and denies none of it."""
    prose = prose_of(reply)
    if not prose.text:
        return Verdict(False, ("nothing was told",), ())
    missing: dict[str, None] = {}
    denied: dict[str, None] = {}
    for made in outcome.facts:
        if made.kind in UNCHECKED:
            continue
        missing |= dict.fromkeys(_missing(checker, made, prose))
        denied |= dict.fromkeys(_denied(checker, made, prose))
        denied |= dict.fromkeys(
            f"says too early: {word}" for word in made.secret if normal(word) in prose.text
        )
    denied |= dict.fromkeys(denials_of_state(checker, board, outcome, prose))
    return Verdict(not missing and not denied, tuple(missing), tuple(denied))


def _missing(checker: Checker, made: Fact, prose: Prose) -> list[str]:
    unnamed = [name for name in made.names if not names_it(prose.text, name)]
    words = checker.words
    for arg in TOLD_WHOLE.get(made.kind, ()):
        text = made.args.get(arg, "")
        if text and not carries(prose.heard, text, words.stop):
            unnamed.append(f"{made.kind}: {text}")
    expected = words.heard.get(made.kind, "")
    if expected and not unnamed and not compiled(expected).search(_around(made, prose)):
        unnamed.append(f"{made.kind}: {' '.join(made.names) or made.kind}")
    return unnamed


def _around(made: Fact, prose: Prose) -> str:
    """The sentences that name what a fact is about, and their neighbours."""
    if not made.names:
        return prose.text
    found: set[int] = set()
    for index, part in enumerate(prose.parts):
        if any(names_it(part, name) for name in made.names):
            found |= {index - 1, index, index + 1}
    return " ".join(part for index, part in enumerate(prose.parts) if index in found) or prose.text


def _denied(checker: Checker, made: Fact, prose: Prose) -> list[str]:
    words = checker.words
    patterns = list(words.denied.get(made.kind, ()))
    if made.kind in words.failing:
        patterns += words.failed
    found: list[str] = []
    for pattern in patterns:
        expression = _expression(pattern, made)
        hit = next(
            (match for part in prose.told if (match := compiled(expression).search(part))), None
        )
        if hit is not None and not _is_of_another(made, hit.string):
            found.append(f"{made.kind}: {hit.group(0).strip()}")
    return found


def _is_of_another(made: Fact, part: str) -> bool:
    """Whether a sentence that names nothing of the fact was caught by a pattern without names."""
    return (
        made.kind not in REFUSALS
        and bool(made.names)
        and not any(names_it(part, name) for name in made.names)
    )


def _expression(pattern: str, made: Fact) -> str:
    for slot in SLOTS:
        if f"{{{slot}}}" in pattern:
            name = made.args.get(slot, "")
            pattern = pattern.replace(f"{{{slot}}}", name_pattern(name) if name else r"(?!)")
    return pattern
