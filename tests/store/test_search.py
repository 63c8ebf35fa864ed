"""Words are found in all saves at once, and the index is no more than a cache."""

from __future__ import annotations

import os
import resource
from collections.abc import Generator
from pathlib import Path

import pytest

from tui.store import Journal, StoreError
from tui.store.search import FILE, SearchIndex

HEADER = {"t": "header", "fabletop": 1}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "saves"


def journal_of(folder: Path, stem: str, *texts: str) -> Journal:
    journal = Journal.create(folder / f"{stem}.jsonl", HEADER)
    for number, text in enumerate(texts, start=1):
        journal.append({"t": "say", "id": number, "text": text})
    return journal


def found(index: SearchIndex, folder: Path, words: str) -> list[tuple[str, int]]:
    for _ in index.update(folder):
        pass
    return [(hit.path.stem, hit.turn) for hit in index.find(words)]


@pytest.fixture
def index(tmp_path: Path) -> Generator[SearchIndex]:
    index = SearchIndex.open(tmp_path / "cache")
    yield index
    index.close()


def test_all_words_must_be_there_and_the_last_may_be_unfinished(
    index: SearchIndex, folder: Path
) -> None:
    journal_of(folder, "ferry", "The lantern is lit.", "A brass key, cold as the sea.").close()
    journal_of(folder, "tower", "Café at dawn, the LANTERN out.").close()
    assert sorted(found(index, folder, "lantern")) == [("ferry", 1), ("tower", 1)]
    assert found(index, folder, "key brass") == [("ferry", 2)]
    assert found(index, folder, "brass k") == [("ferry", 2)]
    assert found(index, folder, "bra key") == []
    assert found(index, folder, "cafe dawn ") == [("tower", 1)]
    assert found(index, folder, "lan ") == []
    assert found(index, folder, "") == found(index, folder, '"*-(') == []
    assert found(index, folder, 'key" OR "x') == []


def test_hit_shows_the_place(index: SearchIndex, folder: Path) -> None:
    journal_of(folder, "ferry", "words " * 40 + "the brass\nkey turns " + "words " * 40).close()
    found(index, folder, "x")
    (hit,) = index.find("brass key")
    assert [hit.text[start:end] for start, end in hit.found] == ["brass", "key"]
    assert len(hit.text) < 200


def test_scripts_without_spaces(index: SearchIndex, folder: Path) -> None:
    journal_of(folder, "lamp", "灯台の灯が消えた。").close()
    assert found(index, folder, "灯が消") == [("lamp", 1)]
    (hit,) = index.find("灯が消")
    assert [hit.text[start:end] for start, end in hit.found] == ["灯が消"]


def test_what_is_appended_is_found_and_only_that_is_read(index: SearchIndex, folder: Path) -> None:
    journal = journal_of(folder, "ferry", "one")
    assert found(index, folder, "one") == [("ferry", 1)]
    journal.append({"t": "grew", "id": 2, "text": " half a"})
    assert found(index, folder, "half") == [("ferry", 2)]
    journal.append({"t": "grew", "id": 2, "text": " reply"})
    assert found(index, folder, "half reply") == [("ferry", 2)]
    journal.append({"t": "ended", "id": 2, "text": " whole reply"})
    assert found(index, folder, "half") == []
    assert found(index, folder, "whole reply") == [("ferry", 2)]
    journal.close()


def test_torn_line_is_read_when_it_is_whole(index: SearchIndex, folder: Path) -> None:
    journal_of(folder, "ferry", "one").close()
    path = folder / "ferry.jsonl"
    path.write_bytes(path.read_bytes() + b'{"t":"say","id":2,')
    assert found(index, folder, "two") == []
    path.write_bytes(path.read_bytes() + b'"text":"two"}\n')
    assert found(index, folder, "two") == [("ferry", 2)]


def test_replaced_and_deleted_saves(index: SearchIndex, folder: Path) -> None:
    journal_of(folder, "ferry", "one", "more").close()
    journal_of(folder, "tower", "one").close()
    assert len(found(index, folder, "one")) == 2
    (folder / "tower.jsonl").unlink()
    (folder / "ferry.jsonl").unlink()
    journal_of(folder, "ferry", "two").close()
    assert found(index, folder, "one") == []
    assert found(index, folder, "two") == [("ferry", 1)]


def test_index_is_kept_and_can_be_thrown_away(tmp_path: Path, folder: Path) -> None:
    journal_of(folder, "ferry", "one").close()
    for damage in (None, b"", b"not a database" * 100):
        if damage is not None:
            (tmp_path / "cache" / FILE).write_bytes(damage)
        index = SearchIndex.open(tmp_path / "cache")
        assert found(index, folder, "one") == [("ferry", 1)]
        index.close()


def test_cache_that_can_not_be_written(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    journal_of(folder, "ferry", "one").close()
    index = SearchIndex.open(tmp_path / "cache")
    assert found(index, folder, "one") == [("ferry", 1)]
    index.close()


def test_full_disk_is_said_and_the_saves_are_untouched(index: SearchIndex, folder: Path) -> None:
    journal_of(folder, "ferry", *(f"word {number}" for number in range(500))).close()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(StoreError, match="it can be deleted"):
            list(index.update(folder))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert len(found(index, folder, "word")) == 50


def test_two_programs_use_one_index(tmp_path: Path, folder: Path) -> None:
    journal_of(folder, "ferry", "one").close()
    first, second = (SearchIndex.open(tmp_path / "cache") for _ in range(2))
    assert found(first, folder, "one") == found(second, folder, "one") == [("ferry", 1)]
    first.close()
    second.close()


def test_progress_is_told(index: SearchIndex, folder: Path) -> None:
    for stem in "abc":
        os.utime(journal_of(folder, stem, "one").path, (5, 5))
    assert list(index.update(folder)) == [(1, 3), (2, 3), (3, 3)]
