"""The models screen: what is known of each, what is wanted of each, and models on their way here."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.modelfiles.fake_hub import Hub, running_hub
from tests.ui.waiting import page_text, until
from tui.app import FabletopApp
from tui.modelfiles.catalogue import Entry, entry_named
from tui.ui.modelwishes import read_sampling
from tui.ui.screens.models import ModelsScreen

MakeApp = Callable[..., FabletopApp]
LLAMA = "Llama-3.2-3B-Instruct-Q4_K_M.gguf"
LIMARP = "llama-2-13b-chat-limarp-v2-merged.Q4_K_M.gguf"


def models_of(pilot: Pilot[str]) -> ModelsScreen:
    return next(one for one in pilot.app.screen_stack if isinstance(one, ModelsScreen))


def named(name: str) -> Entry:
    entry = entry_named(name)
    assert entry is not None
    return entry


async def open_models(pilot: Pilot[str], key: str = "") -> None:
    """Press m, and go to a row."""
    await pilot.press("f4")
    await until(pilot, lambda: isinstance(pilot.app.screen, ModelsScreen))
    lines = models_of(pilot).lines
    await until(pilot, lambda: bool(lines.key))
    if key:
        rows = [row for row, line in enumerate(lines.lines) if line.key == key]
        lines.cursor = rows[0]
        await pilot.pause()


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tiny_model: Path) -> Generator[Hub]:
    """A hub that has two models of the list, both of them tiny."""
    with running_hub() as hub:
        for name, file in (("llama-3.2-3b", LLAMA), ("limarp-13b", LIMARP)):
            hub.files[f"{named(name).repo}/{file}"] = tiny_model.read_bytes()
        for name, value in hub.environment().items():
            monkeypatch.setenv(name, value)
        yield hub


async def test_a_model_is_told_of_and_woken(make_app: MakeApp, tiny_model: Path) -> None:
    app = make_app()
    own = app.program.paths.models
    own.mkdir(parents=True)
    shutil.copy(tiny_model, own / "other-alpaca.gguf")
    async with app.run_test(size=(100, 30)) as pilot:
        await open_models(pilot, f"model:{own / 'other-alpaca.gguf'}")
        await until(pilot, lambda: "the model's name has “alpaca”" in page_text(pilot))
        assert "2,048 tokens of the 2,048 it learnt" in page_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: app.teller is not None and app.teller.path.parent == own)
        await until(pilot, lambda: app.model_words.endswith("ready"))
        assert app.program.settings.model == str(own / "other-alpaca.gguf")


async def test_each_model_gets_its_own_template_memory_and_sampling(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await open_models(pilot)
        await until(pilot, lambda: app.model_words.endswith("ready"))
        await pilot.press("e")
        await until(pilot, lambda: "as the model's file says" in page_text(pilot))
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: "chosen in the settings" in page_text(pilot))
        await pilot.press("c")
        await until(pilot, lambda: "as in the settings" in page_text(pilot))
        await pilot.press("down", "enter")
        await until(pilot, lambda: "1,024 tokens of the 2,048" in page_text(pilot))
        await pilot.press("v")
        await until(pilot, lambda: "Names and values" in page_text(pilot))
        await pilot.press(*"temperature 0.5", "enter")
        await until(pilot, lambda: bool(app.program.settings.models["pocket.gguf"].sampling))
        await until(pilot, lambda: app.model_words.endswith("ready"))
        own = app.program.settings.models["pocket.gguf"]
        assert (own.template, own.n_ctx, dict(own.sampling)) == (
            "alpaca",
            1024,
            {"temperature": 0.5},
        )
        assert app.teller is not None
        assert app.teller.window == 1024
        assert app.teller.sampling.temperature == 0.5


def test_sampling_is_read_from_words() -> None:
    assert read_sampling("temperature=0.7, top_k: 40") == {"temperature": 0.7, "top_k": 40}
    assert read_sampling("") == {}
    for words in ("temperature", "temperature hot", "warmth 1", "temperature -1"):
        with pytest.raises(ValueError, match=r"\w"):
            read_sampling(words)


async def test_a_model_is_fetched_and_is_then_among_those_that_are_here(
    make_app: MakeApp, hub: Hub
) -> None:
    app = make_app(model=False)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await open_models(pilot, "fetch:llama-3.2-3b")
        await pilot.press("enter")
        await until(pilot, lambda: f"{LLAMA} is here" in page_text(pilot))
        path = app.program.paths.models / LLAMA
        lines = models_of(pilot).lines
        await until(pilot, lambda: lines.key == f"model:{path}")
        assert path.is_file()
        assert "fetch:llama-3.2-3b" not in {line.key for line in lines.lines}
        assert "fetch:gemma-3-4b" in {line.key for line in lines.lines}


async def test_a_warning_is_read_before_and_only_once(make_app: MakeApp, hub: Hub) -> None:
    app = make_app(model=False)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await open_models(pilot, "fetch:limarp-13b")
        await pilot.press("enter")
        await until(pilot, lambda: "Not for minors" in page_text(pilot))
        await pilot.press("escape")
        await pilot.pause()
        assert not hub.asked
        await pilot.press("enter")
        await until(pilot, lambda: "Not for minors" in page_text(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: f"{LIMARP} is here" in page_text(pilot))
        assert app.program.settings.warned == ("limarp-13b",)
        assert app.program.settings.models[LIMARP].template == "limarp-3"


async def test_a_download_rests_goes_on_elsewhere_and_can_be_dropped(
    make_app: MakeApp, hub: Hub
) -> None:
    app = make_app(model=False)
    path = f"{named('llama-3.2-3b').repo}/{LLAMA}"
    hub.files[path] = b"GGUF" + bytes(8_000_000)
    hub.stuck = threading.Event()
    staging = app.program.paths.models / ".fetching"
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await open_models(pilot, "fetch:llama-3.2-3b")
        await pilot.press("enter")
        await until(pilot, lambda: "MB of 8.0 MB" in page_text(pilot))
        await pilot.press("p")
        await until(pilot, lambda: "paused" in page_text(pilot))
        assert app.download is not None
        await until(pilot, lambda: app.download is not None and not app.download.running)
        await pilot.press("p")
        await until(pilot, lambda: "MB of 8.0 MB" in page_text(pilot))
        await pilot.press("escape")
        await pilot.pause()
        assert app.download.running
        assert list(staging.iterdir())
        await open_models(pilot)
        await pilot.press("x")
        await until(pilot, lambda: not app.download_words)
        await until(pilot, lambda: not staging.exists())
    hub.stuck.set()


async def test_what_cannot_be_fetched_is_said(make_app: MakeApp, hub: Hub) -> None:
    app = make_app(model=False)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await open_models(pilot)
        await pilot.press("f")
        await until(pilot, lambda: "Fetch a model" in page_text(pilot))
        await pilot.press(*"org/none", "enter")
        await until(pilot, lambda: "There is no repository org/none" in page_text(pilot))
