"""Pictures of each screen; what they should show stands in each test's docstring."""

from __future__ import annotations

import os
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import cast

import pytest
from textual.pilot import Pilot

from tests.ui.conftest import NOW
from tests.ui.fake_narrator import STORY, FakeNarrator, companion_card, tale_card
from tests.ui.waiting import page_text, play_of, told, until
from tui.app import FabletopApp
from tui.game.narrator import Narrator
from tui.game.program import Program
from tui.ui.screens.card import CardScreen
from tui.ui.screens.ending import EndingScreen
from tui.ui.screens.library import LibraryScreen
from tui.ui.screens.models import ModelsScreen
from tui.ui.widgets.bars import Masthead

MakeApp = Callable[..., FabletopApp]
Snap = Callable[..., bool]
OPENING = (
    "The lock-house stands dark for the ninth night, and the barge came in this morning with nobody aboard. "
    "The keeper lays an iron key on the table and will not look at it.\n\n“You are early,” says Tam. “The river is not.”"
)
CHOICES = ("Take the key", "Ask who sent the barge", "Leave the key and walk down to the weir")
LOOKS = pytest.mark.parametrize(
    ("theme", "size"),
    [("lamplight", (100, 30)), ("lamplight", (80, 24)), ("paper", (100, 30)), ("paper", (80, 24))],
    ids=["dark-100x30", "dark-80x24", "light-100x30", "light-80x24"],
)


def story(*, ended: bool = False) -> Narrator:
    told = FakeNarrator(STORY, tale_card(), OPENING, opening_choices=CHOICES, ended=ended)
    return cast("Narrator", told)


async def open_story(pilot: Pilot[str], narrator: Narrator) -> None:
    await shelved(pilot)
    await cast("FabletopApp", pilot.app).show(narrator)
    await pilot.pause()


async def shelved(pilot: Pilot[str]) -> None:
    library = next(screen for screen in pilot.app.screen_stack if isinstance(screen, LibraryScreen))
    await until(
        pilot, lambda: library.preview.shown is not None and "Weir" in library.preview.shown.title
    )


def keys(*pressed: str) -> Callable[[Pilot[str]], Awaitable[None]]:
    async def press(pilot: Pilot[str]) -> None:
        await open_story(pilot, story())
        for key in pressed:
            await pilot.press(key)
            await told(pilot)

    return press


@LOOKS
def test_library(snap_compare: Snap, make_app: MakeApp, theme: str, size: tuple[int, int]):
    """You should see a story to go on with, tales, companions and a stranger's card on shelves.

    At 100 columns the starred tale's page stands beside them, with its opening's choices.
    """
    app = make_app(model=False, theme=theme)

    async def begin(pilot: Pilot[str]) -> None:
        await shelved(pilot)

    assert snap_compare(app, terminal_size=size, run_before=begin)


@LOOKS
def test_play(snap_compare: Snap, make_app: MakeApp, theme: str, size: tuple[int, int]):
    """You should see a page of prose with two of the player's lines in the accent colour.

    Speech is tinted, a note and a reading are muted, ‹ 2/2 › says that this is a second
    reply, three choices have reversed digits; at 100 columns the scene stands beside them.
    """
    app = make_app(model=False, theme=theme)

    async def play(pilot: Pilot[str]) -> None:
        await open_story(pilot, story())
        play_of(pilot).composer.insert("i hold my lantrn up to the door")
        await pilot.press("enter")
        await told(pilot)
        await pilot.press("2")
        await told(pilot)
        await pilot.press("ctrl+r")
        await told(pilot)

    assert snap_compare(app, terminal_size=size, run_before=play)


@LOOKS
def test_companion(snap_compare: Snap, make_app: MakeApp, theme: str, size: tuple[int, int]):
    """You should see a name over a greeting whose action is italic, and no choices."""
    narrator = cast(
        "Narrator",
        FakeNarrator(
            STORY,
            companion_card(),
            opening="*looks up* “If it's the barge, I was asleep.”",
            with_world=False,
        ),
    )
    app = make_app(model=False, theme=theme)

    async def meet(pilot: Pilot[str]) -> None:
        await open_story(pilot, narrator)

    assert snap_compare(app, terminal_size=size, run_before=meet)


@LOOKS
def test_picking(snap_compare: Snap, make_app: MakeApp, theme: str, size: tuple[int, int]):
    """You should see the last turn on a darker ground, and what can be done with it below."""
    app = make_app(model=False, theme=theme)
    assert snap_compare(app, terminal_size=size, run_before=keys("1", "up"))


@LOOKS
def test_story_map(snap_compare: Snap, make_app: MakeApp, theme: str, size: tuple[int, int]):
    """You should see a tree: a branch set in before the path that leads to “you are here”."""
    app = make_app(model=False, theme=theme)

    async def walk(pilot: Pilot[str]) -> None:
        await keys("1", "1", "ctrl+z", "2")(pilot)
        await pilot.press("ctrl+t")
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=walk)


@LOOKS
def test_help(snap_compare: Snap, make_app: MakeApp, theme: str, size: tuple[int, int]):
    """You should see keys, words after a slash and what they do, in three columns."""
    app = make_app(model=False, theme=theme)

    async def ask(pilot: Pilot[str]) -> None:
        await shelved(pilot)
        await pilot.press("f1")
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=ask)


@LOOKS
def test_settings(snap_compare: Snap, make_app: MakeApp, theme: str, size: tuple[int, int]):
    """You should see twelve settings; at 100 x 30 a sample of the page in the theme's colours."""
    app = make_app(model=False, theme=theme)

    async def ask(pilot: Pilot[str]) -> None:
        await shelved(pilot)
        await pilot.press("f3")
        await pilot.pause()
        pilot.app.screen.query_one(Masthead).state = ""

    assert snap_compare(app, terminal_size=size, run_before=ask)


@LOOKS
def test_models(snap_compare: Snap, make_app: MakeApp, theme: str, size: tuple[int, int]):
    """You should see what is here and what can be fetched, one of them with all that is known of it.

    Below that is a download with a bar, its speed and the time that is left.
    """
    app = make_app(model=False, theme=theme)
    app.program.memory = lambda: 8_000_000_000

    async def ask(pilot: Pilot[str]) -> None:
        await shelved(pilot)
        await pilot.press("f4")
        await until(pilot, lambda: isinstance(pilot.app.screen, ModelsScreen))
        lines = cast("ModelsScreen", pilot.app.screen).lines
        await until(pilot, lambda: bool(lines.key))
        await pilot.press("down", "down", "down", "down")
        app.download_words = "34% · 0.7 GB of 2.0 GB · 11.2 MB/s · 2 min left · llama.gguf"
        await until(
            pilot, lambda: "Metharme" in page_text(pilot) and "not for minors" in page_text(pilot)
        )

    assert snap_compare(app, terminal_size=size, run_before=ask)


@LOOKS
def test_ending(snap_compare: Snap, make_app: MakeApp, theme: str, size: tuple[int, int]):
    """You should see a title in the middle, the epilogue, what was found and missed, three ways on."""
    app = make_app(model=False, theme=theme)

    async def end(pilot: Pilot[str]) -> None:
        await open_story(pilot, story(ended=True))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, EndingScreen))

    assert snap_compare(app, terminal_size=size, run_before=end)


@LOOKS
def test_name(snap_compare: Snap, make_app: MakeApp, theme: str, size: tuple[int, int]):
    """You should see the opening and its choices, and a small sheet that asks for the player's name."""
    app = make_app(theme=theme, user_name="")

    async def begin(pilot: Pilot[str]) -> None:
        await shelved(pilot)
        await until(pilot, lambda: app.model_words.endswith("ready"))
        await pilot.press("enter")
        await until(pilot, lambda: type(pilot.app.screen).__name__ == "NameDialog")

    assert snap_compare(app, terminal_size=size, run_before=begin)


def test_a_story_to_go_on_with(snap_compare: Snap, make_program: Callable[..., Program]):
    """You should see CONTINUE over the shelves, with the story's last line and “2 min ago”."""
    app = FabletopApp(make_program())

    async def play(pilot: Pilot[str]) -> None:
        await shelved(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: type(pilot.app.screen).__name__ == "PlayScreen")
        save = play_of(pilot).narrator.book.path
        await pilot.press("ctrl+l")
        await until(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))
        os.utime(save, (NOW - 120, NOW - 120))
        library = cast("LibraryScreen", pilot.app.screen)
        library.refresh_shelves()
        await until(
            pilot, lambda: library.recent.display and "2 min" in library.recent.lines[1].right.plain
        )
        await until(pilot, lambda: app.model_words.endswith("ready"))
        await shelved(pilot)

    assert snap_compare(app, terminal_size=(100, 30), run_before=play)


@LOOKS
def test_card(snap_compare: Snap, make_app: MakeApp, theme: str, size: tuple[int, int]):
    """You should see a kettle's portrait over its parts, and its greeting beside them; no portrait at 80."""
    app = make_app(model=False, theme=theme)
    source = Path(__file__).parents[2] / "characters" / "kettle-9.yaml"
    shutil.copy(source, app.program.paths.shipped_characters)

    async def look(pilot: Pilot[str]) -> None:
        await shelved(pilot)
        app.look_at(app.program.paths.shipped_characters / "kettle-9.yaml")
        await until(pilot, lambda: isinstance(pilot.app.screen, CardScreen))
        card = cast("CardScreen", pilot.app.screen)
        await until(pilot, lambda: card.portrait.has_class("-shown"))
        await pilot.press("down", "down", "down", "down")
        await until(pilot, lambda: card.lines.key == "greeting")

    assert snap_compare(app, terminal_size=size, run_before=look)
