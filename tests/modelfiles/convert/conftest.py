"""A llama.cpp that outlives its models."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.modelfiles.convert.reader import Reader


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """llama.cpp in a child process."""
    reader = Reader(tmp_path_factory.mktemp("reader") / "llama.log")
    yield reader
    reader.close()
