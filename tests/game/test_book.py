"""An open story is on the disk as soon as it happened, and goes on whatever the disk does."""

from __future__ import annotations

import asyncio
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tui.game.book import Book
from tui.store import Journal, SaveLocked, list_saves
from tui.story import RecordError, Session, new_header

HEADER = new_header(session_id="1", name="The Ferry", card_id="ferry", card={"name": "The Ferry"})
KILLS = int(os.environ.get("FABLETOP_KILLS", "20"))
ROOT = Path(__file__).resolve().parents[2]

FLUSH_SECONDS = 0.05
LOST_SECONDS = 1.0
"""How much of a stream may be lost here: the flush, and a slow machine's time for the write."""

PLAYER = """
import asyncio, sys, time
from pathlib import Path
from tui.game.book import Book

def told(*words):
    sys.stdout.write(" ".join(map(str, words)) + chr(10))
    sys.stdout.flush()

async def play(path, flush_seconds):
    book = Book.open(path)
    book.flush_seconds = flush_seconds
    while True:
        await book.record(book.session.say("on"))
        await book.record(book.session.reply_started())
        turn = book.session.here
        told("said", turn, 0, 0)
        for piece in range(400):
            await book.record(book.session.reply_grew(turn, "abc ", [piece]))
            told("grew", turn, 4 * piece + 4, time.monotonic())
            await asyncio.sleep(0.002)
        await book.record(book.session.reply_ended(turn, "abc " * 400, tokens=list(range(400))))
        told("ended", turn, 1600, 0)

asyncio.run(play(Path(sys.argv[1]), float(sys.argv[2])))
"""


def opened(path: Path) -> Session:
    found = Journal.open(path, "read")
    found.journal.close()
    return Session.open(found.records)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "saves" / "ferry.jsonl"


def delete(path: Path) -> None:
    path.unlink()


def size(path: Path) -> int:
    return path.stat().st_size


async def begun(path: Path, flush_seconds: float = 1.0) -> Book:
    book = Book.create(path, HEADER)
    book.flush_seconds = flush_seconds
    await book.record(book.session.lay("player", "Start!", scene="Scene: pier, dusk.", root=True))
    await book.record(book.session.lay("model", "A pier."))
    return book


async def begin_and_close(path: Path) -> None:
    await (await begun(path)).close()


async def test_story_is_resumed_as_it_was(path: Path) -> None:
    book = await begun(path)
    await book.record(book.session.say("row"))
    await book.record(book.session.reply_started())
    await book.record(book.session.reply_ended(4, " You row.", tokens=(1, 2)))
    assert book.saved
    before = (book.session.path(), dict(book.session.turns), book.session.mark)
    await book.close()
    again = Book.open(path)
    assert (again.session.path(), dict(again.session.turns), again.session.mark) == before
    assert Book.first_sight(path) == before[0]
    await again.close()
    save = list_saves(path.parent)[0]
    assert (save.name, save.card, save.turns, save.last_line, save.place) == (
        *("The Ferry", "ferry", 1, "You row.", "pier, dusk"),
    )


async def test_pieces_of_a_reply_are_written_together_and_in_time(path: Path) -> None:
    book = await begun(path, flush_seconds=0.01)
    await book.record(book.session.say("row"))
    await book.record(book.session.reply_started())
    changed = asyncio.Event()
    book.on_change = changed.set
    for number in range(50):
        await book.record(book.session.reply_grew(4, " w", [number]))
    assert not book.saved
    assert opened(path).turns[4].text == ""
    await changed.wait()
    assert book.saved
    cut = opened(path).turns[4]
    assert (cut.text, cut.tokens, cut.state) == ("w" + " w" * 49, tuple(range(50)), "cut")
    await book.close()


async def test_records_keep_their_order_when_nobody_waits_for_them(path: Path) -> None:
    book = await begun(path)
    for number in range(30):
        task = asyncio.create_task(book.record(book.session.set("n", number)))
        await asyncio.sleep(0)
        if number % 2:
            task.cancel()
    await book.close()
    session = opened(path)
    assert session.settings == {"n": 29}
    assert session.history.done == 30


async def test_record_that_makes_no_sense_changes_nothing(path: Path) -> None:
    book = await begun(path)
    before = size(path)
    with pytest.raises(RecordError, match="no turn 99"):
        await book.record(book.session.move(99))
    assert size(path) == before
    await book.close()


async def test_full_disk_is_said_and_the_story_goes_on(path: Path) -> None:
    book = await begun(path)
    told: list[str] = []
    book.on_change = lambda: told.append(book.trouble)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size(path) + 3, hard))
    try:
        await book.record(book.session.say("row"))
        await book.record(book.session.reply_started())
        assert "ferry.jsonl: the file may not grow" in book.trouble
        assert not book.saved
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    await book.record(book.session.reply_ended(4, " You row."))
    assert book.saved
    assert told[-1] == ""
    assert opened(path).turns == book.session.turns
    await book.close()


async def test_story_without_a_place_to_be_saved_is_played_and_saved_later(tmp_path: Path) -> None:
    (tmp_path / "saves").write_text("a file where the folder should be")
    book = await begun(tmp_path / "saves" / "ferry.jsonl")
    assert "saves" in book.trouble
    (tmp_path / "saves").unlink()
    await book.record(book.session.say("row"))
    assert book.saved
    assert opened(book.path).path() == book.session.path()
    await book.close()


async def test_what_could_not_be_saved_is_tried_once_more_at_the_end(path: Path) -> None:
    book = await begun(path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    await book.record(book.session.say("row"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert book.trouble
    await book.close()
    assert not book.trouble
    assert opened(path).turns[3].text == "row"


async def test_deleted_save_is_noticed_and_said(path: Path) -> None:
    book = await begun(path)
    delete(path)
    await book.record(book.session.say("row"))
    assert "it was deleted" in book.notice
    assert opened(book.path).path() == book.session.path()
    await book.close()


async def test_clock_that_jumps_back_changes_nothing(path: Path) -> None:
    book = await begun(path)
    for at in (2_000_000_000.0, 5.0, 1_000_000_000.0):
        await book.record(book.session.say("on", at=at))
    await book.close()
    assert [turn.at for turn in opened(path).path()[2:]] == [2_000_000_000.0, 5.0, 1_000_000_000.0]


async def test_second_program_reads_or_copies(path: Path) -> None:
    book = await begun(path)
    with pytest.raises(SaveLocked):
        Book.open(path)
    reader = Book.open(path, read_only=True)
    assert not reader.writable
    assert reader.session.path() == book.session.path()
    await reader.close()
    await book.close()


@pytest.mark.timeout(60 + 5 * KILLS)
def test_kill_at_any_moment_costs_no_turn_and_little_of_a_stream(path: Path) -> None:
    asyncio.run(begin_and_close(path))
    dice = random.Random(3)
    command = [sys.executable, "-c", PLAYER, str(path), str(FLUSH_SECONDS)]
    for _ in range(KILLS):
        child = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(dice.randrange(1, 500))]
        os.kill(child.pid, signal.SIGKILL)
        killed = time.monotonic()
        lines += child.stdout.read().splitlines(keepends=True)
        child.stdout.close()
        child.wait()
        session = opened(path)
        assert not session.damaged
        for line in lines:
            if line.endswith(b"\n"):
                word, turn, length, at = line.split()
                kept = session.turns[int(turn)]
                assert word != b"ended" or kept.state == "whole"
                assert len(kept.text) >= int(length) or float(at) > killed - LOST_SECONDS
