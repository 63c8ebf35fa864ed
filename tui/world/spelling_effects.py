"""The spelling of effects (`move key to carried`) and of rule patterns (`use oil on door`)."""

from __future__ import annotations

import re
from collections.abc import Callable

from tui.world.effects import Effect
from tui.world.ids import Ids, SpellingError, nearest
from tui.world.model import ANY, Pattern
from tui.world.verbs import ROLES

Found = dict[str, str]
Maker = Callable[[Found, Ids], Effect]

_A = r"(?P<a>[a-z_][a-z0-9_]*)"
_B = r"(?P<b>[a-z_][a-z0-9_]*)"


def parse_effect(text: str, ids: Ids) -> Effect:
    """An effect of one string."""
    text = " ".join(str(text).split())
    for pattern, make in _EFFECTS:
        match = pattern.fullmatch(text)
        if match:
            return make(match.groupdict(), ids)
    raise SpellingError(f"'{text}' is not an effect", "see the table of effects in docs/worlds.md")


def _move(found: Found, ids: Ids) -> Effect:
    id_, target = found["a"], found["b"]
    if id_ in {"player", "you"}:
        return Effect("move", "player", ids.need(target, "places"))
    if id_ in ids.folk:
        if target in {"here", "nowhere"}:
            return Effect("move", id_, target)
        return Effect("move", id_, ids.need(target, "places"))
    ids.need(id_, "things", "folk")
    if target not in {"carried", "worn", "nowhere", "here"}:
        ids.need(target, "places", "things", "folk")
    if target == id_:
        raise SpellingError(f"'{id_}' can't be moved into itself")
    return Effect("move", id_, target)


def _set(found: Found, ids: Ids) -> Effect:
    return Effect("set", found["a"], ids.state(found["a"], found["b"]))


def _reveal(word: str) -> Maker:
    def make(found: Found, ids: Ids) -> Effect:
        return Effect("set", ids.need(found["a"], "things", "folk"), word)

    return make


def _exit(hidden: int) -> Maker:
    def make(found: Found, ids: Ids) -> Effect:
        place, key = ids.need(found["a"], "places"), found["b"]
        if key not in ids.exits[place]:
            raise SpellingError(f"'{place}' has no exit '{key}'", nearest(key, ids.exits[place]))
        return Effect("value", f"{place}.{key}.hidden", n=hidden)

    return make


def _flag(found: Found, ids: Ids) -> Effect:
    return Effect("value", f"flag.{ids.need(found['a'], 'flags')}", n=int(found["b"] != "off"))


def _count(found: Found, ids: Ids) -> Effect:
    return _amount(f"count.{ids.need(found['a'], 'counters')}", found)


def _mood(found: Found, ids: Ids) -> Effect:
    return _amount(f"{ids.need(found['a'], 'folk')}.mood", found)


def _amount(key: str, found: Found) -> Effect:
    if found["op"] == "=":
        return Effect("number", key, n=int(found["n"]))
    return Effect("count", key, n=int(found["op"] + found["n"]))


def _follows(found: Found, ids: Ids) -> Effect:
    return Effect(
        "value", f"{ids.need(found['a'], 'folk')}.follows", n=int(found["b"] == "follows")
    )


_AMOUNT = r"(?P<op>[+=-])\s*(?P<n>\d+)"
_TABLE: tuple[tuple[str, Maker], ...] = (
    (rf"move {_A} to {_B}", _move),
    (rf"set {_A}(?: to)? {_B}", _set),
    (rf"reveal {_A}", _reveal("found")),
    (rf"hide {_A}", _reveal("hidden")),
    (rf"reveal {_A} {_B}", _exit(0)),
    (rf"hide {_A} {_B}", _exit(1)),
    (rf"flag {_A}(?: (?P<b>on|off))?", _flag),
    (rf"count {_A} {_AMOUNT}", _count),
    (rf"mood {_A} {_AMOUNT}", _mood),
    (rf"{_A} (?P<b>follows|stays)", _follows),
    (r"time \+\s*(?P<n>\d+)", lambda found, _ids: Effect("time", n=int(found["n"]))),
    (
        rf"done {_A}",
        lambda found, ids: Effect("value", f"step.{ids.need(found['a'], 'steps')}", n=1),
    ),
    (rf"end {_A}", lambda found, ids: Effect("end", ids.need(found["a"], "endings"))),
)
_EFFECTS = tuple((re.compile(pattern), make) for pattern, make in _TABLE)


def parse_pattern(text: str, ids: Ids) -> Pattern:
    """A rule's pattern."""
    text = " ".join(str(text).split())
    verb, _, rest = text.partition(" ")
    if verb in {"enter", "leave"}:
        return Pattern(verb, (ids.need(rest, "places"),))
    if verb == "say":
        words, _, person = rest.partition(" to ")
        return Pattern(
            "say", (ids.need(person, "folk") if person else ANY, words.strip("\"'“”").lower())
        )
    if verb == "go":
        return _going(rest, ids)
    if verb == "ask":
        return _asking(rest, ids)
    if verb not in ROLES and verb not in ids.verbs:
        raise SpellingError(
            f"there is no verb '{verb}'",
            nearest(verb, [*ROLES, *ids.verbs]) or "define it under `verbs:`",
        )
    return _with_things(verb, rest, ids)


def _with_things(verb: str, rest: str, ids: Ids) -> Pattern:
    parts = [part for part in re.split(r"\s+(?:on|in|to|with|into|onto|at)\s+|\s+", rest) if part]
    most = len(ROLES.get(verb, ("any",)))
    if len(parts) > most:
        raise SpellingError(f"'{verb} {rest}' names too many things", f"'{verb}' takes {most}")
    for part in parts:
        if part != ANY:
            ids.need(part, "things", "folk")
    if not parts and ROLES.get(verb) and verb != "search":
        raise SpellingError(f"'{verb}' needs to say what", f"write `{verb} any`, or name a thing")
    return Pattern(verb, tuple(parts))


def _going(rest: str, ids: Ids) -> Pattern:
    way, _, place = rest.partition(" from ")
    keys = (
        ids.exits[ids.need(place, "places")]
        if place
        else {key for exits in ids.exits.values() for key in exits}
    )
    if way not in keys:
        raise SpellingError(
            f"there is no exit '{way}'" + (f" from '{place}'" if place else ""), nearest(way, keys)
        )
    return Pattern("go", (way,), place)


def _asking(rest: str, ids: Ids) -> Pattern:
    person, _, topic = rest.partition(" about ")
    ids.need(person, "folk")
    if topic in {"", ANY}:
        return Pattern("ask", (person,))
    if topic not in ids.topics[person]:
        raise SpellingError(
            f"'{person}' knows no topic '{topic}'", nearest(topic, ids.topics[person])
        )
    return Pattern("ask", (person, topic))
