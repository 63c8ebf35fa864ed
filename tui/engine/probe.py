"""Proof that this machine's llama.cpp runs: `python -m tui.engine.probe MODEL`.

The Q8_0 model is run as it is and once more as Q4_0: the two kinds that players have, and the
two that a miscompiled build dies on. Runs as a process of its own, so that a crash is an exit code.
"""

from __future__ import annotations

import asyncio
import ctypes
import sys
import tempfile
from pathlib import Path

import llama_cpp

from tui.engine.backend import BackendError, Finished, LoadSettings, Request, Run
from tui.engine.client import LlamaBackend
from tui.engine.sampling import Sampling

WORDS = "The door is open."
TOKENS = 8


async def writes(model: Path, log: Path) -> int:
    """How many tokens the model wrote of the few it was asked for. Raises BackendError."""
    backend = LlamaBackend(log=log)
    try:
        await backend.load(model, LoadSettings(n_ctx=256))
        tokens = await backend.encode([Run(WORDS)])
        request = Request(tokens, TOKENS, Sampling(temperature=0.0, ban_eos=True))
        async for event in backend.generate(request):
            if isinstance(event, Finished):
                return event.written
        return 0
    finally:
        await backend.close()


def as_q4_0(model: Path, out: Path) -> None:
    """Write the model anew in Q4_0. Raises BackendError."""
    quiet = llama_cpp.llama_log_callback(_drop)
    llama_cpp.llama_log_set(quiet, ctypes.c_void_p())
    wanted = llama_cpp.llama_model_quantize_default_params()
    wanted.ftype = llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_0
    wanted.allow_requantize = True
    if llama_cpp.llama_model_quantize(
        str(model).encode(), str(out).encode(), ctypes.pointer(wanted)
    ):
        raise BackendError(f"{model} could not be quantised to Q4_0.")


def _drop(_level: int, _text: bytes, _data: object) -> None:
    """Let llama.cpp's own words go."""


def main() -> int:
    """Run both kinds; 0 where both write."""
    model = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "q4_0.gguf"
        log = Path(folder) / "probe.log"
        try:
            as_q4_0(model, small)
            for path in (model, small):
                asyncio.run(writes(path, log))
        except BackendError as error:
            sys.stderr.write(f"{error}\n{log.read_text(errors='replace') if log.exists() else ''}")
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
