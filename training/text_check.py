"""Checks the hand-written stock of words under training/text, because a slip there is learnt by heart.

Run it as `python training/text_check.py [folder]`: it prints what is wrong, file by file, and how
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
    name, role, pronoun, manner, description, facts: topic, now, said, hidden, reason.
players.yaml
    say, kind: what players type, and what they mean by it.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

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
PRONOUNS = frozenset({"he", "she", "they", "it"})
TONES = frozenset({"grim", "wry", "gentle", "eerie", "brisk", "warm"})
TAGS = frozenset({"outdoors", "indoors", "dark", "night", "day", "rain"}) | {
    f"tone={t}" for t in TONES
}
MANNERS = frozenset(
    ["formal", "clipped", "chatty", "shy", "machine", "poet", "villain", "gruff", "warm", "wry"]
)
LEAST_IN_BANK = {
    "places": 10, "things": 16, "folk": 5, "ways": 10, "doors": 5, "happenings": 6, "sounds": 4, "smells": 4,
    "times": 5, "weather": 4, "goals": 3, "premises": 3, "results": 6, "not_here": 6, "tones": 4, "lore": 3,
}  # fmt: skip
LEAST_LINES = {"colour/general.txt": 15, "colour": 3, "companions": 3}
LEAST_PEOPLE, LEAST_INPUTS = 1, 10
FRAME_SLOTS = {
    "greeting": {"user"},
    "told": {"said", "topic", "Topic", "user"},
    "withheld": {"topic", "Topic", "user"},
    "deflect": {"topic", "Topic", "user"},
    "smalltalk": {"user"},
    "things_to_say": {"topic", "person"},
}
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
WORN = (
    "a sense of", "seems to", "seem to", "shiver", "spine-", "heart pound", "blood run", "little did", "suddenly",
    "time stands still", "deafening silence", "calm before", "palpable", "tapestry", "testament to",
)  # fmt: skip
SLOT = re.compile(r"\{(\w+)\}")
WORD = re.compile(r"[\w’']+")
SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "but",
        "of",
        "in",
        "on",
        "at",
        "to",
        "from",
        "with",
        "as",
        "is",
        "are",
        "was",
        "were",
        "it",
        "its",
        "that",
        "this",
        "by",
        "for",
        "you",
        "your",
        "not",
        "no",
        "nothing",
        "there",
        "has",
        "have",
        "had",
        "be",
        "been",
        "which",
        "who",
        "what",
        "they",
        "their",
        "he",
        "his",
        "she",
        "her",
        "out",
        "up",
        "down",
        "off",
        "over",
        "into",
        "one",
        "i",
        "my",
        "me",
        "him",
        "them",
        "will",
        "would",
        "so",
        "then",
        "than",
        "if",
    ]
)


def words_of(text: str) -> frozenset[str]:
    """The telling words of a sentence, by which two sentences are compared."""
    return frozenset(w.lower() for w in WORD.findall(text)) - SMALL


def style_problems(text: str) -> Iterator[str]:
    """What no text here may hold: shouting, worn phrases, dashes of the wrong kind, stray spaces."""
    if "!" in text:
        yield "has an exclamation mark"
    low = text.lower()
    yield from (f"has the worn phrase “{worn}”" for worn in WORN if worn in low)
    if "  " in text or text != text.strip():
        yield "has stray spaces"
    if "TODO" in text or "—" in text or '"' in text.replace('"', "", 2) or "|" in text:
        yield "has a mark that does not belong here"


def clause_problems(text: str, names: Iterable[str] = ()) -> Iterator[str]:
    """What is wrong with a clause that is set into a sentence of somebody else's."""
    yield from style_problems(text)
    if not text or text[-1] in ".?;,":
        yield "ends in a stop"
    first = text.split(" ", 1)[0]
    if first[:1].isupper() and not any(first in name for name in names):
        yield "starts with a capital"
    if SLOT.search(text):
        yield "has a slot"


def slot_problems(text: str, allowed: set[str]) -> Iterator[str]:
    """Slots that nothing will fill, and braces that are none."""
    yield from (f"has the unknown slot {{{s}}}" for s in SLOT.findall(text) if s not in allowed)
    if re.sub(SLOT, "", text).count("{"):
        yield "has a loose brace"


def takeable(bank: dict[str, Any]) -> list[str]:
    """The names of what can be carried away, which no look and no colour may promise."""
    return [t["name"] for t in bank["things"] if "portable" in t["traits"]]


def names_one(text: str, things: Iterable[str]) -> str:
    """The first of `things` that the text names, or nothing."""
    low = f" {text.lower()} "
    return next((t for t in things if re.search(rf"\b{re.escape(t.lower())}\b", low)), "")


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
    names += [w for p in bank["folk"] for w in p["name"].split()] + bank.get("proper", [])
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


def parse_line(line: str) -> tuple[frozenset[str], str]:
    """A line's tags and its text."""
    match = re.match(r"\[([^\]]*)\] *(.*)", line)
    if not match:
        return frozenset(), line
    return frozenset(tag.strip() for tag in match[1].split(",")), match[2]


def twin_problems(texts: Iterable[tuple[str, str]], alike: float) -> Iterator[str]:
    """Pairs that differ by a word or two: found by the words that they share."""
    earlier: list[tuple[frozenset[str], str]] = []
    by_word: dict[str, list[int]] = {}
    for where, text in texts:
        words = words_of(text)
        near: Counter[int] = Counter(i for w in words for i in by_word.get(w, ()))
        for i, shared in near.items():
            if shared >= alike * len(words | earlier[i][0]) and len(words) > 2:
                yield f"{where}: “{text}” is too like “{earlier[i][1]}”"
        for word in words:
            by_word.setdefault(word, []).append(len(earlier))
        earlier.append((words, text))


def colour_problems(line: str, things: Iterable[str]) -> Iterator[str]:
    """All that is wrong with one line of colour."""
    tags, text = parse_line(line)
    yield from (f"has the unknown tag {tag}" for tag in tags - TAGS)
    yield from style_problems(text)
    yield from slot_problems(text, {"place"})
    if not 6 <= len(text.split()) <= 22:
        yield f"has {len(text.split())} words"
    if text[-1:] not in ".?" or not (text[:1].isupper() or text.startswith("{place}")):
        yield "is not a sentence"
    if found := names_one(text, things):
        yield f"names {found}, which can be taken"


def frame_problems(kind: str, line: str) -> Iterator[str]:
    """All that is wrong with one companion's frame."""
    tags, text = parse_line(line)
    yield from (f"has the unknown manner {tag}" for tag in tags - MANNERS)
    yield from style_problems(text)
    yield from slot_problems(text, FRAME_SLOTS[kind])
    if text.count("*") % 2 or text.count("“") != text.count("”"):
        yield "does not close what it opens"
    if kind == "told" and "{said}" not in text:
        yield "does not tell"
    if kind != "things_to_say" and "“" not in text and kind != "withheld":
        yield "says nothing"


def person_problems(person: dict[str, Any]) -> Iterator[str]:
    """All that is wrong with one companion."""
    if person["pronoun"] not in PRONOUNS or person["manner"] not in MANNERS:
        yield "has a wrong pronoun or manner"
    if not 8 <= len(person["facts"]) <= 12:
        yield f"has {len(person['facts'])} facts"
    yield from style_problems(person["description"])
    for fact in person["facts"]:
        yield from (f"“{fact['now']}” {p}" for p in style_problems(fact["now"] + fact["said"]))
        if fact["now"][-1] in ".?" or fact["said"][-1] not in ".?":
            yield f"“{fact['now']}”: the stop is in the wrong one"
        told, said = words_of(fact["now"]), words_of(fact["said"])
        if len(told & said) * 2 < len(told):
            yield f"“{fact['said']}” does not say “{fact['now']}”"
        if fact["hidden"] != bool(fact.get("reason")):
            yield f"“{fact['now']}”: a reason belongs to what is hidden"


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
    return problems, things


def check_lines(folder: Path, things: dict[str, list[str]]) -> list[str]:
    """The problems of the colour and of the companions' frames."""
    problems: list[str] = []
    everything: list[tuple[str, str]] = []
    for path in sorted((folder / "colour").glob("*.txt")):
        lines = lines_of(path)
        least = LEAST_LINES.get(f"colour/{path.name}", LEAST_LINES["colour"])
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
        if len(lines) < LEAST_LINES["companions"]:
            problems.append(f"{path.name}: {len(lines)} of {LEAST_LINES['companions']} lines")
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
    for path in sorted(folder.glob("*/*.txt")):
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
