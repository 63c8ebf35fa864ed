"""What disks and other programs do to a save, done for real: nothing is lost, and it is said."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tui.store import Journal, SaveReadOnly, Settings, SettingsFile, StoreError
from tui.store.journal import read_save

HEADER = {"t": "header", "fabletop": 1}
KILLS = int(os.environ.get("FABLETOP_KILLS", "40"))
ROOT = Path(__file__).resolve().parents[2]

WRITER = """
import sys
from pathlib import Path
from tui.store.journal import Journal
opened = Journal.open(Path(sys.argv[1]))
number = max((record.get("n", -1) for record in opened.records), default=-1)
while True:
    number += 1
    opened.journal.append({"t": "x", "n": number, "text": "words " * (number % 200)})
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
"""


def numbers(path: Path) -> list[object]:
    return [record["n"] for record in read_save(path).records if "n" in record]


@pytest.fixture
def journal(tmp_path: Path) -> Generator[Journal]:
    journal = Journal.create(tmp_path / "saves" / "ferry.jsonl", HEADER)
    for number in range(3):
        journal.append({"t": "x", "n": number})
    yield journal
    journal.close()


@contextmanager
def limit(kind: int, soft: int) -> Generator[None]:
    """Hold this process to a limit of the system for a while."""
    before, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (soft, hard))
    try:
        yield
    finally:
        resource.setrlimit(kind, (before, hard))


@pytest.fixture
def open_folder() -> Generator[Path]:
    """A folder that any user of the machine can enter, as pytest's own can't be."""
    folder = Path(tempfile.mkdtemp(prefix="fabletop-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@contextmanager
def as_nobody() -> Generator[None]:
    """Give up the rights of root for a while, to which no folder is read-only."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.timeout(60 + 5 * KILLS)
def test_kill_at_any_moment_keeps_every_record_that_was_appended(tmp_path: Path) -> None:
    path = tmp_path / "killed.jsonl"
    Journal.create(path, HEADER).close()
    dice = random.Random(9)
    for _ in range(KILLS):
        child = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, cwd=ROOT
        )
        assert child.stdout is not None
        seen = -1
        for _ in range(dice.randrange(1, 60)):
            seen = int(child.stdout.readline())
        os.kill(child.pid, signal.SIGKILL)
        rest = child.stdout.read().split()
        child.stdout.close()
        child.wait()
        seen = max([seen, *map(int, rest[:-1])])
        kept = numbers(path)
        assert kept == list(range(len(kept)))
        assert len(kept) > seen


def test_full_disk_keeps_the_records_and_writes_them_later(journal: Journal) -> None:
    size = journal.path.stat().st_size
    with limit(resource.RLIMIT_FSIZE, size + 7):
        for number in range(3, 6):
            with pytest.raises(
                StoreError, match=r"Could not save to .*ferry\.jsonl: the file may not grow"
            ):
                journal.append({"t": "x", "n": number})
        assert not journal.saved
    assert read_save(journal.path).report.torn
    journal.append({"t": "x", "n": 6})
    assert journal.saved
    assert numbers(journal.path) == list(range(7))
    assert read_save(journal.path).report.sound


def test_full_disk_when_a_story_begins(tmp_path: Path) -> None:
    journal = Journal.unsaved(tmp_path / "saves" / "ferry.jsonl")
    with limit(resource.RLIMIT_FSIZE, 4), pytest.raises(StoreError, match="may not grow"):
        journal.append(HEADER)
    assert not list(journal.path.parent.glob("*.jsonl"))
    journal.append({"t": "x", "n": 0})
    assert numbers(journal.path) == [0]
    journal.close()


def test_no_more_open_files(journal: Journal) -> None:
    with limit(resource.RLIMIT_NOFILE, 3):
        with pytest.raises(StoreError, match="too many files are open in this program"):
            Journal.open(journal.path)
        journal.append({"t": "x", "n": 3})
    assert numbers(journal.path) == [0, 1, 2, 3]


def test_deleted_save_is_written_again_whole(journal: Journal) -> None:
    journal.path.unlink()
    moved = journal.append({"t": "x", "n": 3})
    assert moved is not None
    assert moved.new == moved.old
    assert "deleted" in moved.sentence
    assert numbers(journal.path) == [0, 1, 2, 3]
    assert journal.append({"t": "x", "n": 4}) is None


def test_deleted_folder_is_made_again(journal: Journal) -> None:
    shutil.rmtree(journal.path.parent)
    journal.append({"t": "x", "n": 3})
    assert numbers(journal.path) == [0, 1, 2, 3]


@pytest.mark.parametrize("other", [b"", b'{"t":"header","fabletop":1}\n{"t":"x","n":77}\n' * 9])
@pytest.mark.parametrize("in_place", [True, False])
def test_replaced_save_is_left_alone_and_the_story_goes_on_beside_it(
    journal: Journal, other: bytes, in_place: bool
) -> None:
    old = journal.path
    if not in_place:
        old.unlink()
    old.write_bytes(other)
    moved = journal.append({"t": "x", "n": 3})
    assert moved is not None
    assert moved.new.name == "ferry-2.jsonl"
    assert "ferry-2.jsonl" in moved.sentence
    assert old.read_bytes() == other
    assert numbers(journal.path) == [0, 1, 2, 3]
    journal.append({"t": "x", "n": 4})
    assert numbers(journal.path) == [0, 1, 2, 3, 4]


def test_save_moved_away_is_gone_on_with_and_the_moved_one_stays(journal: Journal) -> None:
    away = journal.path.with_name("away.jsonl")
    journal.path.rename(away)
    journal.append({"t": "x", "n": 3})
    assert numbers(away) == [0, 1, 2]
    assert numbers(journal.path) == [0, 1, 2, 3]


def test_long_save_is_written_again_byte_for_byte(journal: Journal) -> None:
    for number in range(3, 3000):
        journal.append({"t": "x", "n": number, "text": f"{number} words " * 20})
    before = journal.path.read_bytes()
    journal.path.unlink()
    journal.append({"t": "x", "n": 3000})
    assert journal.path.read_bytes().startswith(before)
    assert numbers(journal.path) == list(range(3001))


def test_deleted_save_of_a_full_disk_is_tried_again(journal: Journal) -> None:
    journal.path.unlink()
    with limit(resource.RLIMIT_FSIZE, 10), pytest.raises(StoreError, match="may not grow"):
        journal.append({"t": "x", "n": 3})
    journal.append({"t": "x", "n": 4})
    assert numbers(journal.path) == [0, 1, 2, 3, 4]


def test_read_only_folder_says_so(open_folder: Path) -> None:
    saved = open_folder / "ferry.jsonl"
    Journal.create(saved, HEADER).close()
    saved.chmod(0o444)
    open_folder.chmod(0o555)
    with as_nobody():
        journal = Journal.unsaved(open_folder / "new.jsonl")
        with pytest.raises(SaveReadOnly, match="your account may not do that"):
            journal.append(HEADER)
        with pytest.raises(SaveReadOnly, match="your account may not do that"):
            Journal.open(saved)
        assert Journal.open(saved, "read").records == [HEADER]
        with pytest.raises(StoreError, match="your account may not do that"):
            Journal.create(open_folder / "saves" / "new.jsonl", HEADER)
        with pytest.raises(StoreError, match="your account may not do that"):
            SettingsFile(open_folder / "settings.yaml", Settings()).write(bell=True)


def test_settings_on_a_full_disk_are_as_they_were(tmp_path: Path) -> None:
    file = SettingsFile.read(tmp_path / "settings.yaml").write(theme="paper")
    before = file.path.read_bytes()
    with limit(resource.RLIMIT_FSIZE, 5), pytest.raises(StoreError, match="may not grow"):
        file.write(theme="lamplight")
    assert file.path.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["settings.yaml"]
