"""A running backend on the tiny model, and llama.cpp in this process for the inner parts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tui.engine import LlamaBackend, LoadSettings
from tui.engine.worker.library import Library
from tui.engine.worker.model import Model


@pytest_asyncio.fixture
async def backend(tiny_model: Path, tmp_path: Path) -> AsyncIterator[LlamaBackend]:
    """The tiny model loaded with a window of 1,024 tokens."""
    backend = LlamaBackend(log=tmp_path / "engine.log", cache=tmp_path / "cache")
    await backend.load(tiny_model, LoadSettings(n_ctx=1024, n_threads=1))
    yield backend
    await backend.close()


@pytest.fixture(scope="session")
def library() -> Library:
    """llama.cpp, started once."""
    return Library()


@pytest.fixture(scope="session")
def model(library: Library, tiny_model: Path) -> Iterator[Model]:
    """The tiny model's weights in this process."""
    model = Model(library, tiny_model, LoadSettings(), lambda _done: None, plain_weights=False)
    yield model
    model.close()
