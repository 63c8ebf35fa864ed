"""From a world file to a Model: every name is looked up, every problem is collected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tui.cards.worldfile import RESERVED_IDS, WorldFile
from tui.world import build_parts as parts
from tui.world.model import Model, Pattern, Rule, Thing
from tui.world.problems import Report, WorldError, known_ids

PREPOSITIONS = frozenset({"in", "on", "under", "behind", "with", "inside", "at", "by", "beside"})


def build_model(file: WorldFile) -> Model:
    """The Model of a world file; raises `WorldError` with every problem at once."""
    report = Report(known_ids(file))
    _check_ids(file, report)
    places = {id_: parts.place(id_, item, file, report) for id_, item in file.places.items()}
    doors = {way.door for place in places.values() for way in place.exits if way.door}
    things: dict[str, Thing] = {}
    start_at: dict[str, str] = {}
    for id_ in file.things:
        things[id_], start_at[id_] = _thing(id_, file, id_ in doors, report)
    folk = {id_: parts.person(id_, item, file, report) for id_, item in file.folk.items()}
    for id_, item in file.folk.items():
        start_at[id_] = _spot(item.at or "nowhere", f"folk.{id_}.at", report, ("places",))
    _check_circles(start_at, report)
    rules = tuple(parts.rule(index, item, report) for index, item in enumerate(file.rules))
    order = {id_: index for index, id_ in enumerate([*things, *folk])}
    model = Model(
        file=file,
        places=places,
        things=things,
        folk=folk,
        rules=rules,
        events=tuple(parts.event(id_, item, file, report) for id_, item in file.events.items()),
        goal=file.goal.text,
        steps=tuple(parts.step(index, item, report) for index, item in enumerate(file.goal.steps)),
        endings=tuple(parts.ending(id_, item, report) for id_, item in file.endings.items()),
        verbs={id_: parts.own_verb(id_, item) for id_, item in file.verbs.items()},
        hints=tuple(parts.hint(index, item, report) for index, item in enumerate(file.hints)),
        secrets=tuple(parts.secret(index, item, report) for index, item in enumerate(file.secrets)),
        knacks={id_: parts.knack(id_, item, report) for id_, item in file.improvise.items()},
        start_at=start_at,
        defaults=_defaults(file),
        contents_at_start=_contents(start_at),
        order=order,
        hidden_exits=frozenset(
            f"{id_}.{key}.hidden"
            for id_, item in file.places.items()
            for key, way in item.exits.items()
            if way.hidden
        ),
        rules_by_verb=_by_verb(rules),
        patterns_by_id=_by_id(rules),
    )
    _check_whole(file, report)
    if report.problems:
        raise WorldError(report.problems)
    return model


def _thing(id_: str, file: WorldFile, is_door: bool, report: Report) -> tuple[Thing, str]:
    item = file.things[id_]
    field = f"things.{id_}"
    preposition, at = _where(id_, file, is_door, report)
    if at == id_:
        report.add(f"{field}.at", "puts the thing into itself")
    for key in ("key", "lit_by"):
        other = getattr(item, key)
        if other is not None:
            report.need(f"{field}.{key}", other, "things")
    if item.locked is not None and item.open is None:
        report.add(f"{field}.locked", "is given, but the thing does not open", "add `open: false`")
    if item.key is not None and item.locked is None:
        report.add(f"{field}.key", "is given, but the thing does not lock", "add `locked: true`")
    name = parts.named(id_, item, field, report)
    return Thing(
        id_, name, item, parts.looks(item.look, f"{field}.look", report), preposition, is_door
    ), at


def _where(id_: str, file: WorldFile, is_door: bool, report: Report) -> tuple[str, str]:
    """How and where a thing is at the start."""
    item, field = file.things[id_], f"things.{id_}.at"
    if id_ in file.start.carry:
        return "in", "carried"
    if id_ in file.start.wear:
        return "in", "worn"
    words = item.at.split()
    if len(words) == 2 and words[0] in PREPOSITIONS:
        return words[0], _spot(words[1], field, report, ("places", "things", "folk"))
    if item.at:
        at = _spot(item.at, field, report, ("places", "things", "folk"))
        return _usual_preposition(at, file), at
    if not is_door:
        report.add(field, "is missing", "say where the thing is, or `nowhere`")
    return "in", "doorway"


def _usual_preposition(at: str, file: WorldFile) -> str:
    holder = file.things.get(at)
    return (holder.holds or "by") if holder is not None else "in"


def _spot(text: str, field: str, report: Report, kinds: tuple[str, ...]) -> str:
    words = text.split()
    if len(words) == 2 and words[0] in PREPOSITIONS:
        words = words[1:]
    if len(words) == 1 and words[0] in {"carried", "worn", "nowhere"}:
        return words[0]
    if len(words) != 1:
        report.add(
            field,
            f"'{text}' is not a place for it",
            "write a place's id, or `in chest`, `on table`",
        )
        return "nowhere"
    return report.need(field, words[0], *kinds) or "nowhere"


def _check_ids(file: WorldFile, report: Report) -> None:
    seen: dict[str, str] = {}
    for kind in ("places", "things", "folk"):
        group: Mapping[str, object] = getattr(file, kind)
        for id_ in group:
            if id_ in RESERVED_IDS:
                report.add(
                    f"{kind}.{id_}",
                    f"'{id_}' is a word of conditions and can't be an id",
                    "choose another id",
                )
            if id_ in seen:
                report.add(
                    f"{kind}.{id_}",
                    f"'{id_}' is an id under `{seen[id_]}` too",
                    "give one of them another id",
                )
            seen[id_] = kind


def _check_whole(file: WorldFile, report: Report) -> None:
    report.need("start.place", file.start.place, "places")
    for field, ids in (("start.carry", file.start.carry), ("start.wear", file.start.wear)):
        for id_ in ids:
            report.need(field, id_, "things")
    for verb in file.phrases:
        if verb not in report.ids.verbs and not parts.is_verb(verb):
            report.add(f"phrases.{verb}", f"there is no verb '{verb}'")


def _check_circles(start_at: Mapping[str, str], report: Report) -> None:
    for id_ in start_at:
        seen = {id_}
        at = start_at[id_]
        while at in start_at:
            if at in seen:
                report.add(
                    f"things.{id_}.at",
                    "is inside something that is inside it",
                    "put one of them elsewhere",
                )
                break
            seen.add(at)
            at = start_at[at]


def _defaults(file: WorldFile) -> dict[str, bool | int | str]:
    values: dict[str, bool | int | str] = {
        f"count.{counter}": number for counter, number in file.counters.items()
    }
    for id_, thing in file.things.items():
        powers = {power: getattr(thing, power) for power in ("open", "locked", "lit")}
        values |= {f"{id_}.{power}": value for power, value in powers.items() if value is not None}
        values[f"{id_}.hidden"] = thing.hidden
    for id_, person in file.folk.items():
        values |= {
            f"{id_}.hidden": person.hidden,
            f"{id_}.mood": person.mood,
            f"{id_}.follows": person.follows,
        }
    for id_, named in (*file.things.items(), *file.folk.items()):
        if named.states:
            values[f"{id_}.state"] = named.states[0]
    for id_, place in file.places.items():
        values |= {f"{id_}.{key}.hidden": True for key, way in place.exits.items() if way.hidden}
    values[f"{file.start.place}.visited"] = True
    return values


def _contents(start_at: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for id_, holder in start_at.items():
        found.setdefault(holder, []).append(id_)
    return {holder: tuple(ids) for holder, ids in found.items()}


def _pairs(rules: Iterable[Rule]) -> list[tuple[Pattern, Rule]]:
    return [(pattern, rule) for rule in rules for pattern in rule.patterns]


def _by_verb(rules: Iterable[Rule]) -> dict[str, tuple[tuple[Pattern, Rule], ...]]:
    found: dict[str, list[tuple[Pattern, Rule]]] = {}
    for pattern, rule in _pairs(rules):
        found.setdefault(pattern.verb, []).append((pattern, rule))
    return {verb: tuple(items) for verb, items in found.items()}


def _by_id(rules: Iterable[Rule]) -> dict[str, tuple[tuple[Pattern, Rule], ...]]:
    found: dict[str, list[tuple[Pattern, Rule]]] = {}
    for pattern, rule in _pairs(rules):
        first = pattern.args[0] if pattern.args and pattern.args[0] != "any" else ""
        found.setdefault(first, []).append((pattern, rule))
    return {id_: tuple(items) for id_, items in found.items()}
