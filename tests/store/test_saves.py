"""The list of saves is quick and right, and what is done to a save on the shelf loses nothing."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tui.store import Journal, SaveDamaged, SaveLocked, SaveMissing, list_saves
from tui.store.journal import read_save
from tui.store.lines import Record
from tui.store.mend import check_saves, mend_save
from tui.store.migrate import bring_up, migrate_save, migrated
from tui.store.saves import find_save, info_of, tail_records
from tui.store.shelf import duplicate_save, rename_save, tag_save, take_back, throw_away

HEADER: Record = {
    "t": "header",
    "fabletop": 1,
    "name": "Ferry",
    "card_id": "ferry",
    "card": {"pad": "x" * 9000},
}
MARK = {
    "name": "Ferry",
    "card": "ferry",
    "turns": 7,
    "last_line": "You row.",
    "place": "river",
    "here": 3,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "saves"


def make(folder: Path, stem: str = "ferry", mark: Record | None = None, pad: int = 0) -> Path:
    journal = Journal.create(folder / f"{stem}.jsonl", HEADER)
    journal.append({"t": "ended", "id": 3, "text": "You row.", "mark": MARK | (mark or {})})
    journal.append({"t": "grew", "id": 4, "text": "x" * pad})
    journal.close()
    return journal.path


def test_list_shows_what_the_last_mark_says(folder: Path) -> None:
    path = make(folder)
    (save,) = list_saves(folder)
    assert (save.name, save.card, save.turns, save.last_line, save.place) == (
        "Ferry",
        "ferry",
        7,
        "You row.",
        "river",
    )
    assert (save.id, save.path, save.problem) == ("ferry", path, "")
    shown = json.loads(json.dumps(save.as_dict()))
    assert {"name", "path", "card", "turns", "updated", "last_line"} <= shown.keys()


def test_mark_is_found_before_a_long_stream(folder: Path) -> None:
    make(folder, pad=50_000)
    assert list_saves(folder)[0].turns == 7


def test_newest_is_first_and_other_files_are_not_listed(folder: Path) -> None:
    for number, stem in enumerate(("c", "a", "b")):
        os.utime(make(folder, stem), (1000 + number, 1000 + number))
    (folder / "README.md").write_text("hello")
    (folder / ".hidden.jsonl").write_text("")
    (folder / "trash").mkdir()
    assert [save.id for save in list_saves(folder)] == ["b", "a", "c"]


def test_missing_folder_has_no_saves(folder: Path) -> None:
    assert list_saves(folder) == []


@pytest.mark.parametrize(
    ("data", "problem", "name"),
    [
        (b"", "it is empty", "bad"),
        (b"garbage\xff\n", "nothing in it can be read as a save", "bad"),
        (b'{"t":"header","fabletop":1,"name":"New","card_id":"c"}\n', "", "New"),
        (b'\xef\xbb\xbf{"t":"header","fabletop":1,"name":"New"}\r\n{"t":"sa', "", "New"),
    ],
)
def test_odd_files_are_listed_with_what_is_wrong(
    folder: Path, data: bytes, problem: str, name: str
) -> None:
    make(folder)
    (folder / "bad.jsonl").write_bytes(data)
    bad = info_of(folder / "bad.jsonl")
    assert (bad.problem, bad.name) == (problem, name)
    assert len(list_saves(folder)) == 2


def test_thousand_saves_are_listed_at_once(folder: Path) -> None:
    path = make(folder, pad=200)
    data = path.read_bytes()
    for number in range(1000):
        (folder / f"s{number}.jsonl").write_bytes(data)
    start = time.process_time()
    assert len(list_saves(folder)) == 1001
    assert time.process_time() - start < 2


def test_save_is_found_by_id_file_path_and_name(folder: Path) -> None:
    path = make(folder)
    for name in ("ferry", "ferry.jsonl", str(path), "FERRY"):
        assert find_save(folder, name) == path
    with pytest.raises(SaveMissing, match="there are: ferry"):
        find_save(folder, "tower")


def test_tail_is_whole_lines(folder: Path) -> None:
    path = make(folder, pad=100)
    assert [record["t"] for record in tail_records(path, 200)] == ["grew"]
    assert [record["t"] for record in tail_records(path)] == ["header", "ended", "grew"]


def test_rename_and_tags_are_records_and_are_listed(folder: Path) -> None:
    path = make(folder)
    before = path.read_bytes()
    rename_save(path, "The Night Ferry", at=5.0)
    tag_save(path, ["night", "river"])
    assert path.read_bytes().startswith(before)
    (save,) = list_saves(folder)
    assert (save.name, save.tags, save.turns, save.id) == (
        "The Night Ferry",
        ("night", "river"),
        7,
        "ferry",
    )


def test_save_that_is_open_can_be_copied_but_not_thrown_away(folder: Path) -> None:
    path = make(folder)
    journal = Journal.open(path).journal
    copy = duplicate_save(path, "Ferry, another way")
    assert info_of(copy).name == "Ferry, another way"
    assert info_of(path).name == "Ferry"
    with pytest.raises(SaveLocked):
        throw_away(path, folder / "trash")
    with pytest.raises(SaveLocked):
        rename_save(path, "x")
    journal.close()


def test_trash_and_back_keep_all_and_cover_nothing(folder: Path) -> None:
    trash = folder / "trash"
    first, data = make(folder), (folder / "ferry.jsonl").read_bytes()
    assert throw_away(first, trash).name == "ferry.jsonl"
    second = make(folder, mark={"turns": 9})
    assert throw_away(second, trash).name == "ferry-2.jsonl"
    assert list_saves(folder) == []
    assert [save.turns for save in sorted(list_saves(trash), key=lambda save: save.id)] == [7, 9]
    third = make(folder, mark={"turns": 11})
    assert take_back(trash / "ferry.jsonl", folder).name == "ferry-2.jsonl"
    assert (folder / "ferry-2.jsonl").read_bytes() == data
    assert info_of(third).turns == 11


def test_doctor_names_each_state_and_mends_what_can_be_mended(folder: Path) -> None:
    trash = folder / "trash"
    for stem in ("a-sound", "b-torn", "c-damaged", "d-headless", "e-empty", "f-newer", "g-other"):
        make(folder, stem)
    torn, damaged, headless = (
        folder / f"{stem}.jsonl" for stem in ("b-torn", "c-damaged", "d-headless")
    )
    torn.write_bytes(torn.read_bytes() + b'{"t":"sa')
    damaged.write_bytes(damaged.read_bytes() + b'garbage\n{"t":"move","to":1}\n')
    headless.write_bytes(b"x" + headless.read_bytes())
    (folder / "e-empty.jsonl").write_bytes(b"")
    (folder / "f-newer.jsonl").write_bytes(b'{"t":"header","fabletop":7}\n')
    (folder / "g-other.jsonl").write_bytes(b'{"spec":"card"}\n')
    was = damaged.read_bytes()
    checks = list(check_saves(folder))
    assert [check.state for check in checks] == [
        *("sound", "torn", "damaged", "headless", "empty", "newer", "unreadable"),
    ]
    assert "line 4: it is not JSON: garbage" in checks[2].details
    for check in checks:
        assert check.path.name in check.sentence
        assert mend_save(check.path, trash).startswith(check.path.name)
    assert [(check.path.stem, check.state) for check in check_saves(folder)] == [
        *(
            ("a-sound", "sound"),
            ("b-torn", "torn"),
            ("c-damaged", "sound"),
            ("d-headless", "sound"),
        ),
        *(("f-newer", "newer"), ("g-other", "unreadable")),
    ]
    assert (trash / "c-damaged.jsonl").read_bytes() == was
    assert [record["t"] for record in read_save(damaged).records] == [
        "header",
        "ended",
        "grew",
        "move",
    ]
    assert read_save(headless).records[0]["name"] == "Ferry"
    assert info_of(headless).turns == 7


def test_doctor_tells_of_records_that_do_nothing(folder: Path) -> None:
    make(folder)

    def fold(records: Sequence[Record]) -> list[str]:
        return [f"{len(records)} seen"]

    (check,) = check_saves(folder, fold)
    assert (check.state, check.details) == ("sound", ("3 seen",))


def test_save_that_is_open_is_not_mended(folder: Path) -> None:
    path = make(folder)
    path.write_bytes(path.read_bytes() + b"garbage\n")
    journal = Journal.open(path).journal
    with pytest.raises(SaveLocked):
        mend_save(path, folder / "trash")
    assert [save.id for save in list_saves(folder)] == ["ferry"]
    journal.close()


def shout(records: Sequence[Record]) -> list[Record]:
    return [
        record | {"text": str(record["text"]).upper()} if "text" in record else record
        for record in records
    ]


def test_migration_writes_a_new_file_and_keeps_the_old_one(folder: Path) -> None:
    path = make(folder)
    was = path.read_bytes()
    old = migrate_save(path, folder / "trash", {1: shout, 2: list}, to=3)
    assert old is not None
    assert old.read_bytes() == was
    records = read_save(path).records
    assert records[0]["fabletop"] == 3
    assert records[1]["text"] == "YOU ROW."
    assert migrate_save(path, folder / "trash", {}, to=3) is None
    assert [save.id for save in list_saves(folder)] == ["ferry"]


def test_older_save_is_brought_up_before_it_is_played_but_not_under_another_program(
    folder: Path,
) -> None:
    path, trash = make(folder), folder / "trash"
    was = path.read_bytes()
    assert bring_up(path, trash) is None
    other = Journal.open(path).journal
    with pytest.raises(SaveLocked):
        bring_up(path, trash, {1: shout}, to=2)
    other.close()
    assert path.read_bytes() == was
    assert [save.id for save in list_saves(folder)] == ["ferry"]
    old = bring_up(path, trash, {1: shout}, to=2)
    assert old is not None
    assert old.read_bytes() == was
    assert read_save(path).records[1]["text"] == "YOU ROW."


def test_migration_without_a_way_changes_nothing(folder: Path) -> None:
    path = make(folder)
    was = path.read_bytes()
    with pytest.raises(SaveDamaged, match="format 2 can't be brought up to format 3"):
        migrate_save(path, folder / "trash", {1: shout}, to=3)
    assert path.read_bytes() == was
    assert migrated([HEADER]) == [HEADER]


def test_what_is_done_on_the_shelf_does_not_make_a_save_the_newest(folder: Path) -> None:
    old, new = make(folder, "old"), make(folder, "new")
    os.utime(old, (1000, 1000))
    rename_save(old, "Renamed")
    tag_save(old, ["a"])
    duplicate_save(old, "Copy")
    old.write_bytes(old.read_bytes() + b"garbage\n")
    os.utime(old, (1000, 1000))
    mend_save(old, folder / "trash")
    migrate_save(old, folder / "trash", {1: list}, to=2)
    assert [save.name for save in list_saves(folder)] == ["Ferry", "Copy", "Renamed"]
    assert {save.updated for save in list_saves(folder)} == {1000.0, new.stat().st_mtime}
