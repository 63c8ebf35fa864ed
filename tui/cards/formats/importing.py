"""Taking cards into the player's folder: files, folders, SillyTavern's data; each as it is.

Nothing is ever written over, and no link is followed.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tui.cards.formats.limits import NotACard
from tui.cards.formats.opening import (
    CARD_SUFFIXES,
    YAML_SUFFIXES,
    Container,
    container_of,
    kept,
    open_card,
    unreadable,
)
from tui.cards.problems import CardError
from tui.cards.read import inspect_card

MAX_FILES = 20_000
MAX_FOLDERS = 6
"""How deep folders in folders are looked into."""
SUFFIXES: dict[Container, str] = {
    "png": ".png",
    "webp": ".webp",
    "charx": ".charx",
    "json": ".json",
}
NOT_OF_CARDS = frozenset({"chats", "backups", "thumbnails", "user", "node_modules", "__pycache__"})
LONGEST_STEM = 60


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of one file."""

    source: Path
    target: Path | None = None
    """Where it is now; None where it wasn't taken in."""
    name: str = ""
    kept: str = ""
    """What was taken over, in a line."""
    warnings: tuple[str, ...] = ()
    problem: str = ""
    """Why it wasn't taken in, as a sentence."""
    is_card: bool = True
    """False for a file of a folder that is simply something else."""
    already: bool = False
    """Whether the same card was there before."""


def import_cards(sources: Iterable[Path], folder: Path) -> Iterator[Imported]:
    """Copy each card into `folder`, and say what came of it, one by one.

    Raises OSError where the folder can't be written into.
    """
    for source in sources:
        if source.is_symlink():
            yield Imported(
                source, problem=f"{source.name}: is a link to another place; name the file"
            )
        elif source.is_dir():
            for path in cards_below(source):
                yield import_card(path, folder)
        else:
            yield import_card(source, folder)


def import_card(source: Path, folder: Path) -> Imported:
    """Copy one card into `folder`, under a name that is free. Raises OSError."""
    try:
        found = described(source)
    except NotACard as error:
        return Imported(source, problem=str(error), is_card=False)
    except CardError as error:
        return Imported(source, problem=error.problems[0].sentence())
    name, line, warnings, suffix = found
    folder.mkdir(parents=True, exist_ok=True)
    stem = stem_of(source.stem)
    if same := same_file(source, folder, stem):
        return Imported(source, same, name, line, already=True)
    try:
        target = copied(source, folder, stem, suffix)
    except FileNotFoundError as error:
        return Imported(source, problem=str(unreadable(error, source.name)))
    return Imported(source, target, name, line, warnings)


def described(source: Path) -> tuple[str, str, tuple[str, ...], str]:
    """A card's name, what is kept of it, what is odd, and its format's suffix. Raises CardError."""
    container = container_of(source, source.name)
    if container != "text":
        found = open_card(source, source.name, container)
        odd = tuple(problem.sentence() for problem in found.warnings)
        line = kept(found.card, found.dialect, found.asset_count)
        return found.card.name, line, odd, SUFFIXES.get(container, source.suffix)
    inspection = inspect_card(source)
    if inspection.card is None:
        raise CardError(inspection.errors)
    odd = tuple(problem.sentence() for problem in inspection.problems)
    suffix = source.suffix.lower() if source.suffix.lower() in YAML_SUFFIXES else ".yaml"
    return inspection.card.name, kept(inspection.card, "YAML"), odd, suffix


def cards_below(folder: Path) -> Iterator[Path]:
    """The files in a folder that may be cards; of SillyTavern's data, its characters alone."""
    count = 0
    for root in character_folders(folder) or [folder]:
        for path in files_below(root, 0):
            if path.suffix.lower() in CARD_SUFFIXES:
                count += 1
                if count > MAX_FILES:
                    return
                yield path


def character_folders(folder: Path) -> list[Path]:
    """Where SillyTavern keeps characters: of one player, of all of them, or as it did before 2024."""
    places = [folder, folder / "data", folder / "public"]
    for parent in (folder, folder / "data"):
        places += sorted(parent.iterdir()) if parent.is_dir() else []
    return [
        place / "characters"
        for place in dict.fromkeys(places)
        if (place / "characters").is_dir()
        and not (place / "characters").is_symlink()
        and any((place / other).is_dir() for other in ("chats", "worlds", "User Avatars"))
    ]


def files_below(folder: Path, depth: int) -> Iterator[Path]:
    """The files of a folder and of those in it, by name; links and hidden ones are passed by."""
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return
    for path in paths:
        if path.is_symlink() or path.name.startswith("."):
            continue
        if path.is_file():
            yield path
        elif path.is_dir() and depth < MAX_FOLDERS and path.name not in NOT_OF_CARDS:
            yield from files_below(path, depth + 1)


def stem_of(stem: str) -> str:
    """A file's name as the card's id: letters of any script, digits and hyphens."""
    words = re.sub(r"[\W_]+", "-", stem.casefold()).strip("-")[:LONGEST_STEM].strip("-")
    return words or "card"


def same_file(source: Path, folder: Path, stem: str) -> Path | None:
    """The file in `folder` that is this very card already; None where there is none."""
    size = source.stat().st_size
    for path in sorted(folder.glob(f"{stem}*")):
        like = path.is_file() and path.stat().st_size == size
        if like and (path.samefile(source) or path.read_bytes() == source.read_bytes()):
            return path
    return None


def copied(source: Path, folder: Path, stem: str, suffix: str) -> Path:
    """Copy a file under the first free name; no other card's id is taken. Raises OSError."""
    while True:
        target = free_target(folder, stem, suffix)
        try:
            with source.open("rb") as stream, target.open("xb") as new:
                shutil.copyfileobj(stream, new)
        except FileExistsError:
            continue  # somebody else was quicker: the next name that is free
        return target


def free_target(folder: Path, stem: str, suffix: str) -> Path:
    """The first free name in a folder that takes no other card's id: `noir`, `noir-2`, ..."""
    taken = {path.stem.casefold() for path in folder.iterdir()}
    number, name = 1, stem
    while name.casefold() in taken:
        number += 1
        name = f"{stem}-{number}"
    return folder / f"{name}{suffix}"
