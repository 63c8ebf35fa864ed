"""How what was typed was understood, as the dimmed line under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tui.world.model import Model
from tui.world.names import joined

SAID: Mapping[str, str] = MappingProxyType(
    {
        "look": "look around",
        "examine": "look at {0}",
        "search": "search {0}",
        "put": "put {0} {on} {1}",
        "unlock": "unlock {0} with {1}",
        "lock": "lock {0} with {1}",
        "take_off": "take off {0}",
        "use": "use {0} on {1}",
        "give": "give {0} to {1}",
        "show": "show {0} to {1}",
        "douse": "put out {0}",
        "wear": "put on {0}",
        "smell_it": "smell {0}",
        "listen_to": "listen to {0}",
        "greet": "speak with {0}",
        "knock": "knock on {0}",
        "sit": "sit on {0}",
    }
)


def echo(model: Model, place: str, actions: Sequence[str]) -> str:
    """Actions in words: `you take the lantern, then light the lantern`."""
    parts: list[str] = []
    for action in actions:
        said = in_words(model, place, action)
        if action.startswith("go:"):
            place = next(
                (way.to for way in model.places[place].exits if way.key == action[3:]), place
            )
        parts.append(said)
    return f"you {', then '.join(parts)}" if parts else ""


def in_words(model: Model, place: str, action: str) -> str:
    """One action as a bare verb phrase."""
    verb, *rest = action.split(":", 2 if action.startswith(("say:", "improvise:")) else -1)
    if verb == "improvise":
        looked = {"absent": "look for ", "sight": "look at the "}
        return f"{looked.get(rest[0], '')}{rest[1]}"
    if verb == "say":
        whom = f" to {model.the(rest[0])}" if rest[0] else ""
        return f"say{whom}, “{rest[1].strip('“”')}”"
    if verb == "go":
        way = model.places[place].exit(rest[0]) if place in model.places else None
        return f"go {way.by if way else rest[0].replace('_', ' ')}"
    if verb == "ask":
        topic = model.folk[rest[0]].topics.get(rest[1])
        return f"ask {model.the(rest[0])} about {topic.name if topic else rest[1]}"
    if verb == "persuade":
        plea = model.folk[rest[0]].pleas.get(rest[1])
        return f"ask {model.the(rest[0])} to {plea.to if plea else rest[1]}"
    return deed(model, verb, rest)


def deed(model: Model, verb: str, ids: Sequence[str]) -> str:
    """A verb with its things."""
    own = model.verbs.get(verb)
    plain = (own.words[0] if own else verb).replace("_", " ")
    names = [model.the(id_) for id_ in ids]
    if not names:
        return SAID.get(verb, plain).split(" {")[0]
    said = SAID.get(verb)
    if said is None or said.count("{") - ("{on}" in said) != len(names):
        return (
            joined([plain], "")
            + "".join(f" {name}" for name in names[:1])
            + (f" with {names[1]}" if len(names) > 1 else "")
        )
    on = model.things[ids[-1]].file.holds or "on" if ids[-1] in model.things else "on"
    return said.format(*names, on=on)
