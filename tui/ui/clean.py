"""Foreign text made safe for a terminal: what could command it is taken out, words are kept."""

from __future__ import annotations

import re

STRING_SEQUENCE = re.compile(
    r"(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
)
"""Operating system commands and their like (ECMA-48 8.3.89, 8.3.27): title, link, clipboard."""
CONTROL_SEQUENCE = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?")
OTHER_ESCAPE = re.compile(r"\x1b[ -/]*[0-~]?")
LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters, and marks that turn the direction of all that follows."""
LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` without escape sequences and control characters; tabs are four spaces."""
    if "\x1b" in text or not text.isprintable():
        for pattern in (STRING_SEQUENCE, CONTROL_SEQUENCE, OTHER_ESCAPE):
            text = pattern.sub("", text)
        text = LINE_END.sub("\n", text).expandtabs(4)
        text = LONE_SURROGATE.sub("�", UNSEEN.sub("", text))
    return text


def clean_line(text: str) -> str:
    """`text` cleaned, as one line, with runs of space made one."""
    return " ".join(clean(text).split())
