"""llama.cpp's functions, its log, and what it was built for."""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import os
import sys
from collections import deque
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

os.environ.setdefault("GGML_NO_BACKTRACE", "1")


def _bind() -> ModuleType:
    """The binding's C functions without its package, whose high-level half takes 0.15 s and 23 MB.

    The package is left to be imported properly by whoever wants it.
    """
    if "llama_cpp" in sys.modules:
        return importlib.import_module("llama_cpp.llama_cpp")
    spec = importlib.util.find_spec("llama_cpp")
    if spec is None:
        raise ImportError("llama-cpp-python is not installed")
    sys.modules["llama_cpp"] = importlib.util.module_from_spec(spec)
    try:
        return importlib.import_module("llama_cpp.llama_cpp")
    finally:
        del sys.modules["llama_cpp"]


api: Any = _bind()

Pointer: TypeAlias = Any
"""One of the binding's opaque pointers."""

STOPPED = (
    "graph_compute: ggml_backend_sched_graph_compute_async failed with error 1",
    "process_ubatch: failed to compute graph, compute status: 1",
    "decode: removing memory module entries",
    "llama_decode: failed to decode, ret = 2",
)
"""What llama.cpp says of a step that the alarm has stopped, which is no mishap here."""

DEBUG, WARNING, ERROR, CONTINUED = 1, 3, 4, 5
GPU, INTEGRATED = 1, 2
"""llama.cpp's kinds of devices that take layers; integrated ones where there is no other."""

get_logits: Any = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int32)(
    ("llama_get_logits_ith", api._lib)
)
"""`llama_get_logits_ith` that returns an address, which is all that is needed and cheaper."""


def give_back_memory() -> None:
    """Have the C library return what was freed to the system, where it keeps it (glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)


class Library:
    """The one use of llama.cpp in this process: started, with its log caught."""

    def __init__(self) -> None:
        """Route the log and start the back ends."""
        self._last = deque[str](maxlen=12)
        self._level = 0
        self._callback = api.llama_log_callback(self._log)
        api.llama_log_set(self._callback, ctypes.c_void_p(0))
        api.llama_backend_init()

    def _log(self, level: int, text: bytes, _data: object) -> None:
        """Keep warnings and errors at hand, and write all but the finest detail to the log."""
        self._level = self._level if level == CONTINUED else level
        if self._level == DEBUG:
            return
        line = text.decode("utf-8", "replace")
        if line.startswith(STOPPED):
            return
        if level in (WARNING, ERROR):
            self._last.append(line.strip())
        sys.stderr.write(line)

    def forget_complaints(self) -> None:
        """Start collecting anew."""
        self._last.clear()

    @property
    def complaints(self) -> tuple[str, ...]:
        """The latest warnings and errors, oldest first."""
        return tuple(self._last)

    @property
    def has_amx(self) -> bool:
        """Whether it would use AMX, which crashes where GCC 12 built it natively."""
        return b"AMX_INT8 = 1" in api.llama_print_system_info()

    @property
    def offloads(self) -> bool:
        """Whether it was built for a GPU that it can use."""
        return bool(api.llama_supports_gpu_offload())

    def gpu_free_bytes(self) -> int:
        """Memory that is free on the devices that take layers, 0 where that is not told."""
        try:
            count, get = api._lib.ggml_backend_dev_count, api._lib.ggml_backend_dev_get
            kind, memory = api._lib.ggml_backend_dev_type, api._lib.ggml_backend_dev_memory
        except AttributeError:
            return 0
        count.restype = ctypes.c_size_t
        get.argtypes, get.restype = [ctypes.c_size_t], ctypes.c_void_p
        kind.argtypes = [ctypes.c_void_p]
        memory.argtypes, memory.restype = [ctypes.c_void_p, *[ctypes.c_void_p] * 2], None
        free = {GPU: 0, INTEGRATED: 0}
        for device in map(get, range(count())):
            one, total = ctypes.c_size_t(), ctypes.c_size_t()
            memory(device, ctypes.addressof(one), ctypes.addressof(total))
            free[kind(device)] = free.get(kind(device), 0) + one.value
        return free[GPU] or free[INTEGRATED]

    @cached_property
    def version(self) -> str:
        """Tells this build of llama.cpp from any other, for the keys of what is cached."""
        stat = Path(api._lib._name).stat()
        return f"{stat.st_size}-{stat.st_mtime_ns}"
