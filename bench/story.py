"""What a long story costs: `python bench/story.py` plays 100, 1,000 and 10,000 turns and measures.

Beside it stands the same story as peers keep it: one JSON file, written whole after every turn.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import random
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from tui.game.book import Book
from tui.store import Journal, list_saves
from tui.store.search import SearchIndex
from tui.story import Choice, Session, new_header
from tui.story.session import mark_record

WORDS = [
    "the",
    "a",
    "lamp",
    "river",
    "door",
    "key",
    "Marta",
    "rows",
    "waits",
    "night",
    "cold",
    "oiled",
    "stone",
    "wave",
    "asks",
    "tide",
    "brass",
    "hinge",
]
SIZES = (100, 1_000, 10_000)
COLUMNS = (
    ("first", "first sight", "ms"),
    ("open", "open whole", "ms"),
    ("append", "append, fsync", "ms"),
    ("undo", "undo + redo", "µs"),
    ("jump", "jump afar + path", "ms"),
    ("find", "search", "ms"),
    ("memory", "memory", "MiB"),
    ("file", "file", "MiB"),
    ("rewrite", "one JSON, rewritten", "ms"),
)


def sentence(dice: random.Random, words: int) -> str:
    return " ".join(dice.choice(WORDS) for _ in range(words)).capitalize() + "."


def play(path: Path, turns: int) -> None:
    """Write a story of so many turns: half of them the player's, every tenth reply retried."""
    dice = random.Random(turns)
    session = Session()
    header = new_header(
        session_id="1", name="Bench", card_id="bench", card={"description": "x" * 8000}
    )
    lines = [header, session.lay("player", "Start!", scene="Scene: pier, dusk.", root=True)]
    for record in lines:
        session.apply(record)

    def do(record: dict[str, object]) -> None:
        session.apply(record)
        marked = record.get("t") not in ("started", "grew")
        lines.append(record | {"mark": mark_record(session.mark)} if marked else record)

    for number in range(turns // 2):
        actions = (f"go:{number % 7}",)
        do(
            session.say(
                sentence(dice, 8),
                scene="Scene: pier, dusk. Now: you row.",
                actions=actions,
                at=1e9 + number,
            )
        )
        for _ in range(2 if number % 10 == 9 else 1):
            do(
                session.reply_started(
                    parent=None
                    if session.history.asked
                    else session.turns[session.here or 1].parent
                )
            )
            text = " " + " ".join(sentence(dice, 12) for _ in range(5))
            tokens = [dice.randrange(32_000) for _ in range(130)]
            choices = [Choice(sentence(dice, 6), "go:1") for _ in range(3)]
            do(
                session.reply_ended(
                    session.here or 1, text, tokens=tokens, prose_tokens=100, choices=choices
                )
            )
    journal = Journal.unsaved(path)
    journal.append(*lines)
    journal.close()


def best(act: Callable[[], object], times: int = 5) -> float:
    """Return the shortest of some runs, in seconds."""
    found: list[float] = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        found.append(time.perf_counter() - start)
    return min(found)


def opened(path: Path) -> Session:
    found = Journal.open(path, "read")
    found.journal.close()
    return Session.open(found.records)


def memory_of(path: Path) -> float:
    """Return the bytes that an open story holds."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    book = Book.open(path)
    gc.collect()
    held = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    asyncio.run(book.close())
    return held


async def appends(path: Path, times: int) -> float:
    """Return the median of a record's time from the call to the disk."""
    book = Book.open(path)
    found: list[float] = []
    for number in range(times):
        start = time.perf_counter()
        await book.record(book.session.set("n", number))
        found.append(time.perf_counter() - start)
    await book.close()
    return statistics.median(found)


def undo_and_redo(session: Session) -> None:
    session.apply(session.undo())
    session.apply(session.redo())


def jump(session: Session) -> None:
    far, here = session.path()[len(session.path()) // 2], session.here
    session.apply(session.move(far.id))
    session.path()
    session.apply(session.move(here))
    session.path()


def rewrite(session: Session, path: Path) -> None:
    """Save as peers do: all turns in one JSON file, put in the place of the old one."""
    turns = [
        {"name": t.name, "mes": t.text, "tokens": t.tokens, "swipes": []}
        for t in session.turns.values()
    ]
    new = path.with_suffix(".new")
    with new.open("w") as file:
        json.dump({"turns": turns}, file)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def measure(folder: Path, turns: int) -> dict[str, float]:
    path = folder / f"story-{turns}.jsonl"
    play(path, turns)
    session = opened(path)
    index = SearchIndex.open(folder / f"cache-{turns}")
    for _ in index.update(path.parent):
        pass
    found = {
        "first": best(lambda: Book.first_sight(path)) * 1e3,
        "open": best(lambda: opened(path), 3) * 1e3,
        "file": path.stat().st_size / 2**20,
        "undo": best(lambda: undo_and_redo(session), 50) * 1e6,
        "jump": best(lambda: jump(session), 20) * 1e3,
        "find": best(lambda: index.find("lamp brass wav")) * 1e3,
        "rewrite": best(lambda: rewrite(session, folder / "peer.json"), 3) * 1e3,
        "append": asyncio.run(appends(path, 200)) * 1e3,
        "memory": memory_of(path) / 2**20,
    }
    index.close()
    return found


def library(folder: Path, saves: int, turns: int) -> None:
    """Measure a library: listing it, and searching in it while typing."""
    for number in range(saves):
        play(folder / f"save-{number}.jsonl", turns)
    size = sum(path.stat().st_size for path in folder.iterdir()) / 2**20
    print(f"\nA library of {saves} saves, {size:.0f} MiB:")
    print(f"  list all           {best(lambda: list_saves(folder), 3) * 1e3:8.1f} ms")
    index = SearchIndex.open(folder / "cache")
    start = time.perf_counter()
    for _ in index.update(folder):
        pass
    print(f"  index, first time  {time.perf_counter() - start:8.1f} s")
    print(f"  index, again       {best(lambda: list(index.update(folder)), 3) * 1e3:8.1f} ms")
    for words in ("l", "lamp", "lamp br", "lamp brass wave", "zebra"):
        print(f"  find {words!r:18} {best(lambda words=words: index.find(words), 3) * 1e3:6.1f} ms")
    index.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="how many turns")
    parser.add_argument(
        "--saves", type=int, default=0, help="also measure a library of so many saves"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fabletop-bench-") as name:
        rows = {turns: measure(Path(name), turns) for turns in given.sizes}
        print("turns".ljust(28) + "".join(f"{turns:>12,}" for turns in rows))
        for key, title, unit in COLUMNS:
            print(
                f"{title}, {unit}".ljust(28) + "".join(f"{row[key]:12.2f}" for row in rows.values())
            )
    if given.saves:
        with tempfile.TemporaryDirectory(prefix="fabletop-bench-") as name:
            library(Path(name), given.saves, 100)


if __name__ == "__main__":
    main()
