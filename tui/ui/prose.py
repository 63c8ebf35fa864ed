"""Prose as it stands on the page: speech tinted, *actions* italic, everything else as written."""

from __future__ import annotations

import re

from textual.content import Content, Span

from tui.ui.clean import clean, clean_line

TOKEN = re.compile(
    r"\*\*(?P<strong>\S[^*\n]*(?<=\S))\*\*"
    r"|\*(?P<em>\S(?:[^*\n]*\S)?)\*"
    r'|(?P<quote>"[^"\n]*"|“[^”\n]*”|«[^»\n]*»)'
)
OPEN_TOKEN = re.compile(r'(?P<quote>["“«][^"“”«»\n]*)\Z|\*(?P<em>[^\s*][^*\n]*)\Z')
"""Speech or an action that a streaming reply has not closed yet."""
STYLES = {"strong": "bold", "em": "italic", "quote": "$speech"}
APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)|(?<=[sn])'(?=\s)")
LONGEST_EXCERPT = 300


def typeset(text: str) -> str:
    """Typewriter marks as a book prints them: apostrophes, dashes, the three dots of a pause."""
    return APOSTROPHE.sub("’", text).replace("...", "…").replace(" -- ", " — ").replace("--", "—")


def prose(text: str, *, streaming: bool = False) -> Content:
    """What was written, with its *actions*, **stress** and "speech" in their own styles.

    With `streaming`, speech that is still open is tinted from its first word, so that
    nothing changes colour when it closes.
    """
    text = typeset(clean(text))
    parts: list[str] = []
    spans: list[Span] = []
    length = end = 0
    matches = list(TOKEN.finditer(text))
    if streaming and (last := OPEN_TOKEN.search(text, matches[-1].end() if matches else 0)):
        matches.append(last)
    for match in matches:
        before, kind = text[end : match.start()], match.lastgroup or ""
        inner = match[kind]
        if inner.startswith('"'):
            inner = "“" + (
                inner[1:-1] + "”" if inner.endswith('"') and len(inner) > 1 else inner[1:]
            )
        length += len(before)
        parts += (before, inner)
        spans.append(Span(length, length + len(inner), STYLES[kind]))
        length += len(inner)
        end = match.end()
    parts.append(text[end:])
    return Content("".join(parts), spans)


def excerpt(text: str) -> str:
    """The beginning of what was written, on one line and without the marks of its styles."""
    return prose(clean_line(text[:LONGEST_EXCERPT]), streaming=True).plain
