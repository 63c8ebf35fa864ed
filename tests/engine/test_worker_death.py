"""Either side may die at any moment: the reply goes on, and no worker is left behind."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.engine.asking import prompt, replies, reply
from tui.engine import BackendError, Finished, LlamaBackend, Piece, Request, WorkerDied

PARENT = """
import asyncio, sys
from pathlib import Path
from tui.engine import LlamaBackend, LoadSettings, Request

async def main():
    backend = LlamaBackend(log=Path(sys.argv[2]))
    await backend.load(Path(sys.argv[1]), LoadSettings(n_ctx=8192, n_threads=1))
    async for event in backend.generate(Request((1, 5, 6), 8000, seed=1)):
        print(backend.worker_pid, flush=True)

asyncio.run(main())
"""


def kill_worker(backend: LlamaBackend) -> None:
    assert backend.worker_pid
    os.kill(backend.worker_pid, signal.SIGKILL)


@pytest.mark.timeout(400)
async def test_a_reply_survives_twenty_deaths_at_any_moment(backend: LlamaBackend) -> None:
    tokens = await prompt(backend, length=60)
    rng = random.Random(4)
    whole = await reply(backend, Request(tokens, 400, seed=7, stop=("\n- ",)))
    for _ in range(20):
        moment, text, ids, end = rng.randrange(len(whole.text)), "", [], None
        async for event in backend.generate(Request(tokens, 400, seed=7, stop=("\n- ",))):
            if isinstance(event, Piece):
                if len(text) <= moment < len(text) + len(event.text):
                    kill_worker(backend)
                text += event.text
                ids += event.tokens
            elif isinstance(event, Finished):
                end = event
        assert end
        assert (text, tuple(ids), end.reason) == (whole.text, whole.tokens, whole.finished.reason)
        assert end.tokens == whole.finished.tokens
        # A worker that had said all before it died is missed here, not in the next reply.
        await backend.pieces(())


async def test_every_reply_of_a_batch_goes_on(backend: LlamaBackend) -> None:
    tokens = await prompt(backend, length=60)
    request = Request(tokens, 200, seed=3, count=3)
    whole = await replies(backend, request)
    texts, killed, ends = ["", "", ""], False, list[int]()
    async for event in backend.generate(request):
        if isinstance(event, Piece):
            texts[event.index] += event.text
            if not killed and len(texts[2]) > 100:
                kill_worker(backend)
                killed = True
        elif isinstance(event, Finished):
            ends.append(event.index)
    assert sorted(ends) == [0, 1, 2]
    for text, got in zip(texts, whole, strict=True):
        assert text[:100] == got.text[:100]


async def test_a_death_between_requests_is_not_noticed(backend: LlamaBackend) -> None:
    tokens = await prompt(backend)
    kill_worker(backend)
    assert await prompt(backend) == tokens
    kill_worker(backend)
    assert (await reply(backend, Request(tokens, 3))).finished.written == 3


async def test_a_second_death_is_one_sentence_and_the_next_request_works(
    backend: LlamaBackend,
) -> None:
    tokens = await prompt(backend)

    async def kill_at_every_piece() -> None:
        async for event in backend.generate(Request(tokens, 900, seed=1)):
            if isinstance(event, Piece):
                kill_worker(backend)

    with pytest.raises(WorkerDied, match="stopped twice"):
        await kill_at_every_piece()
    assert (await reply(backend, Request(tokens, 3))).finished.written == 3


def test_no_worker_outlives_a_killed_program(tiny_model: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tiny_model), str(tmp_path / "engine.log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout
        worker = psutil.Process(int(program.stdout.readline()))
        program.kill()
    worker.wait(timeout=5)


async def test_closing_ends_the_worker(backend: LlamaBackend) -> None:
    assert backend.worker_pid
    worker = psutil.Process(backend.worker_pid)
    task = asyncio.create_task(reply(backend, Request((1, 5), 900)))
    await prompt(backend)
    await backend.close()
    assert not worker.is_running()
    with pytest.raises(BackendError):
        await task
    assert backend.worker_pid is None
