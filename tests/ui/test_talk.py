"""Talks of several on the screens: from the library to replies by name, on the real worker."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from tests.ui.test_library import library_of, shelved
from tests.ui.waiting import page_text, play_of, told, until
from tui.app import FabletopApp
from tui.cards import read_card
from tui.ui.screens.dialogs import LineDialog
from tui.ui.screens.menu import MenuDialog
from tui.ui.screens.play import PlayScreen
from tui.ui.screens.recapdialog import RecapDialog

MakeApp = Callable[..., FabletopApp]


def with_cards(make_app: MakeApp) -> FabletopApp:
    app = make_app()
    folder = app.program.paths.characters
    folder.mkdir(parents=True)
    for name in ("Ada", "Ben"):
        text = (
            f"name: {name}\nfirst_mes: Hello from {name}.\nalternate_greetings: [Night, {name}.]\n"
        )
        (folder / f"{name.lower()}.yaml").write_text(text, encoding="utf-8")
    app.program.paths.personas.write_text("Wren: a traveller\nAsh:\n", encoding="utf-8")
    return app


async def go_to(pilot: Pilot[str], name: str) -> None:
    library = library_of(pilot)
    await shelved(pilot)
    await pilot.press("home")
    while library.entry is None or library.entry.name != name:
        await pilot.press("down")


async def command(pilot: Pilot[str], words: str) -> None:
    play_of(pilot).composer.take(words)
    await pilot.press("enter")
    await pilot.pause()


async def test_marked_companions_talk_together(make_app: MakeApp):
    """One run, since each opens a worker: mark, begin, speak by key, write a line, come and go."""
    app = with_cards(make_app)
    async with app.run_test(size=(100, 34), notifications=True) as pilot:
        await go_to(pilot, "Ada")
        await pilot.press("plus")
        assert "+ Ada" in page_text(pilot)
        await go_to(pilot, "Ben")
        await pilot.press("plus")
        await until(pilot, lambda: "a talk with Ada and Ben" in page_text(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlayScreen))
        await until(pilot, lambda: "Hello from Ben." in page_text(pilot))
        screen = play_of(pilot)
        assert "Ada and Ben" in page_text(pilot)
        await until(pilot, lambda: "HERE" in page_text(pilot))
        assert "Hello from Ada." in page_text(pilot)
        assert library_of(pilot).marked == {}

        await command(pilot, "Good evening, Ben")
        await until(pilot, lambda: screen.narrator.session.path()[-1].state == "whole")
        await told(pilot)
        assert screen.narrator.session.path()[-1].name == "Ben"

        await pilot.press("ctrl+n")
        await until(pilot, lambda: isinstance(pilot.app.screen, MenuDialog))
        await pilot.press("enter")
        await until(pilot, lambda: screen.narrator.session.path()[-1].name == "Ada")
        await told(pilot)

        await command(pilot, "/dismiss ben")
        await until(pilot, lambda: len(screen.narrator.cards) == 1)
        await command(pilot, "/invite tam")
        await until(pilot, lambda: [card.name for card in screen.narrator.cards] == ["Ada", "Tam"])

        await pilot.press("ctrl+o")
        await until(pilot, lambda: not screen.telling.busy and not screen.composer.empty)
        assert screen.narrator.session.path()[-1].name == "Ada"


async def test_a_persona_a_template_and_the_story_so_far(make_app: MakeApp):
    app = with_cards(make_app)
    async with app.run_test(size=(100, 34), notifications=True) as pilot:
        await go_to(pilot, "Ada")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlayScreen))
        narrator = play_of(pilot).narrator
        await command(pilot, "/persona")
        await until(pilot, lambda: isinstance(pilot.app.screen, MenuDialog))
        await pilot.press("enter")
        await until(pilot, lambda: narrator.session.persona == "Wren")

        await command(pilot, "/template")
        await until(pilot, lambda: isinstance(pilot.app.screen, MenuDialog))
        assert "LimaRP 2 and 3" in page_text(pilot)
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: narrator.teller.template_name == "alpaca")

        await command(pilot, "/recap They met at the quay.")
        await until(pilot, lambda: "is yours now" in page_text(pilot))
        await command(pilot, "/recap")
        await until(pilot, lambda: isinstance(pilot.app.screen, RecapDialog))
        assert "They met at the quay." in page_text(pilot)
        await pilot.press("ctrl+a", "ctrl+k", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlayScreen))


async def test_a_greeting_is_picked_from_all_of_them(make_app: MakeApp):
    app = with_cards(make_app)
    async with app.run_test(size=(100, 34), notifications=True) as pilot:
        await go_to(pilot, "Ada")
        await pilot.press("g")
        await until(pilot, lambda: isinstance(pilot.app.screen, MenuDialog))
        assert " 3  Ada." in page_text(pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: "greeting 2 of 3" in page_text(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlayScreen))
        assert play_of(pilot).narrator.session.path()[-1].text == "Night"
        await pilot.press("ctrl+l")
        await go_to(pilot, "Tam")
        await pilot.press("g")
        await until(pilot, lambda: "Tam has one greeting." in page_text(pilot))


async def test_somebody_is_invented_in_the_library(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
):
    for name in ("VISUAL", "EDITOR", "PATH"):
        monkeypatch.setenv(name, "")
    app = with_cards(make_app)
    async with app.run_test(size=(100, 34), notifications=True) as pilot:
        await shelved(pilot)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.screen, MenuDialog))
        await pilot.press("end", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, LineDialog))
        await pilot.press(*"Ida", "enter")
        path = app.program.paths.characters / "ida.yaml"
        await until(pilot, path.exists)
        assert read_card(path).kind == "companion"
