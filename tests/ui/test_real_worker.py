"""The play screen on the real worker: what players, terminals and models do to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from textual import events
from textual.pilot import Pilot

from tests.ui.waiting import page_text, play_of, told, until
from tui.app import FabletopApp
from tui.game.program import Program
from tui.ui.screens.ending import EndingScreen
from tui.ui.screens.play import PlayScreen

MakeProgram = Callable[..., Program]
QUIT_SECONDS = 0.5
HOSTILE = "[red]r[/b] [@click=app.quit]x[/] \x1b[31mesc\x1b[0m \x1b]0;title\x07 \x9b31m"
SHOWN = "[red]r[/b] [@click=app.quit]x[/]"
WIDE = "漢字かな交じり文 👩‍🚀👍🏽 e\u0301"
HEBREW = "שלום לך, חבר"


async def story(pilot: Pilot[str]) -> PlayScreen:
    """The page of a story, once the storyteller is awake."""
    await until(pilot, lambda: isinstance(pilot.app.screen, PlayScreen))
    screen = play_of(pilot)
    await until(pilot, lambda: screen.narrator.teller.model is not None)
    return screen


async def say(pilot: Pilot[str], words: str) -> None:
    """Say words, and wait for the reply."""
    screen = play_of(pilot)
    turns = screen.narrator.session.count()
    screen.composer.insert(words)
    await pilot.press("enter")
    await until(pilot, lambda: screen.narrator.session.count() == turns + 1)
    await told(pilot)


@pytest.fixture
def card(make_program: MakeProgram) -> FabletopApp:
    """The App on a card whose every text is hostile, wide, or runs from right to left."""
    program = make_program()
    text = f"{SHOWN} {WIDE} {HEBREW}"
    path = program.paths.characters / "odd.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"name: '{SHOWN}'\ndescription: '{text}'\nfirst_mes: '{text}'\n", encoding="utf-8"
    )
    return FabletopApp(program, cards=[str(path)])


async def test_hostile_wide_and_backward_words_are_only_words(card: FabletopApp):
    async with card.run_test(size=(100, 30), notifications=True) as pilot:
        screen = await story(pilot)
        opening = page_text(pilot)
        assert SHOWN in opening
        assert "漢字かな交じり文" in opening
        assert "שלום" in opening
        await say(pilot, f"{HOSTILE} {WIDE}\n{HEBREW}")
        said = screen.narrator.session.path()[-2].text
        assert "漢字かな交じり文" in said
        page = page_text(pilot)
        assert SHOWN in page
        assert "\x1b" not in page
        assert "\x9b" not in page
        assert all(len(line) <= 100 for line in page.splitlines())
        screen.composer.insert(f"/rename {HOSTILE}")
        await pilot.press("enter")
        await until(pilot, lambda: SHOWN in page_text(pilot).splitlines()[0])
        await pilot.press("ctrl+t")
        await pilot.pause()
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        for _ in range(4):
            await pilot.press("up")
            await pilot.pause()
        await pilot.click(".-model", offset=(12, 1))
        assert pilot.app.is_running


async def test_ten_thousand_characters_are_one_piece_and_what_has_no_room_is_said(
    make_program: MakeProgram,
):
    app = FabletopApp(make_program(), cards=["tam"])
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        screen = await story(pilot)
        pasted = ("words and more of them, " * 417)[:9_999] + "."
        pilot.app.post_message(events.Paste(pasted))
        await until(pilot, lambda: len(screen.composer.text) == 10_000)
        assert screen.composer.size.height <= 7
        await pilot.press("enter")
        await until(pilot, lambda: screen.narrator.session.count() == 1)
        await told(pilot)
        assert screen.narrator.session.path()[1].text == pasted
        turn = screen.narrator.session.turn
        assert turn
        if turn.role == "player":
            await until(pilot, lambda: "tokens" in page_text(pilot))
            await pilot.press("ctrl+z")
            await until(pilot, lambda: screen.narrator.session.count() == 0)
        await say(pilot, "hello")


async def test_the_window_changes_while_a_reply_comes(make_program: MakeProgram):
    app = FabletopApp(make_program(reveal=10), cards=["the-weir"])
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await story(pilot)
        for size in ((60, 20), (100, 30), (80, 24), (60, 20)):
            await pilot.press("1")
            await until(pilot, lambda: screen.telling.busy or screen.telling.revealing)
            await pilot.resize_terminal(*size)
            await pilot.press("space")
            await told(pilot)
            text = page_text(pilot)
            assert "say or do anything" in text
            assert all(len(line) <= size[0] for line in text.splitlines())
            last = screen.transcript.views[-1].region
            assert last.bottom - 1 <= screen.transcript.region.bottom
            await pilot.resize_terminal(120, 40)


@pytest.mark.parametrize("state", ["reading", "telling", "dialog", "picking", "map", "ending"])
async def test_quitting_takes_no_time(make_program: MakeProgram, state: str):
    app = FabletopApp(make_program(reveal=10), cards=["the-weir"])
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await story(pilot)
        match state:
            case "telling":
                await pilot.press("1")
                await until(pilot, lambda: screen.telling.busy or screen.telling.revealing)
            case "dialog":
                await pilot.press("ctrl+e")
            case "picking":
                await pilot.press("up")
            case "map":
                await pilot.press("ctrl+t")
            case "ending":
                await app.push_screen(EndingScreen(screen.narrator))
            case _:
                pass
        began = asyncio.get_running_loop().time()
        await pilot.press("ctrl+q")
        assert asyncio.get_running_loop().time() - began < QUIT_SECONDS
    saves = app.program.saves()
    assert len(saves) == 1
    assert not saves[0].problem


async def test_what_the_player_set_is_undone_and_redone_after_a_restart(
    make_program: MakeProgram,
):
    program = make_program()
    lines = ("/pin the river rose", "/note be brief", "/memory Tam lies", "/mark gate", "/me Ada")
    app = FabletopApp(program, cards=["the-weir"])
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await story(pilot)
        await say(pilot, "wait")
        for number, line in enumerate(lines, 2):
            screen.composer.insert(line)
            await pilot.press("enter")
            await until(pilot, lambda number=number: screen.narrator.session.history.done == number)
        before = facts(screen)
        save = screen.narrator.book.path

    again = FabletopApp(program, save=str(save))
    async with again.run_test(size=(100, 30)) as pilot:
        screen = await story(pilot)
        assert facts(screen) == before
        session = screen.narrator.session
        for number in range(1, len(lines) + 1):
            await pilot.press("ctrl+z")
            await until(pilot, lambda number=number: session.history.undone == number)
        assert facts(screen) == ((), "", "", {}, "Robin", 1)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: session.count() == 0)

    third = FabletopApp(program, save=str(save))
    async with third.run_test(size=(100, 30)) as pilot:
        screen = await story(pilot)
        session = screen.narrator.session
        for number in reversed(range(len(lines) + 1)):
            await pilot.press("ctrl+y")
            await until(pilot, lambda number=number: session.history.undone == number)
        assert facts(screen) == before


def facts(screen: PlayScreen) -> tuple[object, ...]:
    """All that the player set, and how far the story is."""
    session = screen.narrator.session
    return (
        tuple(session.pinned.values()),
        session.author_note.text,
        session.memory,
        dict(session.bookmarks),
        session.persona,
        session.count(),
    )
