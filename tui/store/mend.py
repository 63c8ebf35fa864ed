"""Looking saves over, and mending those that are damaged: the mended one is a new file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tui.store.errors import SaveDamaged, StoreError
from tui.store.journal import SUFFIX, VERSION, Journal, read_save, version_of
from tui.store.lines import Lines, Record
from tui.store.migrate import migrate_save, replace_save
from tui.store.saves import last_mark
from tui.store.shelf import throw_away

State = Literal["sound", "torn", "damaged", "headless", "empty", "older", "newer", "unreadable"]
Fold = Callable[[Sequence[Record]], Sequence[str]]
"""Folds records as the story does, and returns a sentence for each that makes no sense."""


@dataclass(frozen=True, slots=True)
class Check:
    """What was found in a save."""

    path: Path
    state: State
    sentence: str
    details: tuple[str, ...] = ()

    @property
    def mendable(self) -> bool:
        """Whether `mend_save` would do something."""
        return self.state in ("damaged", "headless", "empty", "older")


def check_saves(folder: Path, fold: Fold | None = None) -> Iterator[Check]:
    """Look over all saves in a folder, in the order of their names."""
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        yield check_save(path, fold)


def check_save(path: Path, fold: Fold | None = None) -> Check:
    """Look over one save; nothing is changed."""
    try:
        lines = read_save(path)
    except SaveDamaged as error:
        empty = path.stat().st_size == 0 or not path.read_bytes().strip(b" \t\r\n\0")
        return Check(path, "empty" if empty else "unreadable", str(error))
    except StoreError as error:
        return Check(path, "unreadable", str(error))
    details = [f"line {bad.number}: {bad.reason}: {bad.text}" for bad in lines.report.bad]
    version = version_of(lines.records)
    if version is not None and version > VERSION:
        return Check(
            path,
            "newer",
            f"{path.name}: a newer Fabletop wrote it (format {version}); left as it is.",
        )
    if version is not None and version < VERSION:
        return Check(
            path,
            "older",
            f"{path.name}: format {version}; it can be brought up to format {VERSION}.",
        )
    if fold is not None:
        details += fold(lines.records)
    return Check(path, *_judged(path, lines, details), tuple(details))


def _judged(path: Path, lines: Lines, details: Sequence[str]) -> tuple[State, str]:
    if version_of(lines.records) is None:
        return "headless", f"{path.name}: its first line is lost; the story itself can be kept."
    if lines.report.bad:
        many = len(lines.report.bad)
        return "damaged", f"{path.name}: {many} of its lines can't be read; the others can be kept."
    if lines.report.torn:
        return "torn", f"{path.name}: its last line was cut off; that is ended when you play on."
    if details:
        return "sound", f"{path.name}: sound, though {len(details)} records in it do nothing."
    return "sound", f"{path.name}: sound, {len(lines.records)} records."


def mend_save(path: Path, trash: Path) -> str:
    """Mend one save and say what was done; the file as it was goes to the trash.

    Raises:
        StoreError: It can't be done (another program has it open, a full disk); all is as it was.
    """
    check = check_save(path)
    if check.state == "older":
        migrate_save(path, trash)
        return f"{path.name}: brought up to format {VERSION}; the old one is in the trash."
    if check.state == "empty":
        throw_away(path, trash)
        return f"{path.name}: empty; moved to the trash."
    if not check.mendable:
        return check.sentence
    lines = read_save(path)
    records = lines.records
    if version_of(records) is None:
        records = [
            _header_for(path, records),
            *(record for record in records if record.get("t") != "header"),
        ]
    Journal.open(path).journal.close()  # not while another program has it open
    thrown = replace_save(path, records, trash)
    return f"{path.name}: mended, {len(records)} records kept; as it was, it lies in {thrown}."


def _header_for(path: Path, records: Sequence[Record]) -> Record:
    """Return a header in the place of one that is lost, from what marks say of it."""
    mark = last_mark(records)
    name, card = str(mark.get("name") or path.stem), str(mark.get("card") or "")
    return {
        "t": "header",
        "fabletop": VERSION,
        "id": path.stem,
        "name": name,
        "card_id": card,
        "card": {},
    }
