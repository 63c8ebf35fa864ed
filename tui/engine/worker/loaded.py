"""A model with its contexts, ready for requests."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

from tui.engine.backend import LoadSettings, ModelInfo
from tui.engine.gguf_header import read_shape
from tui.engine.memory import available_bytes, cells_for, check_memory, plan
from tui.engine.worker.candidates import Candidates
from tui.engine.worker.context import Context, ContextShape
from tui.engine.worker.lane import Lane
from tui.engine.worker.library import Library
from tui.engine.worker.model import Model
from tui.engine.worker.pipes import Alarm
from tui.engine.worker.states import States

LARGEST_DEFAULT = 4096
N_BATCH = 256
N_BATCH_GPU = 512
SWAP_GAIN = 16


class Loaded:
    """The weights, the live lane, and a second one once something is read ahead."""

    def __init__(
        self,
        model: Model,
        shape: ContextShape,
        alarm: Alarm,
        info: ModelInfo,
        states: States | None,
    ) -> None:
        """Make the live context."""
        self.model = model
        self.vocab = model.vocab
        self.info = info
        self.candidates = Candidates(model.vocab.size)
        self._shape = shape
        self._alarm = alarm
        self.states = states
        self.main = Lane(Context(model, shape, alarm))
        self.spare: Lane | None = None

    def spare_lane(self) -> Lane:
        """The second context."""
        if self.spare is None:
            self.spare = Lane(Context(self.model, self._shape, self._alarm))
        return self.spare

    def swap_for(self, tokens: Sequence[int]) -> bool:
        """Make the second context the live one if it knows clearly more of a prompt."""
        spare = self.spare
        if spare is None or spare.known(tokens) < self.main.known(tokens) + SWAP_GAIN:
            return False
        self.main, self.spare = spare, self.main
        return True

    def save_state(self, tokens: Sequence[int]) -> int:
        """See `Backend.save_state`."""
        if self.states is None:
            return 0
        context = self.main.context
        seq, _ = context.sequences.best(tokens)
        return self.states.save(context, seq, tokens)

    def load_state(self, tokens: Sequence[int]) -> int:
        """See `Backend.load_state`; what is live already counts too."""
        context = self.main.context
        _, known = context.sequences.best(tokens)
        if self.states is None:
            return known
        loaded = self.states.load(context, tokens, known)
        if loaded:
            self.main.live = 0
        return max(loaded, context.sequences.best(tokens)[1])

    def close(self) -> None:
        """Give the memory back."""
        for lane in (self.main, self.spare):
            if lane:
                lane.context.close()
        self.model.close()


def load(
    library: Library,
    alarm: Alarm,
    path: Path,
    settings: LoadSettings,
    on_progress: Callable[[float], None],
    *,
    plain_weights: bool,
    cache: Path | None,
) -> Loaded:
    """Load a model as the settings say; raises ModelUnreadable or NotEnoughMemory."""
    shape = read_shape(path) if path.is_file() else None
    offloads = library.offloads and settings.gpu_layers != 0
    n_batch = N_BATCH_GPU if offloads else N_BATCH
    per_cell = 0.0
    n_ctx = settings.n_ctx or min(shape.n_ctx_train if shape else LARGEST_DEFAULT, LARGEST_DEFAULT)
    flash = settings.flash_attention if settings.flash_attention != "auto" else offloads
    if settings.kv_type_v != "f16":
        flash = True
    if shape:
        planned = partial(
            plan,
            shape,
            kv_k=settings.kv_type_k,
            kv_v=settings.kv_type_v,
            n_batch=n_batch,
            flash=flash,
        )
        per_cell = planned(n_ctx).per_cell
        if not offloads:
            check_memory(path.name, planned, n_ctx, available_bytes())
    model = Model(library, path, settings, on_progress, plain_weights=plain_weights)
    threads = settings.n_threads if settings.n_threads != "auto" else default_threads()
    context_shape = ContextShape(
        n_cells=cells_for(n_ctx, per_cell),
        n_batch=n_batch,
        n_threads=threads,
        flash_attention=flash,
        kv_type_k=settings.kv_type_k,
        kv_type_v=settings.kv_type_v,
    )
    info = model.info(
        n_ctx=n_ctx,
        gpu_layers=(shape.n_layer if shape else -1) if offloads else 0,
        n_threads=threads,
        flash_attention=flash,
    )
    return Loaded(model, context_shape, alarm, info, _states(library, model, context_shape, cache))


def _states(
    library: Library, model: Model, shape: ContextShape, cache: Path | None
) -> States | None:
    """The state files of this model, this library and what of the shape their bytes depend on."""
    if cache is None:
        return None
    neutral = replace(shape, n_threads=0, n_batch=0)
    parts = [model.fingerprint, library.version, asdict(neutral)]
    return States(cache, hashlib.blake2b(json.dumps(parts).encode(), digest_size=32).hexdigest())


def default_threads() -> int:
    """As many threads as there are cores for this process, one left to the screen from four on."""
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    return cores - 1 if cores >= 4 else cores
