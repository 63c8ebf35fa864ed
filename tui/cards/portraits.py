"""Portraits: the picture that belongs to a card, made small, or the one drawn in its own text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from tui.cards.card import Card
from tui.cards.formats.charx import member, opened, safe_path
from tui.cards.formats.limits import refusal
from tui.cards.formats.opening import container_of, open_source, unreadable
from tui.cards.formats.png import SIGNATURE, write_png
from tui.cards.problems import CardError

SIDE = 384
"""Pixels that the longer side of a portrait has at most."""
MAX_BYTES = 24 * 1024 * 1024
MAX_PIXELS = 16_000_000
"""A picture with more isn't opened: it would take more memory than it is worth."""
MAX_DRAWN = 96
"""Columns and rows of a portrait that is drawn in text."""
KINDS = (".png", ".webp", ".jpg", ".jpeg")
COLOUR = re.compile(r"(\S) #([0-9a-fA-F]{6})")


@dataclass(frozen=True, slots=True)
class Portrait:
    """A small picture, or a few lines of characters."""

    width: int
    height: int
    pixels: bytes = b""
    """Red, green, blue and opacity of each pixel, row by row; empty where `text` is the portrait."""
    text: str = ""
    drawn: bool = False
    """Whether each pixel was set by hand: it is enlarged as a square, never smoothed."""


def portrait_of(card: Card, source: Path | None) -> Portrait | None:
    """The card's portrait: drawn in it, named by it, the picture that it is in, or one beside it.

    `source` is the card's file. None where there is no picture, or none that can be shown.
    """
    wanted = card.portrait.strip("\n")
    if "\n" in wanted:
        return drawn_portrait(wanted)
    if source is None:
        return None
    if wanted:
        return file_portrait(source, Path(wanted.strip()).name)
    try:
        content = own_picture(source)
    except CardError:
        return None
    if content:
        return picture_portrait(content)
    beside = (file_portrait(source, source.stem + kind) for kind in KINDS)
    return next((found for found in beside if found is not None), None)


def drawn_portrait(text: str) -> Portrait | None:
    """A portrait of letters, each a pixel, after lines such as `h #5a3c28` that say their colours.

    Letters without a colour let the ground show. Without any colours the characters themselves
    are the portrait.
    """
    lines = text.expandtabs(4).splitlines()
    colours: dict[str, bytes] = {}
    while lines and (match := COLOUR.fullmatch(lines[0].strip())):
        colours[match[1]] = bytes.fromhex(match[2]) + b"\xff"
        lines.pop(0)
    rows = [line.rstrip() for line in "\n".join(lines).strip("\n").splitlines()]
    width = max(map(len, rows), default=0)
    if not 0 < width <= MAX_DRAWN or len(rows) > MAX_DRAWN:
        return None
    if not colours:
        return Portrait(width, len(rows), text="\n".join(rows))
    return Portrait(width, len(rows), pixels_of(rows, width, colours), drawn=True)


def pixels_of(rows: list[str], width: int, colours: Mapping[str, bytes]) -> bytes:
    """The pixels of rows of letters, all equally wide."""
    ground = bytes(4)
    return b"".join(colours.get(letter, ground) for row in rows for letter in row.ljust(width))


def file_portrait(card: Path, name: str) -> Portrait | None:
    """The portrait in a file of that name in the card's own folder; no link is followed."""
    path = card.with_name(name)
    if path.suffix.lower() not in KINDS or path.is_symlink() or not path.is_file():
        return None
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
        plain = without_texts(content, name)
    except (OSError, CardError):
        return None
    return picture_portrait(plain)


def own_picture(source: Path) -> bytes:
    """The picture that the card is in, or that is in it; empty where there is none. Raises CardError."""
    container = container_of(source, source.name)
    if container not in ("png", "webp", "charx"):
        return b""
    try:
        with open_source(source, source.name) as stream:
            if container != "charx":
                return without_texts(stream.read(MAX_BYTES + 1), source.name)
            with opened(stream, source.name) as archive:
                icon = icon_name([info.filename for info in archive.infolist()])
                return member(archive, icon, MAX_BYTES, source.name) if icon else b""
    except OSError as error:
        raise unreadable(error, source.name) from error


def icon_name(names: list[str]) -> str:
    """The main icon among an archive's files; empty where there is none."""
    icons = [
        name
        for name in sorted(names)
        if name.startswith("assets/icon/") and name.lower().endswith(KINDS) and safe_path(name)
    ]
    return min(icons, key=lambda name: "main" not in name, default="")


def without_texts(content: bytes, name: str) -> bytes:
    """A picture without the cards and notes in it. Raises CardError where it is too big."""
    if len(content) > MAX_BYTES:
        raise refusal(name, "the picture is bigger than 24 MB", "make it smaller")
    return write_png(content, {}, name) if content.startswith(SIGNATURE) else content


def picture_portrait(content: bytes) -> Portrait | None:
    """A PNG, WEBP or JPEG picture made small; None where it is damaged or far too big."""
    # Pillow takes longer to import than most cards to read, and few lists show portraits.
    from PIL import Image

    size = picture_size(content)
    if not 0 < size[0] * size[1] <= MAX_PIXELS:
        return None
    try:
        with Image.open(BytesIO(content), formats=("PNG", "WEBP", "JPEG")) as found:
            found.draft("RGB", (SIDE * 2, SIDE * 2))
            found.thumbnail((SIDE, SIDE))
            small = found.convert("RGBA")
    except (OSError, ValueError, SyntaxError, EOFError):
        return None
    return Portrait(small.width, small.height, small.tobytes())


def picture_size(content: bytes) -> tuple[int, int]:
    """Width and height as a picture's first bytes say; (0, 0) where they say nothing."""
    if content.startswith(SIGNATURE):
        return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return webp_size(content)
    return jpeg_size(content) if content.startswith(b"\xff\xd8") else (0, 0)


def webp_size(content: bytes) -> tuple[int, int]:
    """The size of a WEBP picture (RFC 9649)."""
    kind, little = content[12:16], content[20:30]
    if kind == b"VP8X":
        width, height = little[4:7], little[7:10]
        return int.from_bytes(width, "little") + 1, int.from_bytes(height, "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(little[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = little[6:8], little[8:10]
    return int.from_bytes(width, "little") & 0x3FFF, int.from_bytes(height, "little") & 0x3FFF


def jpeg_size(content: bytes) -> tuple[int, int]:
    """The size of a JPEG picture, from its frame header (ITU T.81, B.2.2)."""
    place = 2
    while place + 9 < len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = content[place + 5 : place + 7], content[place + 7 : place + 9]
            return int.from_bytes(width, "big"), int.from_bytes(height, "big")
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    return 0, 0
