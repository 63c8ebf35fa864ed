"""What the engine costs and saves, one row a command: `python -m bench.engine ROW MODEL`.

Rows: `write` (against the fastest bare loop), `trim`, `resume`, `idle`, `cancel`, `memory`,
`reread` and `all`. Both sides of a row alternate within one run; medians are printed. Models of
the right shapes are made by `python -m bench.make_model`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from itertools import chain
from pathlib import Path

import psutil

from bench.bare import prompt_ids
from tui.engine import Finished, LlamaBackend, LoadSettings, Piece, Reading, Request, Sampling
from tui.engine.memory import cells_for
from tui.engine.shape import read_shape

N_CTX = 2048
ENDLESS = Sampling(ban_eos=True)


@asynccontextmanager
async def running(
    model: Path, cache: Path | None = None, n_ctx: int = N_CTX
) -> AsyncGenerator[LlamaBackend]:
    """A backend with the model loaded."""
    with tempfile.TemporaryDirectory() as folder:
        backend = LlamaBackend(log=Path(folder) / "engine.log", cache=cache or Path(folder))
        await backend.load(model, LoadSettings(n_ctx=n_ctx))
        try:
            yield backend
        finally:
            await backend.close()


async def timed(backend: LlamaBackend, request: Request) -> tuple[float, Finished]:
    """Seconds to the first text, and how the reply ended."""
    started = time.perf_counter()
    first, end = 0.0, None
    async for event in backend.generate(request):
        if isinstance(event, Piece):
            first = first or time.perf_counter() - started
        elif isinstance(event, Finished):
            end = event
    assert end
    return first, end


def show(
    row: str, ours: Sequence[float], other: Sequence[float], unit: str, names: tuple[str, str]
) -> None:
    """Print one row: both medians and their ratio."""
    a, b = statistics.median(ours), statistics.median(other)
    print(
        f"{row}: {names[0]} {a:.4g} {unit}, {names[1]} {b:.4g} {unit}, ratio {a / b:.3f} "
        f"(medians of {len(ours)}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)",
        flush=True,
    )


def is_small(model: Path) -> bool:
    """Whether a model writes hundreds of tokens a second."""
    return model.stat().st_size < 1e8


def reply_tokens(model: Path) -> int:
    """How many tokens are written where text a second is measured."""
    return 400 if is_small(model) else 40


async def write(model: Path, repeat: int, n_ctx: int) -> None:
    """Pieces a second as the program receives them, beside a second context, against the bare loop."""
    count = reply_tokens(model)
    ours: list[float] = []
    bare: list[float] = []
    huge: list[float] = []
    async with running(model, n_ctx=n_ctx) as backend:
        await backend.read_ahead(prompt_ids(200, repeat))
        for turn in range(repeat):
            tokens = tuple(prompt_ids(64, turn))
            request = Request(tokens, count, ENDLESS, seed=turn)
            arrived = [
                (time.perf_counter(), len(event.tokens))
                async for event in backend.generate(request)
                if isinstance(event, Piece)
            ]
            seconds = arrived[-1][0] - arrived[0][0]
            ours.append(sum(number for _, number in arrived[1:]) / seconds)
            bare.append(bare_rate(model, count))
            huge.append(bare_rate(model, count, huge_pages=True))
    show_write("write", ours, bare, huge)


def show_write(
    row: str, ours: Sequence[float], bare: Sequence[float], huge: Sequence[float]
) -> None:
    """Print what is written beside the bare loop as it is, and on huge pages, which ours asks for."""
    show(row, ours, bare, "tokens/s", ("ours", "bare loop"))
    show(row, ours, huge, "tokens/s", ("ours", "bare loop on huge pages"))


def bare_rate(model: Path, count: int, prompt: int = 64, *, huge_pages: bool = False) -> float:
    """Tokens a second of the bare loop at its best count of threads, in processes of their own."""
    rates: list[float] = []
    tunables = f"glibc.malloc.hugetlb={int(huge_pages)}"
    for threads in range(1, (os.cpu_count() or 1) + 1):
        numbers = map(str, (threads, prompt, count))
        output = subprocess.run(
            [sys.executable, "-m", "bench.bare", str(model), *numbers],
            env={**os.environ, "GLIBC_TUNABLES": tunables},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        rates.append(count / json.loads(output.splitlines()[-1])["write"])
    return max(rates)


async def trim(model: Path, repeat: int, n_ctx: int) -> None:
    """First text of the turn that trims, read ahead in idle time, against an ordinary turn's.

    Both contexts are full throughout; only the ends of the two windows are other ones each time.
    """
    ordinary: list[float] = []
    trimmed: list[float] = []
    story = prompt_ids(n_ctx - 200)
    async with running(model, n_ctx=n_ctx) as backend:
        for turn in range(repeat + 1):
            await timed(backend, Request(tuple(story), 4, ENDLESS))
            new = range(400 + turn, 420 + turn)
            first, end = await timed(backend, Request((*story, *new), 4, ENDLESS))
            assert not turn or end.read == len(new)
            ordinary.append(first)
            window = [
                *story[: n_ctx // 10],
                *story[n_ctx // 2 : -100],
                *(500 + turn + n for n in range(100)),
            ]
            started = time.perf_counter()
            await backend.read_ahead(window)
            seconds = time.perf_counter() - started
            print(f"  read ahead: {seconds:.1f} s", flush=True)
            first, end = await timed(backend, Request((*window, *new), 4, ENDLESS))
            assert end.read == len(new)
            trimmed.append(first)
    names = ("the turn that trims", "an ordinary turn")
    show("trim", trimmed[1:], ordinary[1:], "s", names)


async def resume(model: Path, repeat: int, n_ctx: int) -> None:
    """Ready to write with a full window: from the kept state, against reading it."""
    warm: list[float] = []
    cold: list[float] = []
    length = n_ctx - 48
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(repeat):
            story = tuple(prompt_ids(length, turn))
            async with running(model, Path(folder), n_ctx) as backend:
                first, _ = await timed(backend, Request(story, 1, ENDLESS))
                cold.append(first)
                await backend.save_state(story)
            async with running(model, Path(folder), n_ctx) as backend:
                started = time.perf_counter()
                assert await backend.load_state(story) == length
                await timed(backend, Request(story, 1, ENDLESS))
                warm.append(time.perf_counter() - started)
    show("resume", warm, cold, "s", ("from the state", "reading"))


async def idle(model: Path, repeat: int, n_ctx: int) -> None:
    """First text of a short turn that comes at any moment of four imagined replies, against one alone."""
    alone: list[float] = []
    beside: list[float] = []
    async with running(model, n_ctx=n_ctx) as backend:
        story = tuple(prompt_ids(n_ctx // 4))
        _, end = await timed(backend, Request(story, 24, ENDLESS))
        step = end.write_seconds / end.written
        for turn in range(max(5, repeat)):
            alone.append((await timed(backend, Request((*story, 400 + turn), 1, ENDLESS)))[0])
            begun = asyncio.Event()
            tasks = [
                asyncio.create_task(imagine(backend, story, index, begun)) for index in range(4)
            ]
            await begun.wait()
            await asyncio.sleep(0.003 * (1 + turn % 7))
            beside.append((await timed(backend, Request((*story, 600 + turn), 1, ENDLESS)))[0])
            for index in range(4):
                await backend.cancel(f"choice {index}")
            await asyncio.gather(*tasks)
    show("idle", beside, alone, "s", ("beside idle work", "alone"))
    more = (statistics.median(beside) - statistics.median(alone)) / step
    print(f"  that is {more:.2f} decode steps of {1000 * step:.1f} ms more")


async def imagine(
    backend: LlamaBackend, story: tuple[int, ...], index: int, begun: asyncio.Event
) -> None:
    """An idle reply that says when it is being written."""
    request = Request((*story, 300 + index), 900, ENDLESS, priority="idle", key=f"choice {index}")
    async for event in backend.generate(request):
        if isinstance(event, Piece):
            begun.set()


async def cancel(model: Path, repeat: int, n_ctx: int) -> None:
    """From closing a reply that is still reading a full window until the engine answers again."""
    freed: list[float] = []
    answered: list[float] = []
    async with running(model, n_ctx=n_ctx) as backend:
        for turn in range(repeat):
            events = backend.generate(Request(tuple(prompt_ids(n_ctx - 48, turn)), 5, ENDLESS))
            async for event in events:
                if isinstance(event, Reading) and event.done > 64:
                    break
            started = time.perf_counter()
            await events.aclose()
            await backend.encode_many(["a"])
            freed.append(time.perf_counter() - started)
            started = time.perf_counter()
            await backend.encode_many(["a"])
            answered.append(time.perf_counter() - started)
    show("cancel", freed, answered, "s", ("until free", "an idle engine's answer"))


async def memory(model: Path, _repeat: int, n_ctx: int) -> None:
    """What the engine's process holds beyond the model file and both caches.

    llama.cpp clears a cache when it is made, so that all of it is held however little is read.
    """
    shape = read_shape(model)
    assert shape
    async with running(model, n_ctx=n_ctx) as backend:
        await timed(backend, Request(tuple(prompt_ids(200)), 8, ENDLESS))
        await backend.read_ahead(prompt_ids(200, 1))
        assert backend.worker_pid
        process = psutil.Process(backend.worker_pid)
        held = process.memory_info().rss
    per_cell = shape.kv_bytes_per_token(2, 2)
    cells = 2 * cells_for(n_ctx, per_cell) * per_cell
    beyond = held - shape.file_bytes - cells
    print(
        f"memory: {held / 1e6:.0f} MB held, model {shape.file_bytes / 1e6:.0f}, caches {cells / 1e6:.0f}; "
        f"beyond them {beyond / 1e6:.0f} MB = {100 * beyond / (shape.file_bytes + cells):.1f} %"
    )


async def reread(model: Path, repeat: int, n_ctx: int) -> None:
    """Tokens read while the player waits, per token added, over 40 turns a repeat of a full window.

    Each turn adds a line and a reply; an author's note and lore stand before the line and are
    not kept. Ours re-reads what followed them, and the trimmed window, in idle time; a peer
    reuses the longest prefix and drops the oldest turns when they no longer fit.
    """
    ours = await play(model, n_ctx, ahead=True, turns=40 * repeat)
    peer = await play(model, n_ctx, ahead=False, turns=40 * repeat)
    print(f"reread: ours {ours:.2f}, peers' policy {peer:.2f} tokens read for each that was added")


async def play(model: Path, n_ctx: int, *, ahead: bool, turns: int) -> float:
    """Foreground tokens read, per token added, over some turns after the window is full."""
    system, history = prompt_ids(200), list[list[int]]()
    read = added = 0
    async with running(model, n_ctx=n_ctx) as backend:
        for turn in range(turns + 25):
            line = [310 + (turn * 31 + place) % 1300 for place in range(20)]
            volatile = [320 + (turn * 17 + place) % 1300 for place in range(40)]
            room = n_ctx - len(system) - len(volatile) - len(line) - 80
            if sum(map(len, history)) > room:
                low = room // 2 if ahead else room
                while sum(map(len, history)) > low:
                    del history[0]
            tokens = (*system, *chain.from_iterable(history), *volatile, *line)
            _, end = await timed(backend, Request(tokens, 80, ENDLESS, seed=turn))
            history.append([*line, *end.clean_tokens])
            if turn >= 25:
                read, added = read + end.read, added + len(history[-1])
            if ahead:
                await prepare(backend, system, history, room)
    return read / added


async def prepare(
    backend: LlamaBackend, system: list[int], history: list[list[int]], room: int
) -> None:
    """In idle time: read what the next prompt surely begins with, trimmed if the next turn trims."""
    rest = list(history)
    if sum(map(len, rest)) > room:
        while sum(map(len, rest)) > room // 2:
            del rest[0]
        await backend.read_ahead([*system, *chain.from_iterable(rest)])
    else:
        tokens = (*system, *chain.from_iterable(rest))
        await timed(backend, Request(tokens, 0, ENDLESS, priority="idle"))


ROWS: dict[str, Callable[[Path, int, int], Coroutine[None, None, None]]] = {
    "write": write,
    "trim": trim,
    "resume": resume,
    "idle": idle,
    "cancel": cancel,
    "memory": memory,
    "reread": reread,
}


def main() -> None:
    """Run the rows that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("row", choices=[*ROWS, "all"])
    parser.add_argument("model", type=Path)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--window", type=int, default=N_CTX)
    arguments = parser.parse_args()
    for name in ROWS if arguments.row == "all" else [arguments.row]:
        asyncio.run(ROWS[name](arguments.model, arguments.repeat, arguments.window))


if __name__ == "__main__":
    main()
