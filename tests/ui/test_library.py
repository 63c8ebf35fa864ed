from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from tests.ui.conftest import NOW
from tests.ui.waiting import page_text, play_of, until
from tui.app import FabletopApp
from tui.store import list_saves
from tui.ui.savemenu import WAYS
from tui.ui.screens.dialogs import AskDialog, LineDialog
from tui.ui.screens.library import LibraryScreen
from tui.ui.screens.menu import MenuDialog
from tui.ui.screens.play import PlayScreen
from tui.ui.shelves import ago

MakeApp = Callable[..., FabletopApp]


def library_of(pilot: Pilot[str]) -> LibraryScreen:
    return next(screen for screen in pilot.app.screen_stack if isinstance(screen, LibraryScreen))


async def shelved(pilot: Pilot[str]) -> None:
    await until(pilot, lambda: bool(library_of(pilot).shelf.key))


async def test_the_starred_tale_is_under_the_cursor_with_its_page_beside(make_app: MakeApp):
    async with make_app().run_test(size=(100, 30)) as pilot:
        await shelved(pilot)
        await until(pilot, lambda: "Take the iron key" in page_text(pilot))
        text = page_text(pilot)
        assert "▸ The Weir at Ashlock" in text
        assert "★ start here" in text
        assert "river mystery · about 10 turns" in text


async def test_a_bad_card_says_what_is_wrong_and_hides_nothing(make_app: MakeApp):
    async with make_app().run_test(size=(120, 30)) as pilot:
        await shelved(pilot)
        text = page_text(pilot)
        assert "line 2" in text
        assert "A Stranger [b]bold" in text


async def test_a_card_from_elsewhere_wants_a_bigger_model_and_plays_anyway(make_app: MakeApp):
    async with make_app().run_test(size=(120, 30)) as pilot:
        await shelved(pilot)
        await pilot.press("end")
        await pilot.press("up")
        await until(pilot, lambda: "wants a bigger model" in page_text(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlayScreen))
        await until(pilot, lambda: "[@click=app.quit]x[/]" in page_text(pilot))


async def test_search_finds_by_any_word_and_esc_brings_all_back(make_app: MakeApp):
    async with make_app().run_test(size=(100, 30)) as pilot:
        await shelved(pilot)
        await pilot.press("slash", *"eel")
        await until(pilot, lambda: "Nothing found." in page_text(pilot))
        await pilot.press("escape")
        await shelved(pilot)
        await pilot.press("slash", *"keeper")
        await until(
            pilot,
            lambda: (
                library_of(pilot).shelf.key.endswith("tam.yaml>")
                or "tam" in library_of(pilot).shelf.key
            ),
        )
        await pilot.press("enter", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlayScreen))


async def test_a_story_can_be_gone_on_with_at_the_same_line(make_app: MakeApp):
    async with make_app().run_test(size=(100, 30)) as pilot:
        await shelved(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlayScreen))
        save = play_of(pilot).narrator.book.path
        await pilot.press("ctrl+l")
        await until(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))
        os.utime(save, (NOW - 120, NOW - 120))
        library_of(pilot).refresh_shelves()
        await until(pilot, lambda: "2 min ago" in page_text(pilot))
        await pilot.press("c")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlayScreen))
        assert play_of(pilot).narrator.book.path == save
        assert "Take the iron key" in page_text(pilot)


async def test_a_pasted_path_opens_the_card(make_app: MakeApp, tmp_path: Path):
    card = tmp_path / "a card.yaml"
    card.write_text("name: Pasted\ndescription: A card from elsewhere.\nfirst_mes: Hello.\n")
    async with make_app().run_test(size=(100, 30)) as pilot:
        await shelved(pilot)
        pilot.app.post_message(events.Paste(f"'{card}'"))
        await until(pilot, lambda: "Pasted" in page_text(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlayScreen))
        assert play_of(pilot).narrator.card.name == "Pasted"


async def test_pasted_words_are_searched_for(make_app: MakeApp):
    async with make_app().run_test(size=(100, 30)) as pilot:
        await shelved(pilot)
        pilot.app.post_message(events.Paste("river"))
        await until(pilot, lambda: library_of(pilot).search_line.value == "river")


async def test_a_narrow_library_is_the_list_alone_with_the_page_on_space(make_app: MakeApp):
    async with make_app().run_test(size=(80, 24)) as pilot:
        await shelved(pilot)
        assert not library_of(pilot).query_one("#preview").display
        await pilot.press("space")
        await until(pilot, lambda: "Take the iron key" in page_text(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))


async def test_an_empty_library_says_what_to_do(make_app: MakeApp):
    async with make_app(cards=False, model=False).run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: "No cards yet. n writes one" in page_text(pilot))
        assert "put a .gguf file" in page_text(pilot)


async def test_without_a_model_the_library_says_so_and_nothing_breaks(make_app: MakeApp):
    async with make_app(model=False).run_test(size=(100, 30), notifications=True) as pilot:
        await shelved(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "There is no model" in page_text(pilot))


async def test_the_theme_turns_and_is_kept(make_app: MakeApp):
    app = make_app(model=False)
    async with app.run_test(size=(100, 30)) as pilot:
        await shelved(pilot)
        await pilot.press("t")
        await until(pilot, lambda: app.theme == "paper")
        assert app.program.settings.theme == "paper"


@pytest.mark.parametrize("theme", ["lamplight", "ansi-dark", "ansi-light"])
async def test_the_page_is_still_there_behind_a_dialog(make_app: MakeApp, theme: str):
    app = make_app(model=False, theme=theme)
    async with app.run_test(size=(100, 30)) as pilot:
        await shelved(pilot)
        await app.push_screen(AskDialog("Not for minors", "", "fetches it", "goes back"))
        await until(pilot, lambda: "Not for minors" in page_text(pilot))
        assert "The Weir at Ashlock" in page_text(pilot)


def test_ago_is_said_in_few_words():
    assert [ago(s) for s in (5, 120, 7200, 90_000, 200_000, 9e6)] == [
        "just now",
        "2 min ago",
        "2 h ago",
        "yesterday",
        "2 days ago",
        "3 months ago",
    ]


async def test_a_pasted_chat_of_another_program_becomes_a_story(make_app: MakeApp, tmp_path: Path):
    chat = tmp_path / "Tam - 2024.jsonl"
    lines = [
        {"user_name": "Sam", "character_name": "Tam"},
        {"name": "Tam", "is_user": False, "mes": "If you’ve come about the barge, I was asleep."},
        {"name": "Sam", "is_user": True, "mes": "Row."},
    ]
    chat.write_text("\n".join(map(json.dumps, lines)))
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await shelved(pilot)
        pilot.app.post_message(events.Paste(str(chat)))
        await until(pilot, lambda: isinstance(pilot.app.screen, PlayScreen))
        assert "about the barge, I was asleep." in page_text(pilot)
        assert play_of(pilot).narrator.card.id == "tam"
    assert [save.name for save in app.program.saves()] == ["Tam"]


async def test_a_story_gets_tags_goes_to_the_trash_and_comes_back(make_app: MakeApp):
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await shelved(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlayScreen))
        await pilot.press("ctrl+l")
        await until(pilot, lambda: "CONTINUE" in page_text(pilot))

        async def menu(words: str) -> None:
            library_of(pilot).recent.focus()
            await pilot.press("x")
            await until(pilot, lambda: isinstance(pilot.app.screen, MenuDialog))
            row = [way for way, _ in WAYS].index(words)
            await pilot.press(*["down"] * row, "enter")

        await menu("tags")
        await until(pilot, lambda: isinstance(pilot.app.screen, LineDialog))
        await pilot.press(*"sea,fog", "enter")
        await until(pilot, lambda: "#sea #fog" in page_text(pilot))
        await menu("trash")
        await until(pilot, lambda: "is in the trash" in page_text(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "CONTINUE" not in page_text(pilot))
        assert app.program.saves() == []
        assert [save.tags for save in list_saves(app.program.paths.trash)] == [("sea", "fog")]
