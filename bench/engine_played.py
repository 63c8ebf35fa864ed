"""What the engine's idle work saves in play: `python -m bench.engine_played ROW MODEL`.

`reread`: tokens read while the player waits, per token that the turns added, in a story with an
author's note and lore whose window is full; time to read is granted after each turn. Beside it,
the same story with `ahead: off`. `pick`: from picking a choice to the first text, and until the next
choices stand, with `ahead` on and off in turn, after `--seconds` of reading (as many as it takes).
Both play a tale without a world through the Narrator.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.engine import show
from tui.game.events import ChoicesReady, Piece
from tui.game.narrator import Narrator
from tui.game.program import Program
from tui.game.storyteller import Storyteller
from tui.prompt import units_of
from tui.prompt.window import joined
from tui.store import Paths, Settings

CARD = """\
name: The Bench
kind: tale
scenario: A harbour at night, and a town that waits for a ship.
tone: plain
first_mes: You stand on the quay, and the tide is going out.
opening_choices: [Walk to the boat, Call out, Wait]
lorebook:
  entries:
    - {keys: [boat], content: The boat is called Marigold and leaks a little.}
    - {keys: [tower], content: The tower has had no lamp since the old keeper left it.}
"""
NOTE = "Write of the sea and of its smells."
WORDS = ["Go to the boat.", "Look at the tower.", "Wait for somebody.", "Call out to the ship."]
FULL = 12


def program_in(folder: Path, model: Path, *, ahead: bool) -> Program:
    """A program with that one card."""
    paths = Paths.within(folder, folder / "shipped")
    paths.characters.mkdir(exist_ok=True)
    (paths.characters / "bench.yaml").write_text(CARD, encoding="utf-8")
    return Program(paths, Settings(model=str(model), ahead=ahead, user_name="Robin"), time.time)


async def begun(program: Program) -> tuple[Narrator, Storyteller]:
    """Its story, with the note, and everything that can be thought of before it."""
    teller = program.storyteller()
    await teller.ready()
    narrator = await program.begin(program.card("bench"), teller, seed=3)
    await narrator.book.record(narrator.session.note(NOTE, 4))
    narrator.wake()
    await narrator.thinking.rested()
    return narrator, teller


async def added(narrator: Narrator, teller: Storyteller) -> int:
    """The tokens that the newest turn, with its reply and choices, has added."""
    assert teller.model
    unit = units_of(narrator.session.path(), teller.template, teller.model.fingerprint)[-1]
    runs = joined(list(teller.template.parts(unit.blocks)))
    return len(await teller.backend.encode(runs, add_bos=False))


async def read_for_each(model: Path, turns: int, *, ahead: bool) -> float:
    """Tokens read while the player waits, per token added, once the window is full."""
    read = new = 0
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        narrator, teller = await begun(program_in(Path(folder), model, ahead=ahead))
        for place in range(FULL + turns):
            async for _ in narrator.take_turn(WORDS[place % len(WORDS)]):
                pass
            await narrator.thinking.rested()
            if place >= FULL and narrator.session.turn:
                read += int(narrator.session.turn.stats["read"])
                new += await added(narrator, teller)
        await narrator.close()
        await teller.close()
    return read / new


async def reread(model: Path, turns: int) -> None:
    """Both sides, and their figures."""
    ours = await read_for_each(model, turns, ahead=True)
    off = await read_for_each(model, turns, ahead=False)
    print(f"reread: {ours:.2f} tokens read for each that {turns} turns added; ahead off {off:.2f}")


async def picked(narrator: Narrator, choice: int, seconds: float) -> tuple[float, float]:
    """Seconds from picking a choice to its first text, and until the next choices stand.

    The turn is told whole, and what is thought of it gets as many `seconds` as a reader takes.
    """
    started, first, listed = time.perf_counter(), 0.0, 0.0
    async for event in narrator.take_turn(choice):
        if isinstance(event, Piece) and not first:
            first = time.perf_counter() - started
        elif isinstance(event, ChoicesReady):
            listed = time.perf_counter() - started
    with suppress(TimeoutError):
        await asyncio.wait_for(narrator.thinking.rested(), seconds or None)
    return first, listed


async def pick(model: Path, turns: int, seconds: float) -> None:
    """Turn by turn, one story with imagined choices and one without."""
    on: list[tuple[float, float]] = []
    off: list[tuple[float, float]] = []
    with TemporaryDirectory(ignore_cleanup_errors=True) as one, TemporaryDirectory() as other:
        told, teller = await begun(program_in(Path(one), model, ahead=True))
        plain, second = await begun(program_in(Path(other), model, ahead=False))
        for turn in range(turns):
            on.append(await picked(told, turn % 3, seconds))
            off.append(await picked(plain, turn % 3, seconds))
        for narrator, storyteller in ((told, teller), (plain, second)):
            await narrator.close()
            await storyteller.close()
    for place, what in enumerate(("first text", "choices")):
        ours, theirs = ([turn[place] for turn in side] for side in (on, off))
        show(f"pick, {what}", ours, theirs, "s", ("imagined", "ahead off"))


def main() -> None:
    """Measure the row that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("row", choices=["reread", "pick"])
    parser.add_argument("model", type=Path)
    parser.add_argument("--turns", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=0.0)
    given = parser.parse_args()
    if given.row == "reread":
        asyncio.run(reread(given.model, given.turns or 200))
    else:
        asyncio.run(pick(given.model, given.turns or 5, given.seconds))


if __name__ == "__main__":
    main()
