"""Cards of every format, made here: pictures, archives and texts, whole and in every broken way."""

from __future__ import annotations

import base64
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from tui.cards.formats.png import SIGNATURE, chunk

HEAD = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
DATA = chunk(b"IDAT", zlib.compress(b"\0\x40\x50\x60"))
END = chunk(b"IEND", b"")

V1: dict[str, Any] = {
    "name": "Ada",
    "description": "Mends nets on the quay.",
    "personality": "dry, kind",
    "scenario": "The ferry is late.",
    "first_mes": "“Late again,” she says.",
    "mes_example": "<START>\n{{user}}: Well?\n{{char}}: Well.",
}
BOOK: dict[str, Any] = {
    "name": "The quay",
    "scan_depth": 4,
    "entries": [
        {
            "keys": ["gull"],
            "content": "Ada knows every gull.",
            "extensions": {"probability": 70, "odd": {"a": [1]}},
            "enabled": True,
            "insertion_order": 5,
            "unheard": "of",
        }
    ],
    "extensions": {},
}
EXTRA: dict[str, Any] = {
    "creator_notes": "Speak softly.",
    "system_prompt": "{{original}} Be brief.",
    "post_history_instructions": "",
    "alternate_greetings": ["“You.”", "“Sit, then.”"],
    "character_book": BOOK,
    "tags": ["harbour", "nets"],
    "creator": "Nobody",
    "character_version": "1.2",
    "extensions": {"depth_prompt": {"prompt": "dry", "depth": 4}, "talkativeness": "0.5"},
}


def v2(**more: Any) -> dict[str, Any]:
    """A card of the second specification."""
    return {"spec": "chara_card_v2", "spec_version": "2.0", "data": {**V1, **EXTRA, **more}}


def v3(**more: Any) -> dict[str, Any]:
    """A card of the third specification."""
    data = {
        **V1,
        **EXTRA,
        "nickname": "Addie",
        "group_only_greetings": ["“All of you?”"],
        "creation_date": 1_700_000_000,
        "source": ["elsewhere"],
        "creator_notes_multilingual": {"fr": "Doucement."},
    }
    return {"spec": "chara_card_v3", "spec_version": "3.0", "data": {**data, **more}}


def json_bytes(value: object) -> bytes:
    """The value as JSON."""
    return json.dumps(value, ensure_ascii=False).encode()


def packed(value: object) -> bytes:
    """The value as JSON in base64."""
    return base64.b64encode(json_bytes(value))


def text(key: bytes, body: bytes) -> bytes:
    """A tEXt chunk."""
    return chunk(b"tEXt", key + b"\0" + body)


def ztext(key: bytes, body: bytes) -> bytes:
    """A zTXt chunk."""
    return chunk(b"zTXt", key + b"\0\0" + zlib.compress(body))


def itext(key: bytes, body: bytes, *, compressed: bool = False) -> bytes:
    """An iTXt chunk."""
    flag = b"\x01\0" if compressed else b"\0\0"
    return chunk(
        b"iTXt", key + b"\0" + flag + b"en\0key\0" + (zlib.compress(body) if compressed else body)
    )


def png(before: Sequence[bytes] = (), after: Sequence[bytes] = (), end: bytes = END) -> bytes:
    """A picture with these chunks before and after its image data."""
    return b"".join((SIGNATURE, HEAD, *before, DATA, *after, end))


def webp(comment: bytes, order: str = "<", *, sub: bool = True, prefix: bytes = b"") -> bytes:
    """A picture with `comment` as its EXIF comment, in the sub-directory or in the first."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    start = 8 + (18 if sub else 0)
    place = start + 18
    tag = struct.pack(f"{order}HHHII", 1, 0x9286, 7, len(comment), place) + b"\0" * 4
    first = struct.pack(f"{order}HHHII", 1, 0x8769, 4, 1, start) + b"\0" * 4 if sub else b""
    exif = prefix + mark + struct.pack(f"{order}I", 8) + first + tag + comment
    pixels = b"VP8L" + struct.pack("<I", 5) + b"\x2f\0\0\0\0\0"
    body = (
        b"WEBP" + pixels + b"EXIF" + struct.pack("<I", len(exif)) + exif + b"\0" * (len(exif) % 2)
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def charx(card: object, files: Mapping[str, bytes] | None = None, name: str = "card.json") -> bytes:
    """An archive with a card in it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in {**(files or {}), name: json_bytes(card)}.items():
            archive.writestr(path, content)
    return made.getvalue()
