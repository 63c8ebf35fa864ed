"""Records come back from a file as they went in, and no file makes reading fail."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.store.lines import decode, encode

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)
RECORDS = st.lists(st.dictionaries(st.text(max_size=5), VALUES, max_size=4), max_size=6)


@settings(deadline=None)
@given(RECORDS)
def test_records_come_back(records: list[dict[str, Any]]) -> None:
    lines = decode(b"".join(map(encode, records)))
    assert lines.records == records
    assert lines.report.sound


@settings(deadline=None)
@given(RECORDS, st.data())
def test_torn_file_loses_the_torn_line_only(
    records: list[dict[str, Any]], data: st.DataObject
) -> None:
    whole = b"".join(map(encode, records))
    cut = data.draw(st.integers(0, len(whole)))
    lines = decode(whole[:cut])
    assert lines.records == records[: len(lines.records)]
    assert len(lines.records) >= whole[:cut].count(b"\n")
    assert not lines.report.bad


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_can_be_read(data: bytes) -> None:
    decode(data)


def test_what_other_programs_do_is_forgiven() -> None:
    lines = decode(b'\xef\xbb\xbf{"a":1}\r\n\r\n{"a":2}\r\n\0\0\0')
    assert lines.records == [{"a": 1}, {"a": 2}]
    assert lines.report.sound
    assert len(lines.report.notes) == 2


def test_bad_lines_are_named_by_number_and_reason() -> None:
    deep = b"[" * 100_000
    lines = decode(b'{"a":1}\nnonsense \x1b[31m\n[1]\n\xff\xfe\n' + deep + b'\n{"a":2}\n')
    assert lines.records == [{"a": 1}, {"a": 2}]
    assert [(bad.number, bad.reason) for bad in lines.report.bad] == [
        (2, "it is not JSON"),
        (3, "it is JSON, but no record"),
        (4, "it is not UTF-8 text"),
        (5, "it is nested too deeply"),
    ]
    assert "\x1b" not in lines.report.bad[0].text


def test_half_a_surrogate_pair_survives() -> None:
    record = {"text": "half \ud83d pair"}
    assert decode(encode(record)).records == [record]


def test_separators_of_unicode_are_not_line_ends() -> None:
    record = {"text": "a\u2028b\u2029c\x85d\x1ce"}
    assert decode(encode(record)).records == [record]


def test_a_number_that_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        encode({"a": float("nan")})
