"""Kept states: brought back exactly, and never loaded when anything about them is not right."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import psutil
import pytest

from tests.engine.asking import prompt, reply
from tests.engine.inside import Inside
from tui.engine import LlamaBackend, LoadSettings, Request, Sampling
from tui.engine.worker.library import Library
from tui.engine.worker.states import read_checked

SETTINGS = LoadSettings(n_ctx=256, n_threads=1)


def kept(cache: Path) -> list[Path]:
    return sorted(cache.rglob("*.state"))


async def test_a_story_is_warm_after_a_restart(
    backend: LlamaBackend, tiny_model: Path, tmp_path: Path
) -> None:
    tokens = await prompt(backend, length=300)
    first = await reply(backend, Request(tokens, 20, seed=1))
    story = (*tokens, *first.tokens)
    assert await backend.save_state(story) == 319
    await backend.close()
    again = LlamaBackend(log=tmp_path / "engine.log", cache=tmp_path / "cache")
    await again.load(tiny_model, LoadSettings(n_ctx=1024, n_threads=1))
    assert await again.load_state((*story, 7, 8)) == 319
    got = await reply(again, Request((*story, 7, 8), 5, seed=1))
    assert (got.finished.kept, got.finished.read) == (319, 3)
    await again.close()


async def test_a_state_is_written_after_the_program_has_closed_the_engine(
    backend: LlamaBackend, tiny_model: Path, tmp_path: Path
) -> None:
    tokens = await prompt(backend, length=300)
    await reply(backend, Request(tokens, 20, seed=1))
    assert backend.worker_pid
    worker = psutil.Process(backend.worker_pid)
    started = time.perf_counter()
    backend.keep_state(tokens)
    await backend.close()
    assert time.perf_counter() - started < 1.5
    psutil.wait_procs([worker], timeout=10)
    assert not worker.is_running()
    [path] = kept(tmp_path / "cache")
    assert path.stat().st_size > 1000
    again = LlamaBackend(log=tmp_path / "engine.log", cache=tmp_path / "cache")
    await again.load(tiny_model, LoadSettings(n_ctx=1024, n_threads=1))
    assert await again.load_state((*tokens, 7)) == 300
    await again.close()


async def test_a_reply_under_way_does_not_keep_a_state_from_being_written(
    backend: LlamaBackend, tmp_path: Path
) -> None:
    tokens = await prompt(backend, length=300)
    events = backend.generate(Request(tokens, 700, Sampling(ban_eos=True)))
    await anext(events)
    backend.keep_state(tokens)
    worker = psutil.Process(backend.worker_pid)
    await backend.close()
    psutil.wait_procs([worker], timeout=10)
    assert len(kept(tmp_path / "cache")) == 1
    await events.aclose()


async def test_a_later_state_of_a_story_replaces_the_older(
    backend: LlamaBackend, tmp_path: Path
) -> None:
    tokens = await prompt(backend, length=400)
    for length in (100, 180, 400):
        await reply(backend, Request(tokens[:length], 1))
        assert await backend.save_state(tokens[:length]) == length
    other = (*tokens[:20], *range(300, 400))
    await reply(backend, Request(other, 1))
    await backend.save_state(other)
    assert await backend.load_state(tokens) == 400
    assert len(kept(tmp_path / "cache")) == 2


async def test_other_settings_or_another_model_find_nothing(
    backend: LlamaBackend, tiny_model: Path
) -> None:
    tokens = await prompt(backend, length=100)
    await reply(backend, Request(tokens, 1))
    assert await backend.save_state(tokens) == 100
    await backend.load(tiny_model, LoadSettings(n_ctx=1024, n_threads=1, kv_type_k="q8_0"))
    assert await backend.load_state(tokens) == 0


async def test_a_shorter_story_takes_the_part_that_it_shares(backend: LlamaBackend) -> None:
    tokens = await prompt(backend, length=200)
    await reply(backend, Request(tokens, 1))
    await backend.save_state(tokens)
    await reply(backend, Request((1, 5, 6), 1))
    assert await backend.load_state((*tokens[:120], 9, 9)) == 120


@pytest.fixture(scope="module")
def inside(library: Library, tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Inside:
    """An engine that keeps one state of 16 tokens."""
    inside = Inside(library, tiny_model, SETTINGS, tmp_path_factory.mktemp("cache"))
    inside.start(Request(tuple(range(300, 316)), 1))
    inside.work()
    assert inside.answer(inside.ask("save", tokens=list(range(300, 316)))) == 16
    return inside


def state_of(inside: Inside) -> Path:
    assert inside.cache
    [path] = kept(inside.cache)
    return path


@pytest.mark.timeout(400)
def test_every_truncation_is_refused(inside: Inside) -> None:
    path = state_of(inside)
    states = inside.loaded.states
    assert states
    whole = path.read_bytes()
    assert read_checked(path, states.key)
    for length in reversed(range(len(whole))):
        os.truncate(path, length)
        assert read_checked(path, states.key) is None
    path.write_bytes(whole + b"\0")
    assert read_checked(path, states.key) is None
    path.write_bytes(whole)


def test_flipped_bits_are_refused_and_the_engine_lives(inside: Inside) -> None:
    path = state_of(inside)
    whole = path.read_bytes()
    rng = random.Random(7)
    for _ in range(1000):
        broken = bytearray(whole)
        broken[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
        path.write_bytes(broken)
        inside.forget()
        assert inside.answer(inside.ask("restore", tokens=list(range(300, 316)))) == 0
    path.write_bytes(whole)
    assert inside.answer(inside.ask("restore", tokens=list(range(300, 316)))) == 16


@pytest.mark.parametrize("data", [b"", b"{}\n", b"\n" * 99, b"null\nxyz", b"\xff" * 5000])
def test_foreign_files_are_refused(inside: Inside, data: bytes) -> None:
    path = state_of(inside)
    whole = path.read_bytes()
    path.write_bytes(data)
    inside.forget()
    assert inside.answer(inside.ask("restore", tokens=list(range(300, 316)))) == 0
    path.write_bytes(whole)


def test_the_folder_is_bounded_and_the_oldest_goes(
    library: Library, tiny_model: Path, tmp_path: Path
) -> None:
    inside = Inside(library, tiny_model, SETTINGS, tmp_path)
    states = inside.loaded.states
    assert states
    for story in range(6):
        tokens = tuple(range(300 + story, 340 + story))
        inside.start(Request(tokens, 1))
        inside.work()
        inside.ask("save", tokens=list(tokens))
    size = kept(tmp_path)[0].stat().st_size
    object.__setattr__(states, "largest", 3 * size + 10)
    inside.ask("save", tokens=list(range(305, 345)))
    assert len(kept(tmp_path)) == 3
