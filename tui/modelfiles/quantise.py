"""Model files written anew in fewer bits, by llama.cpp. Child process only."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from pathlib import Path

import llama_cpp.llama_cpp as api

from tui.gguf import GgufError, read_header
from tui.machine import cores
from tui.modelfiles.errors import ModelFileError
from tui.modelfiles.llama import Log

PREFIXES = ("LLAMA_FTYPE_MOSTLY_", "LLAMA_FTYPE_ALL_")


def types() -> dict[str, int]:
    """Every type that this llama.cpp has, by its name in lower case."""
    found: dict[str, int] = {}
    for name in dir(api):
        for prefix in PREFIXES:
            if name.startswith(prefix):
                found[name.removeprefix(prefix).lower()] = int(getattr(api, name))
    return found


def quantise(
    log: Log, source: Path, target: Path, type_: str, on_tensor: Callable[[int, int], None]
) -> None:
    """Write `source` to `target` as that type. Raises ModelFileError.

    A file that is quantised already is quantised again, which costs more of its quality.
    """
    known = types()
    wanted = type_.lower().replace("-", "_")
    if wanted not in known:
        raise ModelFileError(f"There is no type {type_}. There are: {', '.join(sorted(known))}.")
    try:
        read_header(source)
    except GgufError as error:
        raise ModelFileError(f"{source.name} {error}") from error
    params = api.llama_model_quantize_default_params()
    params.ftype = known[wanted]
    params.nthread = cores()
    params.allow_requantize = True
    log.on_tensor = on_tensor
    status = api.llama_model_quantize(
        str(source).encode(), str(target).encode(), ctypes.pointer(params)
    )
    log.on_tensor = None
    if status != 0:
        full = "iostream" in log.reason
        reason = "the disk is full, or the file may not grow any further" if full else log.reason
        raise ModelFileError(f"{source.name} could not be written as {type_}: {reason}.")
