"""Where a reply may end: whole sentences, balanced marks."""

from __future__ import annotations

import re
from itertools import pairwise

_END = re.compile(r"[.!?…][”\"’'*)\]]*(?=\s|$)")
_PAIRS = (("“", "”"), ("(", ")"))


def is_complete(text: str) -> bool:
    """Whether `text` ends where a sentence does, with its marks closed."""
    stripped = text.rstrip()
    ends = list(_END.finditer(stripped))
    return bool(ends) and ends[-1].end() == len(stripped) and balanced(stripped) == stripped


def sentences(text: str) -> list[str]:
    """The whole sentences of `text`, each with its closing marks."""
    ends = [0, *(match.end() for match in _END.finditer(text))]
    return [text[start:end].strip() for start, end in pairwise(ends)]


def beginnings(text: str) -> list[str]:
    """`text` up to the end of each of its sentences but the last, the longest first."""
    ends = [match.end() for match in _END.finditer(text)]
    return [text[:end] for end in reversed(ends[:-1])]


def trimmed(text: str) -> str:
    """`text` up to its last whole sentence; all of it where it has none.

    An asterisk or quotation mark that the cut leaves open is closed.
    """
    stripped = text.rstrip()
    ends = list(_END.finditer(stripped))
    return balanced(stripped[: ends[-1].end()]) if ends else balanced(stripped)


def balanced(text: str) -> str:
    """`text` with a mark that was left open closed at its end."""
    if text.count("*") % 2:
        text += "*"
    if text.count('"') % 2:
        text += '"'
    for opening, closing in _PAIRS:
        text += closing * max(0, text.count(opening) - text.count(closing))
    return text
