"""What turns a prompt into text: `Backend`, its values, and llama.cpp behind it.

`LlamaBackend` is imported when it is asked for: the worker, which needs only the values, then
starts without asyncio.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.engine.backend import (
    Backend,
    BackendError,
    Event,
    Finished,
    LoadSettings,
    Lora,
    ModelInfo,
    ModelNotLoaded,
    ModelUnreadable,
    NotEnoughMemory,
    Piece,
    PromptTooLong,
    Reading,
    Request,
    Run,
    WorkerDied,
)
from tui.engine.sampling import STAGES, Sampling

if TYPE_CHECKING:
    from tui.engine.client import LlamaBackend

__all__ = [
    "STAGES",
    "Backend",
    "BackendError",
    "Event",
    "Finished",
    "LlamaBackend",
    "LoadSettings",
    "Lora",
    "ModelInfo",
    "ModelNotLoaded",
    "ModelUnreadable",
    "NotEnoughMemory",
    "Piece",
    "PromptTooLong",
    "Reading",
    "Request",
    "Run",
    "Sampling",
    "WorkerDied",
]


def __getattr__(name: str) -> object:
    """The client, on demand (PEP 562)."""
    if name == "LlamaBackend":
        from tui.engine.client import LlamaBackend

        return LlamaBackend
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
