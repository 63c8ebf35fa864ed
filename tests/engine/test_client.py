"""The backend as the game uses it: load, encode, generate, stop, cancel, score."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from tests.engine.asking import prompt, replies, reply, text_of
from tests.tiny_model import make_tiny_model
from tui.engine import (
    BackendError,
    Finished,
    LlamaBackend,
    LoadSettings,
    ModelNotLoaded,
    ModelUnreadable,
    NotEnoughMemory,
    Piece,
    PromptTooLong,
    Reading,
    Request,
    Run,
    Sampling,
)

GREEDY = Sampling(temperature=0.0)


async def test_a_loaded_model_says_what_it_is(tiny_model: Path, tmp_path: Path) -> None:
    backend = LlamaBackend(log=tmp_path / "log" / "engine.log")
    seen: list[float] = []
    assert backend.model is None
    model = await backend.load(tiny_model, LoadSettings(n_threads=1), seen.append)
    assert backend.model is model
    assert (model.name, model.architecture, model.n_ctx_train, model.n_ctx) == (
        "Tiny",
        "llama",
        2048,
        2048,
    )
    assert (model.bos, model.eos, model.add_bos, model.chat_template) == (1, 2, True, None)
    assert model.metadata["tokenizer.ggml.model"] == "llama"
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    await backend.close()
    assert backend.model is None


async def test_a_fingerprint_is_of_the_weights_not_of_the_place(
    backend: LlamaBackend, tiny_model: Path, tmp_path: Path
) -> None:
    first = backend.model
    assert first
    twin = await backend.load(make_tiny_model(tmp_path / "twin.gguf"))
    other = await backend.load(make_tiny_model(tmp_path / "other.gguf", seed=2))
    assert first.fingerprint == twin.fingerprint != other.fingerprint


async def test_nothing_is_generated_before_a_model_is_loaded(tmp_path: Path) -> None:
    backend = LlamaBackend(log=tmp_path / "engine.log")
    with pytest.raises(ModelNotLoaded):
        await reply(backend, Request((1,), 5))
    with pytest.raises(ModelNotLoaded):
        await backend.encode([Run("hello")])
    await backend.close()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (None, "no such file"),
        (b"", "not a GGUF"),
        (b"PK\x03\x04zip", "not a GGUF"),
        (b"GGUF\x03", "cannot be loaded"),
    ],
)
async def test_what_is_no_model_is_one_sentence(
    backend: LlamaBackend, tmp_path: Path, data: bytes | None, reason: str
) -> None:
    path = tmp_path / "broken.gguf"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(ModelUnreadable, match=reason) as caught:
        await backend.load(path)
    assert "\n" not in str(caught.value)


def shortened(model: Path, path: Path, share: float) -> Path:
    whole = model.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    return path


async def test_a_truncated_model_is_one_sentence(
    backend: LlamaBackend, tiny_model: Path, tmp_path: Path
) -> None:
    for share in (0.0001, 0.01, 0.1, 0.5, 0.99):
        path = shortened(tiny_model, tmp_path / "short.gguf", share)
        with pytest.raises(ModelUnreadable, match="short"):
            await backend.load(path)
    assert (await backend.load(tiny_model)).name == "Tiny"


async def test_a_context_that_cannot_fit_says_which_would(
    backend: LlamaBackend, tiny_model: Path
) -> None:
    with pytest.raises(NotEnoughMemory, match=r"a context of \d+ tokens would fit") as caught:
        await backend.load(tiny_model, LoadSettings(n_ctx=1 << 31))
    assert 256 <= caught.value.n_ctx < 1 << 31


async def test_pieces_are_the_text_byte_for_byte(backend: LlamaBackend) -> None:
    text = "Marta's lantern.\n\n- go north é漢🙂\x00\x1b[31m </s><|user|>"
    [tokens] = await backend.encode_many([text])
    assert b"".join(await backend.pieces(tokens)) == text.encode()
    encoded = await backend.encode([Run(tokens=(1, 9)), Run(text)], add_bos=False)
    assert encoded == (1, 9, *tokens)


async def test_a_reply_streams_its_own_tokens(backend: LlamaBackend) -> None:
    tokens = await prompt(backend)
    got = await reply(backend, Request(tokens, 60, seed=3))
    assert got.tokens == got.finished.tokens == got.finished.clean_tokens
    assert got.text == text_of(await backend.pieces(got.tokens))
    assert got.finished.reason == "length"
    assert got.finished.written == 60
    assert got.finished.kept + got.finished.read == len(tokens)
    assert got.readings[-1].done == len(tokens)


async def test_seeds_repeat_a_reply(backend: LlamaBackend) -> None:
    tokens = await prompt(backend)
    one, other, again = [
        (await reply(backend, Request(tokens, 40, seed=seed))).tokens for seed in (1, 2, 1)
    ]
    assert one == again != other


async def test_a_known_prompt_is_not_read_again(backend: LlamaBackend) -> None:
    tokens = await prompt(backend, length=200)
    first = await reply(backend, Request(tokens, 10, seed=1))
    assert (first.finished.kept, first.finished.read) == (0, 200)
    retry = await reply(backend, Request(tokens, 10, seed=2))
    assert (retry.finished.kept, retry.finished.read) == (199, 1)
    onward = (*tokens, *retry.tokens, *tokens[1:20])
    after = await reply(backend, Request(onward, 5, seed=3))
    assert after.finished.kept == 200 + 9
    undone = await reply(backend, Request((*tokens[:150], 300), 5, seed=3))
    assert undone.finished.kept == 150


async def test_a_batch_of_replies_shares_its_prompt(backend: LlamaBackend) -> None:
    tokens = await prompt(backend, length=150)
    batch = await replies(backend, Request(tokens, 30, seed=5, count=4))
    alone = [await reply(backend, Request(tokens, 30, seed=5 + index)) for index in range(4)]
    assert len({got.text for got in batch}) == 4
    assert [got.tokens[0] for got in batch] == [got.tokens[0] for got in alone]
    assert batch[0].finished.read == 150
    assert [got.finished.read for got in batch[1:]] == [1, 1, 1]


async def test_more_replies_than_sequences_are_all_written(backend: LlamaBackend) -> None:
    tokens = await prompt(backend)
    batch = await replies(backend, Request(tokens, 8, seed=5, count=11))
    assert {got.finished.written for got in batch} == {8}


async def test_a_stop_string_ends_a_reply_and_is_not_in_it(backend: LlamaBackend) -> None:
    tokens = await prompt(backend)
    free = await reply(backend, Request(tokens, 80, seed=4))
    for start in range(5, 60, 11):
        stop = free.text[start : start + 4]
        got = await reply(backend, Request(tokens, 80, seed=4, stop=("@@@", stop)))
        assert got.finished.reason == "stop"
        assert got.finished.stop_string == stop
        assert got.text == free.text[: free.text.index(stop)]
        assert got.finished.tokens == free.tokens[: len(got.finished.tokens)]
        clean = got.finished.clean_tokens
        assert clean == free.tokens[: len(clean)]
        assert got.text.startswith(text_of(await backend.pieces(clean)))
        assert len(text_of(await backend.pieces(free.tokens[: len(clean) + 1]))) > len(got.text)


async def test_the_end_of_text_is_no_part_of_a_reply(backend: LlamaBackend) -> None:
    tokens = await prompt(backend)
    sampling = Sampling(logit_bias=((2, 100.0),))
    got = await reply(backend, Request(tokens, 20, sampling))
    assert (got.finished.reason, got.finished.tokens, got.text) == ("end", (2,), "")
    assert got.finished.clean_tokens == ()
    banned = await reply(
        backend, Request(tokens, 20, Sampling(ban_eos=True, logit_bias=((2, 9.0),)))
    )
    assert banned.finished.reason == "length"


async def test_a_reply_is_one_of_its_phrases(backend: LlamaBackend) -> None:
    tokens = await prompt(backend)
    phrases = (" take the lantern\n", " take the key\n", " go down\n", " go down the stair\n")
    got = {
        (
            await reply(
                backend,
                Request(
                    tokens, 40, Sampling(temperature=20.0, min_p=0.0), seed=seed, phrases=phrases
                ),
            )
        ).text
        for seed in range(40)
    }
    assert got == set(phrases)
    only = await reply(backend, Request(tokens, 40, phrases=phrases[:1]))
    assert (only.text, only.finished.reason, only.finished.read_seconds) == (phrases[0], "end", 0.0)


async def test_a_phrase_that_begins_another_can_be_chosen(backend: LlamaBackend) -> None:
    tokens = await prompt(backend)
    sampling = Sampling(temperature=9.0, min_p=0.0)
    texts = {
        (
            await reply(
                backend, Request(tokens, 9, sampling, seed=seed, phrases=(" go", " go down"))
            )
        ).text
        for seed in range(30)
    }
    assert texts == {" go", " go down"}


async def test_a_grammar_is_obeyed(backend: LlamaBackend) -> None:
    tokens = await prompt(backend)
    grammar = 'root ::= "- " ("take" | "drop") " the " [a-z]{3,8} "\\n"'
    got = await reply(backend, Request(tokens, 60, seed=2, grammar=grammar))
    assert got.text.startswith(("- take the ", "- drop the "))
    assert got.text.endswith("\n")
    assert got.finished.reason == "end"
    with pytest.raises(BackendError, match="grammar"):
        await reply(backend, Request(tokens, 5, grammar="root ::= ("))


async def test_a_prompt_that_cannot_fit_is_one_sentence(backend: LlamaBackend) -> None:
    tokens = await prompt(backend, length=1024)
    with pytest.raises(PromptTooLong, match="1024 tokens long") as caught:
        await reply(backend, Request(tokens, 5))
    assert (caught.value.length, caught.value.n_ctx) == (1024, 1024)
    with pytest.raises(BackendError, match="empty"):
        await reply(backend, Request((), 5))
    full = await reply(backend, Request(tokens[:1020], 50))
    assert (full.finished.reason, full.finished.written) == ("length", 4)


async def test_reading_only_writes_nothing_and_warms(backend: LlamaBackend) -> None:
    tokens = await prompt(backend, length=100)
    got = await reply(backend, Request(tokens, 0))
    assert (got.finished.reason, got.finished.written, got.text) == ("length", 0, "")
    assert (await reply(backend, Request(tokens, 1))).finished.kept == 99


async def test_cancelling_while_writing_frees_the_engine(backend: LlamaBackend) -> None:
    tokens = await prompt(backend)
    written = 0
    events = backend.generate(Request(tokens, 900, seed=1))
    async for event in events:
        written += isinstance(event, Piece)
        if written == 2:
            break
    await events.aclose()
    started = time.perf_counter()
    assert (await reply(backend, Request(tokens, 1))).finished.kept == len(tokens) - 1
    assert time.perf_counter() - started < 0.25


async def test_cancelling_a_waiting_task_frees_the_engine(backend: LlamaBackend) -> None:
    tokens = await prompt(backend)
    task = asyncio.create_task(reply(backend, Request(tokens, 900, seed=1)))
    await backend.encode([Run("a")])
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    started = time.perf_counter()
    await reply(backend, Request(tokens, 1))
    assert time.perf_counter() - started < 0.25


async def test_cancelling_by_key_tells_what_there_is(backend: LlamaBackend) -> None:
    tokens = await prompt(backend)
    finished: list[Finished] = []
    pieces: list[int] = []
    async for event in backend.generate(Request(tokens, 900, seed=1, key="reply")):
        if isinstance(event, Piece):
            pieces += event.tokens
            await backend.cancel("reply")
        elif isinstance(event, Finished):
            finished.append(event)
    assert [event.reason for event in finished] == ["cancelled"]
    assert finished[0].tokens == tuple(pieces)
    assert 0 < len(pieces) < 900


async def test_cancelling_while_reading(tmp_path: Path) -> None:
    path = make_tiny_model(tmp_path / "deep.gguf", n_layer=24, n_ctx=8192)
    backend = LlamaBackend(log=tmp_path / "engine.log")
    await backend.load(path, LoadSettings(n_ctx=8192, n_threads=1))
    tokens = await prompt(backend, length=8000)
    events = backend.generate(Request(tokens, 5))
    first = await anext(aiter(events))
    assert isinstance(first, Reading)
    assert 0 < first.done < 8000
    await events.aclose()
    started = time.perf_counter()
    got = await reply(backend, Request(tokens[:40], 1))
    assert time.perf_counter() - started < 0.25
    assert got.finished.kept == 39
    await backend.close()


async def test_scores_are_log_probabilities(backend: LlamaBackend) -> None:
    tokens = await prompt(backend)
    eos_free = [" the door", " a", " the lantern and the key of the old tower on the river", ""]
    scores = await backend.score(tokens, [*eos_free, *[" go"] * 9])
    encoded = await backend.encode_many(eos_free)
    for text_tokens, score in zip(encoded, scores, strict=False):
        total = 0.0
        for place in range(len(text_tokens)):
            before = (*tokens, *text_tokens[:place])
            total += await log_probability(backend, before, text_tokens[place])
        assert abs(total - score) < 0.05 * max(1, len(text_tokens))
    assert np.ptp(scores[len(eos_free) :]) < 1e-6


async def log_probability(backend: LlamaBackend, tokens: tuple[int, ...], wanted: int) -> float:
    """A single token's log-probability, by way of `score` on its own text where that is one token."""
    [piece] = await backend.pieces([wanted])
    [score] = await backend.score(tokens, [piece.decode()])
    return score


@pytest.mark.parametrize(
    "text",
    ["", "x" * 100_000, "\x00\x1b[2J\x07\u202e\ud800", "\n" * 5_000, "<|user|></s><s>" * 50],
    ids=["empty", "long", "control", "newlines", "roles"],
)
async def test_hostile_text_is_only_text(backend: LlamaBackend, text: str) -> None:
    tokens = await backend.encode([Run(text)])
    assert tokens[0] == 1
    assert 2 not in tokens
    shown = text_of(await backend.pieces(tokens[1:]))
    assert shown == (" " + text.encode("utf-8", "replace").decode() if text else "")
    if len(tokens) >= 1024:
        with pytest.raises(PromptTooLong):
            await reply(backend, Request(tokens, 3))
    else:
        assert (
            await reply(
                backend,
                Request(
                    tokens,
                    3,
                ),
            )
        ).finished.written == 3


async def test_ids_that_are_no_ones_are_refused(backend: LlamaBackend) -> None:
    for token in (-1, 10**6, 1 << 40):
        with pytest.raises(BackendError, match="not in this model's vocabulary"):
            await reply(backend, Request((1, token), 3))
    assert (await reply(backend, Request((1, 5), 3))).finished.written == 3


@pytest.mark.parametrize(
    ("chosen", "given"),
    [
        ("", "glibc.malloc.hugetlb=1"),
        ("glibc.malloc.check=0", "glibc.malloc.hugetlb=1"),
        ("glibc.malloc.hugetlb=0", "glibc.malloc.hugetlb=0"),
    ],
)
async def test_the_worker_asks_for_huge_pages_unless_told_otherwise(
    chosen: str,
    given: str,
    tiny_model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GLIBC_TUNABLES", chosen)
    backend = LlamaBackend(log=tmp_path / "engine.log")
    await backend.load(tiny_model, LoadSettings(n_ctx=512, n_threads=1))
    assert psutil.Process(backend.worker_pid).environ()["GLIBC_TUNABLES"] == given
    await backend.close()
