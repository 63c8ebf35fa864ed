"""Names as the telling needs them, words nobody has seen before, and sentences from frames."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

_SLOT = re.compile(r"\{(\w+)(?:\.(\w+))?\}")
_VOWEL_SOUND = re.compile(r"^(?:[aeio]|u(?!ni|se|su))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Name:
    """What something is called, and what its sentences have to agree with."""

    bare: str
    proper: bool = False
    plural: bool = False
    mass: bool = False
    pronoun: str = "it"
    shown: str = ""
    """How it is said where that is neither `the` nor nothing: `a telephone`."""

    @property
    def the(self) -> str:
        """As known: `the brass key`, `Marta`."""
        if self.shown:
            return self.shown
        return self.bare if self.proper else f"the {self.bare}"

    @property
    def some(self) -> str:
        """As new: `a brass key`, `an oar`, `some bread`, `Marta`."""
        if self.proper:
            return self.bare
        if self.plural or self.mass:
            return f"some {self.bare}"
        return f"{'an' if _VOWEL_SOUND.match(self.bare) else 'a'} {self.bare}"

    def form(self, way: str) -> str:
        """One of the forms that frames ask for: `s`, `es`, `is`, `was`, `has`, `it`, ..."""
        they = self.plural
        plain = {"s": "" if they else "s", "es": "" if they else "es"}
        plain |= {"ies": "y" if they else "ies", "bare": self.bare, "a": self.some}
        plain |= {"is": "are" if they else "is", "was": "were" if they else "was"}
        plain |= {"has": "have" if they else "has", "does": "do" if they else "does"}
        it, them, its = _PRONOUNS["they" if they else self.pronoun]
        plain |= {"it": it, "them": them, "its": its, "itself": _SELVES[it]}
        plain["this"] = "these" if they else "this"
        return plain[way]


_PRONOUNS = {
    "it": ("it", "it", "its"),
    "he": ("he", "him", "his"),
    "she": ("she", "her", "her"),
    "they": ("they", "them", "their"),
}
_SELVES = {"it": "itself", "he": "himself", "she": "herself", "they": "themselves"}


def plain(text: str) -> Name:
    """A text that is used as it stands, such as a clause or a way."""
    return Name(text, proper=True)


def raised(text: str) -> str:
    """`text` with its first letter as a capital, past an opening quotation mark."""
    for place, letter in enumerate(text):
        if letter.isalpha():
            return text[:place] + letter.upper() + text[place + 1 :]
        if letter not in "“‘\"'…":
            break
    return text


def fill(frame: str, args: Mapping[str, Name]) -> str:
    """A frame with its slots filled; a slot written with a capital gives a capital.

    Raises KeyError where the frame asks for an arg or a form that there is not.
    """

    def one(match: re.Match[str]) -> str:
        key, way = match.group(1), match.group(2)
        name = args[key.lower()]
        text = name.form(way.lower()) if way else name.the
        return raised(text) if key[0].isupper() else text

    return _SLOT.sub(one, frame)


def slots(frame: str) -> frozenset[str]:
    """The args that a frame names."""
    return frozenset(match.group(1).lower() for match in _SLOT.finditer(frame))


_ONSETS = [
    "b",
    "br",
    "c",
    "cl",
    "cr",
    "d",
    "dr",
    "f",
    "fl",
    "fr",
    "g",
    "gl",
    "gr",
    "h",
    "j",
    "k",
    "kr",
    "l",
    "m",
    "n",
    "p",
    "pl",
    "pr",
    "qu",
    "r",
    "s",
    "sc",
    "sh",
    "sk",
    "sl",
    "sm",
    "sn",
    "sp",
    "st",
    "str",
    "t",
    "th",
    "tr",
    "v",
    "vr",
    "w",
    "wh",
    "y",
    "z",
]
_NUCLEI = [
    "a",
    "a",
    "a",
    "e",
    "e",
    "e",
    "i",
    "i",
    "o",
    "o",
    "o",
    "u",
    "u",
    "ai",
    "au",
    "ea",
    "ee",
    "ei",
    "ia",
    "ie",
    "io",
    "oa",
    "oo",
    "ou",
    "y",
]
_CODAS = [
    "b",
    "ck",
    "d",
    "f",
    "g",
    "l",
    "ll",
    "lt",
    "m",
    "mb",
    "mp",
    "n",
    "n",
    "n",
    "nd",
    "ng",
    "nk",
    "nt",
    "p",
    "r",
    "r",
    "rd",
    "rk",
    "rl",
    "rm",
    "rn",
    "rr",
    "rt",
    "s",
    "sk",
    "sp",
    "ss",
    "st",
    "t",
    "th",
    "v",
    "x",
    "z",
]
_NOUN_ENDS = ["el", "in", "et", "ock", "ow", "er", "le", "en", "ick", "ith", "us", "and"]
_FIRST_ENDS = [
    "a",
    "e",
    "i",
    "o",
    "us",
    "is",
    "en",
    "el",
    "in",
    "or",
    "an",
    "ine",
    "ette",
    "a",
    "ea",
    "ias",
    "ard",
    "wen",
    "ric",
    "mir",
    "dal",
]
_LAST_ENDS = [
    "e",
    "er",
    "son",
    "ley",
    "man",
    "ham",
    "wick",
    "mere",
    "vale",
    "thorn",
    "quist",
    "ski",
    "ov",
    "ane",
    "elle",
    "ock",
    "ard",
]
_PLACE_ENDS = [
    "mere",
    "wick",
    "fell",
    "holm",
    "stead",
    "haven",
    "moor",
    "gate",
    "hollow",
    "reach",
    "tor",
    "deep",
    "watch",
    "mark",
]


def syllable(random: Random, *, closed: bool) -> str:
    """A piece of a word that can be said."""
    end = random.choice(_CODAS) if closed else ""
    return random.choice(_ONSETS) + random.choice(_NUCLEI) + end


def invented(random: Random, ends: list[str]) -> str:
    """A word of one to three syllables that is very likely in no text."""
    if random.random() < 0.2:
        return syllable(random, closed=True)
    stem = syllable(random, closed=False) if random.random() < 0.25 else ""
    stem += syllable(random, closed=True)
    return stem + random.choice(ends)


def invented_noun(random: Random) -> str:
    """`vrellin`, `skoumb`."""
    return invented(random, _NOUN_ENDS)


def invented_person(random: Random) -> str:
    """`Oskarine Thule`, `Brammus`, `old Skerrow`."""
    first = invented(random, _FIRST_ENDS).capitalize()
    roll = random.random()
    if roll < 0.55:
        return first
    last = invented(random, _LAST_ENDS).capitalize()
    if roll < 0.8:
        return f"{first} {last}"
    return f"{random.choice(_TITLES)} {last if roll < 0.92 else first}"


def invented_place(random: Random) -> str:
    """`Vrellinmere`, a proper name."""
    return (syllable(random, closed=True) + random.choice(_PLACE_ENDS)).capitalize()


_TITLES = [
    "Mrs.",
    "Mr.",
    "Captain",
    "Brother",
    "Sister",
    "Doctor",
    "Aunt",
    "Uncle",
    "Old",
    "Lady",
    "Lord",
    "Master",
    "Mother",
    "Father",
    "Little",
    "Sergeant",
    "Madame",
    "Professor",
    "Keeper",
]
