"""llama.cpp in a process of its own, for the tests: `python -m tests.modelfiles.convert.reader`.

One JSON line in, one out: the logits after each token of a prompt, or the tokens of a text.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from tests.modelfiles.convert.small import Floats

WIDEST = 16


class Reader:
    """Asks the child; a model that kills it fails the test that asked."""

    def __init__(self, log: Path) -> None:
        """Start the child, which writes llama.cpp's log to a file."""
        with log.open("wb") as written:
            self._child = subprocess.Popen(
                [sys.executable, "-m", __name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=written,
            )
        self._log = log

    def logits(
        self, path: Path, tokens: list[int], adapters: list[tuple[Path, float]] | None = None
    ) -> Floats:
        """Logits after each of at most sixteen tokens."""
        asked = [(str(adapter), scale) for adapter, scale in adapters or []]
        found = self._ask({"path": str(path), "tokens": tokens, "adapters": asked})
        return np.asarray(found, np.float32)

    def tokens(self, path: Path, text: str) -> list[int]:
        """A text's tokens."""
        return self._ask({"path": str(path), "text": text})

    def quantise(self, path: Path, target: Path, file_type: int) -> None:
        """A model in another type of llama.cpp's."""
        assert self._ask({"path": str(path), "target": str(target), "type": file_type}) == 0

    def _ask(self, question: dict[str, Any]) -> Any:
        assert self._child.stdin
        assert self._child.stdout
        self._child.stdin.write(json.dumps(question).encode() + b"\n")
        self._child.stdin.flush()
        line = self._child.stdout.readline()
        assert line, self._log.read_text()[-2000:]
        return json.loads(line)

    def close(self) -> None:
        """End the child."""
        self._child.communicate()


def main() -> None:
    """Answer until the pipe closes."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    from tui.engine.worker.library import Library

    library = Library()
    for line in sys.stdin:
        answers.write(json.dumps(answer(library, json.loads(line))).encode() + b"\n")


def answer(library: Any, asked: dict[str, Any]) -> object:
    """What is asked of a model."""
    from tui.engine import LoadSettings, Run
    from tui.engine.worker.library import api
    from tui.engine.worker.model import Model

    path = Path(asked["path"])
    if "target" in asked:
        params = api.llama_model_quantize_default_params()
        params.ftype, params.nthread = asked["type"], 1
        return api.llama_model_quantize(str(path).encode(), asked["target"].encode(), params)
    settings = LoadSettings(n_ctx=64, n_threads=1)
    model = Model(library, path, settings, lambda _done: None, plain_weights=True)
    try:
        if "text" in asked:
            return model.vocab.encode([Run(asked["text"])], add_bos=True)
        return logits(model, asked["tokens"], asked["adapters"])
    finally:
        model.close()


def logits(model: Any, tokens: list[int], adapters: list[tuple[str, float]]) -> object:
    """The logits after each token."""
    from tui.engine.worker.context import DONE, Context, ContextShape
    from tui.engine.worker.library import api
    from tui.engine.worker.pipes import Alarm

    context = Context(model, ContextShape(64, WIDEST, 1, flash_attention=False), Alarm())
    loaded = [api.llama_adapter_lora_init(model.pointer, name.encode()) for name, _ in adapters]
    assert all(loaded)
    if loaded:
        pointers = (api.llama_adapter_lora_p_ctypes * len(loaded))(*loaded)
        scales = (ctypes.c_float * len(loaded))(*(scale for _, scale in adapters))
        assert api.llama_set_adapters_lora(context.pointer, pointers, len(loaded), scales) == 0
    for place, token in enumerate(tokens):
        context.batch.add(0, place, [token], output=True)
    assert context.decode() == DONE
    found = [context.logits(index).astype(float).tolist() for index in range(len(tokens))]
    context.close()
    return found


if __name__ == "__main__":
    main()
