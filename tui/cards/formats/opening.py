"""Opening a card of any format: by its content, never by its name alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

from tui.cards.card import Card
from tui.cards.formats.charx import is_archive, read_charx_card
from tui.cards.formats.dialects import fields_of
from tui.cards.formats.jsontext import parse_json
from tui.cards.formats.limits import MAX_FILE, MAX_TEXT, refusal, warning
from tui.cards.formats.mending import mended
from tui.cards.formats.png import SIGNATURE, card_texts, read_png_texts
from tui.cards.formats.webp import is_webp, read_webp_card
from tui.cards.problems import CardError, Problem

Container = Literal["png", "webp", "charx", "jpeg", "json", "other", "text"]
YAML_SUFFIXES = (".yaml", ".yml")
CARD_SUFFIXES = (*YAML_SUFFIXES, ".json", ".png", ".apng", ".webp", ".charx")
PICTURES = (".png", ".apng", ".webp")
UNREAD: Mapping[bytes, str] = {
    b"GIF8": "is a GIF picture, in which there are no cards",
    b"\x1f\x8b": "is a packed file",
    b"GGUF": "is a model, not a card",
    b"SQLi": "is a database, not a card",
    b"%PDF": "is a PDF document, not a card",
    b"rcc|": "is a card that RisuAI encrypted",
}


@dataclass(frozen=True, slots=True)
class CardFile:
    """A foreign file with the card that is in it."""

    container: Container
    dialect: str
    """Whose fields they were: `V2`, `V3`, `TavernAI`, ..."""
    card: Card
    warnings: tuple[Problem, ...] = ()
    asset_count: int = 0
    """How many files are embedded beside the card."""


def open_source(source: Path | bytes, file: str) -> BinaryIO:
    """A stream over a file, or over the bytes of one. Raises CardError."""
    if isinstance(source, bytes):
        return BytesIO(source)
    try:
        if not source.is_file():
            text = "is a folder, not a card" if source.is_dir() else "can't be read (no such file)"
            raise refusal(file, text, "check that the file is there")
        if source.stat().st_size > MAX_FILE:
            raise refusal(file, "is bigger than 256 MB, which no card is")
        return source.open("rb")
    except OSError as error:
        raise unreadable(error, file) from error


def unreadable(error: OSError, file: str) -> CardError:
    """The sentence for a file that the system doesn't give."""
    reason = (error.strerror or "unknown reason").lower()
    return refusal(file, f"can't be read ({reason})", "check that the file is there")


def container_of(source: Path | bytes, file: str) -> Container:
    """What kind of file this is; `text` is everything that may be YAML. Raises CardError."""
    try:
        with open_source(source, file) as stream:
            head = stream.read(64)
            found = binary_container(head, stream)
    except OSError as error:
        raise unreadable(error, file) from error
    if found:
        return found
    suffix = Path(file).suffix.lower()
    start = head.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xff\xfe \t\r\n")
    looks_json = suffix not in YAML_SUFFIXES and start.startswith((b"{", b"["))
    return "json" if looks_json or suffix == ".json" else "text"


def binary_container(head: bytes, stream: BinaryIO) -> Container | None:
    """The kind of a file by its first bytes; None where it may be text."""
    if head.startswith(SIGNATURE):
        return "png"
    if is_webp(head):
        return "webp"
    if head.startswith(b"PK"):
        return "charx"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg" if not is_archive(stream) else "charx"
    return "other" if head[:4] in UNREAD or head.startswith(b"\x1f\x8b") else None


def open_card(source: Path | bytes, file: str, container: Container) -> CardFile:
    """The card in a foreign file of that kind (not `text`).

    Raises:
        NotACard: There is none in it.
        CardError: There is, but it can't be read.
    """
    try:
        with open_source(source, file) as stream:
            if container == "png":
                return open_png(stream, file)
            if container == "webp":
                return built(read_webp_card(stream, file), file, "webp")
            if container == "charx":
                text, names, odd = read_charx_card(stream, file)
                found = built(text, file, "charx")
                warnings = (*odd, *found.warnings)
                return CardFile("charx", found.dialect, found.card, warnings, len(names))
            if container == "json":
                content = stream.read(MAX_TEXT + 1)
                return from_value(parse_json(content, file), file, "json")
            head = stream.read(4)
    except OSError as error:
        raise unreadable(error, file) from error
    text = (
        UNREAD.get(head) or UNREAD.get(head[:2]) or "is a JPEG picture, in which cards aren't kept"
    )
    raise refusal(file, text, "choose the card's .png, .webp, .charx, .json or .yaml file")


def open_png(stream: BinaryIO, file: str) -> CardFile:
    """The card in a picture: the newer specification's, the older where that is damaged."""
    found = read_png_texts(stream, file)
    trouble: CardError | None = None
    for key, text in card_texts(found, file):
        if isinstance(text, CardError):
            trouble = trouble or text
            continue
        try:
            made = built(text, file, "png")
        except CardError as error:
            trouble = trouble or error
            continue
        warnings = made.warnings
        if trouble is not None:
            note = f"its newer part is damaged; the older one (`{key}`) was read"
            warnings = (warning(file, "", note), *warnings)
        return CardFile("png", made.dialect, made.card, warnings, found.asset_count)
    raise trouble or refusal(file, "the card inside can't be read")


def built(text: bytes, file: str, container: Container) -> CardFile:
    """The card of a JSON text that was inside of something. Raises CardError."""
    return from_value(parse_json(text, file, "the card inside"), file, container)


def from_value(value: object, file: str, container: Container) -> CardFile:
    """The card that a JSON-able value is. Raises CardError."""
    found = fields_of(value, file)
    stem = Path(file).stem
    fallback = " ".join(stem.replace("_", " ").split()) or "Nameless"
    card, warnings = mended(found.data, file, fallback)
    card = card.known_as(stem, card.data)
    return CardFile(container, found.dialect, card, warnings)


def kept(card: Card, dialect: str, asset_count: int = 0) -> str:
    """What was taken over from a file, in one line: `V2: greeting and 2 more, lorebook of 12`."""
    parts: list[str] = []
    if card.first_mes:
        more = len(card.alternate_greetings)
        parts.append(f"greeting and {more} more" if more else "greeting")
    if card.character_book is not None and card.character_book.entries:
        parts.append(f"lorebook of {len(card.character_book.entries)}")
    if card.world is not None:
        parts.append("world")
    if asset_count:
        parts.append(f"{asset_count} embedded file{'s' if asset_count > 1 else ''}")
    corner = cast("Mapping[str, Any]", card.extensions)
    if others := len(card.extra) + len(corner):
        parts.append(f"{others} field{'s' if others > 1 else ''} of other programs")
    return f"{dialect}: {', '.join(parts)}" if parts else dialect
