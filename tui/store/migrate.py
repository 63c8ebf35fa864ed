"""Saves of earlier format versions, brought up to this one: a new file, and the old one in the trash."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from tui.store.errors import SaveDamaged
from tui.store.files import in_words, same_age
from tui.store.journal import VERSION, Journal, read_save, version_of
from tui.store.lines import BOM, Record, decode_line
from tui.store.shelf import take_back, throw_away

MOST_HEADER_BYTES = 64 << 20

Migration = Callable[[Sequence[Record]], list[Record]]

MIGRATIONS: Mapping[int, Migration] = MappingProxyType({})
"""By version, what makes records of that version records of the next one."""


def migrated(
    records: Sequence[Record], steps: Mapping[int, Migration] = MIGRATIONS, to: int = VERSION
) -> list[Record]:
    """Return records as the format version `to` has them; its header names that version.

    Raises:
        SaveDamaged: No way leads from their version to that one.
    """
    now = list(records)
    version = version_of(now)
    if version is None:
        return now
    while version < to:
        step = steps.get(version)
        if step is None:
            raise SaveDamaged(f"A save of format {version} can't be brought up to format {to}.")
        now = step(now)
        version += 1
        now[0] = now[0] | {"fabletop": version}
    return now


def migrate_save(
    path: Path, trash: Path, steps: Mapping[int, Migration] = MIGRATIONS, to: int = VERSION
) -> Path | None:
    """Bring a save up to this version's format; None where it has that already.

    At every moment there is a whole save of the old format, or of the new one, or both. The old
    one ends in the trash, which is what is returned.

    Raises:
        StoreError: It can't be read, migrated or written; it is as it was.
    """
    lines = read_save(path)
    version = version_of(lines.records)
    if version is None or version >= to:
        return None
    return replace_save(path, migrated(lines.records, steps, to), trash)


def bring_up(
    path: Path, trash: Path, steps: Mapping[int, Migration] = MIGRATIONS, to: int = VERSION
) -> Path | None:
    """Migrate a save that is about to be played, reading only its first line where none is needed.

    Raises:
        SaveLocked: Another program has it open.
        StoreError: It can't be read, migrated or written; it is as it was.
    """
    with in_words("Could not read", path), path.open("rb") as file:
        header = decode_line(file.readline(MOST_HEADER_BYTES).removeprefix(BOM).strip())
    version = None if isinstance(header, str) else version_of([header])
    if version is None or version >= to:
        return None
    Journal.open(path).journal.close()
    return migrate_save(path, trash, steps, to)


def replace_save(path: Path, records: Sequence[Record], trash: Path) -> Path:
    """Put a save with these records in the place of another, which goes to the trash.

    Raises:
        StoreError: It can't be done; what is there is whole.
    """
    with same_age(path) as files:
        journal = Journal.unsaved(path)
        journal.append(*records)
        journal.close()
        thrown = throw_away(path, trash)
        files.append(thrown)
        if path.exists():
            files[0] = take_back(journal.path, path.parent)
        else:
            journal.path.rename(path)
    return thrown
