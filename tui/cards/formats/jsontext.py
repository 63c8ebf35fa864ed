"""JSON from strangers: capped in size, depth and number of values, and always printable as UTF-8."""

from __future__ import annotations

import json
import math
from typing import cast

from tui.cards.formats.limits import MAX_DEPTH, MAX_DIGITS, MAX_TEXT, MAX_VALUES, refusal

MAX_MARKS = 1_000_000
"""Commas and brackets in the text: more than any card's prose and values have together."""


def decode(content: bytes) -> str:
    """Text from bytes: UTF-16 by its mark, UTF-8, else Windows-1252; never fails."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def parse_json(content: bytes, file: str, where: str = "") -> object:
    """The value of a JSON text. `where` is what the sentence calls the text (`the card inside`).

    Raises:
        CardError: It isn't JSON, or is too big or too deep.
    """
    what = where or "the file"
    if len(content) > MAX_TEXT:
        raise refusal(file, f"{what} is bigger than 8 MB, which no card is")
    marks = sum(content.count(mark) for mark in (b",", b"[", b"{"))
    if marks > MAX_MARKS:
        raise refusal(file, f"{what} holds more values than any card does")
    text = decode(content).strip().strip("\0").strip()
    if not text:
        raise refusal(file, f"{what} is empty")
    try:
        value = json.loads(text, parse_int=whole, parse_float=decimal, parse_constant=str)
    except json.JSONDecodeError as error:
        line = 0 if where else error.lineno
        raise refusal(
            file, f"{what} isn't whole JSON ({error.msg.lower()})", "get the file again", line
        ) from error
    except RecursionError as error:
        raise refusal(file, f"{what} is nested too deeply") from error
    return Cleaner(file, what).clean(value, 0)


def whole(digits: str) -> object:
    """A whole number; one with very many digits stays the text that it was."""
    return int(digits) if len(digits) <= MAX_DIGITS else digits


def decimal(digits: str) -> object:
    """A decimal; one that no machine holds stays the text that it was."""
    number = float(digits)
    return number if math.isfinite(number) else digits


class Cleaner:
    """Walks a value once: counts, and replaces halves of surrogate pairs, which no file can hold."""

    def __init__(self, file: str, what: str) -> None:
        self.file, self.what, self.count = file, what, 0

    def clean(self, value: object, depth: int) -> object:
        """The same value, safe to keep. Raises CardError."""
        self.count += 1
        if depth > MAX_DEPTH:
            raise refusal(self.file, f"{self.what} is nested too deeply")
        if self.count > MAX_VALUES:
            raise refusal(self.file, f"{self.what} holds more values than any card does")
        if isinstance(value, str):
            return clean_text(value)
        if isinstance(value, list):
            return [self.clean(item, depth + 1) for item in cast("list[object]", value)]
        if isinstance(value, dict):
            fields = cast("dict[str, object]", value)
            return {clean_text(key): self.clean(one, depth + 1) for key, one in fields.items()}
        return value


def clean_text(text: str) -> str:
    """The text with pairs of surrogates joined and lone halves replaced."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
