"""Whether the engine grows over a very long story: `python -m bench.engine_turns [--turns 10000]`.

Plays turns of a few tokens on a tiny model of random weights, with retries, imagined replies,
reading ahead and trims, and exits 1 if either process holds clearly more at the end than after
half of them: what a process keeps for itself is long complete by then.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

import psutil

from bench.make_model import SHAPES, make_model
from tui.engine import Finished, LlamaBackend, LoadSettings, Request, Sampling

N_CTX = 256
ALLOWED_BYTES = 4 << 20
ENDLESS = Sampling(ban_eos=True, repeat_penalty=1.1, dry_multiplier=0.5)


async def ended(backend: LlamaBackend, request: Request) -> tuple[int, ...]:
    """The ids of a reply."""
    found: tuple[int, ...] = ()
    async for event in backend.generate(request):
        if isinstance(event, Finished):
            found = event.clean_tokens
    return found


async def turn(backend: LlamaBackend, story: list[int], number: int) -> None:
    """One turn: imagined replies beside it now and then, a trim when the window is full."""
    if len(story) > N_CTX - 40:
        del story[20 : len(story) // 2]
    if number % 10 == 0:
        await backend.read_ahead([*story[:20], *story[len(story) // 2 :]])
    if number % 7 == 0:
        idle = [
            Request((*story, 300 + index), 6, ENDLESS, priority="idle", key=f"{number}.{index}")
            for index in range(3)
        ]
        tasks = [asyncio.create_task(ended(backend, request)) for request in idle]
        await backend.promote(f"{number}.1")
        await asyncio.gather(*tasks)
    story += [300 + number % 700, 301 + number % 600]
    request = Request(tuple(story), 6, ENDLESS, seed=number, stop=("\n- ", "<|"))
    story += await ended(backend, request)


async def play(turns: int) -> bool:
    """Play them all; whether neither process grew."""
    with tempfile.TemporaryDirectory() as folder:
        model = make_model(Path(folder) / "tiny.gguf", SHAPES["tiny"], "tiny")
        backend = LlamaBackend(log=Path(folder) / "engine.log", cache=Path(folder))
        await backend.load(model, LoadSettings(n_ctx=N_CTX, n_threads=1))
        assert backend.worker_pid
        processes = [psutil.Process(), psutil.Process(backend.worker_pid)]
        story, early = [1, *range(300, 340)], [0, 0]
        for number in range(turns):
            await turn(backend, story, number)
            if number == turns // 2:
                early = [process.memory_info().rss for process in processes]
        late = [process.memory_info().rss for process in processes]
        await backend.close()
    for name, first, last in zip(("program", "worker"), early, late, strict=True):
        print(f"{name}: {first / 1e6:.1f} MB after half, {last / 1e6:.1f} MB after {turns} turns")
    return all(last - first < ALLOWED_BYTES for first, last in zip(early, late, strict=True))


def main() -> None:
    """Play and say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=10_000)
    sys.exit(not asyncio.run(play(parser.parse_args().turns)))


if __name__ == "__main__":
    main()
