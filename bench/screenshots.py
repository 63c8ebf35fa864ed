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
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from textual.pilot import Pilot

from tui.app import FabletopApp
from tui.game.program import Program
from tui.store import Paths, SettingsFile
from tui.ui.screens.library import LibraryScreen
from tui.ui.screens.play import PlayScreen
from tui.ui.widgets.bars import Masthead

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
SEED = 8
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
    paths = Paths.within(home, ROOT)
    paths.models.mkdir(parents=True)
    shutil.copy(model, paths.models / "pocket.gguf")
    settings = SettingsFile.read(paths.settings).write(
        theme=theme, motion=False, reveal="off", user_name="Robin"
    )
    app = FabletopApp(Program(paths, settings.values, time.time), seed=SEED)
    async with app.run_test(size=SIZE) as pilot:
        visit = Visit(app, pilot, suffix)
        library = app.screen
        assert isinstance(library, LibraryScreen)
        await visit.until(lambda: bool(library.shelf.key) and app.model_words.endswith("ready"))
        await visit.tale()
        await pilot.press("ctrl+l")
        await visit.until(lambda: app.screen is library and library.recent.display)
        await pilot.pause(0.5)
        visit.draw("library")
        await pilot.press("f3")
        await pilot.pause()
        visit.draw("settings")
        await pilot.press("escape")
        app.play("hester-quill")
        await visit.until(lambda: isinstance(app.screen, PlayScreen))
        visit.draw("companion")


@dataclass(frozen=True)
class Visit:
    """A player who takes pictures."""

    app: FabletopApp
    pilot: Pilot[str]
    suffix: str

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something to be so, and for the screen to show it."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not condition():
                await self.pilot.pause(0.05)
        await self.pilot.pause()

    def draw(self, name: str) -> None:
        """Write the screen as a picture."""
        self.app.clear_notifications()
        picture = self.app.export_screenshot(title="fabletop")
        (PICTURES / f"{name}{self.suffix}.svg").write_text(picture, encoding="utf-8")
        print(f"docs/pictures/{name}{self.suffix}.svg")

    async def tale(self) -> None:
        """Three turns of the starred tale, its map and the inspector."""
        await self.pilot.press("enter")
        await self.until(lambda: isinstance(self.app.screen, PlayScreen))
        screen = self.app.screen
        assert isinstance(screen, PlayScreen)
        screen.composer.insert("talk to tobit about the clok")
        for turn, key in enumerate(("enter", "1", "2"), start=1):
            await self.pilot.press(key)
            await self.until(
                lambda turn=turn: (
                    screen.narrator.session.count() == turn and not screen.telling.busy
                )
            )
        self.draw("play")
        await self.pilot.press("ctrl+r")
        await self.until(lambda: not screen.telling.busy)
        await self.pilot.press("ctrl+t")
        await self.until(lambda: self.app.screen is not screen)
        self.draw("map")
        await self.pilot.press("escape", "f2")
        await self.until(lambda: "tokens" in str(self.app.screen.query_one(Masthead).state))
        self.draw("inspector")
        await self.pilot.press("escape")


if __name__ == "__main__":
    main()
