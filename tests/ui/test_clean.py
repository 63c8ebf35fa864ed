from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.ui.clean import clean, clean_line

HOSTILE = {
    "\x1b[31mred\x1b[0m": "red",
    "\x1b]0;title\x07words": "words",
    "\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\": "link",
    "\x1b]52;c;aGVsbG8=\x07copied": "copied",
    "\x9b31mred": "red",
    "\x1bPq#0~\x1b\\picture": "picture",
    "before\x1b]unfinished": "beforeunfinished",
    "a\r\nb\rc": "a\nb\nc",
    "a\tb": "a   b",
    "bell\x07 back\x08space null\x00": "bell backspace null",
    "evil\u202etxt.exe": "eviltxt.exe",
    "\ud800": "�",
    "[red]kept[/red] [/b] [@click=app.quit]x[/]": "[red]kept[/red] [/b] [@click=app.quit]x[/]",
    "naïve 漢字 👩‍🚀 שלום": "naïve 漢字 👩‍🚀 שלום",
}


@pytest.mark.parametrize("text", HOSTILE)
def test_what_could_command_a_terminal_is_taken_out(text: str):
    assert clean(text) == HOSTILE[text]


@given(st.text(st.characters(codec=None), max_size=200))
def test_nothing_but_lines_and_print_is_left(text: str):
    for char in clean(text):
        assert char == "\n" or unicodedata.category(char) not in ("Cc", "Cs"), hex(ord(char))


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing_more(text: str):
    assert clean(clean(text)) == clean(text)


def test_a_line_is_one_line():
    assert clean_line("  two\n lines\t here ") == "two lines here"
