"""What is planned against what llama.cpp reserves, for shapes of models that are not at hand."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

import gguf
import numpy as np
import pytest

from bench.make_model import Shape, add_vocabulary, matrices, norms
from tests.engine.inside import Inside
from tui.engine import LoadSettings, NotEnoughMemory
from tui.engine.memory import (
    ALL_LAYERS,
    RESERVE_BYTES,
    MemoryPlan,
    check_memory,
    fit_gpu,
    fitting_window,
    plan,
)
from tui.engine.shape import NetworkShape, read_shape
from tui.engine.worker.context import MAX_OUTPUTS
from tui.engine.worker.library import Library, api
from tui.engine.worker.loaded import with_layers
from tui.engine.worker.model import why_not_loaded

Q4_0 = gguf.GGMLQuantizationType.Q4_0
SHAPES = {
    "1.1B": Shape(32000, 2048, 22, 32, 4, 5632, Q4_0),
    "7B": Shape(32000, 4096, 32, 32, 32, 11008, Q4_0),
    "8B": Shape(128256, 4096, 32, 32, 8, 14336, Q4_0),
    "13B": Shape(32000, 5120, 40, 40, 40, 13824, Q4_0),
}
BATCH = 64
GB = 10**9
MIB = 1 << 20


def hollow(path: Path, shape: Shape) -> Path:
    """A model file of that shape whose weights are a hole that takes no room on the disk."""
    writer = gguf.GGUFWriter(path, "llama", use_temp_file=False)
    writer.add_context_length(4096)
    writer.add_embedding_length(shape.n_embd)
    writer.add_block_count(shape.n_layer)
    writer.add_feed_forward_length(shape.n_ff)
    writer.add_head_count(shape.n_head)
    writer.add_head_count_kv(shape.n_head_kv)
    writer.add_rope_dimension_count(shape.n_embd // shape.n_head)
    writer.add_layer_norm_rms_eps(1e-5)
    add_vocabulary(writer, shape.n_vocab)
    total = 0
    for name, rows, columns in matrices(shape):
        width = columns // 32 * 18
        dtype = np.dtype(np.uint8)
        writer.add_tensor_info(name, (rows, width), dtype, rows * width, raw_dtype=Q4_0)
        total += rows * width
    for name in norms(shape):
        writer.add_tensor_info(name, (shape.n_embd,), np.dtype(np.float32), 4 * shape.n_embd)
        total += 4 * shape.n_embd
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    writer.close()
    os.truncate(path, -(-path.stat().st_size // 32) * 32 + total)
    return path


def reserved(path: Path, n_cells: int, capfd: pytest.CaptureFixture[str], *, flash: bool) -> float:
    """The bytes that llama.cpp says it would reserve for computing, nothing being allocated."""
    model_params = api.llama_model_default_params()
    model_params.no_alloc = True
    model_params.load_mode = api.LLAMA_LOAD_MODE_NONE
    capfd.readouterr()
    model = api.llama_model_load_from_file(str(path).encode(), model_params)
    params = api.llama_context_default_params()
    params.n_ctx, params.n_batch, params.n_ubatch = n_cells, BATCH, BATCH
    params.n_seq_max, params.n_outputs_max = 8, MAX_OUTPUTS
    params.flash_attn_type, params.kv_unified = int(flash), True
    context = api.llama_init_from_model(model, params)
    api.llama_free(context)
    api.llama_model_free(model)
    said = capfd.readouterr().err
    sizes = re.findall(r"(?:output|compute) buffer size = +([\d.]+) MiB", said)
    assert len(sizes) == 2
    return sum(map(float, sizes)) * MIB


@pytest.mark.parametrize("name", SHAPES)
def test_buffers_are_planned_as_llama_cpp_reserves_them(
    name: str, tmp_path: Path, library: Library, capfd: pytest.CaptureFixture[str]
) -> None:
    assert library
    path = hollow(tmp_path / "hollow.gguf", SHAPES[name])
    shape = read_shape(path)
    assert shape
    for n_ctx in (2048, 8192):
        for flash in (False, True):
            planned = plan(shape, n_ctx, "f16", "f16", n_batch=BATCH, flash=flash)
            real = reserved(path, planned.n_cells, capfd, flash=flash)
            assert real <= planned.buffers <= 1.3 * real + 6 * MIB


LLAMA_7B = NetworkShape("llama", int(3.79 * GB), 32, 32, 4096, 4096, 32000, 131072, 131072)
LLAMA_13B = NetworkShape("llama", int(7.32 * GB), 40, 40, 4096, 5120, 32000, 204800, 204800)


def planned(shape: NetworkShape, n_ctx: int) -> MemoryPlan:
    return plan(shape, n_ctx, "f16", "f16", n_batch=BATCH, flash=False)


@pytest.mark.parametrize(
    ("shape", "n_ctx", "cache_mib", "total_gb"),
    [
        (LLAMA_7B, 2048, 1280, 6.5),
        (LLAMA_7B, 4096, 2304, 8.7),
        (LLAMA_7B, 8192, 4352, 13.1),
        (LLAMA_13B, 2048, 2000, 11.6),
        (LLAMA_13B, 4096, 3600, 15.0),
        (LLAMA_13B, 8192, 6800, 21.8),
    ],
)
def test_known_models_take_what_is_known_of_them(
    shape: NetworkShape, n_ctx: int, cache_mib: int, total_gb: float
) -> None:
    found = planned(shape, n_ctx)
    assert found.n_cells * found.per_cell == cache_mib * MIB
    assert found.total == pytest.approx(total_gb * GB, rel=0.01)


@pytest.mark.parametrize("shape", [LLAMA_7B, LLAMA_13B])
@pytest.mark.parametrize("available_gb", [8, 12, 16, 20])
def test_the_context_that_is_named_is_the_largest_that_fits(
    shape: NetworkShape, available_gb: int
) -> None:
    plans = partial(planned, shape)
    available = available_gb * GB
    try:
        check_memory("model.gguf", plans, 16384, available)
    except NotEnoughMemory as error:
        said, fitting = str(error), error.n_ctx
    else:
        pytest.fail("it fits")
    if fitting:
        assert f"a context of {fitting} tokens would fit" in said
        check_memory("model.gguf", plans, fitting, available)
        with pytest.raises(NotEnoughMemory):
            check_memory("model.gguf", plans, fitting + 256, available)
    else:
        assert "a smaller or more strongly quantised model" in said
    assert f"{plans(16384).total / 1e9:.1f} GB" in said


def test_where_no_context_was_asked_for_the_one_that_fits_is_taken() -> None:
    plans = partial(planned, LLAMA_7B)
    found = fitting_window("model.gguf", plans, 4096, 8 * GB, asked=False)
    assert 1024 <= found < 4096
    assert fitting_window("model.gguf", plans, 4096, 16 * GB, asked=False) == 4096
    with pytest.raises(NotEnoughMemory):
        fitting_window("model.gguf", plans, 4096, 8 * GB, asked=True)
    with pytest.raises(NotEnoughMemory, match="smaller or more strongly"):
        fitting_window("model.gguf", plans, 4096, 4 * GB, asked=False)


def test_a_gpu_that_has_room_takes_all_layers() -> None:
    plans = partial(planned, LLAMA_7B)
    assert fit_gpu(plans, 4096, 32, 12 * GB, asked=False) == (4096, ALL_LAYERS)
    assert fit_gpu(plans, 4000, 32, 12 * GB, asked=True) == (4000, ALL_LAYERS)


def test_all_layers_are_worth_half_of_a_window_that_nobody_asked_for() -> None:
    plans = partial(planned, LLAMA_7B)
    n_ctx, layers = fit_gpu(plans, 4096, 32, 8 * GB, asked=False)
    assert 2048 <= n_ctx < 4096
    assert layers == ALL_LAYERS
    assert plans(n_ctx).total <= 8 * GB - RESERVE_BYTES < plans(n_ctx + 256).total


@pytest.mark.parametrize(
    ("free_gb", "asked", "least", "most"),
    [(8, True, 28, 31), (6, False, 19, 24), (2, False, 4, 8), (0.2, False, 0, 0), (0, True, 0, 0)],
)
def test_layers_that_a_gpu_has_no_room_for_stay_behind(
    free_gb: float, asked: bool, least: int, most: int
) -> None:
    free = int(free_gb * GB)
    plans = partial(planned, LLAMA_7B)
    n_ctx, layers = fit_gpu(plans, 4096, 32, free, asked=asked)
    assert n_ctx == 4096
    assert least <= layers <= most
    if layers:
        there = replace(plans(4096), share=layers / 33)
        more = replace(there, share=(layers + 1) / 33)
        assert there.total <= free - RESERVE_BYTES < more.total


def test_what_a_gpu_holds_takes_no_memory_of_the_machine() -> None:
    whole = planned(LLAMA_7B, 4096)
    beside = replace(whole, share=0.0)
    assert beside.total == whole.contexts * whole.buffers
    assert replace(whole, share=0.5).total == pytest.approx((whole.total + beside.total) / 2)


@pytest.mark.parametrize(
    ("settings", "free", "careful", "layers", "n_ctx"),
    [
        (LoadSettings(), None, False, 0, 0),
        (LoadSettings(gpu_layers=9), None, False, 0, 0),
        (LoadSettings(gpu_layers=9), 24 * GB, True, 9, 0),
        (LoadSettings(gpu_layers=0), 24 * GB, False, 0, 0),
        (LoadSettings(), 24 * GB, True, 0, 0),
        (LoadSettings(), 0, False, ALL_LAYERS, 0),
        (LoadSettings(), 24 * GB, False, ALL_LAYERS, 4096),
        (LoadSettings(n_ctx=2048), 24 * GB, False, ALL_LAYERS, 2048),
        (LoadSettings(), 100 << 20, False, 0, 0),
    ],
)
def test_a_gpu_is_used_where_there_is_one_with_room_that_has_not_crashed(
    settings: LoadSettings, free: int | None, careful: bool, layers: int, n_ctx: int
) -> None:
    found = with_layers(settings, LLAMA_7B, free, careful=careful)
    assert (found.gpu_layers, found.n_ctx) == (layers, n_ctx)


def test_room_is_told_of_just_where_layers_can_go(library: Library) -> None:
    assert bool(library.gpu_free_bytes()) is library.offloads


@pytest.mark.parametrize("layers", [0, 1, 99, "auto"])
def test_layers_are_told_as_they_lie(
    library: Library, tiny_model: Path, layers: int | Literal["auto"]
) -> None:
    settings = LoadSettings(n_ctx=256, n_threads=1, flash_attention=False, gpu_layers=layers)
    found = Inside(library, tiny_model, settings).loaded.info
    wanted = 2 if layers == "auto" else min(layers, 2)
    assert found.gpu_layers == (wanted if library.offloads else 0)


def test_a_model_that_a_gpu_has_no_room_for_is_not_called_damaged() -> None:
    said = ("llama_model_load: error loading model: unable to allocate Vulkan0 buffer",)
    error = why_not_loaded(Path("large.gguf"), said)
    assert isinstance(error, NotEnoughMemory)
    assert str(error) == (
        "large.gguf does not fit in memory (error loading model: unable to allocate Vulkan0 buffer); "
        "set fewer layers for the graphics card (0: none) in the settings, or take a smaller model."
    )
