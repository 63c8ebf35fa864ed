"""The list of saves: what each is, read from its last lines, so that a thousand take no time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

from tui.store.errors import SaveMissing, StoreError
from tui.store.files import in_words
from tui.store.journal import SUFFIX
from tui.store.lines import Record, decode, decode_line

TAIL_BYTES = 4096
MOST_TAIL_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class SaveInfo:
    """A save as the list shows it."""

    name: str
    path: Path
    card: str
    """The card's id."""
    turns: int
    """How often the player has acted on the way to where the story stands."""
    updated: float
    """When it was written last, in unix seconds."""
    last_line: str
    place: str = ""
    tags: tuple[str, ...] = ()
    problem: str = ""
    """What is wrong with the file; empty where nothing is."""

    @property
    def id(self) -> str:
        """What the commands call it: the file's name without its ending."""
        return self.path.stem

    def as_dict(self) -> Mapping[str, object]:
        """Return it as `fabletop saves --json` writes it."""
        return asdict(self) | {"id": self.id, "path": str(self.path), "tags": list(self.tags)}


def list_saves(folder: Path) -> list[SaveInfo]:
    """Return the saves in a folder, the one written last first; a bad one has its `problem` named.

    Raises:
        StoreError: The folder is there, but can't be read.
    """
    with in_words("Could not read the folder", folder):
        try:
            entries = [entry for entry in os.scandir(folder) if _is_save(entry)]
        except FileNotFoundError:
            return []
    saves = [info_of(Path(entry.path)) for entry in entries]
    return sorted(saves, key=lambda save: (-save.updated, save.path.name))


def find_save(folder: Path, name: str) -> Path:
    """Return the save that a player means by an id, a file name, a path or a name.

    Raises:
        SaveMissing: None of them is there; those that are near are named.
    """
    for path in (folder / f"{name}{SUFFIX}", folder / name, Path(name)):
        if path.is_file():
            return path
    saves = list_saves(folder)
    for save in saves:
        if save.name.casefold() == name.casefold():
            return save.path
    known = ", ".join(save.id for save in saves[:5]) or "none yet"
    raise SaveMissing(f"There is no save “{name}”; there are: {known}.")


def info_of(path: Path) -> SaveInfo:
    """Return what the list shows of one save, reading no more of it than its last lines."""
    try:
        with in_words("Could not read", path), path.open("rb") as file:
            state = os.fstat(file.fileno())
            size, updated = state.st_size, state.st_mtime
            for tail_bytes in (TAIL_BYTES, MOST_TAIL_BYTES):
                file.seek(max(0, size - tail_bytes))
                found = _mark_in(file.read(tail_bytes), whole=size <= tail_bytes)
                if found or size <= tail_bytes:
                    break
            file.seek(0)
            head = {} if found else _header_of(file.readline())
    except StoreError as error:
        return SaveInfo(path.stem, path, "", 0, 0.0, "", problem=str(error))
    return _info(path, updated, size, found or head, marked=found is not None)


def tail_records(path: Path, most_bytes: int = 1 << 16) -> list[Record]:
    """Return the records in the last bytes of a save: what its player sees first.

    Raises:
        StoreError: It can't be read.
    """
    with in_words("Could not read", path), path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        file.seek(max(0, size - most_bytes))
        data = file.read()
    return decode(data if size <= most_bytes else data.partition(b"\n")[2]).records


def last_mark(records: Iterable[Mapping[str, object]]) -> Mapping[str, object]:
    """Return the newest mark that stands beside a record, empty where there is none."""
    mark: Mapping[str, object] = {}
    for record in records:
        if isinstance(record.get("mark"), dict):
            mark = cast("Mapping[str, object]", record["mark"])
    return mark


def _is_save(entry: os.DirEntry[str]) -> bool:
    return entry.name.endswith(SUFFIX) and not entry.name.startswith(".") and entry.is_file()


def _mark_in(tail: bytes, *, whole: bool) -> Mapping[str, object] | None:
    lines = tail.split(b"\n")
    for line in reversed(lines if whole else lines[1:]):
        if b'"mark"' not in line:
            continue
        record = decode_line(line.strip())
        if not isinstance(record, str) and isinstance(record.get("mark"), dict):
            return cast("Mapping[str, object]", record["mark"])
    return None


def _header_of(line: bytes) -> Mapping[str, object]:
    record = decode_line(line.strip().removeprefix(b"\xef\xbb\xbf"))
    if isinstance(record, str):
        return {}
    return (
        {"name": record.get("name"), "card": record.get("card_id")} if "fabletop" in record else {}
    )


def _info(
    path: Path, updated: float, size: int, mark: Mapping[str, object], *, marked: bool
) -> SaveInfo:
    problem = ""
    if not mark:
        problem = "it is empty" if not size else "nothing in it can be read as a save"
    tags = mark.get("tags")
    turns = mark.get("turns")
    return SaveInfo(
        name=str(mark.get("name") or path.stem),
        path=path,
        card=str(mark.get("card") or ""),
        turns=turns if isinstance(turns, int) else 0,
        updated=updated,
        last_line=str(mark.get("last_line") or "") if marked else "",
        place=str(mark.get("place") or ""),
        tags=tuple(map(str, cast("list[object]", tags))) if isinstance(tags, list) else (),
        problem=problem,
    )
