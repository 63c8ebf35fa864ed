"""The README's pictures, from the real program: docs/pictures/*.svg.

    .venv/bin/python bench/screenshots.py [--model models/pocket.gguf]

A few turns of the starred tale and a companion's greeting are played on the model that ships with
the game, in folders of their own, and each screen is written as Textual draws it. The seed is
fixed, so the same model tells the same.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

PICTURES = ROOT / "docs" / "pictures"
SEED = 11
SIZE = (100, 30)
PATIENCE_SECONDS = 60.0


def main() -> None:
    """Play, and write the pictures."""
    parser = argparse.ArgumentParser(description="Write docs/pictures.")
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "pocket.gguf")
    given = parser.parse_args()
    PICTURES.mkdir(parents=True, exist_ok=True)
    for theme, suffix in (("lamplight", ""), ("paper", "-paper")):
        with tempfile.TemporaryDirectory() as home:
            os.environ["HOME"] = home
            asyncio.run(play(Path(home), given.model, theme, suffix))


async def play(home: Path, model: Path, theme: str, suffix: str) -> None:
    """A few turns, and a picture of each screen on the way."""
    from textual.pilot import Pilot

    from tui.app import FabletopApp
    from tui.game.program import Program
    from tui.store import Paths, SettingsFile
    from tui.ui.screens.library import LibraryScreen
    from tui.ui.screens.play import PlayScreen
    from tui.ui.widgets.bars import Masthead

    paths = Paths.within(home, ROOT)
    paths.models.mkdir(parents=True)
    shutil.copy(model, paths.models / "pocket.gguf")
    settings = SettingsFile.read(paths.settings).write(
        theme=theme, motion=False, reveal="off", user_name="Robin"
    )
    program = Program(paths, settings.values, time.time)

    async def until(pilot: Pilot[str], condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not condition():
                await pilot.pause(0.05)
        await pilot.pause()

    def draw(app: FabletopApp, name: str) -> None:
        app.clear_notifications()
        picture = app.export_screenshot(title="fabletop")
        (PICTURES / f"{name}{suffix}.svg").write_text(picture, encoding="utf-8")
        print(f"docs/pictures/{name}{suffix}.svg")

    app = FabletopApp(program, seed=SEED)
    async with app.run_test(size=SIZE) as pilot:
        library = app.screen
        assert isinstance(library, LibraryScreen)
        await until(pilot, lambda: bool(library.shelf.key) and app.model_words.endswith("ready"))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, PlayScreen))
        screen = app.screen
        assert isinstance(screen, PlayScreen)

        async def turn(words: str) -> None:
            count = screen.narrator.session.count()
            screen.composer.insert(words)
            await pilot.press(words if words.isdigit() and not screen.composer.text else "enter")
            await until(
                pilot, lambda: screen.narrator.session.count() > count and not screen.telling.busy
            )

        await turn("talk to tobit about the clok")
        await pilot.press("1")
        await until(pilot, lambda: screen.narrator.session.count() == 2 and not screen.telling.busy)
        await pilot.press("2")
        await until(pilot, lambda: screen.narrator.session.count() == 3 and not screen.telling.busy)
        draw(app, "play")
        await pilot.press("ctrl+r")
        await until(pilot, lambda: not screen.telling.busy)
        await pilot.press("ctrl+t")
        await until(pilot, lambda: app.screen is not screen)
        draw(app, "map")
        await pilot.press("escape")
        await pilot.press("f2")
        await until(pilot, lambda: "tokens" in str(app.screen.query_one(Masthead).state))
        draw(app, "inspector")
        await pilot.press("escape")
        await pilot.press("ctrl+l")
        await until(pilot, lambda: app.screen is library and library.recent.display)
        await pilot.pause(0.5)
        draw(app, "library")
        await pilot.press("f3")
        await pilot.pause()
        draw(app, "settings")
        await pilot.press("escape")
        app.play("hester-quill")
        await until(pilot, lambda: isinstance(app.screen, PlayScreen))
        draw(app, "companion")


if __name__ == "__main__":
    main()
