"""Portraits: drawn in the card, named by it, inside of its file or beside it; and what is refused."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import warnings
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.cards.formats import makers
from tests.cards.formats.makers import packed, text, v2
from tui.cards import Card, read_card
from tui.cards.formats.png import SIGNATURE, chunk
from tui.cards.portraits import (
    MAX_DRAWN,
    Portrait,
    drawn_portrait,
    picture_portrait,
    picture_size,
    portrait_of,
)

ROOT = Path(__file__).parents[2]
CHARACTERS = ROOT / "characters"
DRAWING = "r #ff0000\nb #0000ff\n\nr.\nbr\n"


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), colour: str = "#336699") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(
        made, kind, **({"lossless": True} if kind == "WEBP" else {})
    )
    return made.getvalue()


def png_card(picture: bytes) -> bytes:
    """The picture with a card in it."""
    return picture[: len(SIGNATURE) + 25] + text(b"chara", packed(v2())) + picture[33:]


def colour_of(portrait: Portrait | None) -> tuple[int, ...]:
    assert portrait is not None
    return tuple(portrait.pixels[:4])


def test_letters_are_pixels_and_the_ground_shows_through() -> None:
    found = drawn_portrait(DRAWING)
    assert found == Portrait(
        2, 2, b"\xff\0\0\xff" + bytes(4) + b"\0\0\xff\xff\xff\0\0\xff", drawn=True
    )


def test_characters_without_colours_are_the_portrait() -> None:
    assert drawn_portrait(" ▄█▄\n▀   ▀") == Portrait(5, 2, text=" ▄█▄\n▀   ▀")


@pytest.mark.parametrize("wrong", ["", "\n\n", "r #ff0000\n", "x" * (MAX_DRAWN + 1) + "\nx"])
def test_what_is_no_drawing_is_none(wrong: str) -> None:
    assert drawn_portrait(wrong) is None


@given(st.text(max_size=300))
def test_any_text_is_drawn_or_not(wild: str) -> None:
    found = drawn_portrait(wild)
    if found is not None and not found.text:
        assert len(found.pixels) == found.width * found.height * 4


@pytest.mark.parametrize("name", ["hester-quill", "kettle-9", "odo-pinch"])
def test_shipped_companions_have_one(name: str) -> None:
    path = CHARACTERS / f"{name}.yaml"
    found = portrait_of(read_card(path), path)
    assert found is not None
    assert (found.width, found.height, found.drawn) == (20, 22, True)
    assert len(set(zip(*[iter(found.pixels)] * 4, strict=True))) > 20


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_pictures_of_each_kind_are_made_small(kind: str) -> None:
    found = picture_portrait(picture(kind, (1600, 800)))
    assert found is not None
    assert (found.width, found.height) == (384, 192)
    assert all(
        abs(a - b) < 6 for a, b in zip(colour_of(found), (0x33, 0x66, 0x99, 255), strict=True)
    )
    assert picture_size(picture(kind, (1600, 800))) == (1600, 800)


def test_a_cards_own_picture_is_its_portrait(tmp_path: Path) -> None:
    path = tmp_path / "ada.png"
    path.write_bytes(png_card(picture()))
    assert colour_of(portrait_of(read_card(path), path)) == (0x33, 0x66, 0x99, 255)


def test_an_archives_main_icon_is_its_portrait(tmp_path: Path) -> None:
    files = {
        "assets/icon/images/happy.png": picture(colour="#ffffff"),
        "assets/icon/images/main.png": picture(colour="#112233"),
        "assets/background/images/main.png": picture(colour="#ffffff"),
    }
    path = tmp_path / "ada.charx"
    path.write_bytes(makers.charx(v2(), files))
    assert colour_of(portrait_of(read_card(path), path)) == (0x11, 0x22, 0x33, 255)


def test_a_picture_beside_a_card_is_its_portrait_or_the_one_it_names(tmp_path: Path) -> None:
    path = tmp_path / "ada.yaml"
    path.write_text("name: Ada\nfirst_mes: Hello.\n")
    assert portrait_of(read_card(path), path) is None
    (tmp_path / "ada.webp").write_bytes(picture("WEBP"))
    assert colour_of(portrait_of(read_card(path), path)) == (0x33, 0x66, 0x99, 255)
    (tmp_path / "face.png").write_bytes(picture(colour="#445566"))
    path.write_text("name: Ada\nfirst_mes: Hello.\nportrait: face.png\n")
    assert colour_of(portrait_of(read_card(path), path)) == (0x44, 0x55, 0x66, 255)


def test_no_portrait_comes_from_outside_of_the_cards_folder(tmp_path: Path) -> None:
    (tmp_path / "cards").mkdir()
    secret = tmp_path / "secret.png"
    secret.write_bytes(picture())
    path = tmp_path / "cards" / "ada.yaml"
    (tmp_path / "cards" / "link.png").symlink_to(secret)
    for wanted in ("../secret.png", str(secret), "link.png", "http://127.0.0.1/secret.png"):
        path.write_text(f"name: Ada\nportrait: {wanted}\n")
        assert portrait_of(read_card(path), path) is None


def test_a_card_without_a_file_still_has_what_is_drawn_in_it() -> None:
    assert portrait_of(Card(name="Ada", portrait=DRAWING), None) == drawn_portrait(DRAWING)
    assert portrait_of(Card(name="Ada", portrait="ada.png"), None) is None


@given(st.binary(max_size=400), st.sampled_from(["PNG", "WEBP", "JPEG"]), st.integers(0, 200))
def test_damaged_pictures_are_none_or_shown(noise: bytes, kind: str, place: int) -> None:
    whole = picture(kind)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for damaged in (noise, whole[:place] + noise, whole[:place] + noise + whole[place + 9 :]):
            found = picture_portrait(damaged)
            assert found is None or len(found.pixels) == found.width * found.height * 4


def huge_png(side: int) -> bytes:
    """A picture of side × side pixels in a few kilobytes."""
    row = zlib.compressobj(9)
    rows = b"".join(row.compress(bytes(side + 1)) for _ in range(side)) + row.flush()
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
    return SIGNATURE + head + text(b"chara", packed(v2())) + chunk(b"IDAT", rows) + makers.END


@pytest.mark.parametrize("side", [4000, 10_000])
def test_the_greatest_pictures_cost_little(side: int, tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    path.write_bytes(huge_png(side))
    code = (
        "import sys, time; from pathlib import Path; from tests.memory import peak_megabytes;"
        "from tui.cards import read_card;"
        "from tui.cards.portraits import portrait_of; path = Path(sys.argv[1]);"
        "card = read_card(path); start = time.process_time(); found = portrait_of(card, path);"
        "print(found is not None, time.process_time() - start, peak_megabytes())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    shown, seconds, megabytes = done.stdout.split()
    assert shown == str(side == 4000)
    assert float(seconds) < 1
    assert int(megabytes) < 200
