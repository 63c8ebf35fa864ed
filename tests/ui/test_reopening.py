"""A save that another program has open, that changed hands, or that can't be written."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets._toast import Toast

from tests.ui.waiting import page_text, play_of, told, until
from tui.app import FabletopApp
from tui.game.book import Book
from tui.game.changes import Change
from tui.game.program import Program
from tui.store import Journal
from tui.store.journal import read_save
from tui.ui.screens.firstsight import FirstSight
from tui.ui.screens.library import LibraryScreen
from tui.ui.screens.menu import MenuDialog
from tui.ui.screens.play import PlayScreen

MakeProgram = Callable[..., Program]
LINE = "The lock-house stands dark for the ninth night."


async def begun(program: Program) -> Path:
    """A story that was begun and left."""
    teller = program.storyteller()
    narrator = await program.begin(program.card("the-weir"), teller)
    await narrator.close()
    await teller.close()
    return narrator.book.path


async def asked(pilot: Pilot[str]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, MenuDialog))


async def at_page(pilot: Pilot[str]) -> PlayScreen:
    await until(pilot, lambda: isinstance(pilot.app.screen, PlayScreen))
    return play_of(pilot)


async def test_a_story_open_elsewhere_goes_on_in_a_copy(make_program: MakeProgram):
    program = make_program()
    save = await begun(program)
    other = Book.open(save)
    async with FabletopApp(program, save=str(save)).run_test(size=(100, 30)) as pilot:
        await asked(pilot)
        assert "is open in another window" in page_text(pilot)
        await pilot.press("enter")
        screen = await at_page(pilot)
        assert screen.narrator.book.path != save
        await pilot.press("1")
        await until(pilot, lambda: screen.narrator.session.count() == 1)
        await told(pilot)
    assert "a copy" in Book.open(screen.narrator.book.path, read_only=True).session.name
    before = save.read_bytes()
    await other.record(other.session.say("meanwhile"))
    await other.close()
    assert save.read_bytes().startswith(before)
    assert Book.open(save, read_only=True).session.count() == 1


async def test_a_story_open_elsewhere_can_be_read_and_then_copied(make_program: MakeProgram):
    program = make_program()
    save = await begun(program)
    other = Book.open(save)
    app = FabletopApp(program, save=str(save))
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await asked(pilot)
        await pilot.press("down", "enter")
        screen = await at_page(pilot)
        assert LINE in page_text(pilot)
        assert "only to read" in page_text(pilot)
        for key in ("1", "ctrl+z", "ctrl+r", "ctrl+e"):
            await pilot.press(key)
            await pilot.pause()
            assert app.screen is screen
        screen.composer.insert("/me")
        await pilot.press("enter")
        await until(pilot, lambda: "/me NAME changes it" in words(pilot))
        screen.composer.insert("/mark here")
        await pilot.press("enter")
        await until(pilot, lambda: "This story is only to read here" in page_text(pilot))
        assert screen.narrator.session == screen.narrator.book.session
        assert not screen.narrator.session.bookmarks
        await pilot.press("enter")
        await until(pilot, lambda: play_of(pilot).narrator.book.writable)
        assert play_of(pilot).narrator.book.path != save
    await other.close()
    assert len(list(save.parent.glob("*.jsonl"))) == 2


async def test_a_newer_save_is_only_read(make_program: MakeProgram):
    program = make_program()
    save = await begun(program)
    records = read_save(save).records
    save.unlink()
    journal = Journal.unsaved(save)
    journal.append(records[0] | {"fabletop": 99}, *records[1:])
    journal.close()
    async with FabletopApp(program, save=str(save)).run_test(size=(100, 30)) as pilot:
        await asked(pilot)
        text = page_text(pilot)
        assert "written by a newer Fabletop" in text
        assert "Go on in a copy" not in text
        await pilot.press("enter")
        screen = await at_page(pilot)
        assert not screen.narrator.book.writable


async def test_a_damaged_save_is_said_and_played_on(make_program: MakeProgram):
    program = make_program()
    save = await begun(program)
    lines = save.read_bytes().splitlines(keepends=True)
    save.write_bytes(b"".join([*lines[:1], b"not a record\n", *lines[1:], b'{"t": "to']))
    app = FabletopApp(program, save=str(save))
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        screen = await at_page(pilot)
        await until(pilot, lambda: "a line can't be read (line 2: it is not JSON)" in words(pilot))
        assert "its last line was cut off" in words(pilot)
        await pilot.press("1")
        await until(pilot, lambda: screen.narrator.session.count() == 1)
        await told(pilot)
    assert Book.open(save, read_only=True).session.count() == 1


def words(pilot: Pilot[str]) -> str:
    """All that is said beside the page now, in one line."""
    return " ".join(
        " ".join(str(toast.render()).split()) for toast in pilot.app.screen.query(Toast)
    )


async def test_esc_leaves_a_story_that_is_open_elsewhere_be(make_program: MakeProgram):
    program = make_program()
    save = await begun(program)
    other = Book.open(save)
    app = FabletopApp(program, save=str(save))
    async with app.run_test(size=(100, 30)) as pilot:
        await asked(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, MenuDialog))
        assert app.narrator is None
    await other.close()


@pytest.fixture
async def changed(make_program: MakeProgram) -> tuple[Program, Path]:
    """A story of a card that says something else by now."""
    program = make_program()
    save = await begun(program)
    card = program.paths.characters / "the-weir.yaml"
    card.parent.mkdir(parents=True, exist_ok=True)
    shipped = next(
        path for folder in program.paths.card_folders for path in folder.glob("the-weir.yaml")
    )
    card.write_text(shipped.read_text().replace("river mystery", "ghost story"))
    return program, save


async def test_a_changed_card_is_taken_if_the_player_likes(changed: tuple[Program, Path]):
    program, save = changed
    async with FabletopApp(program, save=str(save)).run_test(size=(100, 30)) as pilot:
        await asked(pilot)
        assert "The card has changed since" in page_text(pilot)
        await pilot.press("down", "enter")
        screen = await at_page(pilot)
        await until(pilot, lambda: screen.narrator.card.genre == "ghost story")
        await pilot.press("ctrl+z")
        await until(pilot, lambda: screen.narrator.card.genre == "river mystery")
        await pilot.press("ctrl+y")
        await until(pilot, lambda: screen.narrator.card.genre == "ghost story")
    assert not await changes_of(program, save)


async def test_a_changed_card_that_was_left_is_not_asked_about_again(
    changed: tuple[Program, Path],
):
    program, save = changed
    async with FabletopApp(program, save=str(save)).run_test(size=(100, 30)) as pilot:
        await asked(pilot)
        await pilot.press("enter")
        screen = await at_page(pilot)
        await until(pilot, lambda: not screen.narrator.changes)
        assert screen.narrator.card.genre == "river mystery"
        assert not screen.narrator.session.can_undo
    assert not await changes_of(program, save)


async def test_another_model_is_told_of_and_the_one_before_can_be_had(make_program: MakeProgram):
    program = make_program()
    save = await begun(program)
    pocket = program.model()
    other = program.paths.models / "other.gguf"
    other.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(pocket, other)
    program.settings = program.settings.model_copy(update={"model": str(other)})
    app = FabletopApp(program, save=str(save))
    async with app.run_test(size=(100, 30)) as pilot:
        await asked(pilot)
        assert "told by pocket.gguf; other.gguf tells on" in page_text(pilot)
        await pilot.press("down", "enter")
        screen = await at_page(pilot)
        await until(pilot, lambda: screen.narrator.teller.path == pocket)
        assert program.settings.model == str(other)
    assert [change.sentence for change in await changes_of(program, save)] == [
        "This story was told by pocket.gguf; other.gguf tells on."
    ]


async def changes_of(program: Program, save: Path) -> tuple[Change, ...]:
    """What would be asked the next time."""
    teller = program.storyteller()
    narrator = program.resume(save, teller)
    await narrator.close()
    await teller.close()
    return narrator.changes


async def test_a_long_story_shows_its_end_before_it_is_opened(make_program: MakeProgram):
    program = make_program()
    save = await begun(program)
    book = Book.open(save)
    for number in range(20):
        await book.record(book.session.say(f"row on {number}"))
        await book.record(book.session.lay("model", f"{'x' * 60_000}\n\nThe oar dips {number}."))
    app = FabletopApp(program, save=str(save))
    async with app.run_test(size=(100, 30)) as pilot:
        await asked(pilot)
        sight = app.screen_stack[-2]
        assert isinstance(sight, FirstSight)
        assert sight.transcript.views[-1].turn == book.session.turn
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        await book.close()

        app.push_screen(FirstSight("The Weir", book.session.path()))
        await until(pilot, lambda: "The oar dips 19." in page_text(pilot))
        await pilot.press("h", "i")
        assert isinstance(app.screen, FirstSight)
        assert app.screen.typed == "hi"
        app.open_save(save)
        screen = await at_page(pilot)
        assert "The oar dips 19." in page_text(pilot)
        assert screen.narrator.session.count() == 20
