"""Every typed command of the table is read as it was meant, or refused for the right cause."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase

import pytest

from tests.world.reading.table import Row, rows, tale_rows
from tui.world import Reading

LEAST_SHARE = 0.97


def is_as_meant(reading: Reading, meant: str) -> bool:
    return any(fits(reading, [part.strip() for part in way.split(";")]) for way in meant.split("|"))


def fits(reading: Reading, wanted: list[str]) -> bool:
    if wanted == ["!"]:
        return reading.kind == "none" or reading.sure < 0.5
    got = [action.id for action in reading.actions]
    wanted = [f"question:{one[1:]}" if one.startswith("?") else one for one in wanted]
    if (
        len(wanted) == 1
        and wanted[0].endswith(":*")
        and got
        and not wanted[0].startswith(("improvise", "say"))
    ):
        return all(fnmatchcase(action, wanted[0]) for action in got)
    return len(got) == len(wanted) and all(
        fnmatchcase(a.lower(), b.lower()) for a, b in zip(got, wanted, strict=True)
    )


def wrong_rows(table: Sequence[Row]) -> list[str]:
    found: list[str] = []
    for row in table:
        reading = row.world.read(row.state, row.typed, row.choices, row.recent)
        if not is_as_meant(reading, row.meant):
            got = "; ".join(action.id for action in reading.actions)
            found.append(
                f"{row.position}: {row.typed!r} read as {got or '-'} ({reading.sure}), meant {row.meant}"
            )
    return found


@pytest.mark.parametrize(("table", "most"), [(rows, 300), (tale_rows, 250)])
def test_nearly_all_commands_are_read_as_meant(
    table: Callable[[], Sequence[Row]], most: int
) -> None:
    wrong = wrong_rows(table())
    assert len(table()) >= most
    share = 1 - len(wrong) / len(table())
    assert share >= LEAST_SHARE, "\n".join([f"{share:.1%} of {len(table())} read as meant", *wrong])
