"""A backend in which every character is a token: sizes are exact, and nothing has to be loaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from tui.engine.backend import Backend, ModelInfo, Run


class Letters:
    """Only what writing a prompt asks for; it generates nothing."""

    @property
    def model(self) -> ModelInfo | None:
        return None

    async def encode(self, runs: Sequence[Run], *, add_bos: bool = True) -> tuple[int, ...]:
        return tuple([1] * add_bos + [ord(char) for run in runs for char in run.text])

    async def encode_many(
        self, texts: Sequence[str], *, special: bool = False
    ) -> list[tuple[int, ...]]:
        return [tuple(map(ord, text)) for text in texts]


def letters() -> Backend:
    """Letters, where a Backend is wanted."""
    return cast("Backend", Letters())
