"""LoRA adapters that are loaded beside a model make another model of it, everywhere alike."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import gguf
import numpy as np
import pytest

from tests.engine.inside import Fresh, Inside, distribution, divergence
from tests.tiny_model import HEAD, N_EMBD, N_HEAD, make_tiny_model
from tui.engine import LlamaBackend, LoadSettings, Lora, ModelUnreadable, Request, Sampling
from tui.engine.protocol import settings_from_message, settings_to_message
from tui.engine.worker.library import Library
from tui.engine.worker.model import Model
from tui.modelfiles.convert import merge

PROMPT = (1, *range(300, 330))


def write_adapter(path: Path, seed: int, width: int = N_EMBD) -> Path:
    """An adapter of the tiny model's queries and outputs, as the `gguf` package writes one."""
    chance = np.random.default_rng(seed)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", 8.0)
    for name in ("attn_q", "attn_output"):
        for layer in range(2):
            down = chance.standard_normal((4, width), dtype=np.float32) / 8
            up = chance.standard_normal((N_HEAD * HEAD, 4), dtype=np.float32) / 8
            writer.add_tensor(f"blk.{layer}.{name}.weight.lora_a", down)
            writer.add_tensor(f"blk.{layer}.{name}.weight.lora_b", up)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_model(tmp_path_factory.mktemp("models") / "base.gguf", kind="F16")


def settings(loras: Sequence[Lora] = ()) -> LoadSettings:
    return LoadSettings(n_ctx=256, n_threads=1, flash_attention=False, loras=tuple(loras))


def test_beside_the_model_is_as_merged_into_it(
    library: Library, base: Path, tmp_path: Path
) -> None:
    loras = [Lora(write_adapter(tmp_path / f"{seed}.gguf", seed), 0.5 * seed) for seed in (1, 2)]
    once = merge(loras[0].path, base, tmp_path / "once.gguf", scale=loras[0].scale)
    twice = merge(loras[1].path, once, tmp_path / "twice.gguf", scale=loras[1].scale)
    beside = Inside(library, base, settings(loras))
    merged = Inside(library, twice, settings())
    alone = Inside(library, base, settings())
    found = []
    for inside in (beside, merged, alone):
        inside.start(Request(PROMPT, 1, Sampling(ban_eos=True)))
        inside.work()
        found.append(Fresh(inside.loaded.model, 256).read(PROMPT))
        lane = inside.loaded.main
        assert divergence(distribution(lane.context, lane.live), fresh(inside)) < 1e-5
    assert divergence(found[0], found[1]) < 1e-3
    assert divergence(found[0], found[2]) > 0.05


def fresh(inside: Inside) -> np.ndarray:
    """What comes next after all that the live lane knows, read anew."""
    lane = inside.loaded.main
    return Fresh(inside.loaded.model, 256).read(lane.context.sequences.tokens(lane.live))


def test_with_adapters_it_is_another_model(library: Library, base: Path, tmp_path: Path) -> None:
    lora = write_adapter(tmp_path / "a.gguf", 1)
    forms = [(), (Lora(lora),), (Lora(lora, 0.5),), (Lora(lora), Lora(lora))]
    prints = set[str]()
    for loras in forms:
        model = Model(library, base, settings(loras), lambda _done: None, plain_weights=True)
        prints.add(model.fingerprint)
        model.close()
    assert len(prints) == len(forms)


async def test_the_worker_takes_them(base: Path, tmp_path: Path) -> None:
    lora = write_adapter(tmp_path / "a.gguf", 1)
    backend = LlamaBackend(log=tmp_path / "engine.log", cache=tmp_path / "cache")
    plain = await backend.load(base, settings())
    alone = await backend.score(list(PROMPT[:20]), ["the lamp", "a door"])
    adapted = await backend.load(base, settings([Lora(lora, 2.0)]))
    beside = await backend.score(list(PROMPT[:20]), ["the lamp", "a door"])
    await backend.close()
    assert adapted.fingerprint != plain.fingerprint
    assert alone != beside


@pytest.mark.parametrize(
    ("made", "words"),
    [
        ("missing", "cannot be read: no such file"),
        ("a model", "does not fit this model"),
        ("of another width", "does not fit this model"),
        ("cut short", "does not fit this model"),
    ],
)
async def test_what_is_no_adapter_of_it_is_one_sentence(
    base: Path, tmp_path: Path, made: str, words: str
) -> None:
    path = tmp_path / "a.gguf"
    if made == "a model":
        path = base
    elif made == "of another width":
        write_adapter(path, 1, N_EMBD * 2)
    elif made == "cut short":
        path.write_bytes(write_adapter(path, 1).read_bytes()[:700])
    backend = LlamaBackend(log=tmp_path / "engine.log", cache=None)
    with pytest.raises(ModelUnreadable, match=words):
        await backend.load(base, settings([Lora(path)]))
    await backend.load(base, settings())
    await backend.close()


def test_they_cross_to_the_worker_as_they_are(tmp_path: Path) -> None:
    wanted = settings([Lora(tmp_path / "a.gguf", 0.5), Lora(tmp_path / "b.gguf")])
    assert settings_from_message(settings_to_message(wanted)) == wanted
