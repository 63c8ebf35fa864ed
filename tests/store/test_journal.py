"""A journal keeps what was appended, and says plainly what is wrong with a file."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tui.store import Journal, SaveDamaged, SaveLocked, SaveMissing, SaveNewer, StoreError
from tui.store.journal import copy_save, read_save

HEADER = {"t": "header", "fabletop": 1, "name": "Ferry"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "saves" / "ferry.jsonl"


def test_appended_records_are_there_again(path: Path) -> None:
    journal = Journal.create(path, HEADER)
    journal.append({"t": "say", "text": "hé\n"})
    journal.append({"t": "a"}, {"t": "b"})
    journal.close()
    opened = Journal.open(path)
    assert opened.records == [HEADER, {"t": "say", "text": "hé\n"}, {"t": "a"}, {"t": "b"}]
    assert opened.report.sound
    opened.journal.append({"t": "c"})
    opened.journal.close()
    assert [record["t"] for record in read_save(path).records] == ["header", "say", "a", "b", "c"]


def test_only_the_player_may_read_it(path: Path) -> None:
    Journal.create(path, HEADER).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    copy = copy_save(path)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_name_that_is_taken_gets_a_number(path: Path) -> None:
    first = Journal.create(path, HEADER)
    second = Journal.create(path, HEADER)
    assert first.path.name == "ferry.jsonl"
    assert second.path.name == "ferry-2.jsonl"
    first.close()
    second.close()


def test_torn_last_line_is_ended_by_the_first_append(path: Path) -> None:
    Journal.create(path, HEADER).close()
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"t":"say","te')
    opened = Journal.open(path)
    assert opened.report.torn
    assert opened.records == [HEADER]
    assert path.read_bytes() == whole + b'{"t":"say","te', "opening changes nothing"
    opened.journal.append({"t": "a"})
    opened.journal.close()
    assert path.read_bytes() == whole + b'{"t":"say","te\n{"t":"a"}\n'
    lines = read_save(path)
    assert [record["t"] for record in lines.records] == ["header", "a"]
    assert [bad.number for bad in lines.report.bad] == [2]


def test_last_line_that_lacks_only_its_newline_is_kept(path: Path) -> None:
    Journal.create(path, HEADER).close()
    path.write_bytes(path.read_bytes() + b'{"t":"a"}')
    opened = Journal.open(path)
    opened.journal.append({"t": "b"})
    opened.journal.close()
    lines = read_save(path)
    assert [record["t"] for record in lines.records] == ["header", "a", "b"]
    assert lines.report.sound


def test_second_opener_is_told_and_can_read_or_copy(path: Path) -> None:
    journal = Journal.create(path, HEADER)
    with pytest.raises(SaveLocked, match="another window"):
        Journal.open(path)
    reader = Journal.open(path, "read")
    assert reader.records == [HEADER]
    with pytest.raises(StoreError, match="read only"):
        reader.journal.append({"t": "a"})
    copied = Journal.open(copy_save(path))
    copied.journal.append({"t": "a"})
    journal.append({"t": "b"})
    for each in (reader.journal, copied.journal, journal):
        each.close()
    assert [record["t"] for record in read_save(path).records] == ["header", "b"]


def test_lock_ends_with_the_journal(path: Path) -> None:
    Journal.create(path, HEADER).close()
    Journal.open(path).journal.close()
    Journal.open(path).journal.close()


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"", SaveDamaged, "is empty"),
        (b"\n\r\n \0\0", SaveDamaged, "is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", SaveDamaged, "not a save"),
        (b'{"spec": "chara_card_v2"}\n', SaveDamaged, "not a save"),
        (b'{"t":"header","fabletop":99}\n', SaveNewer, "newer Fabletop"),
    ],
)
def test_file_that_can_not_be_gone_on_with_is_named(
    path: Path, data: bytes, error: type[StoreError], words: str
) -> None:
    path.parent.mkdir()
    path.write_bytes(data)
    with pytest.raises(error, match=words) as raised:
        Journal.open(path)
    assert path.name in str(raised.value)
    assert path.read_bytes() == data


def test_newer_save_can_be_read(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b'{"t":"header","fabletop":99}\n{"t":"say"}\n')
    opened = Journal.open(path, "read")
    assert len(opened.records) == 2
    opened.journal.close()


def test_missing_save_and_folder_in_its_place(path: Path) -> None:
    with pytest.raises(SaveMissing, match="it is not there"):
        Journal.open(path)
    path.mkdir(parents=True)
    with pytest.raises(StoreError, match="that is a folder"):
        Journal.open(path)


def test_save_without_its_header_is_still_opened(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b'{"t":"header","fab\n{"t":"say","id":1}\n')
    opened = Journal.open(path)
    assert opened.records == [{"t": "say", "id": 1}]
    assert [bad.number for bad in opened.report.bad] == [1]
    opened.journal.close()
