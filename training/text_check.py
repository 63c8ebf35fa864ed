"""Checks the hand-written stock of words under training/text, because a slip there is learnt by heart.

Run it as `python -m training.text_check [folder]`: it prints what is wrong, file by file, and how
much there is. It needs nothing but PyYAML and takes a second or two.

The shapes:

banks/<setting>.yaml
    places (name with its article, outdoors, dark, looks), things (name without article, traits,
    details, text where readable), folk (name, pronoun, look, trade, topics: topic, answer,
    withheld), results (verb, thing, target, text), goals (goal in the infinitive, steps), and
    plain lists. Clauses start in lower case, unless with a name, and have no final stop. Sounds
    and smells are noun phrases; premises have the slots {place}, {person}, {thing} and {goal}.
colour/<setting>.txt and the general files
    one sentence a line, with tags in brackets before it and {place} in it.
companions/*.txt
    one frame a line: *action* and “speech”, perhaps a manner in brackets before it.
companions/people.yaml
    name, role, pronoun, manner, description, facts: topic, now, said, hidden, reason; and, where
    the topic is the speaker's own ("her sister"), mine and yours, for the two who speak of it.
players.yaml
    say, kind: what players type, and what they mean by it.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from training.text_rules import (
    PRONOUNS,
    clause_problems,
    colour_problems,
    frame_problems,
    names_one,
    parse_line,
    person_problems,
    slot_problems,
    style_problems,
    twin_problems,
)

TRAITS = frozenset(
    [
        "portable",
        "fixed",
        "container",
        "openable",
        "lockable",
        "door",
        "light",
        "edible",
        "drinkable",
        "wearable",
        "readable",
        "key",
        "plural",
    ]
)
BANKS = 10
LEAST_IN_BANK = {
    "places": 25, "things": 50, "folk": 20, "ways": 15, "doors": 10, "happenings": 30, "sounds": 10, "smells": 10,
    "times": 10, "weather": 10, "goals": 15, "premises": 20, "results": 40, "not_here": 15, "tones": 6, "lore": 20,
}  # fmt: skip
LEAST_LINES = {
    "general": 300,
    "after_success": 100,
    "after_refusal": 100,
    "after_speech": 100,
    "endings": 100,
}
LEAST_LINES_ELSEWHERE = 150
LEAST_PEOPLE, LEAST_INPUTS = 60, 400
BANK_SLOTS = {"place", "person", "thing", "goal"}
KINDS = frozenset(
    [
        "look",
        "examine",
        "search",
        "take",
        "drop",
        "put",
        "open",
        "close",
        "unlock",
        "lock",
        "light",
        "douse",
        "wear",
        "take_off",
        "eat",
        "drink",
        "read",
        "break",
        "use",
        "handle",
        "give",
        "show",
        "greet",
        "ask",
        "tell",
        "persuade",
        "wait",
        "listen",
        "smell",
        "go",
        "question",
        "impossible",
        "not_of_world",
        "trivial",
        "cruel",
        "compound",
        "choice",
        "unclear",
    ]
)


def takeable(bank: dict[str, Any]) -> list[str]:
    """The names of what can be carried away, which no look and no colour may promise."""
    return [t["name"] for t in bank["things"] if "portable" in t["traits"]]


def bank_clauses(bank: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every clause of a bank, with where it stands."""
    for place in bank["places"]:
        yield from ((f"places: {place['name']}", look) for look in place["looks"])
    for thing in bank["things"]:
        yield from ((f"things: {thing['name']}", detail) for detail in thing["details"])
    for person in bank["folk"]:
        yield f"folk: {person['name']}", person["look"]
        yield from ((f"folk: {person['name']}", topic["answer"]) for topic in person["topics"])
    for goal in bank["goals"]:
        yield "goals", goal["goal"]
        yield from ((f"goals: {goal['goal']}", step) for step in goal["steps"])
    yield from ((f"results: {r['verb']} {r['thing']}", r["text"]) for r in bank["results"])
    for part in ("happenings", "sounds", "smells", "times", "weather", "ways", "doors", "tones"):
        yield from ((part, clause) for clause in bank[part])


def shape_problems(bank: dict[str, Any]) -> Iterator[str]:
    """Whether a bank's entries have their parts, and each name once."""
    for part in ("places", "things", "folk"):
        twice = [n for n, count in Counter(e["name"] for e in bank[part]).items() if count > 1]
        yield from (f"{part}: {name} is there twice" for name in twice)
    for place in bank["places"]:
        if len(place["looks"]) < 3:
            yield f"places: {place['name']} has fewer than three looks"
    for thing in bank["things"]:
        name, traits = thing["name"], set(thing["traits"])
        if traits - TRAITS or not traits & {"portable", "fixed"}:
            yield f"things: {name} has wrong traits: {sorted(traits)}"
        if "readable" in traits and not thing.get("text"):
            yield f"things: {name} is readable and says nothing"
        if any(
            (d.split()[0] == "they") != ("plural" in traits)
            for d in thing["details"]
            if d.split()[0] in {"it", "they"}
        ):
            yield f"things: {name} is one thing here and several there"
        if not 2 <= len(thing["details"]) <= 3:
            yield f"things: {name} has {len(thing['details'])} details"
    for person in bank["folk"]:
        if person["pronoun"] not in PRONOUNS or len(person["topics"]) < 4:
            yield f"folk: {person['name']} has a wrong pronoun or fewer than four topics"
        if not any(t["withheld"] for t in person["topics"]):
            yield f"folk: {person['name']} withholds nothing"
    for goal in bank["goals"]:
        if not 3 <= len(goal["steps"]) <= 5:
            yield f"goals: {goal['goal']} has {len(goal['steps'])} steps"


def bank_problems(bank: dict[str, Any]) -> Iterator[str]:
    """All that is wrong with one setting's bank."""
    for part, least in LEAST_IN_BANK.items():
        if len(bank[part]) < least:
            yield f"{part}: {len(bank[part])} of {least}"
    yield from shape_problems(bank)
    names = [e["name"] for part in ("places", "folk") for e in bank[part]]
    names += [w for p in bank["folk"] for w in p["name"].split()]
    seen: Counter[str] = Counter()
    for where, clause in bank_clauses(bank):
        yield from (f"{where}: “{clause}” {p}" for p in clause_problems(clause, names))
        seen[clause] += 1
    yield from (f"“{clause}” is there {count} times" for clause, count in seen.items() if count > 1)
    things = takeable(bank)
    for place in bank["places"]:
        for look in place["looks"]:
            if found := names_one(look, things):
                yield f"places: {place['name']}: “{look}” names {found}, which can be taken"
    for sentence in (*bank["premises"], *bank["lore"]):
        yield from (f"“{sentence}” {p}" for p in style_problems(sentence))
        yield from (f"“{sentence}” {p}" for p in slot_problems(sentence, BANK_SLOTS))
        if (not sentence[0].isupper() and not sentence.startswith("{")) or sentence[-1] != ".":
            yield f"“{sentence}” is not a sentence"


def lines_of(path: Path) -> list[str]:
    """The lines of a list, less the empty ones."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def check_banks(folder: Path) -> tuple[list[str], dict[str, list[str]]]:
    """The banks' problems, and for each setting what can be taken there."""
    problems: list[str] = []
    things: dict[str, list[str]] = {}
    for path in sorted((folder / "banks").glob("*.yaml")):
        bank = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        problems += [f"{path.name}: {p}" for p in bank_problems(bank)]
        things[path.stem] = takeable(bank)
    if len(things) < BANKS:
        problems.append(f"{len(things)} banks of {BANKS}")
    return problems, things


def check_lines(folder: Path, things: dict[str, list[str]]) -> list[str]:
    """The problems of the colour and of the companions' frames."""
    problems: list[str] = []
    everything: list[tuple[str, str]] = []
    for path in sorted((folder / "colour").glob("*.txt")):
        lines = lines_of(path)
        least = LEAST_LINES.get(path.stem, LEAST_LINES_ELSEWHERE)
        if len(lines) < least:
            problems.append(f"{path.name}: {len(lines)} of {least} lines")
        for line in lines:
            problems += [
                f"{path.name}: “{line}” {p}"
                for p in colour_problems(line, things.get(path.stem, ()))
            ]
            everything.append((path.name, parse_line(line)[1]))
    problems += twin_problems(everything, 0.6)
    for path in sorted((folder / "companions").glob("*.txt")):
        lines = lines_of(path)
        if len(lines) < LEAST_LINES_ELSEWHERE:
            problems.append(f"{path.name}: {len(lines)} of {LEAST_LINES_ELSEWHERE} lines")
        for line in lines:
            problems += [f"{path.name}: “{line}” {p}" for p in frame_problems(path.stem, line)]
        problems += twin_problems(((path.name, parse_line(line)[1]) for line in lines), 0.8)
    return problems


def check_data(folder: Path) -> list[str]:
    """The problems of the companions themselves and of what players type."""
    problems: list[str] = []
    people = yaml.load(
        (folder / "companions/people.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader
    )
    for person in people:
        problems += [f"people.yaml: {person['name']} {p}" for p in person_problems(person)]
    twice = [n for n, count in Counter(p["name"] for p in people).items() if count > 1]
    problems += [f"people.yaml: {name} is there twice" for name in twice]
    inputs = yaml.load((folder / "players.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    for entry in inputs:
        if entry["kind"] not in KINDS:
            problems.append(f"players.yaml: “{entry['say']}” has the unknown kind {entry['kind']}")
        problems += [
            f"players.yaml: “{entry['say']}” {p}"
            for p in slot_problems(entry["say"], {"thing", "thing2", "person", "place", "topic"})
        ]
    twice = [s for s, count in Counter(e["say"] for e in inputs).items() if count > 1]
    problems += [f"players.yaml: “{say}” is there twice" for say in twice]
    if len(people) < LEAST_PEOPLE or len(inputs) < LEAST_INPUTS:
        problems.append(
            f"{len(people)} people of {LEAST_PEOPLE}, {len(inputs)} inputs of {LEAST_INPUTS}"
        )
    return problems


def check(folder: Path) -> list[str]:
    """Every problem of the stock in `folder`, one line each; an empty list is what is wanted."""
    problems, things = check_banks(folder)
    return problems + check_lines(folder, things) + check_data(folder)


def count(folder: Path) -> dict[str, int]:
    """How much there is: entries of each part over all banks, and lines of each list."""
    totals: Counter[str] = Counter()
    for path in (folder / "banks").glob("*.yaml"):
        bank = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        totals.update({f"banks: {part}": len(entries) for part, entries in bank.items()})
    for path in sorted(
        [*(folder / "colour").glob("*.txt"), *(folder / "companions").glob("*.txt")]
    ):
        totals[f"{path.parent.name}: {path.stem}"] = len(lines_of(path))
    return dict(totals)


def main() -> int:
    """Prints the counts, then the problems; 1 if there are any."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "text"
    for name, number in count(folder).items():
        print(f"{number:6d}  {name}")
    problems = check(folder)
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
