"""Portraits on the screens: half blocks everywhere, pictures where the terminal has them, off on request."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pexpect
import pytest
from textual.pilot import Pilot

from tests.ui.fake_narrator import STORY, FakeNarrator, companion_card, tale_card
from tests.ui.test_library import library_of, shelved
from tests.ui.test_terminal import start
from tests.ui.waiting import page_text, play_of, playing, until
from tui.app import FabletopApp
from tui.cards.portraits import Portrait, drawn_portrait
from tui.ui.blocks import blocks, size_in
from tui.ui.graphics import may_have_graphics, picture_widget
from tui.ui.widgets.portraitview import image_of

ROOT = Path(__file__).resolve().parents[2]
MakeApp = Callable[..., FabletopApp]
DRAWING = "r #ff0000\nb #0000ff\n\nrr..\nbr..\n..b.\n"


def drawn(text: str = DRAWING) -> Portrait:
    found = drawn_portrait(text)
    assert found is not None
    return found


def talk() -> FakeNarrator:
    card = companion_card()
    card.portrait = DRAWING
    return FakeNarrator(STORY, card, opening="“I was asleep.”", with_world=False)


def shown(pilot: Pilot[str]) -> bool:
    return play_of(pilot).panel.portrait.display


def test_two_pixels_are_one_character_and_the_ground_is_left_alone() -> None:
    content = blocks(drawn())
    assert content.plain == "▀█  \n  ▀ "
    colours = [str(span.style) for span in content.spans]
    assert colours[0] == "rgb(255,0,0) on rgb(0,0,255)"
    assert " on " not in colours[1]
    assert " on " not in colours[2]


def test_a_portrait_keeps_to_its_room_and_shape() -> None:
    wide = Portrait(400, 100, bytes(400 * 100 * 4))
    assert size_in(wide, 24, 12) == (24, 3)
    assert size_in(Portrait(100, 400, bytes(100 * 400 * 4)), 24, 12) == (6, 12)
    assert size_in(drawn(), 24, 12) == (4, 2)
    rows = blocks(wide, 24, 12).plain.split("\n")
    assert [len(row) for row in rows] == [24] * 3


def test_characters_are_cleaned_and_cut_to_the_room() -> None:
    wild = drawn("▄\x1b[31m██▄[/b]" + "x" * 60 + "\n" + "y\n" * 20)
    rows = blocks(wild, 10, 3).plain.split("\n")
    assert rows == ["▄██▄[/b]xx", "y", "y"]


def test_a_drawn_portrait_is_enlarged_in_squares() -> None:
    image = image_of(drawn())
    assert image.size == (64, 48)
    assert {image.getpixel((x, 0)) for x in range(32)} == {(255, 0, 0, 255)}


async def test_a_companion_looks_out_of_the_margin(make_app: MakeApp) -> None:
    async with playing(make_app(model=False), talk()) as (pilot, _):
        await until(pilot, lambda: shown(pilot) and "▀█" in page_text(pilot))


async def test_a_tale_has_no_portrait_in_its_margin(make_app: MakeApp) -> None:
    card = tale_card()
    card.portrait = DRAWING
    async with playing(make_app(model=False), FakeNarrator(STORY, card)) as (pilot, play):
        await pilot.app.workers.wait_for_complete(
            [worker for worker in pilot.app.workers if worker.group == "portrait"]
        )
        assert not play.panel.portrait.display


async def test_portraits_are_off_on_request(make_app: MakeApp) -> None:
    async with playing(make_app(model=False, portraits="off"), talk()) as (pilot, play):
        await until(pilot, lambda: not any(one.group == "portrait" for one in pilot.app.workers))
        assert not play.panel.portrait.display
        assert "▀█" not in page_text(pilot)


async def test_without_colours_there_is_no_picture_of_colours(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with playing(make_app(model=False), talk()) as (pilot, play):
        await until(pilot, lambda: not any(one.group == "portrait" for one in pilot.app.workers))
        assert not play.panel.portrait.display


async def test_the_library_shows_it_beside_the_name(make_app: MakeApp) -> None:
    app = make_app(model=False)
    shutil.copy(ROOT / "characters" / "kettle-9.yaml", app.program.paths.shipped_characters)
    async with app.run_test(size=(100, 30)) as pilot:
        await shelved(pilot)
        await pilot.press("slash", *"kettle", "enter")
        await until(pilot, lambda: library_of(pilot).preview.portrait.display)
        line = next(row for row in page_text(pilot).split("\n") if "KETTLE-9" in row[50:])
        assert "█" in line[50:70]
        await pilot.press("escape", "home")
        await until(pilot, lambda: not library_of(pilot).preview.portrait.display)


def test_only_terminals_that_are_known_for_it_are_asked() -> None:
    assert may_have_graphics({"TERM": "xterm-kitty"})
    assert may_have_graphics({"TERM": "foot-extra"})
    assert may_have_graphics({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"})
    assert not may_have_graphics({"TERM": "xterm-256color"})
    assert not may_have_graphics({"TERM": "xterm-kitty", "TMUX": "/tmp/tmux-1000/default,1,0"})
    assert not may_have_graphics({"TERM": "xterm-kitty", "NO_COLOR": "1"})
    assert picture_widget({"TERM": "dumb"}) is None


@pytest.mark.parametrize(
    ("term", "attributes", "graphics", "sent"),
    [
        ("xterm-kitty", b"\x1b[?62;c", True, rb"\x1b_G[^;]*f=100[^;]*;iVBORw0KGgo"),
        ("foot", b"\x1b[?62;4;22c", False, rb"\x1bP[0-9;]*q"),
        ("foot", b"\x1b[?62;22c", False, rb"\x1b\[[0-9;]*[34]8;2;[0-9;]*m[\xe2]\x96[\x80\x84\x88]"),
    ],
    ids=["Kitty graphics", "Sixel", "neither"],
)
def test_a_terminal_with_pictures_is_sent_a_picture(
    tmp_path: Path, tiny_model: Path, term: str, attributes: bytes, graphics: bool, sent: bytes
) -> None:
    """The test is the terminal: it says what it has, and then looks at what it is sent."""
    program = start(tmp_path, tiny_model, TERM=term, KITTY_WINDOW_ID="", TMUX="", STY="")
    program.expect_exact(b"\x1b[c")
    program.send(attributes)
    if b";4;" not in attributes:
        program.expect(rb"\x1b_Gi=(\d+),s=1,v=1,a=q")
        answer = b"\x1b_Gi=" + cast("re.Match[bytes]", program.match)[1] + b";OK\x1b\\"
        program.send(answer if graphics else b"\x1b_Gi=1;EINVAL\x1b\\")
    program.expect_exact(b"\x1b[16t")
    program.send(b"\x1b[6;20;10t")
    program.expect("The Borrowed Hour")
    program.expect("ready")
    program.send("\x1b[F")
    program.expect("airship cook, a very bad")
    program.expect(sent)
    program.send("\x11")
    program.expect(pexpect.EOF)
    program.close()
