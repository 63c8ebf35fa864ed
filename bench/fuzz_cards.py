"""Broken cards by the hundred thousand: `python -m bench.fuzz_cards [--count N] [--seed N]`.

Whole cards of every format are damaged at random, inside of their wrappings too, and read. Each
input must give a card or a `CardError`, soon; anything else is written to a file and ends the run.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import random
import struct
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bench.odd_json import odd_values
from tui.cards import CardError, read_card
from tui.cards.formats.lorebooks import read_lorebook
from tui.cards.formats.png import SIGNATURE, chunk, plain_picture, write_png
from tui.cards.formats.writing import belongings_of, write_card
from tui.cards.template import new_card_template

SLOWEST = 2.0
"""Seconds of computing after which one input counts as a hang."""
BOOK = {"entries": [{"keys": ["sea"], "content": "wet", "enabled": True, "insertion_order": 1}]}
Damage = Callable[[random.Random, bytes], bytes]


def seeds() -> list[tuple[str, bytes]]:
    """A whole card of each format, with its file's name."""
    card = read_card(new_card_template("companion").encode(), "ada.yaml")
    text = json.dumps({**card.data, "character_book": BOOK}).encode()
    card = read_card(text, "ada.json")
    made = [(f"ada{kind}", write_card(card, kind).content) for kind in (".png", ".json", ".charx")]
    return [*made, ("ada.yaml", write_card(card, ".yaml").content), ("ada.webp", webp(text))]


def webp(text: bytes) -> bytes:
    """A picture with `text` in its EXIF."""
    exif = struct.pack("<2sHIHHHII", b"II", 42, 8, 1, 0x9286, 7, len(text), 26) + b"\0" * 4 + text
    exif += b"\0" * (len(exif) % 2)
    body = b"WEBPEXIF" + struct.pack("<I", len(exif)) + exif
    return b"RIFF" + struct.pack("<I", len(body)) + body


def flip(chance: random.Random, content: bytes) -> bytes:
    """Some bytes changed."""
    made = bytearray(content)
    for _ in range(chance.choice((1, 2, 8, 64))):
        made[chance.randrange(len(made))] = chance.randrange(256)
    return bytes(made)


def cut(chance: random.Random, content: bytes) -> bytes:
    """The end gone."""
    return content[: chance.randrange(len(content))]


def take_out(chance: random.Random, content: bytes) -> bytes:
    """A stretch gone."""
    start = chance.randrange(len(content))
    return content[:start] + content[start + chance.randrange(1, 200) :]


def repeat(chance: random.Random, content: bytes) -> bytes:
    """A stretch many times over."""
    start = chance.randrange(len(content))
    piece = content[start : start + chance.randrange(1, 60)]
    return content[:start] + piece * chance.choice((2, 9, 500)) + content[start:]


def misplace(chance: random.Random, content: bytes) -> bytes:
    """Marks that mean something to some format, in the middle."""
    start = chance.randrange(len(content))
    marks = (
        b"\0",
        b"\xff\xfe",
        b"{",
        b"]",
        b"*a",
        b"&a ",
        b"\n\t",
        b"\xed\xa0\x80",
        b"\\ud800",
        b"PK",
    )
    return content[:start] + chance.choice(marks) + content[start:]


DAMAGES: tuple[Damage, ...] = (flip, cut, take_out, repeat, misplace)


def wrapped(chance: random.Random, text: bytes) -> tuple[str, bytes]:
    """A damaged text in a whole wrapping, so that the damage is reached."""
    way = chance.randrange(5)
    if way == 0:
        return "a.png", write_png(plain_picture("a", 1, 1), {"chara": text}, "")
    if way == 1:
        body = b"ccv3\0\0" + zlib.compress(base64.b64encode(text))
        return "a.png", SIGNATURE + chunk(b"zTXt", body) + chunk(b"IEND", b"")
    if way == 2:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr("card.json", text)
        return "a.charx", made.getvalue()
    if way == 3:
        return "a.webp", webp(text)
    return chance.choice(("a.json", "a.yaml")), text


def broken(chance: random.Random, whole: list[tuple[str, bytes]]) -> tuple[str, bytes]:
    """One broken file."""
    if chance.random() < 0.5:
        text = odd_values(chance, dict(whole)["ada.json"])
        if chance.random() < 0.4:
            text = chance.choice(DAMAGES)(chance, text)
        return wrapped(chance, text)
    name, content = chance.choice(whole)
    for _ in range(chance.randrange(1, 4)):
        content = chance.choice(DAMAGES)(chance, content) or b"\0"
    return name, content


def try_one(name: str, content: bytes) -> bool:
    """Read a file in every way; whether a card came of it. Raises what should not be raised."""
    with suppress(CardError):
        read_lorebook(content, name)
    try:
        card = read_card(content, name)
        own = belongings_of(content, name)
        again = read_card(write_card(card, ".json", own).content, "a.json")
    except CardError:
        return False
    if again.model_dump() != card.model_dump():
        raise ValueError("the card is another one after being written and read")
    return True


def fuzz(count: int, seed: int, keep: Path) -> tuple[int, float]:
    """Try `count` files; how many were cards, and the slowest one's seconds."""
    chance, whole = random.Random(seed), seeds()
    cards, slowest = 0, 0.0
    for number in range(count):
        name, content = broken(chance, whole)
        start = time.process_time()
        done = False
        try:
            cards += try_one(name, content)
            done = True
        finally:
            taken = time.process_time() - start
            if not done or taken > SLOWEST:
                keep.with_suffix(Path(name).suffix).write_bytes(content)
        if taken > SLOWEST:
            raise TimeoutError(f"input {number} took {taken:.1f} s")
        slowest = max(slowest, taken)
    return cards, slowest


def main() -> None:
    """Read the command line and fuzz."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failure"))
    given = parser.parse_args()
    start = time.perf_counter()
    cards, slowest = fuzz(given.count, given.seed, given.keep)
    seconds = time.perf_counter() - start
    sys.stdout.write(
        f"{given.count} inputs in {seconds:.0f} s: {cards} cards, {given.count - cards} refused in "
        f"words, none crashed or hung; the slowest took {slowest * 1000:.0f} ms\n"
    )


if __name__ == "__main__":
    main()
