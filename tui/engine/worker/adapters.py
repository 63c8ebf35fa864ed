"""LoRA adapters beside a model's weights: loaded once, set in each context."""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Sequence
from typing import Any

from tui.engine.backend import Lora, ModelUnreadable
from tui.engine.fingerprint import fingerprint
from tui.engine.worker.library import Library, Pointer, api


class Adapters:
    """Some adapters of a loaded model; they are freed with it."""

    def __init__(self, library: Library, model: Pointer, loras: Sequence[Lora]) -> None:
        """Load each; raises ModelUnreadable for one that is no adapter of this model."""
        self._scales = [lora.scale for lora in loras]
        self._pointers: list[Any] = []
        for lora in loras:
            library.forget_complaints()
            pointer = api.llama_adapter_lora_init(model, str(lora.path).encode())
            if not pointer:
                raise ModelUnreadable(_why(lora, library.complaints))
            self._pointers.append(pointer)

    def set_in(self, context: Pointer) -> None:
        """Let a context compute with them."""
        count = len(self._pointers)
        if count:
            pointers = (api.llama_adapter_lora_p_ctypes * count)(*self._pointers)
            scales = (ctypes.c_float * count)(*self._scales)
            api.llama_set_adapters_lora(context, pointers, count, scales)


def adapted(model_fingerprint: str, loras: Sequence[Lora]) -> str:
    """The fingerprint of a model with adapters, which is another model's.

    Raises ModelUnreadable for an adapter that cannot be read.
    """
    if not loras:
        return model_fingerprint
    digest = hashlib.blake2b(model_fingerprint.encode(), digest_size=16)
    for lora in loras:
        try:
            digest.update(f"{fingerprint(lora.path)} {lora.scale}\n".encode())
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise ModelUnreadable(
                f"The adapter {lora.path} cannot be read: {reason}; name another in the settings."
            ) from error
    return digest.hexdigest()


def _why(lora: Lora, complaints: tuple[str, ...]) -> str:
    """One sentence on an adapter that llama.cpp would not load, with its own reason."""
    reasons = [line.split(": ", 1)[-1] for line in complaints if "fail" in line.lower()]
    reason = reasons[0].rstrip(".") if reasons else "llama.cpp does not say why"
    return f"The adapter {lora.path.name} does not fit this model ({reason}); leave it out."
