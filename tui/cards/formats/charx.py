"""CHARX: a card and its pictures and sounds in one archive, of which nothing is ever unpacked to disk.

Source: character card specification V3; a ZIP archive with `card.json` at its root. Pictures
with such an archive behind them (`.jpg` of some programs) are read too.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO

from tui.cards.formats.limits import (
    MAX_ASSETS,
    MAX_MEMBERS,
    MAX_TEXT,
    not_a_card,
    refusal,
    warning,
)
from tui.cards.problems import Problem

CARD = "card.json"
LAST = b"PK\x05\x06"
KINDS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
EPOCH = (1980, 1, 1, 0, 0, 0)


def is_archive(stream: BinaryIO) -> bool:
    """Whether there is an archive in the file, at its start or behind a picture."""
    return bool(last_record(stream))


def last_record(stream: BinaryIO) -> bytes:
    """The archive's last record, which counts its members; empty where there is none."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - 66_000))
    tail = stream.read(66_000)
    place = tail.rfind(LAST)
    return tail[place : place + 22] if place >= 0 and len(tail) - place >= 22 else b""


def opened(stream: BinaryIO, file: str) -> zipfile.ZipFile:
    """The archive, once its table is known to be of a bearable size. Raises CardError."""
    record = last_record(stream)
    members = int.from_bytes(record[10:12], "little")
    table = int.from_bytes(record[12:16], "little")
    if members > MAX_MEMBERS or table > MAX_MEMBERS * 400:
        raise refusal(file, "holds more files than any card")
    stream.seek(0)
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise refusal(file, "is a damaged archive", "get the file again") from error
    if len(archive.infolist()) > MAX_MEMBERS:
        raise refusal(file, "holds more files than any card")
    return archive


def read_charx_card(stream: BinaryIO, file: str) -> tuple[bytes, list[str], list[Problem]]:
    """The card's JSON, the names of the files beside it, and what is odd about them.

    Raises:
        NotACard: The archive has no card in it.
        CardError: It can't be read.
    """
    with opened(stream, file) as archive:
        names = [info.filename for info in archive.infolist() if not info.is_dir()]
        card = next((name for name in names if name.lower() == CARD), "")
        if not card:
            raise not_a_card(file, "is an archive without a card in it", "choose the card's file")
        text = member(archive, card, MAX_TEXT, file)
    safe = [name for name in names if safe_path(name) and name != card]
    left = len(names) - 1 - len(safe)
    odd = [warning(file, "", f"names {left} paths outside of itself; they are left alone")]
    return text, safe, odd if left else []


def member(archive: zipfile.ZipFile, name: str, most: int, file: str) -> bytes:
    """One file of the archive, no more than `most` bytes of it. Raises CardError."""
    info = archive.getinfo(name)
    if info.flag_bits & 1:
        raise refusal(file, "is encrypted", "export it without a password")
    if info.compress_type not in KINDS:
        raise refusal(file, "is packed in a way that cards aren't", "pack it anew as plain ZIP")
    try:
        with archive.open(info) as stream:
            content = stream.read(most + 1)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        ValueError,
        EOFError,
        OSError,
    ) as error:
        raise refusal(file, "is a damaged archive", "get the file again") from error
    if len(content) > most:
        raise refusal(file, f"{PurePosixPath(name).name} in it grows too big to be a card's")
    return content


def read_assets(stream: BinaryIO, file: str) -> dict[str, bytes]:
    """The files beside the card, by path, at most 64 MB of them in all. Raises CardError."""
    files: dict[str, bytes] = {}
    left = MAX_ASSETS
    with opened(stream, file) as archive:
        for info in archive.infolist():
            name = info.filename
            if info.is_dir() or name.lower() == CARD or not safe_path(name):
                continue
            files[name] = member(archive, name, left, file)
            left -= len(files[name])
    return files


def safe_path(name: str) -> bool:
    """Whether a path stays inside of its folder on every system."""
    path = PurePosixPath(name)
    return (
        0 < len(name) <= 200
        and not path.is_absolute()
        and not set(name) & set('\\:*?"<>|\0')
        and name.isprintable()
        and ".." not in path.parts
        and str(path) == name
    )


def write_charx(card: bytes, files: Mapping[str, bytes]) -> bytes:
    """An archive with the card first; the same content always gives the same bytes."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in ((CARD, card), *sorted(files.items())):
            if name == CARD or (safe_path(name) and name.lower() != CARD):
                archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
