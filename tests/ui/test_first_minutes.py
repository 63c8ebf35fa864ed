"""The first five minutes, keystroke by keystroke, on the real worker and the shipped tale."""

from __future__ import annotations

import shutil
from pathlib import Path

from textual.pilot import Pilot

from tests.ui.conftest import NOW
from tests.ui.waiting import page_text, play_of, told, until
from tui.app import SAVED, FabletopApp
from tui.game.program import Program
from tui.store import Paths, Settings
from tui.ui.screens.dialogs import EditDialog, NameDialog
from tui.ui.screens.inspector import InspectorScreen
from tui.ui.screens.library import LibraryScreen
from tui.ui.screens.play import PlayScreen

ROOT = Path(__file__).resolve().parents[2]


def program_in(home: Path, model: Path) -> Program:
    (home / "models").mkdir(parents=True, exist_ok=True)
    shutil.copy(model, home / "models" / "pocket.gguf")
    settings = Settings(motion=False, reveal="off", ahead=False)
    return Program(Paths.within(home, ROOT), settings, lambda: NOW)


async def until_play(pilot: Pilot[str]) -> PlayScreen:
    await until(pilot, lambda: isinstance(pilot.app.screen, PlayScreen))
    return play_of(pilot)


async def test_the_first_five_minutes(tmp_path: Path, tiny_model: Path):
    app = FabletopApp(program_in(tmp_path, tiny_model))
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: "▸ The Borrowed Hour" in page_text(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, NameDialog))
        assert "It has been eleven at night" in page_text(pilot)
        assert len(play_of(pilot).choice_list.choices) == 3

        await pilot.press("2")  # takes the name that stands there, and chooses
        screen = await until_play(pilot)
        assert app.program.settings.user_name == "Robin"
        await until(pilot, lambda: screen.narrator.session.count() == 1)
        await told(pilot)
        said = screen.narrator.session.path()[-2]
        assert said.chosen == 1
        assert f"› 2  {said.text}" in page_text(pilot)
        assert len(screen.choice_list.choices) == 3

        screen.composer.insert("talk to tobit about the clok")
        await pilot.press("enter")
        await until(pilot, lambda: screen.narrator.session.count() == 2)
        await told(pilot)
        reading = screen.narrator.session.path()[-2].reading
        assert reading
        assert f"({reading[:20]}" in page_text(pilot)

        first = screen.narrator.session.here
        await pilot.press("ctrl+r")
        await until(pilot, lambda: screen.narrator.session.here != first)
        await told(pilot)
        assert "‹ 2/2 ›" in page_text(pilot)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: screen.narrator.session.here == first)

        await pilot.press("ctrl+e")
        await until(pilot, lambda: isinstance(pilot.app.screen, EditDialog))
        await pilot.press("escape")
        await until_play(pilot)
        await pilot.press("ctrl+p")
        await pilot.press(*"inspect")
        await until(pilot, lambda: "Inspect the prompt" in page_text(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, InspectorScreen))
        await until(pilot, lambda: "This is a text adventure game." in page_text(pilot))
        await pilot.press("escape")
        await until_play(pilot)
        line = screen.narrator.session.turn
        choices = screen.choice_list.choices
        assert line
        await pilot.press("ctrl+q")
    assert app.return_value == SAVED

    again = FabletopApp(program_in(tmp_path, tiny_model))
    async with again.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: "CONTINUE" in page_text(pilot))
        await pilot.press("c")
        screen = await until_play(pilot)
        now = screen.narrator.session.turn
        assert now
        assert now.text == line.text
        assert screen.choice_list.choices == choices


async def test_a_companion_has_a_greeting_and_three_things_to_say(tmp_path: Path, tiny_model: Path):
    program = program_in(tmp_path, tiny_model)
    app = FabletopApp(program, cards=["hester-quill"])
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, NameDialog))
        await pilot.press(*"Ada", "enter")
        screen = await until_play(pilot)
        await until(pilot, lambda: len(screen.choice_list.choices) == 3)
        assert screen.narrator.session.persona == "Ada"
        assert len(program.saves()) == 1
        await pilot.press("1")
        await until(pilot, lambda: screen.narrator.session.count() == 1)
        await told(pilot)
        await pilot.press("ctrl+l")
        await until(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))


async def test_a_deed_is_no_name(tmp_path: Path, tiny_model: Path):
    app = FabletopApp(program_in(tmp_path, tiny_model), cards=["hester-quill"])
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, NameDialog))
        await pilot.press(*"look", "space", *"around", "enter")
        screen = await until_play(pilot)
        assert app.program.settings.user_name == "Robin"
        assert screen.composer.text == "look around"


async def test_another_model_can_be_picked_while_playing(tmp_path: Path, tiny_model: Path):
    program = program_in(tmp_path, tiny_model)
    shutil.copy(tiny_model, tmp_path / "models" / "bigger.gguf")
    program.settings = program.settings.model_copy(update={"user_name": "Robin"})
    app = FabletopApp(program, cards=["hester-quill"])
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await until_play(pilot)
        await pilot.press("f4")
        await until(pilot, lambda: "bigger" in page_text(pilot))
        await pilot.press("home", "enter")
        await until(pilot, lambda: screen.narrator.teller.path.name == "bigger.gguf")
        await pilot.press("escape")
        await until(pilot, lambda: app.model_state == "")
        await pilot.press("1")
        await until(pilot, lambda: screen.narrator.session.count() == 1)
        await told(pilot)
        assert screen.narrator.session.turn
