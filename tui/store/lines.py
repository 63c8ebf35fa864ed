"""JSON Lines: records to bytes and back, forgiving what other programs did to a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

Record = dict[str, object]

BOM = b"\xef\xbb\xbf"
SHOWN = 60
CUT_OFF = "it was cut off"
"""Of a line that a crash tore, and that was ended when the story was played on."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is not a record; it stays in the file."""

    number: int
    reason: str
    text: str
    """Its beginning, for the player to know it by."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was found while a save was read."""

    bad: tuple[BadLine, ...] = ()
    torn: bool = False
    """Whether the last line was cut off in the middle: a crash, or a full disk."""
    notes: tuple[str, ...] = ()
    """Harmless things that another program did to the file."""

    @property
    def sound(self) -> bool:
        """Whether every line was a record."""
        return not self.bad and not self.torn


@dataclass(slots=True)
class Lines:
    """What the bytes of a save hold."""

    records: list[Record] = field(default_factory=list[Record])
    report: Report = field(default_factory=Report)


def encode(record: Mapping[str, object]) -> bytes:
    """Return a record as one line, its newline included.

    Raises:
        ValueError: A number in it is not finite.
    """
    line = json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        return line.encode() + b"\n"
    except UnicodeEncodeError:  # half a surrogate pair, from a terminal or a card
        return json.dumps(record, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def decode_line(line: bytes) -> Record | str:
    """Return the record of a line, or why there is none."""
    try:
        value: object = json.loads(line.decode())
    except UnicodeDecodeError:
        return "it is not UTF-8 text"
    except RecursionError:
        return "it is nested too deeply"
    except ValueError:
        return "it is not JSON"
    if not isinstance(value, dict):
        return "it is JSON, but no record"
    return cast("Record", value)


def decode(data: bytes) -> Lines:
    """Read all records in some bytes; what is no record is reported, not raised.

    A byte-order mark, CRLF line ends, empty lines and zero bytes (which some file systems leave
    after a crash) are forgiven.
    """
    lines, bad, notes = Lines(), list[BadLine](), list[str]()
    if data.startswith(BOM):
        data = data[len(BOM) :]
        notes.append("it begins with a byte-order mark")
    if b"\r\n" in data:
        notes.append("its lines end as on Windows")
    parts = data.split(b"\n")
    torn = False
    for number, raw in enumerate(parts, start=1):
        line = raw.strip(b" \t\r\0")
        if not line:
            continue
        found = decode_line(line)
        if not isinstance(found, str):
            lines.records.append(found)
        elif number == len(parts):
            torn = True
        else:
            cut = line.startswith(b'{"') and not line.endswith(b"}")
            bad.append(BadLine(number, CUT_OFF if cut else found, shown(line)))
    lines.report = Report(tuple(bad), torn, tuple(notes))
    return lines


def shown(line: bytes) -> str:
    """Return the beginning of a line, with what can't be shown replaced."""
    text = line[: SHOWN * 4].decode(errors="replace")
    text = "".join(char if char.isprintable() else "·" for char in text)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
