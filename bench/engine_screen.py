"""Text a second while the screen streams it: `python -m bench.engine_screen MODEL`.

The real App, in a pseudo-terminal of 120 x 40 whose bytes are read and thrown away, tells a tale
without a world; both contexts are resident. Ours is the tokens that the Narrator's pieces bring
between a reply's first and its last, divided by the time between them; beside it the fastest bare
loop, alone, after a prompt of the same length, with and without huge pages. Both sides alternate, and the App is started anew
each time; medians are printed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import pty
import subprocess
import sys
import termios
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from textual.pilot import Pilot

from bench.bare import prompt_ids
from bench.engine import N_CTX, bare_rate, reply_tokens, show_write
from tui.app import FabletopApp
from tui.cards import Card
from tui.engine import LlamaBackend, LoadSettings
from tui.game.events import Event, Piece
from tui.game.narrator import Narrator
from tui.game.program import Program
from tui.game.prompting import PromptWriter
from tui.game.storyteller import Storyteller
from tui.store import Paths, Settings
from tui.ui.screens.play import PlayScreen

COLUMNS, ROWS = 120, 40
CARD = """\
name: The Bench
kind: tale
scenario: A harbour at night, and a town that waits for a ship.
first_mes: You stand on the quay, and the tide is going out.
"""
ENDS = (b"\n", b"<|")
"""What a reply could end at; tokens that hold it are not drawn."""


@dataclass
class LongWinded(Storyteller):
    """Lets replies be longer than the game does."""

    reply_tokens: int = 0

    async def writer(self, card: Card, company: tuple[Card, ...] = ()) -> PromptWriter:
        """See `Storyteller.writer`."""
        return replace(await super().writer(card, company), reply_tokens=self.reply_tokens)


async def endless(teller: Storyteller) -> None:
    """Have the model write on until it is stopped."""
    model = await teller.ready()
    pieces = await teller.backend.pieces(range(model.n_vocab))
    ends = [place for place, piece in enumerate(pieces) if any(end in piece for end in ENDS)]
    teller.overrides = {"ban_eos": True, "logit_bias": [[place, -100.0] for place in ends]}


async def noted(
    events: AsyncGenerator[Event, None],
    narrator: Narrator,
    count: int,
    arrived: list[tuple[float, int]],
) -> AsyncGenerator[Event, None]:
    """The events until `count` tokens have come; when each piece came, and how many there were then."""
    async with aclosing(events) as stream:
        async for event in stream:
            if isinstance(event, Piece):
                tokens = len(narrator.session.turns[event.turn].tokens)
                arrived.append((time.perf_counter(), tokens))
                if tokens >= count:
                    return
            yield event


async def told(screen: PlayScreen, events: AsyncGenerator[Event, None], count: int) -> float:
    """Tokens a second of one reply."""
    arrived: list[tuple[float, int]] = []
    screen.tell(noted(events, screen.narrator, count, arrived))
    telling = [worker for worker in screen.workers if worker.group == "telling"]
    await screen.workers.wait_for_complete(telling)
    screen.telling.complete()
    (first, before), *_, (last, all_of_them) = arrived
    return (all_of_them - before) / (last - first)


async def play(model: Path, home: Path) -> None:
    """Tell a reply and tell it anew, in the terminal that this is in; leave the second's rate.

    Beside it, the length of its prompt.
    """
    count = reply_tokens(model)
    paths = Paths.within(home, home / "shipped")
    paths.characters.mkdir(parents=True, exist_ok=True)
    (paths.characters / "bench.yaml").write_text(CARD, encoding="utf-8")
    settings = Settings(model=str(model), user_name="Robin", choices=0, ahead=False)
    program = Program(paths, settings, time.time)
    backend = LlamaBackend(log=paths.log, cache=paths.cache)
    teller = LongWinded(backend, model, LoadSettings(n_ctx=N_CTX), reply_tokens=2 * count)
    app = FabletopApp(program)
    app.teller = teller

    async def watch(_: Pilot[object]) -> None:
        await endless(teller)
        await backend.read_ahead(prompt_ids(200))
        narrator = await program.begin(program.card("bench"), teller, seed=3)
        await app.show(narrator)
        screen = cast("PlayScreen", app.screen)
        await told(screen, narrator.take_turn("Look out to sea."), count)
        rate = await told(screen, narrator.retry(), count)
        prompt = await narrator.preview()
        (home / "rate").write_text(f"{rate} {len(prompt.tokens)}", encoding="utf-8")
        app.exit()

    await app.run_async(auto_pilot=watch)


def screen_rate(model: Path, home: Path) -> tuple[float, int]:
    """Tokens a second in a process of its own, in a terminal of its own; the prompt's length."""
    terminal, inner = pty.openpty()
    termios.tcsetwinsize(terminal, (ROWS, COLUMNS))
    command = [sys.executable, "-m", "bench.engine_screen", str(model), "--home", str(home)]
    ours = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    with subprocess.Popen(command, stdin=inner, stdout=inner, stderr=inner, env=ours) as process:
        os.close(inner)
        drawn = b""
        try:
            while chunk := os.read(terminal, 65536):
                drawn = chunk
        except OSError:  # so Linux says that nobody writes any more
            os.close(terminal)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, drawn)
    rate, prompt = (home / "rate").read_text(encoding="utf-8").split()
    return float(rate), int(prompt)


def main() -> None:
    """Measure both sides in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.home:
        asyncio.run(play(given.model, given.home))
        return
    count = reply_tokens(given.model)
    ours: list[float] = []
    bare: list[float] = []
    huge: list[float] = []
    with TemporaryDirectory() as home:
        for _ in range(given.repeat):
            rate, prompt = screen_rate(given.model.resolve(), Path(home))
            ours.append(rate)
            bare.append(bare_rate(given.model, count, prompt))
            huge.append(bare_rate(given.model, count, prompt, huge_pages=True))
    show_write("write, with the screen streaming", ours, bare, huge)


if __name__ == "__main__":
    main()
