"""What turns a prompt into text: `Backend`, its values, and llama.cpp behind it."""

from tui.engine.backend import (
    Backend,
    BackendError,
    Event,
    Finished,
    LoadSettings,
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
from tui.engine.client import LlamaBackend
from tui.engine.sampling import STAGES, Sampling

__all__ = [
    "STAGES",
    "Backend",
    "BackendError",
    "Event",
    "Finished",
    "LlamaBackend",
    "LoadSettings",
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
