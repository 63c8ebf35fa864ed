"""What the program and its worker say to each other: JSON objects, one a line, both ways.

To the worker: `{"op": ..., "id": n, ...}`. From it, for that id: `progress`, `reading` and
`piece` events as they come, `finished` once for each index of a generation, then one `done`
with the answer or one `error` with a kind and a sentence.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tui.engine.backend import (
    BackendError,
    Finished,
    LoadSettings,
    Lora,
    ModelInfo,
    ModelNotLoaded,
    ModelUnreadable,
    NotEnoughMemory,
    PromptTooLong,
    Request,
    Run,
)
from tui.engine.sampling import Sampling

Message = dict[str, Any]


def to_line(message: Mapping[str, Any]) -> bytes:
    """A message as one line of UTF-8, newline included."""
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def from_line(line: bytes) -> Message:
    """The message of a line that `to_line` made."""
    return json.loads(line)


def request_to_message(request: Request) -> Message:
    """A Request as JSON can hold it."""
    message = {name: getattr(request, name) for name in Request.__slots__ if name != "sampling"}
    return {**message, "sampling": request.sampling.as_dict()}


def request_from_message(message: Message) -> Request:
    """The Request that `request_to_message` was given."""
    values = {name: message[name] for name in Request.__slots__}
    values["sampling"] = Sampling.from_dict(values["sampling"])
    for name in ("tokens", "stop", "phrases"):
        values[name] = tuple(values[name])
    return Request(**values)


def finished_from_message(message: Message) -> Finished:
    """The Finished that a `finished` event tells of."""
    values = {name: message[name] for name in Finished.__slots__}
    values["tokens"] = tuple(values["tokens"])
    values["clean_tokens"] = tuple(values["clean_tokens"])
    return Finished(**values)


def run_to_message(run: Run) -> Message:
    """A Run as JSON can hold it."""
    return {"text": run.text, "tokens": run.tokens, "special": run.special}


def run_from_message(message: Message) -> Run:
    """The Run that `run_to_message` was given."""
    return Run(message["text"], tuple(message["tokens"]), message["special"])


def settings_to_message(settings: LoadSettings) -> Message:
    """LoadSettings as JSON can hold them."""
    loras = [{"path": str(lora.path), "scale": lora.scale} for lora in settings.loras]
    return {**asdict(settings), "loras": loras}


def settings_from_message(message: Message) -> LoadSettings:
    """The LoadSettings that `settings_to_message` was given."""
    loras = tuple(Lora(Path(lora["path"]), lora["scale"]) for lora in message["loras"])
    values: Message = {**message, "loras": loras}
    return LoadSettings(**values)


def model_to_message(model: ModelInfo) -> Message:
    """A ModelInfo as JSON can hold it."""
    message: Message = {name: getattr(model, name) for name in ModelInfo.__slots__}
    return {**message, "path": str(model.path)}


def model_from_message(message: Message) -> ModelInfo:
    """The ModelInfo that `model_to_message` was given."""
    values: Message = {**message, "path": Path(message["path"])}
    return ModelInfo(**values)


def error_to_message(error: BackendError) -> Message:
    """An error of this engine's as JSON can hold it."""
    numbers = {name: getattr(error, name) for name in ("n_ctx", "length") if hasattr(error, name)}
    return {"kind": type(error).__name__, "text": str(error), "numbers": numbers}


def error_from_message(message: Message) -> BackendError:
    """The error that `error_to_message` was given."""
    kinds = (ModelNotLoaded, ModelUnreadable, NotEnoughMemory, PromptTooLong, BackendError)
    kind = next(kind for kind in kinds if kind.__name__ == message["kind"])
    return kind(message["text"], **message["numbers"])
