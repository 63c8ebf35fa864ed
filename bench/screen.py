"""How much the screen costs: streaming, typing, opening long stories, memory, the first paint.

    .venv/bin/python bench/screen.py [--turns 50 500 5000] [--seconds 8]

One process for each measurement, so that none pays for another. Streaming is 40 tokens a second,
of four letters each, into a story of so many turns; the share of one core is the process's own
CPU time over the time that passed, and a key's echo is the time from the key until its letter
is drawn, while streaming. Beside it, the same stream into a plain Textual chat that gives
each piece to `Markdown.update`, with every turn mounted, as many programs do.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import pty
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from tui.app import FabletopApp

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

TOKENS_A_SECOND = 40
TOKEN = "lamp "
SIZE = (100, 30)
PARAGRAPH = "The lamp takes on the third match, and the ferryman says nothing at all to that. " * 3


def main() -> None:
    """Measure everything, each in a process of its own, and print a table."""
    parser = argparse.ArgumentParser(description="What the screen costs.")
    parser.add_argument("--turns", type=int, nargs="+", default=[50, 500, 5000])
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--one", nargs=3, metavar=("WHAT", "TURNS", "SECONDS"))
    given = parser.parse_args()
    if given.one:
        what, turns, seconds = given.one
        print(json.dumps(measure(what, int(turns), float(seconds))))
        return
    print(
        f"{'':34}{'turns':>7}{'core':>8}{'echo p50':>10}{'echo p95':>10}{'opens':>9}{'memory':>9}"
    )
    for what, label in (("page", "Fabletop"), ("markdown", "plain Markdown.update chat")):
        for turns in given.turns:
            if what == "markdown" and turns > 500:
                continue
            report(label, turns, in_own_process(what, turns, given.seconds))
    first_paint()


def report(label: str, turns: int, found: dict[str, float]) -> None:
    """Print one row."""
    print(
        f"{label:34}{turns:>7,}{found['core']:>8.0%}{found['p50']:>8.0f}ms{found['p95']:>8.0f}ms"
        f"{found['open']:>8.2f}s{found['memory']:>6.0f}MB"
    )


def in_own_process(what: str, turns: int, seconds: float) -> dict[str, float]:
    """One measurement in a fresh process."""
    command = [sys.executable, __file__, "--one", what, str(turns), str(seconds)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def measure(what: str, turns: int, seconds: float) -> dict[str, float]:
    """What one process measures."""
    if what == "page":
        return asyncio.run(stream_into_page(turns, seconds))
    return asyncio.run(stream_into_markdown(turns, seconds))


async def stream_into_page(turns: int, seconds: float) -> dict[str, float]:
    """Stream a reply into a story of so many turns."""
    from tests.ui.fake_narrator import FakeNarrator, Reply, tale_card
    from tui.game.narrator import Narrator
    from tui.ui.screens.play import PlayScreen

    reply = Reply(TOKEN * int(TOKENS_A_SECOND * (seconds + 30)))
    narrator = FakeNarrator((reply,), tale_card(), piece_seconds=1 / TOKENS_A_SECOND)
    for _ in range(turns // 2):
        narrator.session.apply(narrator.session.say(f"go on {PARAGRAPH[:40]}"))
        narrator.session.apply(narrator.session.lay("model", PARAGRAPH))
    with tempfile.TemporaryDirectory() as home:
        app = app_in(Path(home))
        async with app.run_test(size=SIZE) as pilot:
            began = time.perf_counter()
            await app.show(cast("Narrator", narrator))
            await pilot.pause()
            opened = time.perf_counter() - began
            screen = cast("PlayScreen", app.screen)
            screen.tell(narrator.take_turn("go"))
            await asyncio.sleep(1)
            core, echoes = await typing_meanwhile(seconds, screen.composer, pilot)
            await screen.hush()
    return figures(core, echoes, opened)


async def stream_into_markdown(turns: int, seconds: float) -> dict[str, float]:
    """Stream the same into a chat of Markdown widgets."""
    from textual.app import App, ComposeResult
    from textual.containers import VerticalScroll
    from textual.widgets import Markdown, TextArea

    class Chat(App[None]):
        def compose(self) -> ComposeResult:
            with VerticalScroll():
                for number in range(turns):
                    yield Markdown(PARAGRAPH if number % 2 else f"**You:** go on {PARAGRAPH[:40]}")
                yield Markdown(id="reply")
            yield TextArea(id="line")

        def on_mount(self) -> None:
            self.query_one("#line", TextArea).styles.height = 3
            self.query_one("#line").focus()
            self.query_one(VerticalScroll).anchor()

    app = Chat()
    began = time.perf_counter()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        opened = time.perf_counter() - began
        reply = app.query_one("#reply", Markdown)

        async def stream() -> None:
            text = ""
            async for piece in tokens():
                text += piece
                await reply.update(text)

        streaming = asyncio.create_task(stream())
        await asyncio.sleep(1)
        core, echoes = await typing_meanwhile(seconds, app.query_one("#line", TextArea), pilot)
        streaming.cancel()
    return figures(core, echoes, opened)


async def tokens() -> AsyncGenerator[str, None]:
    """Forty tokens a second, for ever."""
    began, sent = time.perf_counter(), 0
    while True:
        sent += 1
        await asyncio.sleep(max(began + sent / TOKENS_A_SECOND - time.perf_counter(), 0))
        yield TOKEN


async def typing_meanwhile(
    seconds: float, line: object, pilot: object
) -> tuple[float, list[float]]:
    """The share of a core while streaming, and then each key's way to its letter, in seconds."""
    from textual import events
    from textual.pilot import Pilot
    from textual.widgets import TextArea

    area, driver = cast("TextArea", line), cast("Pilot[object]", pilot)
    began, used = time.perf_counter(), time.process_time()
    await asyncio.sleep(seconds)
    core = (time.process_time() - used) / (time.perf_counter() - began)
    echoes: list[float] = []
    for _ in range(60):
        await asyncio.sleep(0.037)
        drawn, pressed = asyncio.Event(), time.perf_counter()
        driver.app.post_message(events.Key("a", "a"))
        driver.app.call_later(area.call_later, area.call_after_refresh, drawn.set)
        await drawn.wait()
        echoes.append(time.perf_counter() - pressed)
    return core, echoes


def figures(core: float, echoes: list[float], opened: float) -> dict[str, float]:
    """The row's values."""
    ordered = sorted(echoes)
    return {
        "core": core,
        "p50": statistics.median(ordered) * 1000,
        "p95": ordered[int(len(ordered) * 0.95)] * 1000,
        "open": opened,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def app_in(home: Path) -> FabletopApp:
    """The App with folders of its own and no model."""
    from tui.app import FabletopApp
    from tui.game.program import Program
    from tui.store import Paths, Settings

    paths = Paths.within(home, ROOT)
    settings = Settings(motion=False, user_name="Robin", model=str(home / "none"))
    return FabletopApp(Program(paths, settings, time.time))


def paint_seconds(command: Sequence[str], mark: bytes, home: Path) -> tuple[float, float]:
    """Seconds from the start of a program in a terminal of 100 x 30 until it has drawn `mark`.

    The second figure is the processor time that it took, which a busy machine does not change.
    """
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ |= {
            "FABLETOP_HOME": str(home),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
        }
        os.chdir(ROOT)
        os.execv(command[0], list(command))
    began, drawn = time.perf_counter(), b""
    termios.tcsetwinsize(terminal, (SIZE[1], SIZE[0]))
    while mark not in drawn:
        drawn += os.read(terminal, 65536)
    seconds = time.perf_counter() - began
    os.kill(pid, signal.SIGKILL)
    _, _, used = os.wait4(pid, 0)
    os.close(terminal)
    return seconds, used.ru_utime + used.ru_stime


BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("a bare app")
Bare().run()
"""


def first_paint() -> None:
    """The medians of five starts, in turns: a bare Textual app, and ours until its shelves are drawn."""
    with tempfile.TemporaryDirectory() as home:
        programs = (
            ("a bare Textual app", [sys.executable, "-c", BARE], b"a bare app"),
            ("Fabletop, first frame", [sys.executable, "-m", "tui"], b"Fabletop"),
            ("Fabletop, shelves filled", [sys.executable, "-m", "tui"], b"TALES"),
        )
        starts: dict[str, list[tuple[float, float]]] = {label: [] for label, _, _ in programs}
        for turn in range(6):
            for label, command, mark in programs:
                took = paint_seconds(command, mark, Path(home))
                starts[label] += [took] if turn else []
        print()
        for label, found in starts.items():
            passed, used = (statistics.median(figure) for figure in zip(*found, strict=True))
            print(f"{label:34}{passed:>7.2f}s until drawn ({used:.2f}s of processor time)")


if __name__ == "__main__":
    main()
