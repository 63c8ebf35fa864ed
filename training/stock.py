"""What the generator draws from: banks of each setting, frames, colour and loose words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import yaml

from training.words import Name, fill, invented_noun, invented_person, invented_place, raised

TEXT = Path(__file__).parent / "text"
_TAGS = re.compile(r"^\[([^\]]*)\]\s*")
_NATURAL = frozenset(
    {"detail", "answer", "result", "text", "happening", "look", "goal_step", "ending"}
)
_PART = re.compile(r"\{(\w+)\}")
_NUMBERS = ["two", "three", "four", "five", "six", "seven", "nine", "twelve"]


@dataclass(frozen=True, slots=True)
class Frame:
    """A sentence with slots, the tags that must hold for it, and its place in the stock."""

    text: str
    tags: frozenset[str]
    tone: str = ""


def read_frames(path: Path) -> list[Frame]:
    """The frames of a file, one a line, comments and blank lines left out."""
    found = []
    if not path.exists():
        return found
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        match = _TAGS.match(line)
        tags = {tag.strip() for tag in match.group(1).split(",")} if match else set()
        tone = next((tag[5:] for tag in tags if tag.startswith("tone=")), "")
        rest = frozenset(tag for tag in tags if not tag.startswith("tone="))
        found.append(Frame(line[match.end() :].strip() if match else line.strip(), rest, tone))
    return found


def read_deeds(path: Path) -> list[tuple[str, str, str]]:
    """The deeds of a file, one a line in three parts."""
    lines = path.read_text(encoding="utf-8").splitlines()
    parts = [line.split(" | ") for line in lines if line.strip() and not line.startswith("#")]
    return [(one, other, rest) for one, other, rest in parts]


@dataclass
class Stock:
    """Everything read once; read again to take in what has been written since."""

    frames: dict[str, list[Frame]]
    colour: dict[str, list[Frame]]
    companions: dict[str, list[Frame]]
    banks: dict[str, dict]
    people: list[dict]
    deeds: list[tuple[str, str, str]]
    """What companions did: first person, third person, and the rest of the clause."""
    words: dict[str, list[str]]
    clauses: dict[str, list[str]]
    sentences: list[str]
    known_nouns: frozenset[str]
    known_words: frozenset[str]
    core: int = 0
    """How many frames of a kind are preferred; 0 for all alike."""

    @classmethod
    def read(cls, folder: Path = TEXT, core: int = 0) -> Stock:
        """All the text files as they are now."""
        words = yaml.safe_load((folder / "words.yaml").read_text(encoding="utf-8"))
        split = {
            key: [part.strip() for part in (text.split("|") if "|" in text else text.split())]
            for key, text in words.items()
            if key not in {"clause_verbs", "tasks"}
        }
        split["verbs"] = [part.replace("|", " ") for part in words["clause_verbs"].split()]
        people = yaml.safe_load((folder / "companions/people.yaml").read_text(encoding="utf-8"))
        return cls(
            frames={path.stem: read_frames(path) for path in (folder / "frames").glob("*.txt")},
            colour={path.stem: read_frames(path) for path in (folder / "colour").glob("*.txt")},
            companions={
                path.stem: read_frames(path)
                for path in (folder / "companions").glob("*.txt")
                if path.stem != "deeds"
            },
            banks={
                path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
                for path in sorted((folder / "banks").glob("*.yaml"))
            },
            people=people,
            deeds=read_deeds(folder / "companions/deeds.txt"),
            sentences=clauses_of(folder / "colour"),
            known_nouns=frozenset(split["nouns"]),
            known_words=frozenset([*split["nouns"], *split["adjectives"]]),
            core=core,
            words=split,
            clauses=yaml.safe_load((folder / "clauses.yaml").read_text(encoding="utf-8")),
        )

    @property
    def bare_endings(self) -> list[Frame]:
        """Frames for an ending of which `Now` gives the title alone."""
        return [Frame(text, frozenset()) for text in self.clauses["ending_bare"]]

    def noun(self, random: Random) -> str:
        """A noun, now and then one that nobody knows."""
        if random.random() < 0.12:
            return invented_noun(random)
        return random.choice(self.words["nouns"])

    def clause(self, kind: str, random: Random) -> str:
        """A made clause of one kind, of words that the listener cannot guess."""
        if kind in _NATURAL and self.sentences and random.random() < 0.5:
            return self._natural(random)
        return self.spoken(random.choice(self.clauses[kind]), random)

    def _natural(self, random: Random) -> str:
        """A sentence that somebody wrote, as a clause, some of its words others."""
        words = random.choice(self.sentences).split(" ")
        for place, word in enumerate(words):
            if word in self.known_words and random.random() < 0.4:
                noun = word in self.known_nouns
                words[place] = (
                    self.noun(random) if noun else random.choice(self.words["adjectives"])
                )
        return " ".join(words)

    def spoken(self, pattern: str, random: Random) -> str:
        """A pattern with its parts drawn at random."""

        def part(match: re.Match[str]) -> str:
            key = match.group(1)
            text = self._part(key.lower(), random)
            return raised(text) if key[0].isupper() else text

        text = _PART.sub(part, pattern)
        text = re.sub(r"\b([aA]) (?=[aeio])", r"\1n ", text)
        return re.sub(r"([sxz]|[cs]h)s\b", r"\1es", text) if "}s" in pattern else text

    def _part(self, key: str, random: Random) -> str:
        match key:
            case "adj":
                return random.choice(self.words["adjectives"])
            case "noun":
                return self.noun(random)
            case "mass":
                return random.choice(self.words["mass"])
            case "verb":
                return random.choice(self.words["verbs"])
            case "doing":
                return random.choice(_DOING)
            case "person":
                return self.person_name(random)
            case "place":
                return self.place_name(random).the
            case "number":
                return random.choice(_NUMBERS)
            case _:
                return invented_noun(random)

    def person_name(self, random: Random) -> str:
        """A person's name: from a bank, or one that never was."""
        if random.random() < 0.65:
            return invented_person(random)
        folk = random.choice(list(self.banks.values()))["folk"]
        return random.choice(folk)["name"]

    def thing_name(self, random: Random) -> Name:
        """A thing that no bank has: `the vrellin hook`, `the cracked kettle`, `the skoumb`."""
        roll = random.random()
        if roll < 0.08:
            return Name(random.choice(self.words["plurals"]), plural=True)
        if roll < 0.14:
            return Name(
                f"{random.choice(self.words['adjectives'])} {random.choice(self.words['mass'])}",
                mass=True,
            )
        noun = random.choice(self.words["nouns"])
        if roll < 0.36:
            return Name(f"{invented_noun(random)} {noun}")
        if roll < 0.48:
            return Name(f"{invented_person(random)}'s {noun}", proper=True)
        if roll < 0.62:
            return Name(invented_noun(random))
        if roll < 0.72:
            return Name(f"{random.choice(self.words['adjectives'])} {invented_noun(random)}")
        if roll < 0.8:
            return Name(f"{noun} of {invented_place(random)}")
        return Name(f"{random.choice(self.words['adjectives'])} {noun}")

    def place_name(self, random: Random) -> Name:
        """A place that no bank has: `Vrellinmere`, `the cracked tower`, `the hall of Thule`."""
        roll = random.random()
        if roll < 0.3:
            return Name(invented_place(random), proper=True)
        kind = random.choice(_PLACE_KINDS)
        if roll < 0.5:
            return Name(f"{kind} of {invented_place(random)}")
        if roll < 0.7:
            return Name(f"{invented_noun(random)} {kind}")
        return Name(f"{random.choice(self.words['adjectives'])} {kind}")


_DOING = [
    "creaking",
    "dripping",
    "knocking",
    "singing",
    "turning",
    "breathing",
    "ticking",
    "falling",
    "rolling",
    "scraping",
]
_PLACE_KINDS = [
    "hall",
    "tower",
    "cellar",
    "yard",
    "bridge",
    "garden",
    "chapel",
    "cave",
    "shore",
    "gate",
    "stair",
    "room",
    "gallery",
    "market",
    "quay",
    "deck",
    "tunnel",
    "well",
    "kitchen",
    "library",
    "court",
    "vault",
    "mill",
    "barn",
    "forest",
    "meadow",
    "ridge",
    "pier",
    "hold",
    "workshop",
    "attic",
    "corridor",
    "crossing",
    "clearing",
    "ledge",
    "shrine",
]


def clauses_of(folder: Path) -> list[str]:
    """The sentences of the colour files that can stand as a clause: short, whole, without slots."""
    found = []
    for path in sorted(folder.glob("*.txt")):
        for frame in read_frames(path):
            text = frame.text.removesuffix(".")
            if "{" in text or re.search(r"[.!?“”:;]", text) or len(text.split()) > 15:
                continue
            found.append(text[:1].lower() + text[1:] if text[:2] != "I " else text)
    return found


TONED, TONED_CORE = 0.4, 0.2
"""How often a frame in the tale's own tone is told where there is one."""
IN_CORE = 0.97
"""How often a frame of the core is told."""


def choose_frame(
    frames: Iterable[Frame],
    tags: frozenset[str],
    tone: str,
    random: Random,
    told: set[str],
    core: int = 0,
) -> Frame | None:
    """A frame whose tags all hold, in the tale's tone where there is one, not told before.

    With `core`, nearly always only the first so many that fit are drawn from: a short
    training learns few frames well rather than many badly.

    `needed` tags such as `one` and `none` stand in `tags` with a leading `!`: a frame must
    have them.
    """
    needed = frozenset(tag[1:] for tag in tags if tag.startswith("!"))
    fitting = [
        frame
        for frame in frames
        if frame.tags <= (tags | needed)
        and needed <= frame.tags
        and (not frame.tone or frame.tone == tone)
        and frame.text not in told
    ]
    toned = [frame for frame in fitting if frame.tone]
    if toned and random.random() < (TONED_CORE if core else TONED):
        fitting, core = toned, core // 3
    if core and random.random() < IN_CORE:
        fitting = fitting[:core]
    return random.choice(fitting) if fitting else None


def filled(frame: Frame, args: dict[str, Name]) -> str:
    """A frame told with these args."""
    return fill(frame.text, args)
