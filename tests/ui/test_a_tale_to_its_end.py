"""A shipped tale played to its last page on the screens, with the storyteller that ships."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.ui.test_first_minutes import ROOT, until_play
from tests.ui.waiting import page_text, told, until
from tui.app import FabletopApp
from tui.game.program import Program
from tui.store import Paths, Settings
from tui.ui.screens.ending import EndingScreen
from tui.ui.screens.library import LibraryScreen
from tui.ui.screens.play import PlayScreen
from tui.ui.screens.storymap import StoryMapScreen

NOW = 1_800_000_000.0
TO_THE_END = (
    "go ashore",
    "go downstream",
    "ask Nan about noon",
    "go upstream",
    "go upstream",
    "turn the windlass",
    "turn the windlass",
)
TITLE = "A Very Long Pond"


def program_in(home: Path) -> Program:
    """The program as it ships, with folders of its own."""
    settings = Settings(motion=False, reveal="off", ahead=False, user_name="Robin")
    return Program(Paths.within(home, ROOT), settings, lambda: NOW)


async def do(pilot: Pilot[str], screen: PlayScreen, words: str) -> None:
    """Say words, and wait until their reply is on the page."""
    turns = screen.narrator.session.count()
    screen.composer.insert(words)
    await pilot.press("enter")
    await until(pilot, lambda: screen.narrator.session.count() == turns + 1)
    await told(pilot)


@pytest.mark.timeout(120)
async def test_a_tale_is_played_to_its_last_page_and_on_from_there(tmp_path: Path):
    app = FabletopApp(program_in(tmp_path), cards=["what-the-river-forgot"], seed=5)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await until_play(pilot)
        for words in TO_THE_END:
            assert not screen.narrator.ended
            await do(pilot, screen, words)
        told_last = screen.narrator.session.turn
        assert told_last
        assert told_last.text
        assert told_last.choices == ()
        assert "Enter turns the last page" in page_text(pilot)

        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, EndingScreen))
        page = page_text(pilot)
        assert TITLE in page
        assert "one of 4 endings · 7 turns" in page
        assert "✓ Learn why the river turned" in page
        assert "· Find six shillings" in page
        assert "OTHER ENDINGS" in page
        assert "It was only waiting to be told." in page
        for way in ("Again, from the beginning", "Another way", "The library"):
            assert way in page

        await pilot.press("escape")
        await until_play(pilot)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: not screen.narrator.ended)
        assert screen.choice_list.choices
        await pilot.press("ctrl+y")
        await until(pilot, lambda: screen.narrator.ended)

        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, EndingScreen))
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen, StoryMapScreen))
        await pilot.press("up", "up", "enter")
        await until_play(pilot)
        await until(pilot, lambda: not screen.narrator.ended)
        assert screen.narrator.session.count() == 5
        await pilot.press("1")
        await until(pilot, lambda: screen.narrator.session.count() == 6)
        await told(pilot)

        ended = screen.narrator.book.path
        await pilot.press("ctrl+t")
        await until(pilot, lambda: isinstance(app.screen, StoryMapScreen))
        await pilot.press("escape")
        await until_play(pilot)
        await screen.go_to(told_last.id)
        await until(pilot, lambda: screen.narrator.ended)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, EndingScreen))
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, PlayScreen))
        again = app.narrator
        assert again is not None
        assert again.session.count() == 0
        assert again.book.path != ended
        await pilot.press("ctrl+l")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
    assert len(app.program.saves()) == 2
