"""PNG: the card's text in a picture's chunks, found and written without an image library.

Source: the PNG specification, third edition, 5 and 11.3.3; the character card specifications V1
(`chara`), V2 and V3 (`ccv3`, `chara-ext-asset_:path`).
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO

from tui.cards.formats.limits import (
    MAX_ASSETS,
    MAX_CHUNKS,
    MAX_ENCODED,
    MAX_PICTURE,
    not_a_card,
    refusal,
)
from tui.cards.problems import CardError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
TEXT_KINDS = (b"tEXt", b"zTXt", b"iTXt")
CARD_KEYS = ("ccv3", "chara")
ASSET_KEY = "chara-ext-asset_:"
WHITE = re.compile(rb"\s+")


@dataclass(slots=True)
class PngTexts:
    """What a walk over the chunks found: the first text under each of the card's keys."""

    texts: dict[str, bytes] = field(default_factory=dict[str, bytes])
    troubles: dict[str, CardError] = field(default_factory=dict[str, CardError])
    assets: dict[str, bytes] = field(default_factory=dict[str, bytes])
    """Embedded files, still in base64, by path; only where they were asked for."""
    asset_count: int = 0
    whole: bool = False
    """Whether the picture's end was reached."""


def read_png_texts(stream: BinaryIO, file: str, *, with_assets: bool = False) -> PngTexts:
    """Walk over all chunks, those after the image data too, up to IEND or the file's end.

    Check sums are not looked at: a card whose picture was patched is a card all the same.

    Raises:
        CardError: There are more chunks or embedded files than a picture has.
    """
    found = PngTexts()
    stream.seek(len(SIGNATURE))
    for _ in range(MAX_CHUNKS):
        head = stream.read(8)
        if len(head) < 8:
            return found
        length, kind = struct.unpack(">I4s", head)
        if kind == b"IEND":
            found.whole = True
            return found
        if kind in TEXT_KINDS:
            take_text(stream, length, kind, found, file, with_assets=with_assets)
            stream.seek(4, 1)
        else:
            stream.seek(length + 4, 1)
    raise refusal(file, "has more parts than any picture")


def take_text(
    stream: BinaryIO, length: int, kind: bytes, found: PngTexts, file: str, *, with_assets: bool
) -> None:
    """Read one text chunk; what isn't the card's is stepped over."""
    start = stream.tell()
    peek = stream.read(min(length, 128))
    key = peek.partition(b"\0")[0].decode("latin-1").strip().casefold()
    asset = key.startswith(ASSET_KEY)
    found.asset_count += asset
    if (key in CARD_KEYS and key not in found.texts) or (asset and with_assets):
        try:
            if length > MAX_ENCODED and not asset:
                raise refusal(file, "the card inside is bigger than 8 MB, which no card is")
            if asset and sum(map(len, found.assets.values())) + length > MAX_ASSETS // 3 * 4:
                raise refusal(file, "holds more than 64 MB of pictures and sounds")
            body = peek + stream.read(length - len(peek))
            if len(body) < length:
                raise refusal(
                    file, "the picture is cut off in the middle of the card", "get it again"
                )
            name, text = text_of(kind, body, file)
            if asset:
                found.assets[name[len(ASSET_KEY) :]] = text
            else:
                found.texts[key] = text
        except CardError as error:
            found.troubles.setdefault(key, error)
    stream.seek(start + length)


def text_of(kind: bytes, body: bytes, file: str) -> tuple[str, bytes]:
    """A text chunk's key and text, inflated.

    Raises:
        CardError: It inflates to more than a card has, or is damaged.
    """
    key, _, rest = body.partition(b"\0")
    packed = kind == b"zTXt"
    if packed:
        rest = rest[1:]
    elif kind == b"iTXt":
        packed = rest[:1] == b"\x01"
        rest = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    return key.decode("latin-1").strip(), inflate(rest, file) if packed else rest


def inflate(content: bytes, file: str) -> bytes:
    """The text of a compressed chunk, no longer than a card's may be. Raises CardError."""
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(content, MAX_ENCODED)
    except zlib.error as error:
        raise refusal(file, "the card inside is damaged", "get the picture again") from error
    if unpacker.unconsumed_tail:
        raise refusal(file, "the card inside grows bigger than 8 MB, which no card is")
    if not unpacker.eof:
        raise refusal(file, "the card inside is cut off", "get the picture again")
    return text


def card_texts(found: PngTexts, file: str) -> Iterator[tuple[str, bytes | CardError]]:
    """The card's JSON under each key that has one, the newer specification's first.

    Raises:
        NotACard: The picture has no card in it.
        CardError: It has, but nothing of it can be read.
    """
    if not found.texts and not found.troubles.keys() & set(CARD_KEYS):
        if not found.whole:
            raise refusal(file, "the picture is cut off before a card", "get it again")
        raise not_a_card(file, "is a picture without a card in it", "choose the card's own file")
    for key in CARD_KEYS:
        if key in found.texts:
            try:
                yield key, decoded(found.texts[key], file)
            except CardError as error:
                yield key, error
        elif key in found.troubles:
            yield key, found.troubles[key]


def decoded(text: bytes, file: str, what: str = "the card inside") -> bytes:
    """Base64 with line breaks in it, without its padding, or of the URL kind; JSON as it is.

    Raises:
        CardError: It is something else.
    """
    text = WHITE.sub(b"", text.strip(b"\0")) if not text.lstrip().startswith(b"{") else text
    if text.startswith(b"rcc||"):
        raise refusal(file, "is a card that RisuAI encrypted", "export it there without encryption")
    if text.lstrip().startswith(b"{"):
        return text
    text = text.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
    try:
        return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise refusal(file, f"{what} isn't base64", "get the file again") from error


def decoded_assets(found: PngTexts, file: str) -> dict[str, bytes]:
    """The files that are embedded in the picture, by path; damaged ones are left out."""
    files: dict[str, bytes] = {}
    for path, text in found.assets.items():
        try:
            files[path] = decoded(text, file, path)
        except CardError:
            continue
    return files


def write_png(picture: bytes, texts: Mapping[str, bytes], file: str) -> bytes:
    """The picture with these texts (base64 is made here) in place of any card that it had.

    All its other chunks stay as they are. The texts go before the image data, where every
    reader finds them.

    Raises:
        CardError: The picture isn't a whole PNG.
    """
    parts: list[bytes] = [SIGNATURE]
    written = False
    for kind, whole_chunk in chunks(picture, file):
        if kind in TEXT_KINDS:
            key = whole_chunk[8:].partition(b"\0")[0].decode("latin-1").strip().casefold()
            if key in CARD_KEYS or key.startswith(ASSET_KEY):
                continue
        if kind in (b"IDAT", b"IEND") and not written:
            parts += [text_chunk(key, text) for key, text in texts.items()]
            written = True
        parts.append(whole_chunk)
    return b"".join(parts)


def chunks(picture: bytes, file: str) -> Iterator[tuple[bytes, bytes]]:
    """Each chunk's kind, and its bytes with length and check sum. Raises CardError."""
    stream = BytesIO(picture)
    if stream.read(8) != SIGNATURE:
        raise refusal(file, "is not a PNG picture", "choose a .png file")
    for _ in range(MAX_CHUNKS):
        head = stream.read(8)
        length, kind = struct.unpack(">I4s", head) if len(head) == 8 else (0, b"")
        body = stream.read(length + 4) if len(head) == 8 and length <= MAX_PICTURE else b""
        if len(body) != length + 4:
            raise refusal(file, "the picture is cut off", "choose another")
        yield kind, head + body
        if kind == b"IEND":
            return
    raise refusal(file, "has more parts than any picture")


def text_chunk(key: str, text: bytes) -> bytes:
    """A tEXt chunk with `text` in base64."""
    return chunk(b"tEXt", key.encode("latin-1", "replace") + b"\0" + base64.b64encode(text))


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk with its length and check sum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def plain_picture(name: str, width: int = 300, height: int = 450) -> bytes:
    """A picture for a card that has none: two colours that flow into one another, by its name."""
    seed = zlib.crc32(name.encode())
    top = (40 + seed % 80, 40 + (seed >> 8) % 80, 60 + (seed >> 16) % 80)
    end = (15 + (seed >> 4) % 40, 15 + (seed >> 12) % 40, 25 + (seed >> 20) % 50)
    rows = bytearray()
    for y in range(height):
        pixel = bytes(a + (b - a) * y // height for a, b in zip(top, end, strict=True))
        rows += b"\0" + pixel * width
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"".join(
        (
            SIGNATURE,
            chunk(b"IHDR", head),
            chunk(b"IDAT", zlib.compress(bytes(rows), 9)),
            chunk(b"IEND", b""),
        )
    )
