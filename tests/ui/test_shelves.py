"""Shelves of thousands: rows are written as they are drawn, and found by any word."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from textual.content import Content

from tui.cards import CardEntry
from tui.ui.shelves import card_lines, matching
from tui.ui.widgets.linelist import LateLine, Line

ENTRIES = [
    CardEntry(
        f"nr-{n}", f"Nr {n}", "companion", Path(f"/cards/nr-{n}.png"), summary=f"lamp {n % 7}"
    )
    for n in range(3000)
]


def test_a_card_from_elsewhere_is_marked_and_a_shipped_one_is_not() -> None:
    shipped = dataclasses.replace(ENTRIES[0], shipped=True)
    posing = dataclasses.replace(ENTRIES[1], creator="Fabletop")
    head, mine, *_ = card_lines([shipped], small_model=True)
    assert "COMPANIONS" in head.content.plain
    assert not mine.content.plain.startswith("◇")
    head, other = card_lines([posing], small_model=True)
    assert head.content.plain == "YOURS  · 1 card, want a bigger model"
    assert other.content.plain.startswith("◇ Nr 1")
    assert not card_lines([posing], small_model=False)[1].content.plain.startswith("◇")


def test_every_word_must_be_in_what_is_said_of_a_card() -> None:
    found = matching(ENTRIES, "LAMP 3")
    assert found
    assert all("3" in f"{entry.name} {entry.summary}" for entry in found)
    assert matching(ENTRIES, "lamp owl") == []


def test_a_row_is_written_once_and_only_when_it_is_drawn() -> None:
    drawn: list[str] = []

    def write() -> Line:
        drawn.append("row")
        return Line("key", Content("words"), Content("right"))

    late = LateLine("key", write)
    assert (late.key, drawn) == ("key", [])
    assert (late.content.plain, late.right.plain, drawn) == ("words", "right", ["row"])
    lines = card_lines(ENTRIES, small_model=True)
    assert len(lines) == 3001
    assert lines[2].key == "card:/cards/nr-1.png"
