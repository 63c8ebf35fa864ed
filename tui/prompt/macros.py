"""Macros of the card specifications and SillyTavern's everyday ones, resolved to plain text.

Source: the V1, V2 and V3 character card specifications; SillyTavern's `macros.js`. Names are
matched without regard to case; what is not known stays as it is written. Chance comes from a
seed and time from a passed-in clock, so that the same turn always reads the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from tui.prompt.rolls import drawn, read_dice

MOST_DEEP = 20
MOST_TEXT = 1 << 20
TOO_DEEP = f"macros nested more than {MOST_DEEP} deep were left as they are written"
TOO_LONG = "macros that make too long a text were left out"

_BRACES = re.compile(r"(\{\{|\}\})")
_TAGS = re.compile(r"<(user|bot|char)>", re.IGNORECASE)
_TRIM = "\ue010"
_TRIMMED = re.compile(f"[\\r\\n]*{_TRIM}[\\r\\n]*")
_WORD = re.compile(r"^\s*([A-Za-z_]+)\s*(::?|\s|$)")
_UTC = re.compile(r"^time_utc([+-]\d{1,2})$")
_COMMA = re.compile(r"(?<!\\),")


@dataclass(frozen=True, slots=True)
class Names:
    """Who `{{user}}` and `{{char}}` are; `original` is what `{{original}}` stands for."""

    user: str
    char: str
    original: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """What chance and time are at one turn, and the texts that other macros stand for.

    `seed` is the turn's, `story_seed` the session's; `said` has words such as `input`,
    `lastmessage`, `persona` or `scenario` in small letters.
    """

    seed: int = 0
    story_seed: int = 0
    now: datetime | None = None
    said: Mapping[str, str] = field(default_factory=dict[str, str])


NO_MOMENT = Moment()


def resolve(
    text: str, names: Names, moment: Moment = NO_MOMENT, problems: list[str] | None = None
) -> str:
    """`text` with its macros filled in; `{{original}}` counts once, later ones vanish.

    What can't be resolved is left, and a sentence about it is added to `problems`.
    """
    if "{{" not in text and "<" not in text:
        return text
    told: list[str] = []
    filled = _Filling(names, moment).filled(text, told)
    if problems is not None:
        problems += [one for one in dict.fromkeys(told) if one not in problems]
    return filled


class _Filling:
    """One text being filled in: knows which place it is at, and whether the original was used."""

    def __init__(self, names: Names, moment: Moment) -> None:
        self._names = names
        self._moment = moment
        self._original = names.original
        self._place = 0

    def filled(self, text: str, problems: list[str]) -> str:
        """The text, innermost macros first; what a macro gives is not read again."""
        stack: list[list[str]] = [[]]
        size = 0
        for piece in _BRACES.split(text):
            if piece == "{{":
                stack.append([])
            elif piece == "}}" and len(stack) > 1:
                body = "".join(stack.pop())
                value = self._value(body) if len(stack) <= MOST_DEEP else None
                if len(stack) > MOST_DEEP:
                    problems.append(TOO_DEEP)
                size += len(value or "")
                if size > MOST_TEXT:
                    problems.append(TOO_LONG)
                    value = ""
                stack[-1].append("{{" + body + "}}" if value is None else value)
            else:
                stack[-1].append(piece if len(stack) > 1 else self._tags(piece))
        while len(stack) > 1:
            rest = "".join(stack.pop())
            stack[-1].append("{{" + rest)
        return _TRIMMED.sub("", "".join(stack[0]))

    def _tags(self, text: str) -> str:
        return _TAGS.sub(
            lambda match: self._names.user if match[1].lower() == "user" else self._names.char,
            text,
        )

    def _value(self, body: str) -> str | None:
        """What a macro stands for; None where it is not known."""
        self._place += 1
        if body.lstrip().startswith("//"):
            return ""
        plain = body.strip().lower()
        if plain == "original":
            text, self._original = self._original, ""
            return text
        if plain in self._moment.said:
            return self._moment.said[plain]
        if plain in FIXED:
            return FIXED[plain]
        if plain in ("user", "char"):
            return self._names.user if plain == "user" else self._names.char
        if (time := _time(plain, body, self._moment.now)) is not None:
            return time
        word = _WORD.match(body)
        return self._taking(word[1].lower(), body[word.end() :]) if word else None

    def _taking(self, word: str, rest: str) -> str | None:
        """What a macro with something after its name stands for."""
        if word == "random":
            options = _options(rest)
            return options[drawn(self._moment.seed, self._place, rest, below=len(options))]
        if word == "pick":
            options = _options(rest)
            return options[drawn(self._moment.story_seed, rest, below=len(options))]
        if word == "roll":
            dice = read_dice(rest.strip(" :"))
            thrown = dice.rolled(self._moment.seed, self._place) if dice else ()
            return str(sum(thrown) + dice.plus) if dice else None
        if word == "reverse":
            return rest[::-1]
        return "" if word in ("comment", "hidden_key", "banned") else None


FIXED: Mapping[str, str] = {
    "newline": "\n",
    "trim": _TRIM,
    "noop": "",
    "input": "",
    "lastmessage": "",
    "lastusermessage": "",
    "lastcharmessage": "",
    "idle_duration": "a while",
}


def _options(rest: str) -> list[str]:
    if "::" in rest:
        return [one.strip() for one in rest.split("::")]
    return [one.strip().replace("\\,", ",") for one in _COMMA.split(rest)]


def _time(plain: str, body: str, now: datetime | None) -> str | None:
    if now is None:
        return None
    if utc := _UTC.match(plain):
        moved = timezone(timedelta(hours=max(-12, min(14, int(utc[1])))))
        return _clock(now.astimezone(moved))
    if plain.startswith("datetimeformat"):
        return _formatted(body.strip()[len("datetimeformat") :].strip(" :"), now)
    forms: Mapping[str, Callable[[], str]] = {
        "time": lambda: _clock(now),
        "date": lambda: f"{now:%B} {now.day}, {now.year}",
        "weekday": lambda: f"{now:%A}",
        "isotime": lambda: f"{now:%H:%M}",
        "isodate": lambda: f"{now:%Y-%m-%d}",
    }
    return forms[plain]() if plain in forms else None


def _clock(now: datetime) -> str:
    return f"{now.hour % 12 or 12}:{now:%M} {now:%p}"


_FORMATS: Mapping[str, str] = {
    "YYYY": "%Y",
    "MMMM": "%B",
    "dddd": "%A",
    "YY": "%y",
    "MM": "%m",
    "DD": "%d",
    "HH": "%H",
    "hh": "%I",
    "mm": "%M",
    "ss": "%S",
    "A": "%p",
}
_FORMAT = re.compile("|".join(_FORMATS))


def _formatted(form: str, now: datetime) -> str:
    """A time in the letters that SillyTavern's formats have (those of moment.js)."""
    return _FORMAT.sub(lambda match: now.strftime(_FORMATS[match[0]]), form)
