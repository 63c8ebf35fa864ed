"""YAML as people write it: words stay words, and everything wrong has a line and a way to mend it.

PyYAML parses; this module builds the values from its events, since only then are twice-given
fields, bombs made of aliases and the line of each field all known in one pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

import yaml
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from tui.cards.problems import CardError, Problem
from tui.cards.yamlhints import syntax_problem

Path = tuple[str | int, ...]
Event = yaml.Event

MAX_DEPTH = 60
MAX_VALUES = 200_000
WHOLE = re.compile(r"0|-?[1-9][0-9]{0,39}")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+(e[+-][0-9]{2,3})?")
CONSTANTS: Mapping[str, object] = {"": None, "~": None, "null": None, "true": True, "false": False}
UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Document:
    """What a YAML text says, and the line that says it."""

    data: object
    """Mappings with text keys, lists, text, whole numbers, decimals, true/false and None."""
    lines: Mapping[Path, int]
    """The 1-based line of each field and list item, by its path."""
    problems: tuple[Problem, ...] = ()

    def line(self, path: Path) -> int:
        """The line of `path`, or of the nearest field around it; 0 where there is none."""
        for end in range(len(path), 0, -1):
            if (found := self.lines.get(path[:end])) is not None:
                return found
        return 0


def dotted(path: Path) -> str:
    """A path as people write it: `world.rules[2].when`."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def parse_yaml(text: str, file: str) -> Document:
    """The values of `text`, with their lines; `file` is only named in problems.

    Raises `CardError` where the text isn't YAML at all; problems beside which the rest can
    still be read (fields given twice, tags) are in the document.
    """
    if bad := UNPRINTABLE.search(text):
        line = text.count("\n", 0, bad.start()) + 1
        code = f"U+{ord(bad[0]):04X}"
        raise CardError(
            [
                Problem(
                    file,
                    line,
                    "",
                    f"there is a character that can't be shown ({code})",
                    "delete it",
                )
            ]
        )
    builder = Builder(file)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return builder.document(yaml.parse(text, Loader=loader))
    except yaml.MarkedYAMLError as error:
        last = syntax_problem(error, text, file)
        earlier = [problem for problem in builder.problems if problem.line != last.line]
        raise CardError([*earlier, last]) from error
    except yaml.YAMLError as error:
        raise CardError(
            [Problem(file, 0, "", "this is not YAML text", "open it in a text editor and look")]
        ) from error


@dataclass(slots=True)
class Anchor:
    """A value that may be named again, and how many values it holds."""

    value: object
    size: int


@dataclass(slots=True)
class Builder:
    """Makes values of parser events, for one text."""

    file: str
    problems: list[Problem] = field(default_factory=list[Problem])
    lines: dict[Path, int] = field(default_factory=dict[Path, int])
    anchors: dict[str, Anchor] = field(default_factory=dict[str, Anchor])
    size: int = 0

    def document(self, events: Iterator[Event]) -> Document:
        """The one document of the text."""
        data: object = None
        started = False
        for event in events:
            if isinstance(event, DocumentStartEvent) and started:
                self.note(event, (), "a second document starts here", "delete the line with ---")
                break
            if isinstance(event, DocumentStartEvent):
                started = True
            elif isinstance(event, NodeEvent):
                data = self.value(event, events, ())
        return Document(data, self.lines, tuple(self.problems))

    def value(self, event: NodeEvent, events: Iterator[Event], path: Path) -> object:
        """The value that begins with `event`; the rest of it is taken from `events`."""
        self.size += 1
        before = self.size
        if isinstance(event, AliasEvent):
            return self.named_again(event, path)
        if len(path) > MAX_DEPTH:
            self.stop(event, path, "is nested too deeply", "make it flatter")
        made: object
        if isinstance(event, ScalarEvent):
            made = self.scalar(event, path)
        else:
            self.check_tag(cast("CollectionStartEvent", event), path)
            start = isinstance(event, MappingStartEvent)
            made = self.mapping(events, path) if start else self.sequence(events, path)
        if self.size > MAX_VALUES:
            self.stop(event, path, "the card is too big to be read", "make it smaller")
        if event.anchor is not None:
            self.anchors[str(event.anchor)] = Anchor(made, self.size - before + 1)
        return made

    def named_again(self, event: AliasEvent, path: Path) -> object:
        """The value that `*name` stands for, counted as if it were written out."""
        anchor = self.anchors.get(str(event.anchor))
        if anchor is None:
            hint = "put quotes around text that starts with *, or use a | block"
            self.note(event, path, f"*{event.anchor} stands for nothing", hint)
            return None
        self.size += anchor.size
        if self.size > MAX_VALUES:
            self.stop(
                event,
                path,
                "names a value that grows too big when written out",
                "write it out by hand",
            )
        return anchor.value

    def scalar(self, event: ScalarEvent, path: Path) -> object:
        """A word, unless it is a plain number, true, false or nothing."""
        self.check_tag(event, path)
        return (
            plain_value(event.value)
            if event.implicit[0] and event.style in (None, "")
            else event.value
        )

    def mapping(self, events: Iterator[Event], path: Path) -> dict[str, object]:
        """The fields up to the end of this mapping; one that is given twice is a problem."""
        made: dict[str, object] = {}
        for event in events:
            if isinstance(event, MappingEndEvent):
                break
            key = self.key(cast("NodeEvent", event), events, path)
            inside = (*path, key)
            value_event = cast("NodeEvent", next(events))
            if key in made:
                first = self.lines[inside]
                self.note(
                    event, inside, f"is given twice (first in line {first})", "delete one of them"
                )
                self.value(value_event, events, inside)
                continue
            self.lines[inside] = line_of(event)
            made[key] = self.value(value_event, events, inside)
        return made

    def key(self, event: NodeEvent, events: Iterator[Event], path: Path) -> str:
        """A field's name, as it is written."""
        if isinstance(event, ScalarEvent):
            return event.value
        hint = "put quotes around text that starts with { or [, or use a | block"
        self.note(event, path, "begins with a bracket, which YAML keeps for itself", hint)
        self.value(event, events, (*path, ""))
        return f"{{{line_of(event)}}}"

    def sequence(self, events: Iterator[Event], path: Path) -> list[object]:
        """The items up to the end of this list."""
        made: list[object] = []
        for event in events:
            if isinstance(event, SequenceEndEvent):
                break
            inside = (*path, len(made))
            self.lines[inside] = line_of(event)
            made.append(self.value(cast("NodeEvent", event), events, inside))
        return made

    def check_tag(self, event: ScalarEvent | CollectionStartEvent, path: Path) -> None:
        """Tags say that a value is of some type of a program's; a card has none."""
        if event.tag is not None and event.tag not in ("!", "tag:yaml.org,2002:str"):
            hint = "put quotes around text that starts with !"
            self.note(
                event, path, "has a tag (a word that begins with !), which cards don't use", hint
            )

    def note(self, event: Event, path: Path, text: str, mending: str) -> None:
        """Keep a problem, and go on."""
        self.problems.append(Problem(self.file, line_of(event), dotted(path), text, mending))

    def stop(self, event: Event, path: Path, text: str, mending: str) -> None:
        """Keep a problem, and give up: what follows could take for ever."""
        self.note(event, path[:6], text, mending)
        raise CardError(self.problems)


def plain_value(word: str) -> object:
    """A plain word's value: a number only if writing it back gives the same word.

    So `no`, `12:30`, `1.10`, `007` and `1e3` stay the words that somebody wrote.
    """
    if word in CONSTANTS:
        return CONSTANTS[word]
    if WHOLE.fullmatch(word):
        return int(word)
    if DECIMAL.fullmatch(word) and written_number(float(word)) == word:
        return float(word)
    return word


def written_number(number: float) -> str:
    """A decimal as YAML has it: always with a point."""
    word = repr(number)
    return word.replace("e", ".0e") if "e" in word and "." not in word else word


def line_of(event: Event) -> int:
    """The 1-based line on which an event begins."""
    mark = cast("yaml.Mark | None", event.start_mark)
    return mark.line + 1 if mark else 0
