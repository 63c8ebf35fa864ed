"""A model with its contexts, ready for requests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, astuple, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from tui.engine.backend import BackendError, LoadSettings, ModelInfo
from tui.engine.memory import (
    ALL_LAYERS,
    MemoryPlan,
    available_bytes,
    cells_for,
    fit_gpu,
    fitting_window,
    plan,
)
from tui.engine.shape import NetworkShape, read_shape
from tui.engine.worker.attention import depth_for, flash_pays
from tui.engine.worker.candidates import Candidates
from tui.engine.worker.context import Context, ContextShape
from tui.engine.worker.lane import Lane
from tui.engine.worker.library import Library, give_back_memory
from tui.engine.worker.measure import (
    Measured,
    candidates,
    is_quiet,
    measure,
    measured_before,
)
from tui.engine.worker.model import Model
from tui.engine.worker.pace import Pace
from tui.engine.worker.pipes import Alarm
from tui.engine.worker.remembered import Remembered
from tui.engine.worker.sequences import common_prefix
from tui.machine import cores

if TYPE_CHECKING:
    from tui.engine.worker.states import States

LARGEST_DEFAULT = 4096
N_BATCH = 64
N_BATCH_GPU = 512
SWAP_GAIN = 16


class Loaded:
    """The weights, the live lane, and a second one once something is read ahead."""

    def __init__(
        self,
        context: Context,
        shape: ContextShape,
        alarm: Alarm,
        info: ModelInfo,
        *,
        pace: Pace,
        state_key: str,
        cache: Path | None,
    ) -> None:
        """`context` is the live one; a second one is made in the same shape.

        `state_key` tells states of this model in this shape from all others in the cache.
        """
        self.model = model = context.model
        self.vocab = model.vocab
        self.info = info
        self.candidates = Candidates(model.vocab.size)
        self._shape = shape
        self._alarm = alarm
        self._state_key = state_key
        self._cache = cache
        self._pace = pace
        self.main = Lane(context, pace)
        self.spare: Lane | None = None

    def spare_lane(self) -> Lane:
        """The second context."""
        if self.spare is None:
            self.spare = Lane(Context(self.model, self._shape, self._alarm), self._pace)
        return self.spare

    def swap_for(self, *prompts: Sequence[int]) -> bool:
        """Make the second context the live one if it knows clearly more of these prompts."""
        spare, main = self.spare, self.main
        if spare is None or any(
            spare.known(tokens) < main.known(tokens) + SWAP_GAIN for tokens in prompts
        ):
            return False
        self.main, self.spare = spare, main
        return True

    @cached_property
    def states(self) -> States | None:
        """The kept states of this model, None without a folder for them."""
        from tui.engine.worker.states import States

        return States(self._cache / "states", self._state_key) if self._cache else None

    def save_state(self, tokens: Sequence[int]) -> tuple[int, Callable[[], None] | None]:
        """See `Backend.save_state`; how many tokens, and what writes them where there is something."""
        if self.states is None:
            return 0, None
        lanes = [self.main, *([self.spare] if self.spare else [])]
        lane = max(lanes, key=lambda lane: lane.context.sequences.best(tokens)[1])
        sequences = lane.context.sequences
        seq, length = sequences.best(tokens)
        if common_prefix(sequences.tokens(lane.live), tokens) == length:
            seq = lane.live
        write = self.states.copied(lane.context, seq, length)
        return (length if write else 0), write

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
    """Load a model as the settings say; raises ModelUnreadable or NotEnoughMemory.

    `plain_weights` is the careful way, after a load that crashed: flash attention isn't tried,
    and a GPU only where layers for it were asked for.
    """
    # It may have sounded for a step that this load has ended.
    alarm.lower()
    network = _network(path, settings)
    free = library.gpu_free_bytes() if library.offloads else None
    settings = with_layers(settings, network, free, careful=plain_weights)
    offloads = settings.gpu_layers != 0
    flash = _flash_as_set(settings, offloads=offloads)
    shape, n_ctx = _shape(path.name, network, settings, flash=bool(flash))
    model = Model(library, path, settings, on_progress, plain_weights=plain_weights)
    before = Remembered(cache)
    try:
        if flash is None and not plain_weights:
            shape = replace(shape, flash_attention=_flash_measured(library, model, shape, before))
        context = Context(model, shape, alarm)
    except BackendError:
        model.close()
        raise
    measured = _measured(library, context, before, fixed=settings.n_threads != "auto")
    shape = replace(shape, n_threads=measured.n_threads)
    info = _info(model, shape, measured, n_ctx=n_ctx)
    key = _state_key(library, model, shape)
    return Loaded(
        context,
        shape,
        alarm,
        info,
        pace=Pace(measured.n_threads, 1 / measured.write_per_second),
        state_key=key,
        cache=cache,
    )


def _network(path: Path, settings: LoadSettings) -> NetworkShape | None:
    """The sizes of a model's network, its adapters' bytes among the file's; None where untold."""
    network = read_shape(path) if path.is_file() else None
    if network is None:
        return None
    beside = sum(lora.path.stat().st_size for lora in settings.loras if lora.path.is_file())
    return replace(network, file_bytes=network.file_bytes + beside)


def with_layers(
    settings: LoadSettings, network: NetworkShape | None, free: int | None, *, careful: bool
) -> LoadSettings:
    """The settings with a count of layers, and with the window that goes with it.

    `free` is the GPU's memory in bytes, 0 where that is not told and None where there is no GPU.
    A `careful` load, after one that crashed, leaves the GPU out unless layers were asked for.
    """
    auto = settings.gpu_layers == "auto"
    if free is None or (auto and careful):
        return replace(settings, gpu_layers=0)
    if not auto:
        return settings
    if network is None or not free:
        return replace(settings, gpu_layers=ALL_LAYERS)
    planned = _planned(network, settings, n_batch=N_BATCH_GPU, flash=True)
    asked = bool(settings.n_ctx)
    n_ctx, layers = fit_gpu(planned, _window(network, settings), network.n_layer, free, asked=asked)
    # A window that is kept is not asked for: the machine's own memory may still have less room.
    fixed = n_ctx if layers == ALL_LAYERS else settings.n_ctx
    return replace(settings, gpu_layers=layers, n_ctx=fixed)


def _window(network: NetworkShape | None, settings: LoadSettings) -> int:
    """The window that is wanted, whether it fits or not."""
    trained = network.n_ctx_train if network else LARGEST_DEFAULT
    return settings.n_ctx or min(trained, LARGEST_DEFAULT)


def _planned(
    network: NetworkShape, settings: LoadSettings, *, n_batch: int, flash: bool, share: float = 1.0
) -> Callable[[int], MemoryPlan]:
    """What a window takes, by its tokens."""
    kv_k, kv_v = settings.kv_type_k, settings.kv_type_v
    return partial(plan, network, kv_k=kv_k, kv_v=kv_v, n_batch=n_batch, flash=flash, share=share)


def _flash_as_set(settings: LoadSettings, *, offloads: bool) -> bool | None:
    """Whether flash attention is used, None where that is to be measured.

    V in less than 16 bits can't be read without it, and on a GPU it saves memory and time.
    """
    if settings.kv_type_v != "f16":
        return True
    if settings.flash_attention != "auto":
        return settings.flash_attention
    return True if offloads else None


def _shape(
    name: str,
    network: NetworkShape | None,
    settings: LoadSettings,
    *,
    flash: bool,
) -> tuple[ContextShape, int]:
    """A context's shape as far as it needs no measuring, and the window; raises NotEnoughMemory."""
    n_batch = N_BATCH_GPU if settings.gpu_layers else N_BATCH
    n_ctx = _window(network, settings)
    per_cell = 0.0
    if network:
        share = _share_beside(network, settings)
        planned = _planned(network, settings, n_batch=n_batch, flash=flash, share=share)
        per_cell = planned(n_ctx).per_cell
        if share:
            asked = bool(settings.n_ctx)
            n_ctx = fitting_window(name, planned, n_ctx, available_bytes(), asked=asked)
    shape = ContextShape(
        n_cells=cells_for(n_ctx, per_cell),
        n_batch=n_batch,
        n_threads=candidates()[0] if settings.n_threads == "auto" else settings.n_threads,
        flash_attention=flash,
        kv_type_k=settings.kv_type_k,
        kv_type_v=settings.kv_type_v,
    )
    return shape, n_ctx


def _share_beside(network: NetworkShape, settings: LoadSettings) -> float:
    """How much of the layers stays in the machine's own memory, beside a GPU."""
    layers = settings.gpu_layers
    if layers in ("auto", ALL_LAYERS):
        return 0.0
    return max(0.0, 1 - layers / (network.n_layer + 1))


def _flash_measured(
    library: Library, model: Model, shape: ContextShape, before: Remembered
) -> bool:
    """Whether flash attention pays, found once: what was told with it is told alike again."""
    parts = [model.fingerprint, library.version, model.repacked, cores()]
    key = _hashed(["flash", *parts, shape.kv_type_k, depth_for(shape)])
    kept = before.get(key)
    if isinstance(kept, bool):
        return kept
    found = flash_pays(model, shape)
    give_back_memory()
    before.keep(key, found)
    return found


def _measured(library: Library, context: Context, before: Remembered, *, fixed: bool) -> Measured:
    """The threads to use and the speeds with them; kept for later loads if nothing disturbed it."""
    counts = [context.shape.n_threads] if fixed else candidates()
    model = context.model
    parts = [model.fingerprint, library.version, model.gpu_layers, model.repacked, cores()]
    key = _hashed([*parts, context.shape.n_cells, context.shape.flash_attention, counts])
    measured = measured_before(before.get(key))
    if measured is None:
        measured, steady = measure(context, counts)
        if steady and is_quiet():
            before.keep(key, astuple(measured))
    context.set_threads(measured.n_threads)
    return measured


def _info(model: Model, shape: ContextShape, measured: Measured, *, n_ctx: int) -> ModelInfo:
    """What is told of a loaded model."""
    return ModelInfo(
        path=model.path,
        name=model.metadata.get("general.name") or model.path.stem,
        fingerprint=model.fingerprint,
        architecture=model.metadata.get("general.architecture", ""),
        n_params=model.n_params,
        n_ctx_train=model.n_ctx_train,
        n_ctx=n_ctx,
        n_vocab=model.vocab.size,
        bos=model.vocab.bos,
        eos=model.vocab.eos,
        add_bos=model.vocab.adds_bos,
        chat_template=model.metadata.get("tokenizer.chat_template"),
        metadata=dict(model.metadata),
        size_bytes=model.size_bytes,
        gpu_layers=model.gpu_layers,
        n_threads=measured.n_threads,
        flash_attention=shape.flash_attention,
        read_per_second=measured.read_per_second,
        write_per_second=measured.write_per_second,
    )


def _state_key(library: Library, model: Model, shape: ContextShape) -> str:
    """What a state's bytes depend on: the model, the library, and how the cache is laid out."""
    neutral = replace(shape, n_threads=0, n_batch=0)
    return _hashed([model.fingerprint, library.version, asdict(neutral)])


def _hashed(parts: list[object]) -> str:
    """A key for what was found for just these values."""
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=32).hexdigest()
