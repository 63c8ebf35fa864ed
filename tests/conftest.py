"""What every room's tests may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny_model import make_tiny_model


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model file that loads in milliseconds and writes the same nonsense each time."""
    return make_tiny_model(tmp_path_factory.mktemp("models") / "tiny.gguf")
