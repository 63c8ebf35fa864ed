"""Models are found by name, described without loading, and converted once where they have to be."""

from __future__ import annotations

import shutil
import struct
from contextlib import aclosing
from pathlib import Path

import pytest

from tests.modelfiles.convert.ggml_writer import write_ggml
from tests.modelfiles.convert.hf_writer import write_folder
from tests.modelfiles.convert.small import Small
from tui.engine.backend import BackendError, ModelUnreadable
from tui.game.modelshelf import ModelShelf, NoModel, Readier
from tui.game.program import Program
from tui.modelfiles.jobs import Progress
from tui.prompt import shipped_templates
from tui.store import Paths, Settings

TEMPLATES = shipped_templates()


@pytest.fixture
def folder(tmp_path: Path, tiny_model: Path) -> Path:
    """A models folder with a GGUF file, a GGML file and a broken one."""
    folder = tmp_path / "models"
    folder.mkdir()
    shutil.copy(tiny_model, folder / "tiny-alpaca.Q8_0.gguf")
    write_ggml(folder / "limarp-13b.ggmlv3.f16.bin", Small(), "ggjt 3", "F16")
    (folder / "cut.gguf").write_bytes(tiny_model.read_bytes()[:300])
    return folder


def shelf_of(folder: Path, **settings: object) -> ModelShelf:
    return ModelShelf((folder,), folder.parent / "cache", Settings.model_validate(settings))


def left_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def ready(readier: Readier) -> tuple[Path, list[str]]:
    """The file that can be loaded, and the steps on the way to it."""
    steps: list[str] = []
    async for event in readier.path():
        if not isinstance(event, Progress):
            return event, steps
        steps.append(event.step)
    raise AssertionError("no path came")


def test_a_model_is_found_by_its_name_its_stem_and_its_path(folder: Path) -> None:
    shelf = shelf_of(folder)
    path = folder / "tiny-alpaca.Q8_0.gguf"
    for wanted in (path.name, path.stem, str(path)):
        assert shelf.find(wanted).path == path
    with pytest.raises(NoModel, match=r"no model nine\. There are: cut\.gguf, limarp"):
        shelf.find("nine")
    with pytest.raises(NoModel, match="is a folder without a model"):
        shelf.find(str(folder))


def test_the_one_chosen_last_comes_before_the_pocket_one(folder: Path, tiny_model: Path) -> None:
    shutil.copy(tiny_model, folder / "pocket.gguf")
    assert shelf_of(folder).find().name == "pocket.gguf"
    assert shelf_of(folder, model="tiny-alpaca.Q8_0").find().name == "tiny-alpaca.Q8_0.gguf"
    assert shelf_of(folder, model="gone.gguf").find().name == "pocket.gguf"


def test_another_folder_of_the_players_is_looked_into(folder: Path, tiny_model: Path) -> None:
    other = folder.parent / "elsewhere"
    other.mkdir()
    shutil.copy(tiny_model, other / "mine.gguf")
    assert shelf_of(folder, model_folder=str(other)).find("mine").path == other / "mine.gguf"


def test_a_page_says_what_a_file_says_of_itself(folder: Path) -> None:
    shelf = shelf_of(folder)
    page = shelf.page(shelf.find("tiny-alpaca.Q8_0"), TEMPLATES)
    assert (page.architecture, page.quantisation) == ("llama", "F16")
    assert (page.n_ctx, page.n_ctx_train) == (2048, 2048)
    assert (page.template, page.reason) == ("Alpaca", "the model's name has “alpaca”")
    assert page.n_params > 300_000
    assert page.model.size_bytes < page.need_bytes < page.have_bytes
    assert page.fits


def test_each_model_has_its_own_template_context_and_sampling(folder: Path, tmp_path: Path) -> None:
    own = {"template": "chatml", "n_ctx": 512, "sampling": {"temperature": 0.3}}
    settings = Settings.model_validate(
        {"models": {"tiny-alpaca.Q8_0.gguf": own}, "n_ctx": 1024, "sampling": {"top_k": 7}}
    )
    shelf = ModelShelf((folder,), tmp_path, settings)
    model = shelf.find("tiny-alpaca.Q8_0")
    page = shelf.page(model, TEMPLATES)
    assert (page.template, page.reason, page.n_ctx) == ("ChatML", "chosen in the settings", 512)
    assert shelf.n_ctx(shelf.find("cut")) == 1024
    paths = Paths.within(folder.parent, tmp_path / "shipped")
    teller = Program(paths, settings, lambda: 0.0).storyteller("tiny-alpaca.Q8_0")
    assert teller.template.name == "chatml"
    assert (teller.sampling.temperature, teller.sampling.top_k) == (0.3, 7)
    assert teller.load_settings.n_ctx == 512


def test_a_broken_file_is_one_sentence(folder: Path) -> None:
    shelf = shelf_of(folder)
    assert "damaged" in shelf.page(shelf.find("cut"), TEMPLATES).problem
    lying = folder / "lying.gguf"
    for count, length in ((1 << 60, 5), (3, 1 << 60)):
        lying.write_bytes(b"GGUF" + struct.pack("<IQQQ", 3, 1, count, length) + b"hello")
        assert "damaged" in shelf.page(shelf.find("lying"), TEMPLATES).problem


def test_a_count_that_lies_costs_nothing(folder: Path, tiny_model: Path) -> None:
    key = b"llama.block_count" + struct.pack("<I", 4)
    data = bytearray(tiny_model.read_bytes())
    at = data.index(key) + len(key)
    data[at : at + 4] = struct.pack("<I", 0x7FFFFFFF)
    (folder / "layers.gguf").write_bytes(data)
    shelf = shelf_of(folder)
    page = shelf.page(shelf.find("layers"), TEMPLATES)
    assert (page.architecture, page.n_ctx_train) == ("llama", 0)
    assert page.need_bytes == page.model.size_bytes


async def test_a_ggml_file_is_converted_once_and_spoken_to_by_its_own_name(folder: Path) -> None:
    shelf = shelf_of(folder)
    model = shelf.find("limarp-13b.ggmlv3.f16")
    assert shelf.page(model, TEMPLATES).template == "LimaRP 1"
    first, steps = await ready(shelf.readier(model))
    assert any(step.startswith("converting") for step in steps)
    assert first.is_relative_to(folder.parent / "cache" / "converted")
    before = first.stat().st_mtime_ns
    again, steps = await ready(shelf.readier(model))
    assert (again, steps) == (first, [])
    assert before == first.stat().st_mtime_ns


async def test_a_conversion_that_is_ended_early_leaves_nothing(folder: Path) -> None:
    shelf = shelf_of(folder)
    async with aclosing(shelf.convert(shelf.find("limarp-13b.ggmlv3.f16"))) as events:
        assert isinstance(await anext(events), Progress)
    assert not left_in(folder.parent / "cache")


async def test_a_story_is_told_by_a_model_of_2023_and_noise_is_said(
    folder: Path, tmp_path: Path
) -> None:
    paths = Paths.within(folder.parent, tmp_path / "shipped")
    program = Program(paths, Settings(), lambda: 0.0)
    teller = program.storyteller("limarp-13b.ggmlv3.f16")
    doings: list[str] = []
    teller.progress = lambda _share: doings.append(teller.doing)
    model = await teller.ready()
    assert model.architecture == "llama"
    assert "converting" in doings
    assert doings[-1] == "loading"
    assert teller.template.name == "limarp"
    assert "does not know plain English" in teller.warning
    await teller.close()


async def test_a_hugging_face_folder_is_converted_too(folder: Path) -> None:
    write_folder(folder / "seven-hf", Small(), "F16", "safetensors")
    shelf = shelf_of(folder)
    model = shelf.find("seven-hf")
    assert model.kind == "folder"
    path, _ = await ready(shelf.readier(model))
    assert path.name == "seven-hf.gguf"


async def test_what_cannot_be_converted_or_loaded_is_one_sentence(folder: Path) -> None:
    bad = folder / "bad.bin"
    bad.write_bytes((folder / "limarp-13b.ggmlv3.f16.bin").read_bytes()[:40_000])
    shelf = shelf_of(folder)
    with pytest.raises(ModelUnreadable) as caught:
        await ready(shelf.readier(shelf.find("bad.bin")))
    assert "\n" not in str(caught.value)
    assert not left_in(folder.parent / "cache")
    paths = Paths.within(folder.parent, folder.parent / "shipped")
    teller = Program(paths, Settings(), lambda: 0.0).storyteller("cut")
    with pytest.raises(BackendError, match=r"cut\.gguf cannot be loaded"):
        await teller.ready()
    await teller.close()
