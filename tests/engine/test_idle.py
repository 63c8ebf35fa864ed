"""Work for later: it gives way, it can be taken up, and it is read beside the story."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest_asyncio

from tests.engine.asking import Reply, prompt, replies, reply
from tests.tiny_model import make_tiny_model
from tui.engine import Finished, LlamaBackend, LoadSettings, Piece, Request


@pytest_asyncio.fixture
async def slow(tmp_path: Path) -> AsyncIterator[LlamaBackend]:
    """A deeper model, whose steps take a millisecond or two, so that idle work is under way."""
    path = make_tiny_model(tmp_path / "deep.gguf", n_layer=40, n_ctx=4096)
    backend = LlamaBackend(log=tmp_path / "engine.log", cache=tmp_path / "cache")
    await backend.load(path, LoadSettings(n_ctx=2048, n_threads=1))
    yield backend
    await backend.close()


def imagined(tokens: tuple[int, ...], index: int, max_tokens: int = 60) -> Request:
    """The reply to choice `index` of a story, asked for ahead of time."""
    return Request(
        (*tokens, 300 + index), max_tokens, seed=index, priority="idle", key=f"choice {index}"
    )


async def test_idle_requests_finish_as_they_would_alone(backend: LlamaBackend) -> None:
    tokens = await prompt(backend, length=120)
    together = await asyncio.gather(
        *(reply(backend, imagined(tokens, index)) for index in range(6))
    )
    for index, got in enumerate(together):
        assert got.finished.written == 60
        alone = await reply(backend, Request((*tokens, 300 + index), 60, seed=index))
        assert got.tokens[:8] == alone.tokens[:8]


async def test_idle_requests_share_what_they_read(backend: LlamaBackend) -> None:
    tokens = await prompt(backend, length=400)
    together = await asyncio.gather(
        *(reply(backend, imagined(tokens, index, 5)) for index in range(4))
    )
    assert sorted(got.finished.read for got in together) == [1, 1, 1, 401]


async def first_piece(backend: LlamaBackend, request: Request, begun: asyncio.Event) -> Reply:
    """A reply that says when it has begun to be written."""
    text, tokens, end = "", tuple[int, ...](), None
    async for event in backend.generate(request):
        if isinstance(event, Piece):
            text, tokens = text + event.text, tokens + event.tokens
            begun.set()
        elif isinstance(event, Finished):
            end = event
    assert end
    return Reply(text, tokens, end, ())


async def test_now_goes_before_idle_and_idle_goes_on(slow: LlamaBackend) -> None:
    tokens = await prompt(slow, length=300)
    begun = asyncio.Event()
    idle = asyncio.create_task(first_piece(slow, imagined(tokens, 0, 600), begun))
    await begun.wait()
    now = await reply(slow, Request(tokens, 20, seed=9))
    assert not idle.done()
    assert now.finished.kept >= 299
    got = await idle
    assert got.finished.written == 600
    assert len(got.tokens) == 600


async def test_picking_an_imagined_reply_goes_on_with_it(slow: LlamaBackend) -> None:
    tokens = await prompt(slow, length=300)
    await reply(slow, Request(tokens, 5, seed=1))
    begun = asyncio.Event()
    tasks = [
        asyncio.create_task(first_piece(slow, imagined(tokens, index, 400), begun))
        for index in range(3)
    ]
    await begun.wait()
    await slow.cancel("choice 0")
    await slow.cancel("choice 1")
    assert await slow.promote("choice 2")
    got = await tasks[2]
    assert got.finished.written == 400
    assert [(await task).finished.reason for task in tasks[:2]] == ["cancelled", "cancelled"]
    after = await reply(slow, Request((*tokens, 302, *got.tokens, 9), 3))
    assert after.finished.kept == len(tokens) + 400
    assert not await slow.promote("choice 2")


async def test_what_follows_imagined_replies_reads_only_what_is_new(slow: LlamaBackend) -> None:
    tokens = await prompt(slow, length=300)
    await reply(slow, Request(tokens, 5, seed=1))

    async def with_a_line(index: int) -> tuple[Reply, Reply]:
        asked = imagined(tokens, index, 40)
        got = await reply(slow, asked)
        after = (*asked.tokens, *got.tokens, 9)
        phrases = (" north\n", " south\n", " stay\n")
        line = replace(asked, tokens=after, phrases=phrases)
        return got, await reply(slow, line)

    for got, line in await asyncio.gather(*(with_a_line(index) for index in range(3))):
        assert line.text in (" north\n", " south\n", " stay\n")
        assert line.finished.kept == len(tokens) + got.finished.written
    now = await reply(slow, Request((*tokens, 7), 3))
    assert now.finished.kept == len(tokens)


async def test_a_request_waits_for_one_idle_step_at_most(slow: LlamaBackend) -> None:
    tokens = await prompt(slow, length=300)
    await reply(slow, Request(tokens, 5, seed=1))
    alone = [await timed(slow, Request((*tokens, 40 + turn), 1)) for turn in range(5)]
    begun = asyncio.Event()
    tasks = [
        asyncio.create_task(first_piece(slow, imagined(tokens, index, 1500), begun))
        for index in range(4)
    ]
    await begun.wait()
    beside = [await timed(slow, Request((*tokens, 60 + turn), 1)) for turn in range(5)]
    for index in range(4):
        await slow.cancel(f"choice {index}")
    await asyncio.gather(*tasks)
    assert sorted(beside)[2] - sorted(alone)[2] < 0.1


async def timed(backend: LlamaBackend, request: Request) -> float:
    started = time.perf_counter()
    await reply(backend, request)
    return time.perf_counter() - started


async def test_what_was_read_ahead_is_known_when_it_is_needed(slow: LlamaBackend) -> None:
    story = await prompt(slow, length=900)
    trimmed = (story[0], *story[500:])
    await reply(slow, Request(story, 10, seed=1))
    assert await slow.read_ahead(trimmed)
    same = await reply(slow, Request(story, 5, seed=2))
    assert same.finished.kept == 899
    got = await reply(slow, Request((*trimmed, 7, 8, 9), 5, seed=2))
    assert (got.finished.kept, got.finished.read) == (len(trimmed), 3)
    back = await reply(slow, Request((*story, 7), 5, seed=2))
    assert back.finished.kept == 900


async def test_what_is_imagined_begins_with_what_was_read_ahead(slow: LlamaBackend) -> None:
    story = await prompt(slow, length=900)
    trimmed = (story[0], *story[500:])
    await reply(slow, Request(story, 10, seed=1))
    assert await slow.read_ahead(trimmed)
    others = await asyncio.gather(
        reply(slow, imagined(story, 0, 5)), reply(slow, imagined(trimmed, 1, 5))
    )
    assert [got.finished.kept for got in others] == [900, 1]
    both = await asyncio.gather(*(reply(slow, imagined(trimmed, index, 5)) for index in (2, 3)))
    assert [got.finished.kept for got in both] == [len(trimmed)] * 2
    assert (await reply(slow, Request((*story, 7), 5, seed=2))).finished.kept == 900


async def test_a_newer_reading_ahead_replaces_an_older(slow: LlamaBackend) -> None:
    story = await prompt(slow, length=2000)
    older = asyncio.create_task(slow.read_ahead(story))
    await asyncio.sleep(0)
    assert await slow.read_ahead(story[:50])
    assert not await older


async def test_what_is_read_ahead_halfway_is_used_as_far_as_it_is(slow: LlamaBackend) -> None:
    story = await prompt(slow, length=1800)
    ahead = asyncio.create_task(slow.read_ahead(story))
    await reply(slow, imagined(story[:50], 0, 150))
    got = await reply(slow, Request(story, 3, seed=1))
    assert got.finished.kept + got.finished.read == 1800
    assert got.finished.kept > 50
    assert await ahead == (got.finished.kept == 1799)


async def test_batches_and_idle_rows_fill_the_cache_without_a_crash(backend: LlamaBackend) -> None:
    tokens = await prompt(backend, length=700)
    idle = [asyncio.create_task(reply(backend, imagined(tokens, index, 320))) for index in range(7)]
    batch = await replies(backend, Request(tokens, 300, seed=1, count=5))
    assert {got.finished.written for got in batch} == {300}
    assert {(await task).finished.written for task in idle} == {320}
