"""Streaming: whole characters, stop strings across borders, and ids that match their text."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tui.engine.worker.stream import Stream


def streamed(
    pieces: list[bytes], stops: list[str]
) -> tuple[list[tuple[str, list[int], list[int]]], Stream]:
    """What a reply of these pieces gives out, step by step, until a stop string or the end."""
    stream = Stream(pieces.__getitem__, stops)
    given_out: list[tuple[str, list[int], list[int]]] = []
    for token in range(len(pieces)):
        stream.feed(token)
        given_out.append(stream.take())
        if stream.stop_string:
            return given_out, stream
    stream.finish()
    given_out.append(stream.take())
    return given_out, stream


def cut(text: str, borders: list[int]) -> list[bytes]:
    """A text's bytes, cut anywhere, even within characters."""
    data = text.encode()
    places = sorted({0, len(data), *(place % (len(data) + 1) for place in borders)})
    return [data[a:b] for a, b in pairwise(places)]


texts = st.text(st.sampled_from("ab\n-<|é漢🙂 "), max_size=30)
borders = st.lists(st.integers(0, 200), max_size=30)
stop_lists = st.lists(st.sampled_from(["\n- ", "<|", "ab", "\n\n", "🙂b", "é"]), max_size=3)


@given(texts, borders, stop_lists)
def test_the_text_is_what_stands_before_the_first_stop(
    text: str, places: list[int], stops: list[str]
) -> None:
    given_out, stream = streamed(cut(text, places), stops)
    shown = "".join(part for part, *_ in given_out)
    found = [text.find(stop) for stop in stops if stop in text]
    assert shown == text[: min(found, default=len(text))]
    assert bool(stream.stop_string) == bool(found)


@given(texts, borders, stop_lists)
def test_ids_given_out_are_the_text_given_out(
    text: str, places: list[int], stops: list[str]
) -> None:
    pieces = cut(text, places)
    given_out, stream = streamed(pieces, stops)
    for index, (part, ids, _) in enumerate(given_out):
        whole = b"".join(pieces[token] for token in ids)
        last = index == len(given_out) - 1 and stream.stop_string
        assert part.encode() == whole or (last and part.encode().startswith(whole))
    assert stream.released == [token for _, ids, _ in given_out for token in ids]


@given(texts, borders)
def test_each_id_ends_where_its_text_does_however_many_travel_together(
    text: str, places: list[int]
) -> None:
    pieces = cut(text, places)
    stream = Stream(pieces.__getitem__, ())
    for token in range(len(pieces)):
        stream.feed(token)
    shown, ids, ends = stream.take()
    so_far = [b"".join(pieces[: token + 1]).decode(errors="ignore") for token in ids]
    assert [shown[:end] for end in ends] == so_far


@given(st.binary(max_size=40), borders)
def test_bytes_that_are_no_text_never_raise(data: bytes, places: list[int]) -> None:
    sorted_places = sorted({0, len(data), *(place % (len(data) + 1) for place in places)})
    pieces = [data[a:b] for a, b in pairwise(sorted_places)]
    given_out, _ = streamed(pieces, ["\n"])
    "".join(part for part, *_ in given_out).encode()


def test_a_possible_stop_is_held_back_and_given_out_when_it_is_none() -> None:
    given_out, _ = streamed([b"end.\n", b"-", b"x", b"\n- go"], ["\n- "])
    assert [part for part, *_ in given_out] == ["", "", "end.\n-x", ""]
    given_out, stream = streamed([b"end.", b"\n", b"-", b" go"], ["\n- "])
    assert [part for part, *_ in given_out] == ["end.", "", "", ""]
    assert stream.released == [0]


def test_an_unfinished_character_at_the_end_is_not_shown_nor_kept() -> None:
    given_out, stream = streamed([b"a", "é".encode()[:1]], [])
    assert [part for part, *_ in given_out] == ["a", "", ""]
    assert stream.released == [0]
