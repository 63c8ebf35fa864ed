"""The fastest bare loop over llama.cpp's C calls, to compare with: `python -m bench.bare MODEL THREADS PROMPT WRITE`.

Prints, as JSON, the seconds to load, to read the prompt, and to write (decode and sample) the rest.
"""

from __future__ import annotations

import ctypes
import json
import sys
import time
from typing import Any

import llama_cpp.llama_cpp as binding

api: Any = binding
BATCH = 256


def _say_nothing(_level: int, _text: bytes, _data: object) -> None:
    """Drop llama.cpp's log."""


def main(path: str, threads: int, n_prompt: int, n_write: int) -> None:
    """Load, read, write, tell."""
    quiet = api.llama_log_callback(_say_nothing)
    api.llama_log_set(quiet, ctypes.c_void_p(0))
    started = time.perf_counter()
    params = api.llama_model_default_params()
    params.use_extra_bufts = b"AMX_INT8 = 1" not in api.llama_print_system_info()
    model = api.llama_model_load_from_file(path.encode(), params)
    shape = api.llama_context_default_params()
    shape.n_ctx, shape.n_batch, shape.n_ubatch, shape.flash_attn_type = 2048, BATCH, BATCH, 0
    shape.n_threads = shape.n_threads_batch = threads
    context = api.llama_init_from_model(model, shape)
    chain = api.llama_sampler_chain_init(api.llama_sampler_chain_default_params())
    for sampler in (
        api.llama_sampler_init_top_k(40),
        api.llama_sampler_init_min_p(0.05, 1),
        api.llama_sampler_init_temp(0.8),
        api.llama_sampler_init_dist(1),
    ):
        api.llama_sampler_chain_add(chain, sampler)
    loaded = time.perf_counter()
    ids = prompt_ids(n_prompt)
    for start in range(0, n_prompt, BATCH):
        part = ids[start : start + BATCH]
        array = (ctypes.c_int32 * len(part))(*part)
        api.llama_decode(context, api.llama_batch_get_one(array, len(part)))
    api.llama_get_logits_ith(context, -1)
    read = time.perf_counter()
    one = (ctypes.c_int32 * 1)()
    for _ in range(n_write):
        one[0] = api.llama_sampler_sample(chain, context, -1)
        api.llama_decode(context, api.llama_batch_get_one(one, 1))
    api.llama_get_logits_ith(context, -1)
    wrote = time.perf_counter()
    print(json.dumps({"load": loaded - started, "read": read - loaded, "write": wrote - read}))


def prompt_ids(count: int, seed: int = 0) -> list[int]:
    """A prompt of some tokens that every benched model's vocabulary has."""
    return [1, *(300 + (seed * 77 + 7 * place) % 1500 for place in range(count - 1))]


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))
