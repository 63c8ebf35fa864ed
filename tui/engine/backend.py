"""What turns a prompt into text: the values and the Protocol that every backend speaks."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from tui.engine.sampling import Sampling

Priority = Literal["now", "idle"]
KvType = Literal["f16", "q8_0", "q4_0"]
FinishReason = Literal["end", "stop", "length", "cancelled"]


class BackendError(Exception):
    """Something that the player can be told: one sentence, with what to do where there is something."""


class ModelNotLoaded(BackendError):
    """Text was asked for before a model was loaded."""


class ModelUnreadable(BackendError):
    """The file is missing, is not a model, or is a model that this engine cannot run."""


class NotEnoughMemory(ModelUnreadable):
    """The model with this context would not fit; `n_ctx` is the largest context that would, or 0."""

    def __init__(self, message: str, n_ctx: int = 0) -> None:
        """Keep the context that would fit beside the sentence."""
        super().__init__(message)
        self.n_ctx = n_ctx


class WorkerDied(BackendError):
    """The engine's process ended by itself, was started again, and ended once more."""


class PromptTooLong(BackendError):
    """The prompt leaves no room for a reply; `length` and `n_ctx` are in tokens."""

    def __init__(self, message: str, length: int = 0, n_ctx: int = 0) -> None:
        """Keep the two counts beside the sentence."""
        super().__init__(message)
        self.length = length
        self.n_ctx = n_ctx


@dataclass(frozen=True, slots=True)
class Run:
    """One stretch of a prompt: a text, or ids as this model sampled them; exactly one of both.

    Neighbouring text runs that agree in `special` are tokenised as one string. Special pieces
    (`<|im_start|>`) are recognised only where `special` is set, which no player's text may be.
    """

    text: str = ""
    tokens: tuple[int, ...] = ()
    special: bool = False

    def __post_init__(self) -> None:
        """Refuse a run that is both; an empty one is harmless."""
        if self.text and self.tokens:
            raise ValueError("a Run is a text or tokens, not both")


@dataclass(frozen=True, slots=True)
class Lora:
    """A LoRA adapter in a GGUF file, and how strongly it is added to the model."""

    path: Path
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class LoadSettings:
    """How a model is brought up; "auto" is measured or computed at load.

    `n_ctx` is the window in tokens; 0 is what the model was trained for, 4096 at most. `loras` are
    added to the weights, all together.
    """

    n_ctx: int = 0
    gpu_layers: int | Literal["auto"] = "auto"
    n_threads: int | Literal["auto"] = "auto"
    flash_attention: bool | Literal["auto"] = "auto"
    kv_type_k: KvType = "f16"
    kv_type_v: KvType = "f16"
    use_mmap: bool | Literal["auto"] = "auto"
    loras: tuple[Lora, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A loaded model, as its file and the engine say.

    `fingerprint` is stable for the same weights wherever the file lies. `chat_template` is
    the Jinja text of the file, None where it has none. The two speeds are tokens per second
    as measured at load on this machine, 0 where they were not measured.
    """

    path: Path
    name: str
    fingerprint: str
    architecture: str
    n_params: int
    n_ctx_train: int
    n_ctx: int
    n_vocab: int
    bos: int | None
    eos: int | None
    add_bos: bool
    chat_template: str | None
    metadata: Mapping[str, str]
    size_bytes: int
    gpu_layers: int
    n_threads: int
    flash_attention: bool = False
    read_per_second: float = 0.0
    write_per_second: float = 0.0


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a model: to continue `tokens`, the whole prompt, BOS included.

    `stop` strings end the reply and are not part of its text; they are found across piece
    borders. `grammar` is GBNF with the rule `root`. `phrases`, if given, are whole texts of
    which the reply is exactly one: the model weighs them token by token and what only one of
    them can continue with is appended, not sampled, so it is much quicker than a grammar (let
    each end in the same terminator, such as a newline, if one may begin another). `count`
    above 1 draws that many independent replies as one batch, with the seeds `seed`,
    `seed + 1`, ...; their events carry `index`. An `idle` request runs while no `now` request
    does; `key` names it for `Backend.promote`.
    """

    tokens: tuple[int, ...]
    max_tokens: int
    sampling: Sampling = field(default_factory=Sampling)
    seed: int = 0
    stop: tuple[str, ...] = ()
    grammar: str = ""
    phrases: tuple[str, ...] = ()
    count: int = 1
    priority: Priority = "now"
    key: str = ""

    def __post_init__(self) -> None:
        """Refuse what no engine could do."""
        if self.count < 1 or self.max_tokens < 0:
            raise ValueError("a Request needs a count of 1 or more and max_tokens of 0 or more")
        if self.grammar and self.phrases:
            raise ValueError("a Request is bound by a grammar or by phrases, not both")


@dataclass(frozen=True, slots=True)
class Reading:
    """`done` of the prompt's `total` tokens are read; the first `kept` of them were known already."""

    done: int
    total: int
    kept: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that follows what came before, whole characters only.

    `tokens` are the ids that this text is the whole of; only the last piece before a stop
    string may carry text without its id (the token reaches into the stop string). `ends` are the
    characters of the text up to the end of each id, so that nothing depends on how many travel
    together.
    """

    text: str
    tokens: tuple[int, ...]
    index: int = 0
    ends: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Finished:
    """One reply is over.

    `tokens` are all ids that were sampled; `clean_tokens` those wholly before the stop string
    and without the end-of-text token: what may stand in a later prompt. `kept` and `read`
    count prompt tokens that were and were not in the cache, `written` sampled ones.
    """

    reason: FinishReason
    stop_string: str
    index: int
    tokens: tuple[int, ...]
    clean_tokens: tuple[int, ...]
    kept: int
    read: int
    written: int
    read_seconds: float
    write_seconds: float


Event = Reading | Piece | Finished


class Backend(Protocol):
    """Turns tokens into text; one model at a time."""

    @property
    def model(self) -> ModelInfo | None:
        """The loaded model, None before `load` and after `close`."""
        ...

    async def load(
        self,
        path: Path,
        settings: LoadSettings = ...,
        on_progress: Callable[[float], None] | None = None,
    ) -> ModelInfo:
        """Load a model file in place of the present one; progress goes from 0 to 1.

        Raises ModelUnreadable (NotEnoughMemory among it) or WorkerDied.
        """
        ...

    async def encode(self, runs: Sequence[Run], *, add_bos: bool = True) -> tuple[int, ...]:
        """The runs as one prompt: ids kept, each text tokenised as it stands between them.

        Only a text at the very beginning gets the space that some vocabularies put in front.
        With `add_bos` the BOS comes first where the model wants one.
        """
        ...

    async def encode_many(
        self, texts: Sequence[str], *, special: bool = False
    ) -> list[tuple[int, ...]]:
        """Each text by itself, as in the middle of a prompt: no BOS, no space in front."""
        ...

    async def pieces(self, tokens: Sequence[int]) -> list[bytes]:
        """The bytes of each id, special pieces by their names (for the inspector)."""
        ...

    def generate(self, request: Request) -> AsyncGenerator[Event, None]:
        """Continue a prompt: Reading*, Piece*, then one Finished for each index.

        Closing the iterator, or cancelling the task that waits on it, frees the engine within
        one decode step. Raises ModelNotLoaded, PromptTooLong, WorkerDied or BackendError
        (a grammar that does not parse).
        """
        ...

    async def cancel(self, key: str) -> None:
        """End the requests with this key; each still says Finished("cancelled") with what it has."""
        ...

    async def promote(self, key: str) -> bool:
        """Make the idle request with this key the `now` request, with what it already has.

        False where no such request is under way (it is finished, or never was).
        """
        ...

    async def read_ahead(self, tokens: Sequence[int]) -> bool:
        """Read a prompt that will be needed later, at idle priority and beside the live one.

        True once it is read; False where it gave way to a newer `read_ahead`.
        """
        ...

    async def save_state(self, tokens: Sequence[int]) -> int:
        """Keep what is known of this prompt for the next start; how many tokens are kept (0: none)."""
        ...

    def keep_state(self, tokens: Sequence[int]) -> None:
        """`save_state` without waiting for it, even where `close` or the program's end follow."""
        ...

    async def load_state(self, tokens: Sequence[int]) -> int:
        """Bring back the longest kept beginning of this prompt; how many tokens it has (0: none)."""
        ...

    async def score(self, tokens: Sequence[int], continuations: Sequence[str]) -> list[float]:
        """The summed log-probability of each continuation after `tokens`, in nats."""
        ...

    async def close(self) -> None:
        """End the engine; whatever still runs is cancelled."""
        ...
