"""Long work on model files, each in its own process: done, ended early, and never half a file."""

from __future__ import annotations

import math
import resource
from contextlib import aclosing
from pathlib import Path

import numpy as np
import pytest

from tests.modelfiles.results import result_of
from tests.tiny_model import make_tiny_model
from tui.modelfiles.errors import ModelFileError
from tui.modelfiles.jobs import Answer, Done, Operation, Progress, run_job
from tui.modelfiles.llama import negative_log_likelihoods

POCKET = Path(__file__).resolve().parents[2] / "models" / "pocket.gguf"
STORY = "You take the brass key and open the door. The stair goes down into the dark. "


async def done(operation: Operation, **asked: object) -> Answer:
    return await result_of(operation, asked)


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def size(path: Path) -> int:
    return path.stat().st_size


def cut(path: Path, source: Path) -> Path:
    path.write_bytes(source.read_bytes()[:5000])
    return path


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model whose weights are F16."""
    return make_tiny_model(tmp_path_factory.mktemp("plain") / "plain.gguf", kind="F16")


async def test_quantising_tells_its_tensors_and_writes_a_smaller_file(
    plain: Path, tmp_path: Path
) -> None:
    target = tmp_path / "small.gguf"
    asked = {"source": str(plain), "target": str(target), "type": "Q4_0"}
    events = [event async for event in run_job("quantise", asked)]
    steps = [one for one in events if isinstance(one, Progress) and one.step == "quantising"]
    assert steps[-1].done == steps[-1].total > 10
    answer = events[-1]
    assert isinstance(answer, Done)
    assert answer.answer["size"] == size(target) < size(plain) / 2
    assert names(tmp_path) == ["small.gguf"]


async def test_quantising_that_is_ended_early_leaves_nothing(plain: Path, tmp_path: Path) -> None:
    asked = {"source": str(plain), "target": str(tmp_path / "q.gguf"), "type": "q8_0"}
    async with aclosing(run_job("quantise", asked)) as events:
        await anext(events)
    assert not names(tmp_path)


async def test_what_cannot_be_quantised_is_one_sentence(plain: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "q.gguf")
    with pytest.raises(ModelFileError, match=r"There is no type q9\. There are: bf16, "):
        await done("quantise", source=str(plain), target=out, type="q9")
    with pytest.raises(ModelFileError, match="There is no model file"):
        await done("quantise", source=str(tmp_path / "none.gguf"), target=out, type="q8_0")
    half = cut(tmp_path / "cut.gguf", plain)
    with pytest.raises(ModelFileError) as caught:
        await done("quantise", source=str(half), target=out, type="q8_0")
    assert "\n" not in str(caught.value)
    half.write_bytes(b"GGUF" + b"\xff" * 100)
    with pytest.raises(ModelFileError, match=r"cut\.gguf is not a GGUF file of a known version"):
        await done("quantise", source=str(half), target=out, type="q8_0")
    assert names(tmp_path) == ["cut.gguf"]


async def test_both_perplexities_are_those_of_their_methods(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text(STORY * 180)
    gptq, other = await done(
        "perplexity", path=str(POCKET), text=str(text), methods=["gptq", "llama.cpp"]
    )
    assert gptq["method"] == "gptq"
    assert gptq["pieces"] == gptq["tokens"] // 2048 >= 1
    assert other["pieces"] == other["tokens"] // 512 >= 4
    assert 1 < gptq["perplexity"] < 1000
    assert not gptq["garbage"]
    # Of a piece the second half is better known: a story that repeats itself is learnt by then.
    assert other["perplexity"] != pytest.approx(gptq["perplexity"], rel=0.01)


async def test_a_text_that_is_too_short_is_said(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text(STORY)
    with pytest.raises(ModelFileError, match=r"The text has \d+ tokens .* must have 2048 or more"):
        await done("perplexity", path=str(POCKET), text=str(text), methods=["gptq"])


async def test_a_model_of_noise_is_garbage_and_the_pocket_one_is_not(plain: Path) -> None:
    noise = await done("score", path=str(plain))
    assert noise["garbage"]
    assert noise["perplexity"] > 1000
    pocket = await done("score", path=str(POCKET))
    assert not pocket["garbage"]


async def test_bench_says_how_fast_by_threads(plain: Path) -> None:
    answer = await done("bench", path=str(plain), threads=[1])
    (row,) = answer["rows"]
    assert row["threads"] == 1
    assert row["read_per_second"] > row["write_per_second"] > 0


def test_costs_are_those_of_a_plain_softmax() -> None:
    rng = np.random.default_rng(3)
    logits = rng.normal(size=(4, 9)).astype(np.float32) * 20
    following = [1, 0, 8, 3]
    expected = [
        -math.log(math.exp(row[next_]) / sum(math.exp(float(one)) for one in row))
        for row, next_ in zip(logits.astype(float), following, strict=True)
    ]
    assert negative_log_likelihoods(logits, following) == pytest.approx(expected, rel=1e-6)


async def test_a_full_disk_is_said(plain: Path, tmp_path: Path) -> None:
    asked = {"source": str(plain), "target": str(tmp_path / "q.gguf"), "type": "q8_0"}
    before, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        with pytest.raises(ModelFileError, match="the disk is full, or the file may not grow"):
            await result_of("quantise", asked)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, hard))
    assert not names(tmp_path)
