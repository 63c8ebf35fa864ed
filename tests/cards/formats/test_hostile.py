"""Files that are made to do harm get one sentence, soon, and without much memory."""

from __future__ import annotations

import base64
import io
import os
import struct
import subprocess
import sys
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cards.formats import makers
from tests.cards.formats.makers import json_bytes, packed, png, text, v2
from tui.cards import CardError, inspect_card, read_card
from tui.cards.formats.importing import import_cards
from tui.cards.formats.png import SIGNATURE, chunk
from tui.cards.formats.writing import belongings_of

ROOT = Path(__file__).parents[3]
MOST_MEMORY = 200 * 1024 * 1024
MOST_SECONDS = 1


def bomb(size: int) -> bytes:
    """Very little that inflates to a lot."""
    return zlib.compress(b"A" * size, 9)


def archive(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in members.items():
            out.writestr(name.replace("__", "."), content)
    return made.getvalue()


def encrypted() -> bytes:
    """An archive whose members say that they are encrypted."""
    made = bytearray(makers.charx(v2()))
    made[6] |= 1
    place = made.rindex(b"PK\x01\x02")
    made[place + 8] |= 1
    return bytes(made)


def many_members() -> bytes:
    """An archive that says it has more files than there are."""
    made = bytearray(makers.charx(v2()))
    place = made.rindex(b"PK\x05\x06")
    made[place + 8 : place + 12] = b"\xff\xff\xff\xff"
    return bytes(made)


def aliases() -> bytes:
    """YAML whose few lines stand for billions of values."""
    rows = ["name: A", "a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "\n".join(rows).encode()


HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "zTXt bomb": (
        "a.png",
        lambda: png([chunk(b"zTXt", b"chara\0\0" + bomb(60_000_000))]),
        "grows bigger than 8 MB",
    ),
    "iTXt bomb": (
        "a.png",
        lambda: png([chunk(b"iTXt", b"ccv3\0\1\0\0\0" + bomb(60_000_000))]),
        "grows bigger than 8 MB",
    ),
    "huge text": (
        "a.png",
        lambda: png([text(b"chara", b"A" * 12_000_000)]),
        "bigger than 8 MB",
    ),
    "length beyond the end": (
        "a.png",
        lambda: SIGNATURE + makers.HEAD + struct.pack(">I", 0x7FFFFFFF) + b"tEXtchara\0AAAA",
        "bigger than 8 MB",
    ),
    "cut off in the card": (
        "a.png",
        lambda: png([text(b"chara", packed(v2()))])[:300],
        "cut off in the middle of the card",
    ),
    "damaged zTXt": ("a.png", lambda: png([chunk(b"zTXt", b"chara\0\0xx")]), "is damaged"),
    "wrong base64": ("a.png", lambda: png([text(b"chara", b"!!!!")]), "isn't base64"),
    "base64 of nothing": ("a.png", lambda: png([text(b"chara", b"")]), "is empty"),
    "half of the JSON": (
        "a.png",
        lambda: png([text(b"chara", base64.b64encode(json_bytes(v2())[:99]))]),
        "isn't whole JSON",
    ),
    "endless chunks": (
        "a.png",
        lambda: SIGNATURE + chunk(b"eXIf", b"") * 150_000,
        "more parts than any picture",
    ),
    "zip bomb": (
        "a.charx",
        lambda: archive(card__json=b" " * 60_000_000 + b"{}"),
        "grows too big",
    ),
    "many members": ("a.charx", many_members, "more files than any card"),
    "encrypted": ("a.charx", encrypted, "is encrypted"),
    "cut off archive": ("a.charx", lambda: makers.charx(v2())[:200], "damaged archive"),
    "deep JSON": ("a.json", lambda: b'{"name":' + b"[" * 100_000, "isn't whole|nested too deeply"),
    "deep whole JSON": (
        "a.json",
        lambda: b'{"name": "A", "x":' + b"[" * 900 + b"]" * 900 + b"}",
        "nested too deeply",
    ),
    "many values": (
        "a.json",
        lambda: b'{"name": "A", "x": [' + b"[]," * 2_500_000 + b"1]}",
        "more values than any card",
    ),
    "many entries": (
        "a.json",
        lambda: json_bytes(v2(character_book={"entries": [{"keys": ["a"]}] * 20_000})),
        "more entries than any card",
    ),
    "big JSON": ("a.json", lambda: b'{"name": "' + b"a" * 9_000_000 + b'"}', "bigger than 8 MB"),
    "alias bomb": ("a.yaml", aliases, "grows too big"),
    "webp of nonsense": (
        "a.webp",
        lambda: makers.webp(b"{" + b"x" * 100),
        "isn't whole JSON",
    ),
    "webp, big numbers": ("a.webp", lambda: makers.webp(b"300, 301, 302"), "is damaged"),
    "webp cut off": ("a.webp", lambda: makers.webp(json_bytes(v2()))[:200], "cut off"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_harm_gets_one_sentence(name: str, tmp_path: Path) -> None:
    file, make, sentence = HOSTILE[name]
    path = tmp_path / file
    path.write_bytes(make())
    tracemalloc.start()
    try:
        with pytest.raises(CardError, match=sentence) as caught:
            read_card(path)
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


EACH_ALONE = """
import os, sys
from pathlib import Path
from tui.cards import CardError, read_card
from tui.cards.library import card_entry

for name in sys.argv[1:]:
    child = os.fork()
    if child == 0:
        card_entry(Path(name))
        try:
            read_card(Path(name))
        except CardError:
            os._exit(0)
        os._exit(1)
    _, status, used = os.wait4(child, 0)
    print(status, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, name)
"""


def test_each_costs_less_than_a_second_and_200_megabytes(tmp_path: Path) -> None:
    """The whole of a process for each, as the system counts it: listed, and read."""
    paths: list[Path] = []
    for number, (file, make, _) in enumerate(HOSTILE.values()):
        (tmp_path / str(number)).mkdir()
        paths.append(tmp_path / str(number) / file)
        paths[-1].write_bytes(make())
    command = [sys.executable, "-c", EACH_ALONE, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    rows = [line.split(maxsplit=3) for line in done.stdout.splitlines()]
    assert len(rows) == len(HOSTILE)
    assert [row for row in rows if row[0] != "0"] == []
    assert [row for row in rows if float(row[1]) > MOST_SECONDS] == []
    assert [row for row in rows if int(row[2]) > MOST_MEMORY] == []


def test_paths_that_climb_out_are_left_alone(tmp_path: Path) -> None:
    files = {"../evil.png": b"1", "/etc/evil": b"2", "a\\..\\evil": b"3", "assets/good.png": b"4"}
    content = makers.charx(v2(), files)
    found = inspect_card(content, "a.charx")
    assert found.card is not None
    assert "3 paths outside" in found.problems[0].text
    assert set(belongings_of(content, "a.charx").files) == {"assets/good.png"}
    source = tmp_path / "a.charx"
    source.write_bytes(content)
    list(import_cards([source], tmp_path / "cards"))
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.charx", "a.charx", "cards"]


def test_what_is_embedded_is_not_unpacked_without_end() -> None:
    content = archive(card__json=json_bytes(v2()), a=b"\0" * 70_000_000)
    assert read_card(content, "a.charx").name == "Ada"
    with pytest.raises(CardError, match="grows too big"):
        belongings_of(content, "a.charx")


def test_pipes_and_folders_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "folder.png").mkdir()
    for name in ("pipe.png", "folder.png", "none.png"):
        with pytest.raises(CardError, match=r"can't be read|is a folder"):
            read_card(tmp_path / name)


def test_latin_1_and_lone_surrogates_are_read() -> None:
    latin = '{"name": "Zoë", "first_mes": "é"}'.encode("latin-1")
    assert read_card(latin, "a.json").name == "Zoë"
    halves = b'{"name": "A\\ud83d", "description": "\\ud83d\\ude00", "x": 1e999, "y": NaN}'
    card = read_card(halves, "a.json")
    assert (card.name, card.description) == ("A\ufffd", "😀")
    assert card.extra == {"x": "1e999", "y": "NaN"}
