"""What can be done with a save that isn't being played: rename, tag, copy, throw away, take back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tui.store.errors import SaveDamaged, SaveNewer, SaveReadOnly
from tui.store.files import free_path, in_words, make_folder, same_age, sync_folder
from tui.store.journal import Journal, Opened, copy_save
from tui.store.lines import Record
from tui.store.saves import last_mark


def rename_save(path: Path, name: str, at: float = 0.0) -> None:
    """Give a save another name, by a record of its own; the file keeps its name.

    Raises:
        StoreError: It can't be opened or written.
    """
    _add(path, {"t": "rename", "name": name}, {"name": name}, at)


def tag_save(path: Path, tags: Sequence[str], at: float = 0.0) -> None:
    """Give a save the player's tags, all of them.

    Raises:
        StoreError: It can't be opened or written.
    """
    _add(path, {"t": "tags", "tags": list(tags)}, {"tags": list(tags)}, at)


def duplicate_save(path: Path, name: str = "", at: float = 0.0, folder: Path | None = None) -> Path:
    """Copy a save beside itself or into another folder, open or not, and return the copy.

    Raises:
        StoreError: It can't be read, or the copy not be written.
    """
    copy = copy_save(path, folder)
    if name:
        rename_save(copy, name, at)
    return copy


def throw_away(path: Path, trash: Path) -> Path:
    """Move a save to the trash and return where it lies there.

    Raises:
        SaveLocked: Another program has it open.
        StoreError: It can't be moved.
    """
    make_folder(trash)
    lock = _held(path)
    try:
        return _move(path, trash)
    finally:
        if lock is not None:
            lock.close()


def take_back(path: Path, saves: Path) -> Path:
    """Move a save from the trash to where it can be played again.

    Raises:
        StoreError: It can't be moved.
    """
    make_folder(saves)
    return _move(path, saves)


def _held(path: Path) -> Journal | None:
    """Lock a save, unless nothing in it can be opened anyway.

    Raises:
        SaveLocked: Another program has it open.
    """
    try:
        return Journal.open(path).journal
    except (SaveDamaged, SaveNewer, SaveReadOnly):
        return None


def _move(path: Path, folder: Path) -> Path:
    for candidate in free_path(folder, path.stem, path.suffix):
        with in_words("Could not move", path):
            try:
                candidate.hardlink_to(path)  # unlike a rename, it never covers what is there
            except FileExistsError:
                continue
            except OSError:
                if candidate.exists():
                    continue
                path.rename(candidate)  # a file system without links
            else:
                path.unlink()
        sync_folder(folder)
        sync_folder(path.parent)
        return candidate
    raise AssertionError("there is always a free name")


def _add(path: Path, record: Record, shown: Record, at: float) -> None:
    with same_age(path):
        _append(Journal.open(path), record, shown, at)


def _append(opened: Opened, record: Record, shown: Record, at: float) -> None:
    try:
        mark = dict(last_mark(opened.records))
        more: Record = {"step": "none"}
        if at:
            more["at"] = round(at, 3)
        if mark:
            more["mark"] = mark | shown
        opened.journal.append(record | more)
    finally:
        opened.journal.close()
