"""One model file, loaded: its weights, its vocabulary and what it says of itself."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tui.engine.backend import LoadSettings, ModelUnreadable, NotEnoughMemory
from tui.engine.fingerprint import fingerprint
from tui.engine.memory import ALL_LAYERS
from tui.engine.worker.adapters import Adapters, adapted
from tui.engine.worker.library import Library, Pointer, api
from tui.engine.worker.vocab import Vocab

GGUF_MAGIC = b"GGUF"
FEWER_LAYERS = "set fewer layers for the graphics card (0: none) in the settings"


class Model:
    """Weights in memory; `close` gives them back."""

    def __init__(
        self,
        library: Library,
        path: Path,
        settings: LoadSettings,
        on_progress: Callable[[float], None],
        *,
        plain_weights: bool,
    ) -> None:
        """Load the file; `plain_weights` leaves them as they are, without repacking.

        Whether repacking pays isn't measured: a 1.1B in Q4_0 read and wrote 1.3 times as fast for it,
        after a load of 0.7 s instead of 0.1, and the pocket model, in Q8_0, just as fast.

        Raises ModelUnreadable, NotEnoughMemory among it.
        """
        self.path = path
        self.fingerprint = adapted(_identify(path), settings.loras)
        asked = ALL_LAYERS if settings.gpu_layers == "auto" else settings.gpu_layers
        self.repacked = not (plain_weights or library.has_amx)
        mapped = settings.use_mmap if settings.use_mmap != "auto" else not self.repacked
        library.forget_complaints()
        self.pointer: Any = _weights(
            path, asked, on_progress, repacked=self.repacked, mapped=mapped
        )
        if not self.pointer:
            raise why_not_loaded(path, library.complaints)
        try:
            self.adapters = Adapters(library, self.pointer, settings.loras)
        except ModelUnreadable:
            self.close()
            raise
        self.vocab = Vocab(api.llama_model_get_vocab(self.pointer))
        self.metadata = MappingProxyType(self._metadata())
        self.n_params = int(api.llama_model_n_params(self.pointer))
        self.size_bytes = int(api.llama_model_size(self.pointer))
        self.n_ctx_train = int(api.llama_model_n_ctx_train(self.pointer))
        n_layer = int(api.llama_model_n_layer(self.pointer))
        wanted = n_layer if asked == ALL_LAYERS else min(asked, n_layer)
        self.gpu_layers = wanted if library.offloads else 0

    def close(self) -> None:
        """Give the memory back."""
        api.llama_model_free(self.pointer)
        self.pointer = None

    def _metadata(self) -> dict[str, str]:
        """Every scalar key of the file, as text."""
        count = api.llama_model_meta_count(self.pointer)
        return {
            self._text(api.llama_model_meta_key_by_index, index): self._text(
                api.llama_model_meta_val_str_by_index, index
            )
            for index in range(count)
        }

    def _text(self, reader: Callable[..., int], index: int) -> str:
        """One text that llama.cpp writes into a buffer, however long it is."""
        buffer = ctypes.create_string_buffer(1024)
        length = reader(self.pointer, index, buffer, len(buffer))
        if length >= len(buffer):
            buffer = ctypes.create_string_buffer(length + 1)
            reader(self.pointer, index, buffer, len(buffer))
        return buffer.value.decode("utf-8", "replace")


def _weights(
    path: Path, layers: int, on_progress: Callable[[float], None], *, repacked: bool, mapped: bool
) -> Pointer:
    """The file's weights as llama.cpp has loaded them; null where it could not.

    With no layers for a GPU, none is looked at: llama.cpp would still compute on it, take its
    memory for that, and leave the weights as they are.
    """
    params = api.llama_model_default_params()
    params.n_gpu_layers = layers
    no_devices = (ctypes.c_void_p * 1)()
    if not layers:
        params.devices = ctypes.addressof(no_devices)
    params.use_extra_bufts = repacked
    params.load_mode = api.LLAMA_LOAD_MODE_MMAP if mapped else api.LLAMA_LOAD_MODE_NONE

    def tell(done: float, _data: object) -> bool:
        on_progress(done)
        return True

    callback = api.llama_progress_callback(tell)
    params.progress_callback = callback
    return api.llama_model_load_from_file(str(path).encode(), params)


def _identify(path: Path) -> str:
    """The fingerprint of what at least begins as a model file; raises ModelUnreadable."""
    try:
        with path.open("rb") as file:
            magic = file.read(4)
        if magic != GGUF_MAGIC:
            raise ModelUnreadable(
                f"{path.name} is not a GGUF model file: it begins with {magic!r}, not with 'GGUF'."
            )
        return fingerprint(path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ModelUnreadable(f"The model file {path} cannot be read: {reason.lower()}.") from error


def why_not_loaded(path: Path, complaints: tuple[str, ...]) -> ModelUnreadable:
    """One sentence on a file that llama.cpp would not load, with its own reason."""
    reasons = [line.split(": ", 1)[-1] for line in complaints if "error" in line.lower()]
    reason = reasons[0].rstrip(".") if reasons else "llama.cpp does not say why"
    if "unable to allocate" in reason:
        return NotEnoughMemory(
            f"{path.name} does not fit in memory ({reason}); {FEWER_LAYERS}, or take a smaller model."
        )
    return ModelUnreadable(
        f"{path.name} cannot be loaded ({reason}); it may be damaged or of an unknown kind."
    )
