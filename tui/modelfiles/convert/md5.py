"""MD5 sums of published models' files: lists that ship, and folders held against them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

from tui.modelfiles.convert.errors import ConvertError, OnProgress, Progress, say_nothing

State = Literal["right", "wrong", "missing", "windows line endings"]
CHUNK = 4 * 1024 * 1024
LARGEST_TEXT = 64 * 1024 * 1024
_LINE = re.compile(r"([0-9a-fA-F]{32})\s+\*?(\S.*?)\s*")


@dataclass(frozen=True, slots=True)
class Md5List:
    """The sums that a model's files must have."""

    name: str
    sums: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Md5Report:
    """What a folder's files are, by the list that fits it best; no list and no files if none fits."""

    list_name: str | None
    files: Mapping[str, State]

    @property
    def right(self) -> bool:
        """Whether every file of the list is as it should be."""
        return bool(self.files) and all(state == "right" for state in self.files.values())

    @property
    def sentence(self) -> str:
        """What is to be said of it."""
        if self.list_name is None:
            return "No list of MD5 sums is known for these files."
        if self.right:
            return f"All {len(self.files)} files are those of {self.list_name}."
        parts = [f"{name} ({state})" for name, state in self.files.items() if state != "right"]
        windows = "windows line endings" in self.files.values()
        why = (
            "; git for Windows changes them: turn its core.autocrlf off, or use WSL"
            if windows
            else ""
        )
        return f"Not as {self.list_name} has them: {', '.join(parts)}{why}."


def shipped_lists() -> tuple[Md5List, ...]:
    """The lists of the model cards whose XOR files this program decodes."""
    folder = files("tui.modelfiles.convert") / "md5"
    found = sorted((entry.name, entry.read_text("utf-8")) for entry in folder.iterdir())
    return tuple(parse_md5(text, name.removesuffix(".md5")) for name, text in found)


def parse_md5(text: str, name: str) -> Md5List:
    """A list as `md5sum` or `rhash -M` writes it; raises ConvertError where no line is one."""
    matched = [_LINE.fullmatch(line) for line in text.splitlines() if line.strip()]
    sums = {Path(line[2]).name: line[1].lower() for line in matched if line}
    if not sums or len(sums) != len(matched):
        raise ConvertError(
            f"{name} is not a list of MD5 sums; each line is a sum and a file's name."
        )
    return Md5List(name, sums)


def check_md5(
    folder: Path, wanted: Md5List | None = None, *, on_progress: OnProgress | None = None
) -> Md5Report:
    """Hold a folder against a list, or against that shipped one which fits most of its files.

    Where two fit as well, the folder's name decides. Raises ConvertError where a file cannot be
    read, and whatever `on_progress` raises.
    """
    lists = (wanted,) if wanted else shipped_lists()
    names = {name for one in lists for name in one.sums if (folder / name).is_file()}
    try:
        total = sum((folder / name).stat().st_size for name in names)
        sums: dict[str, str] = {}
        done = 0
        for name in sorted(names):
            sums[name] = _sum_of(folder / name, done, total, on_progress or say_nothing)
            done += (folder / name).stat().st_size
        reports = [_report(folder, one, sums) for one in lists]
    except OSError as error:
        raise ConvertError(f"{folder} cannot be read: {error.strerror}.") from error
    if wanted:
        return reports[0]
    best = max(reports, key=lambda report: (_fitting(report), _named(report, folder)))
    return best if _fitting(best) else Md5Report(None, {})


def _report(folder: Path, wanted: Md5List, sums: Mapping[str, str]) -> Md5Report:
    """The state of each file of a list."""
    states: dict[str, State] = {}
    for name, expected in wanted.sums.items():
        if name not in sums:
            states[name] = "missing"
        elif sums[name] == expected:
            states[name] = "right"
        elif _unix_sum(folder / name) == expected:
            states[name] = "windows line endings"
        else:
            states[name] = "wrong"
    return Md5Report(wanted.name, states)


def _fitting(report: Md5Report) -> int:
    """How many files are what the list says."""
    return sum(state in ("right", "windows line endings") for state in report.files.values())


def _named(report: Md5Report, folder: Path) -> bool:
    """Whether the folder is called as the list is."""
    return bool(report.list_name) and str(report.list_name).split("-")[0] in folder.name.lower()


def _sum_of(path: Path, done: int, total: int, on_progress: OnProgress) -> str:
    """A file's MD5 sum."""
    made = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            made.update(chunk)
            done += len(chunk)
            on_progress(Progress("checking MD5 sums", done, total))
    return made.hexdigest()


def _unix_sum(path: Path) -> str | None:
    """The sum that a text would have without Windows line endings."""
    if path.suffix != ".json" or path.stat().st_size > LARGEST_TEXT:
        return None
    raw = path.read_bytes().replace(b"\r\n", b"\n")
    return hashlib.md5(raw, usedforsecurity=False).hexdigest()
