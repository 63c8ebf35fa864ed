"""WEBP: the card in the picture's EXIF, as TavernAI and SillyTavern before 2023 wrote it.

Source: the WebP container specification (RIFF); EXIF 2.3, tag 0x9286 (UserComment). The comment is
JSON, or the JSON's bytes as decimal numbers with commas, with or without a NUL at its end.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from tui.cards.formats.limits import MAX_CHUNKS, MAX_ENCODED, not_a_card, refusal
from tui.cards.formats.png import decoded

USER_COMMENT = 0x9286
SUB_IFD = 0x8769
CHARSETS = (b"ASCII\0\0\0", b"UNICODE\0", b"JIS\0\0\0\0\0", b"\0" * 8)
DIGITS = b"0123456789, \r\n\t"
MAX_NUMBERS = 1_000_000
MAX_TAGS = 1000


def is_webp(head: bytes) -> bool:
    """Whether a file that begins with these twelve bytes is a WEBP picture."""
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def read_webp_card(stream: BinaryIO, file: str) -> bytes:
    """The JSON of the card in a picture.

    Raises:
        NotACard: There is none.
        CardError: It can't be read.
    """
    for comment in user_comments(exif_of(stream, file)):
        if text := card_text(comment, file):
            return text
    raise not_a_card(file, "is a picture without a card in it", "choose the card's own file")


def exif_of(stream: BinaryIO, file: str) -> bytes:
    """The EXIF part of the picture; empty where it has none. Raises CardError."""
    stream.seek(12)
    for _ in range(MAX_CHUNKS):
        head = stream.read(8)
        if len(head) < 8:
            return b""
        kind, length = struct.unpack("<4sI", head)
        if kind != b"EXIF":
            stream.seek(length + length % 2, 1)
            continue
        if length > 4 * MAX_ENCODED:
            raise refusal(file, "the card inside is bigger than 8 MB, which no card is")
        body = stream.read(length)
        if len(body) < length:
            raise refusal(file, "the picture is cut off in the middle of the card", "get it again")
        return body.removeprefix(b"Exif\0\0")
    raise refusal(file, "has more parts than any picture")


def user_comments(exif: bytes) -> Iterator[bytes]:
    """The comments in the first directory and in the one that it points to."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2], "")
    if not order or len(exif) < 8:
        return
    places = [struct.unpack(f"{order}I", exif[4:8])[0]]
    for place in places:
        for tag, kind, count, value in directory(exif, place, order):
            if tag == SUB_IFD and len(places) < 3:
                places.append(struct.unpack(f"{order}I", value)[0])
            elif tag == USER_COMMENT and kind in (1, 2, 7):
                start = struct.unpack(f"{order}I", value)[0]
                yield value[:count] if count <= 4 else exif[start : start + count]


def directory(exif: bytes, place: int, order: str) -> Iterator[tuple[int, int, int, bytes]]:
    """The tags of a directory: tag, kind, count, and the four bytes of value or place."""
    (number,) = struct.unpack(f"{order}H", exif[place : place + 2].ljust(2, b"\0"))
    for index in range(min(number, MAX_TAGS)):
        row = exif[place + 2 + 12 * index : place + 14 + 12 * index]
        if len(row) < 12:
            return
        tag, kind, count = struct.unpack(f"{order}HHI", row[:8])
        yield tag, kind, count, row[8:]


def card_text(comment: bytes, file: str) -> bytes:
    """A comment as JSON; empty where it is another kind of text. Raises CardError."""
    for charset in CHARSETS:
        if comment.startswith(charset):
            comment = comment[len(charset) :]
            break
    text = comment.strip(b"\0 \r\n\t")
    if text[1:2] == b"\0" or text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = text.replace(b"\0", b"") if text[:1] == b"{" else text
    if b"," in text and not text.translate(None, DIGITS):
        return from_numbers(text, file)
    if text.startswith((b"{", b"rcc||", b"eyJ", b"ew")):
        return decoded(text, file)
    return b""


def from_numbers(text: bytes, file: str) -> bytes:
    """JSON whose bytes were written as decimal numbers with commas. Raises CardError."""
    if text.count(b",") > MAX_NUMBERS:
        raise refusal(file, "the card inside is bigger than 1 MB of numbers, which no card is")
    try:
        return bytes(int(one) for one in text.split(b",")).strip(b"\0")
    except ValueError as error:
        raise refusal(file, "the card inside is damaged", "get the picture again") from error
