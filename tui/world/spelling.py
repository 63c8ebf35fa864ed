"""The spelling of conditions: `lamp_door is open and not flag oiled`."""

from __future__ import annotations

import re
from collections.abc import Callable

from tui.world.conditions import AllOf, AnyOf, Condition, Not, Test
from tui.world.ids import Ids, SpellingError, nearest

Found = dict[str, str]
Maker = Callable[[Found, Ids], Condition]

_A = r"(?P<a>[a-z_][a-z0-9_]*)"
_B = r"(?P<b>[a-z_][a-z0-9_]*)"
_N = r"(?P<op>>=|<=|>|<|=)\s*(?P<n>-?\d+)"


def parse_condition(text: str, ids: Ids) -> Condition:
    """A condition of one string, with `or`, `and` and `not`."""
    text = " ".join(str(text).split())
    if not text:
        raise SpellingError("is empty", "write a condition, or leave the field out")
    ways = re.split(r"\s+or\s+", text)
    if len(ways) > 1:
        return AnyOf(tuple(parse_condition(way, ids) for way in ways))
    parts = re.split(r"\s+and\s+", text)
    if len(parts) > 1:
        return AllOf(tuple(parse_condition(part, ids) for part in parts))
    if text.startswith("not "):
        return Not(parse_condition(text[4:], ids))
    for pattern, make in _CONDITIONS:
        match = pattern.fullmatch(text)
        if match:
            return make(match.groupdict(), ids)
    raise SpellingError(
        f"'{text}' is not a condition", "see the table of conditions in docs/worlds.md"
    )


def _is(found: dict[str, str], ids: Ids) -> Condition:
    word = found["word"]
    id_ = found["a"]
    if word in {"carried", "worn"}:
        test: Condition = Test(word, ids.need(id_, "things"))
    elif word == "here":
        test = Test("here", ids.need(id_, "things", "folk"))
    else:
        test = Test("is", id_, ids.state(id_, word))
    return Not(test) if found["not"] else test


def _at(found: dict[str, str], ids: Ids) -> Condition:
    id_, target = found["a"], found["b"]
    if id_ in {"player", "you"}:
        return Test("player_at", ids.need(target, "places"))
    if target in {"carried", "worn"}:
        return Test(target, ids.need(id_, "things"))
    ids.need(id_, "things", "folk")
    if target == "nowhere":
        return Test("held_by", id_, "nowhere")
    if target in ids.places:
        return Test("at_place", id_, target)
    return Test("held_by", id_, ids.need(target, "things", "folk", "places"))


def _time(found: dict[str, str], _ids: Ids) -> Condition:
    hour, minute = int(found["h"]), int(found["m"])
    if hour > 23 or minute > 59:
        raise SpellingError(f"{hour}:{minute} is not a time", "write it as 22:00")
    return Test("time", op=found["op"], n=hour * 60 + minute)


def _heard(found: dict[str, str], ids: Ids) -> Condition:
    person = ids.need(found["a"], "folk")
    topic = found["b"]
    if topic not in ids.topics[person]:
        raise SpellingError(
            f"'{person}' knows no topic '{topic}'", nearest(topic, ids.topics[person])
        )
    return Test("heard", person, topic)


def _number(kind: str, where: str) -> Maker:
    def make(found: Found, ids: Ids) -> Condition:
        return Test(kind, ids.need(found["a"], where), op=found["op"], n=int(found["n"]))

    return make


def _one(kind: str, *where: str) -> Maker:
    def make(found: Found, ids: Ids) -> Condition:
        return Test(kind, ids.need(found["a"], *where))

    return make


_TABLE: tuple[tuple[str, Maker], ...] = (
    (r"dark(?: here)?", lambda _found, _ids: Test("dark")),
    (rf"turn {_N}", lambda found, _ids: Test("turn", op=found["op"], n=int(found["n"]))),
    (r"time (?P<op>after|before) (?P<h>\d{1,2}):(?P<m>\d\d)", _time),
    (rf"flag {_A}", _one("flag", "flags")),
    (rf"count {_A} {_N}", _number("count", "counters")),
    (rf"mood {_A} {_N}", _number("mood", "folk")),
    (rf"heard {_A} {_B}", _heard),
    (rf"met {_A}", _one("met", "folk")),
    (rf"done {_A}", _one("done", "steps")),
    (rf"visited {_A}", _one("visited", "places")),
    (rf"carried {_A}", _one("carried", "things")),
    (rf"worn {_A}", _one("worn", "things")),
    (rf"at {_A}", _one("player_at", "places")),
    (rf"{_A} carried", _one("carried", "things")),
    (rf"{_A} worn", _one("worn", "things")),
    (rf"{_A} follows", _one("follows", "folk")),
    (rf"{_A}(?: is)? here", _one("here", "things", "folk")),
    (rf"{_A}(?: is)? (?:at|in|on|under|behind|with|inside) {_B}", _at),
    (rf"{_A} (?:is|are)(?P<not> not)? (?P<word>[a-z_][a-z0-9_]*)", _is),
)
_CONDITIONS = tuple((re.compile(pattern), make) for pattern, make in _TABLE)
