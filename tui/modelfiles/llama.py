"""llama.cpp for the model tools: loaded in their own process only."""

from __future__ import annotations

import ctypes
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import llama_cpp.llama_cpp as api
import numpy as np
from numpy.typing import NDArray

from tui.modelfiles.errors import ModelFileError
from tui.modelfiles.find import kind_at

Pointer: TypeAlias = Any
Logits: TypeAlias = NDArray[np.float32]

BATCH_TOKENS = 512
WARNING = 3
TENSOR_LINE = re.compile(r"^\[\s*(\d+)/\s*(\d+)\]")


class Log:
    """What llama.cpp says: the last complaints are kept, each tensor it writes is counted."""

    def __init__(self) -> None:
        """Take over llama.cpp's log."""
        self.on_tensor: Callable[[int, int], None] | None = None
        self.complaints = deque[str](maxlen=8)
        self._callback = api.llama_log_callback(self._take)
        api.llama_log_set(self._callback, ctypes.c_void_p(0))
        api.llama_backend_init()

    def _take(self, level: int, text: bytes, _data: object) -> None:
        line = text.decode("utf-8", "replace").strip()
        if (found := TENSOR_LINE.match(line)) and self.on_tensor is not None:
            self.on_tensor(int(found[1]), int(found[2]))
        if level >= WARNING and "error" in line.lower():
            self.complaints.append(line.split(": ", 1)[-1].rstrip("."))

    @property
    def reason(self) -> str:
        """Why it would not, in its own words."""
        return self.complaints[0] if self.complaints else "llama.cpp does not say why"


class Weights:
    """A model file, loaded; `close` gives the memory back."""

    def __init__(
        self, log: Log, path: Path, on_progress: Callable[[float], None], *, light: bool = False
    ) -> None:
        """Load the file. Raises ModelFileError.

        A `light` load takes no memory but what the system can take back: for a look at a file
        that may be larger than the machine's memory.
        """
        check_gguf(path)
        self.log = log
        params = api.llama_model_default_params()
        params.n_gpu_layers = 0 if light else -1
        has_amx = b"AMX_INT8 = 1" in (api.llama_print_system_info() or b"")
        params.use_extra_bufts = not (light or has_amx)

        def tell(share: float, _data: object) -> bool:
            on_progress(share)
            return True

        callback = api.llama_progress_callback(tell)
        params.progress_callback = callback
        self.pointer: Pointer = api.llama_model_load_from_file(str(path).encode(), params)
        if not self.pointer:
            raise ModelFileError(f"{path.name} cannot be loaded ({log.reason}).")
        self._vocab: Pointer = api.llama_model_get_vocab(self.pointer)
        self.n_vocab = int(api.llama_vocab_n_tokens(self._vocab))
        self.bos = int(api.llama_vocab_bos(self._vocab))
        self.adds_bos = bool(api.llama_vocab_get_add_bos(self._vocab)) and self.bos >= 0
        self.n_params = int(api.llama_model_n_params(self.pointer))
        self.size_bytes = int(api.llama_model_size(self.pointer))

    def tokens_of(self, text: str) -> list[int]:
        """The text as ids, a BOS first where the model wants one."""
        data = text.encode()
        room = len(data) + 2
        ids = (ctypes.c_int32 * room)()
        count = api.llama_tokenize(self._vocab, data, len(data), ids, room, True, False)
        if count < 0:
            raise ModelFileError("The text cannot be made into tokens; is it a text?")
        return list(ids[:count])

    def close(self) -> None:
        """Give the memory back."""
        api.llama_model_free(self.pointer)


class Evaluator:
    """A context of one model that reads tokens and gives the logits after each."""

    def __init__(self, weights: Weights, n_ctx: int, n_threads: int, *, logits: bool) -> None:
        """Make the context. Raises ModelFileError."""
        self.weights = weights
        params = api.llama_context_default_params()
        params.n_ctx = n_ctx
        params.n_batch = params.n_ubatch = min(BATCH_TOKENS, n_ctx)
        params.n_outputs_max = params.n_batch if logits else 8
        params.n_threads = params.n_threads_batch = n_threads
        self._context: Pointer = api.llama_init_from_model(weights.pointer, params)
        if not self._context:
            raise ModelFileError(
                f"A context of {n_ctx} tokens cannot be made: memory may be short."
            )
        self._batch = api.llama_batch_init(params.n_batch, 0, 1)
        self._memory: Pointer = api.llama_get_memory(self._context)

    def forget(self) -> None:
        """Begin anew."""
        api.llama_memory_clear(self._memory, True)

    def read(self, tokens: Sequence[int], start: int, *, logits: bool) -> None:
        """Read tokens at positions from `start` on, `BATCH_TOKENS` at most."""
        batch = self._batch
        batch.n_tokens = len(tokens)
        for index, token in enumerate(tokens):
            batch.token[index] = token
            batch.pos[index] = start + index
            batch.n_seq_id[index] = 1
            batch.seq_id[index][0] = 0
            batch.logits[index] = logits or index == len(tokens) - 1
        status = api.llama_decode(self._context, batch)
        if status != 0:
            raise ModelFileError(f"llama.cpp could not read the text (code {status}).")

    def logits_of(self, tokens: Sequence[int]) -> Iterator[tuple[int, Logits]]:
        """Read a whole text; yield (position of the first row, logits) for each batch of it."""
        self.forget()
        for start in range(0, len(tokens), BATCH_TOKENS):
            part = tokens[start : start + BATCH_TOKENS]
            self.read(part, start, logits=True)
            pointer = api.llama_get_logits(self._context)
            shape = (len(part), self.weights.n_vocab)
            yield start, np.ctypeslib.as_array(pointer, shape=shape)

    def close(self) -> None:
        """Give the memory back."""
        api.llama_batch_free(self._batch)
        api.llama_free(self._context)


def check_gguf(path: Path) -> None:
    """Raise ModelFileError where a path is no GGUF file, with what to do."""
    if not path.is_file():
        raise ModelFileError(f"There is no model file {path}.")
    kind = kind_at(path)
    if kind == "ggml":
        raise ModelFileError(f"{path.name} is a GGML file: `fabletop model convert` it first.")
    if kind != "gguf":
        raise ModelFileError(f"{path.name} is not a GGUF model file.")


def negative_log_likelihoods(logits: Logits, following: Sequence[int]) -> NDArray[np.float64]:
    """What each token cost after its row of logits, in nats."""
    rows = logits.astype(np.float64)
    top = rows.max(axis=1)
    sums = np.log(np.exp(rows - top[:, None]).sum(axis=1)) + top
    return sums - rows[np.arange(len(following)), np.asarray(following)]
