"""How quick a library of thousands is: opening, typing in the search, going through it.

    .venv/bin/python bench/library.py [--cards 2000]

The cards are PNG pictures with a V2 card of 2 KB in each, made here, on the real screens with no
model. `key` is the time from a key until the shelf is drawn anew, in the search and in the list;
`work` is what the processor did of it; `pause` is the longest time in which no key was answered.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import statistics
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.app import FabletopApp

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

SIZE = (100, 30)
WORDS = ("harbour", "lamp", "winter", "clock", "river", "glass", "owl", "engine", "salt", "thread")
SEARCHED = "lamp winter 19"


def main() -> None:
    """Make the cards, and open them twice: read anew, and as they are kept."""
    parser = argparse.ArgumentParser(description="How quick a library of thousands is.")
    parser.add_argument("--cards", type=int, default=2000)
    cards = parser.parse_args().cards
    with tempfile.TemporaryDirectory() as home:
        make_cards(Path(home) / "characters", cards)
        print(f"{f'{cards:,} cards':22}  shelves     pause   key p50   key p95  work p95   memory")
        for label in ("for the first time", "again"):
            shown, pause, echoes = asyncio.run(opened(Path(home), cards))
            waits, work = (sorted(figures) for figures in zip(*echoes, strict=True))
            p95 = int(len(waits) * 0.95)
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{label:22}{shown:>7.2f} s{pause * 1000:>7.0f} ms"
                f"{statistics.median(waits) * 1000:>7.0f} ms{waits[p95] * 1000:>7.0f} ms"
                f"{work[p95] * 1000:>7.0f} ms{memory:>6.0f} MB"
            )


def make_cards(folder: Path, count: int) -> None:
    """So many different cards."""
    from tests.cards.formats import makers

    folder.mkdir()
    for number in range(count):
        words = [WORDS[number * step % len(WORDS)] for step in (1, 3, 7)]
        about = " ".join(words) + f" {number}. " + "She has an opinion about every ship. " * 50
        card = makers.v2(name=f"Nr {number}", description=about, scenario=about[:200], tags=words)
        picture = makers.png([makers.text(b"chara", makers.packed(card))])
        (folder / f"nr-{number}.png").write_bytes(picture)


async def opened(home: Path, cards: int) -> tuple[float, float, list[tuple[float, float]]]:
    """Seconds until all is on the shelves, the longest pause, and the echo of each key."""
    from tui.app import FabletopApp
    from tui.game.program import Program
    from tui.store import Paths, Settings
    from tui.ui.screens.library import LibraryScreen

    settings = Settings(motion=False, user_name="Robin", model=str(home / "none"))
    app = FabletopApp(Program(Paths.within(home, home / "none"), settings, time.time))
    began = time.perf_counter()
    async with app.run_test(size=SIZE) as pilot:
        pauses = [0.0]
        watching = asyncio.create_task(watch_pauses(pauses))
        library = app.screen_stack[-1]
        assert isinstance(library, LibraryScreen)
        while len(library.shelf.lines) < cards:
            await pilot.pause(0.005)
        shown = time.perf_counter() - began
        await pilot.press("slash")
        echoes = [await echo(app, key) for key in (*SEARCHED, *["backspace"] * len(SEARCHED))]
        await pilot.press("escape")
        echoes += [await echo(app, key) for key in ["down"] * 20 + ["pagedown"] * 20 + ["end"]]
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
    return shown, max(pauses), echoes


async def echo(app: FabletopApp, key: str) -> tuple[float, float]:
    """Seconds until a key has had its effect and the screen is drawn; and the processor's part of it."""
    from textual import events

    focused, drawn = app.focused, asyncio.Event()
    assert focused is not None
    began, used = time.perf_counter(), time.process_time()
    app.post_message(events.Key({" ": "space"}.get(key, key), key if len(key) == 1 else None))
    screen = app.screen
    app.call_later(focused.call_later, screen.call_later, screen.call_after_refresh, drawn.set)
    await drawn.wait()
    return time.perf_counter() - began, time.process_time() - used


async def watch_pauses(pauses: list[float]) -> None:
    """Note how late a task comes that wants to run every 5 milliseconds."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.005)
        pauses.append(time.perf_counter() - began - 0.005)


if __name__ == "__main__":
    main()
