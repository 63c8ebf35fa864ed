"""Frames of the telling grammar: how they are read, filled in and checked.

Run it to check every frame under `training/text/frames`, or with `--read 20` to
read that many of them aloud to yourself, filled with plain names.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FRAMES = Path(__file__).parent / "text" / "frames"

NAMES = frozenset(
    [
        "place",
        "thing",
        "things",
        "target",
        "holder",
        "key",
        "person",
        "topic",
        "noun",
        "near1",
        "near2",
        "need",
        "by",
        "from",
    ]
)
"""Slots for a name with its article; these have helpers (`{thing.is}`)."""

PHRASES = frozenset(["way", "where", "verb", "what", "state", "title", "sound", "smell"])
"""Slots for a few words that go in as they are, without helpers."""

CLAUSES = frozenset(["detail", "result", "text", "answer", "words"])
"""Slots for a clause that goes in as it is, once."""

HELPERS = frozenset(
    ["is", "was", "has", "does", "s", "es", "it", "them", "its", "itself", "this", "bare"]
)

_KINDS = """
    arrive place way; look place; examine thing detail; search thing; find thing where;
    nothing_found where; take thing; take_from thing holder; drop thing; put_in thing target;
    put_on thing target; open thing; reveal things holder; close thing; unlock thing key;
    lock thing key; light thing; douse thing; wear thing; take_off thing; eat thing;
    drink thing; read thing text; break thing; use_on thing target result;
    handle verb thing result; give thing person; receive thing person; show thing person;
    greet person; ask person topic answer; withheld person topic; tell person words;
    persuade person result; refuse_person person what; wait; listen sound; smell_air smell;
    result text; comes person from; leaves person way; happening text; darkness place;
    goal_step text; ending title text; absent noun near1 near2; locked thing; shut thing;
    too_dark place; fixed thing; already thing state; not_held thing; not_open thing;
    no_way way; needs thing need; unwilling person what; cruel person;
    impossible what near1 near2; not_of_world what near1 near2; blocked what by;
    carried_enough thing; trivial what; _join a b
"""

SLOTS: Mapping[str, tuple[str, ...]] = {
    kind: tuple(slots) for kind, *slots in (part.split() for part in _KINDS.split(";"))
}
"""The slots of every kind, each of which a frame of that kind uses."""

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

TAGS = frozenset(
    [
        "outdoors",
        "indoors",
        "dark",
        "night",
        "day",
        "plural",
        "singular",
        "first",
        "later",
        "one",
        "none",
        "lone",
        "unseen",
        "refused",
        "plain",
    ]
)
TONES = frozenset(["grim", "wry", "gentle", "eerie", "brisk", "warm"])
SETTINGS = frozenset(
    ["space", "sea", "desert", "forest", "city", "house", "mountain", "underground"]
)

LEFT_OUT: Mapping[str, tuple[str, ...]] = {
    "one": ("near2",),
    "none": ("near1", "near2"),
    "lone": ("thing",),
    "unseen": ("from", "way"),
}
"""Tags of frames for facts that have some slots empty."""

BANNED = re.compile(
    r"""almost|nearly|\btr(?:y|ies|ied)\sto\b|\ba\ssense\sof\b|\bseems?\b|shivers?\sdown|spine
    |suddenly|testament|tapestry|dance\sof|can(?:not|’t)\shelp\sbut|heart\sskips|bated
    |deafening|time\sstands\sstill|symphony|whispers?\sof|sends\sa|[!;,:]{2}|!|'|"|\.\.\.|\s-\s""",
    re.IGNORECASE | re.VERBOSE,
)
DENIAL = re.compile(
    r"""\b(?:cannot|can’t|will\snot|won’t|refus\w+|fails?|in\svain|does\snot|do\snot|doesn’t|don’t
    |do\{\w+\.es\}\snot|is\snot|are\snot|isn’t|aren’t|\w+\.is\}\snot|impossible|attempts?)\b""",
    re.VERBOSE,
)
NEGATIVE = re.compile(
    r"""\b(?:no|not|nor|none|nothing|never|nobody|nowhere|neither|cannot|without|only|already
    |locked|shut|fixed|refus\w*|declin\w*|unwilling|unspoken|silen\w*|empty|dark|darkness|needs?
    |stays?|keeps?|full|closed|block\w*|bar\w*|stop\w*|stuck|spare\w*|away|aside|instead
    |unclench|beyond|hold\w*)\b|n’t""",
    re.IGNORECASE | re.VERBOSE,
)

WRONG_ENDING = re.compile(r"(?:[cs]h|ss|x|zz|\bgo|\bdo|[^aeou\W]y|\b\w+s)\{\w+\.s\}")

SLOT = re.compile(r"\{([A-Za-z]\w*?)(?:\.([a-z]+))?\}")
LINE = re.compile(r"(?:\[([^\]]+)\] )?(.+)")


@dataclass(frozen=True, slots=True)
class Frame:
    """One way of telling one kind of fact."""

    kind: str
    text: str
    tags: frozenset[str] = frozenset()

    @property
    def slots(self) -> tuple[str, ...]:
        """The names of the slots in the text, in order, in lower case."""
        return tuple(match[1].lower() for match in SLOT.finditer(self.text))


@dataclass(frozen=True, slots=True)
class Name:
    """A name with its article, and how it is spoken of."""

    text: str
    kind: str = "it"
    """`it`, `they`, `he` or `she`."""

    def form(self, helper: str) -> str:
        """The word that a helper stands for: `is` gives `is` or `are`."""
        they = self.kind == "they"
        forms = {
            "": self.text,
            "bare": re.sub(r"^(?:the|an?|some|any) ", "", self.text, flags=re.IGNORECASE),
            "is": "are" if they else "is",
            "was": "were" if they else "was",
            "has": "have" if they else "has",
            "does": "do" if they else "does",
            "s": "" if they else "s",
            "es": "" if they else "es",
            "this": "these" if they else "this",
            "it": self.kind,
            "them": {"they": "them", "he": "him", "she": "her"}.get(self.kind, "it"),
            "its": {"they": "their", "he": "his", "she": "her"}.get(self.kind, "its"),
        }
        itself = {"they": "themselves", "he": "himself", "she": "herself"}
        forms["itself"] = itself.get(self.kind, "itself")
        return forms[helper]


def read_line(kind: str, line: str) -> Frame:
    """The frame that a line of `<kind>.txt` holds."""
    match = LINE.fullmatch(line)
    if match is None:
        raise ValueError(f"not a frame: {line!r}")
    tags = frozenset(tag.strip() for tag in (match[1] or "").split(",")) - {""}
    return Frame(kind, match[2], tags)


def read_frames(folder: Path = FRAMES) -> dict[str, tuple[Frame, ...]]:
    """Every frame of a folder, by kind."""
    return {
        path.stem: tuple(
            read_line(path.stem, line)
            for line in path.read_text("utf-8").splitlines()
            if line.strip() and not line.startswith("#")
        )
        for path in sorted(folder.glob("*.txt"))
    }


def fill(frame: Frame, values: Mapping[str, Name]) -> str:
    """The frame's text with its slots filled; a mark after a clause with its own is dropped."""

    def word(match: re.Match[str]) -> str:
        slot, helper = match[1], match[2] or ""
        text = values[slot.lower()].form(helper)
        return text[:1].upper() + text[1:] if slot[0].isupper() else text

    text = SLOT.sub(word, frame.text)
    text = re.sub(r"([?…])[.,;](?=[”\s]|$)", r"\1", text)
    return text[:1].upper() + text[1:]


def faults(frame: Frame) -> list[str]:
    """What is wrong with a frame, in words."""
    if frame.kind not in SLOTS:
        return ["no fact is of this kind"]
    return [*_slot_faults(frame), *_tag_faults(frame), *_word_faults(frame)]


def _slot_faults(frame: Frame) -> list[str]:
    found: list[str] = []
    left_out = {slot for tag in frame.tags for slot in LEFT_OUT.get(tag, ())}
    wanted = [slot for slot in SLOTS[frame.kind] if slot not in left_out]
    named = Counter[str]()
    for slot, helper in SLOT.findall(frame.text):
        name = slot.lower()
        if name not in wanted:
            found.append(f"has no slot {{{name}}}")
        elif helper and name not in NAMES and not (frame.kind == "blocked" and name == "what"):
            found.append(f"{{{name}}} has no helpers")
        elif helper and helper not in HELPERS:
            found.append(f"no helper is called {helper}")
        named[name] += helper in ("", "bare")
    for slot in wanted:
        if not named[slot]:
            found.append(f"does not name {{{slot}}}")
        elif named[slot] > 1 and slot in CLAUSES:
            found.append(f"uses {{{slot}}} more than once")
    if frame.text.count("{") != len(SLOT.findall(frame.text)):
        found.append("has a brace astray")
    return found


def _tag_faults(frame: Frame) -> list[str]:
    found: list[str] = []
    for tag in frame.tags:
        group, _, value = tag.partition("=")
        known = {"tone": TONES, "setting": SETTINGS}.get(group, frozenset()) if value else TAGS
        if (value or tag) not in known:
            found.append(f"no tag is called {tag}")
    return found


def _word_faults(frame: Frame) -> list[str]:
    found: list[str] = []
    text = frame.text
    if match := BANNED.search(text):
        found.append(f"says {match[0]!r}")
    if frame.kind == "_join":
        return found
    if text.count("“") != text.count("”"):
        found.append("has a quotation mark astray")
    if not re.search(r"[.?]”?$", text) or text != " ".join(text.split()):
        found.append("does not end in a full stop, or has a blank too many")
    if not re.match(r"[“]?(?:[A-Z]|\{[A-Z])", text):
        found.append("does not begin with a capital")
    if not 6 <= _length(frame) <= 40:
        found.append(f"is {_length(frame)} words long")
    if match := WRONG_ENDING.search(text):
        found.append(f"ends a verb wrongly: {match[0]!r}")
    found.extend(_sense_faults(frame))
    return found


def _sense_faults(frame: Frame) -> list[str]:
    if frame.kind in REFUSALS:
        return [] if NEGATIVE.search(frame.text) else ["refuses, and does not say so"]
    if frame.kind in ("darkness", "trivial", "comes", "leaves", "arrive"):
        return []
    match = DENIAL.search(frame.text)
    return [f"says {match[0]!r} of what succeeds"] if match else []


def _length(frame: Frame) -> int:
    """About how many words a reader reads."""
    words = SLOT.sub("", frame.text)
    count = len(re.findall(r"[\w’]+", words))
    for slot, helper in SLOT.findall(frame.text):
        long = slot.lower() in CLAUSES or slot.lower() in ("what", "sound", "smell")
        count += 1 if helper and helper != "bare" else 6 if long else 2
    return count


def check(frames: Mapping[str, Sequence[Frame]]) -> list[str]:
    """Every fault of a stock of frames, a line each."""
    found = [f"{kind}: no frames" for kind in SLOTS if not frames.get(kind)]
    for kind, stock in frames.items():
        seen: set[str] = set()
        for frame in stock:
            found.extend(f"{kind}: {fault}: {frame.text}" for fault in faults(frame))
            bare = re.sub(r"\W+", " ", frame.text).casefold().strip()
            plain = frame.text if kind == "_join" else bare
            if plain in seen:
                found.append(f"{kind}: is there twice: {frame.text}")
            seen.add(plain)
    return found


SAMPLES: Mapping[str, tuple[Name, ...]] = {
    "place": (Name("the lamp room"), Name("the salt stairs", "they"), Name("Deck Four")),
    "thing": (Name("the brass key"), Name("the oars", "they"), Name("some bread")),
    "things": (Name("the rope and the lantern", "they"), Name("a folded note")),
    "target": (Name("the old chest"), Name("the shelves", "they")),
    "holder": (Name("the old chest"), Name("the shelves", "they")),
    "key": (Name("the iron key"), Name("the picks", "they")),
    "person": (Name("Marta", "she"), Name("the ferryman", "he"), Name("the twins", "they")),
    "topic": (Name("the lock"), Name("her brother", "he"), Name("the tides", "they")),
    "noun": (Name("a telephone"), Name("trousers", "they"), Name("any bread")),
    "near1": (Name("the ladder"), Name("the oars", "they")),
    "near2": (Name("Marta", "she"), Name("the steps", "they")),
    "need": (Name("a rope"), Name("something to cut with")),
    "by": (Name("the dog"), Name("the fallen stones", "they")),
    "from": (Name("the quay"), Name("the stairs", "they")),
    "way": (Name("north"), Name("along the causeway"), Name("on")),
    "where": (Name("in the desk"), Name("under the loose board")),
    "verb": (Name("push"), Name("knock on"), Name("climb")),
    "state": (Name("open"), Name("lit")),
    "title": (Name("The Lamp Relit"),),
    "sound": (Name("a slow drip of water"), Name("nothing but the wind")),
    "smell": (Name("salt and old rope"),),
    "detail": (Name("it is stamped with a heron"),),
    "result": (Name("something gives way below"),),
    "text": (Name("the bell rings twice"),),
    "answer": (Name("her brother oiled the lock"),),
    "words": (Name("the bridge is down"), Name("where is the ferry?")),
    "what": (Name("climb the chimney"), Name("whistle a tune")),
    "a": (Name("You take the key"),),
    "b": (Name("you open the door"),),
}
"""Names to read frames aloud with."""

INFINITIVES = ("refuse_person", "unwilling")


def sample(frame: Frame, random_names: random.Random) -> str:
    """The frame filled in with names of the right sort."""
    values = {slot: random_names.choice(names) for slot, names in SAMPLES.items()}
    if "plural" in frame.tags:
        values["thing"] = SAMPLES["thing"][1]
    if frame.kind in INFINITIVES:
        values["what"] = Name("to give up the key")
    if frame.kind == "blocked":
        values["what"] = Name("the way north")
    if "lone" in frame.tags:
        values["verb"] = Name("stamp")
    return fill(frame, values)


def main(arguments: Sequence[str] | None = None) -> int:
    """Check every frame; say what is wrong, and how many of each kind there are."""
    parser = argparse.ArgumentParser(description="Check the frames of the telling grammar.")
    parser.add_argument("--read", type=int, default=0, help="so many frames, filled in")
    parser.add_argument("--kind", default="", help="read only this kind")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    frames = read_frames()
    chance = random.Random(options.seed)
    stock = [one for kind in frames if options.kind in ("", kind) for one in frames[kind]]
    for frame in chance.sample(stock, min(options.read, len(stock))):
        print(f"{frame.kind}: {sample(frame, chance)}")
    found = check(frames)
    print("\n".join(found), end="\n" if found else "")
    if not options.read:
        print("  ".join(f"{kind} {len(stock)}" for kind, stock in frames.items()))
    print(f"{sum(map(len, frames.values()))} frames of {len(frames)} kinds, {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
