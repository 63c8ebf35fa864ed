"""The commands of `docs/recipes.md`, each run as it stands there, on small models of its names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.modelfiles.convert.ggml_writer import write_ggml
from tests.modelfiles.convert.gptq_writer import write_gptq
from tests.modelfiles.convert.hf_writer import write_adapter, write_folder
from tests.modelfiles.convert.reader import Reader
from tests.modelfiles.convert.results import PROMPT, ROUGH, distance
from tests.modelfiles.convert.small import Small
from tests.modelfiles.convert.test_lora import adapted, some_pairs
from tests.modelfiles.convert.test_xor import encode, sums_of
from tui.cli.groups.model import app
from tui.cli.setting import program
from tui.engine import Lora
from tui.game.pieces import storyteller
from tui.modelfiles.convert import convert

PAGE = Path(__file__).parents[3] / "docs" / "recipes.md"
COMMAND = re.compile(r"^fabletop (model .+)$", re.MULTILINE)
QUIET = 0.02
"""So much of the small network's voice that a page of English is no garbage to it."""


def quiet(small: Small) -> Small:
    """The network, saying everything in a low voice."""
    return small.with_weights({"lm_head.weight": small.weights["lm_head.weight"] * QUIET})


METHARME, LLAMA = quiet(Small(seed=11)), quiet(Small())
LIMARP, LLAMA_2 = quiet(Small(seed=12)), quiet(Small(n_head_kv=2, eps=1e-5, n_ctx=4096))


@dataclass
class Kitchen:
    """A folder with what the recipes begin with, and the commands of the page in their order."""

    folder: Path
    commands: Iterator[str]

    def cook(self, *more: str) -> str:
        """Run the page's next command, and return what it said."""
        words = next(self.commands).split()[1:] + list(more)
        done = CliRunner().invoke(app, words, catch_exceptions=False)
        assert done.exit_code == 0, (words, done.output)
        return done.stdout


@pytest.fixture(scope="module")
def kitchen(tmp_path_factory: pytest.TempPathFactory) -> Kitchen:
    folder = tmp_path_factory.mktemp("kitchen")
    write_folder(folder / "llama-7b", LLAMA, "F16", "torch")
    write_folder(folder / "wanted", METHARME, "F16", "torch", transformers_version="4.28")
    encode(folder / "wanted", folder / "llama-7b", folder / "xor_encoded_files")
    write_ggml(folder / "limarp-llama2-13b.ggmlv3.f16.bin", LIMARP, "ggjt 3", "F16")
    write_folder(folder / "llama-2-7b", LLAMA_2, "F16")
    convert(folder / "llama-2-7b", folder / "llama-2-7b.f16.gguf")
    write_adapter(folder / "limarp-lora", some_pairs(1), rank=4, alpha=8)
    write_gptq(folder / "metharme-7b-4bit", METHARME, layout="new", groupsize=32, act_order=True)
    (folder / "wikitext2.txt").write_text("the dark door, and you open the lamp\n" * 240)
    (folder / "card.md5").write_text(sums_of(folder / "wanted"))
    return Kitchen(folder, iter(COMMAND.findall(PAGE.read_text("utf-8"))))


def test_every_recipe_goes_as_it_stands_on_the_page(
    kitchen: Kitchen, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = kitchen.folder / "models"
    monkeypatch.chdir(kitchen.folder)
    monkeypatch.setenv("FABLETOP_HOME", str(kitchen.folder))

    def close(name: str, network: Small) -> None:
        assert distance(reader.logits(models / name, PROMPT), network.logits(PROMPT)) < ROUGH

    assert "No list of MD5 sums is known" in kitchen.cook()
    assert "All 4 files are those of card.md5" in kitchen.cook("--md5", "card.md5")
    assert "perplexity" in kitchen.cook()
    assert "instead of" in kitchen.cook()
    close("metharme-7b.f16.gguf", METHARME)
    reader.logits(models / "metharme-7b.q4_0.gguf", PROMPT)
    kitchen.cook()
    assert (models / "pygmalion-7b.f16.gguf").stat().st_size
    close("pygmalion-7b.f16.gguf", METHARME)
    kitchen.cook()
    kitchen.cook()
    close("limarp-llama2-13b.f16.gguf", LIMARP)
    kitchen.cook()
    pairs = some_pairs(1)
    beside = reader.logits(
        kitchen.folder / "llama-2-7b.f16.gguf", PROMPT, [(models / "limarp.lora.gguf", 1.0)]
    )
    assert distance(beside, adapted(LLAMA_2, (pairs, 1.0)).logits(PROMPT)) < ROUGH
    kitchen.cook()
    close("limarp-7b.f16.gguf", adapted(LLAMA_2, (pairs, 1.0)))
    kitchen.cook()
    kitchen.cook()
    assert "pieces" in kitchen.cook()
    assert next(kitchen.commands, None) is None


def test_the_settings_of_the_page_load_the_adapter_beside_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [text] = re.findall(r"```yaml\n(.+?)```", PAGE.read_text("utf-8"), re.DOTALL)
    monkeypatch.setenv("FABLETOP_HOME", str(tmp_path))
    (tmp_path / "settings.yaml").write_text(text)
    (tmp_path / "models").mkdir()
    for name in ("llama-2-7b.q4_0.gguf", "limarp.lora.gguf"):
        (tmp_path / "models" / name).write_bytes(b"GGUF" + bytes(60))
    teller = storyteller(program(), "llama-2-7b.q4_0.gguf")
    [lora] = teller.load_settings.loras
    assert lora == Lora(tmp_path / "models" / "limarp.lora.gguf", 1.0)
