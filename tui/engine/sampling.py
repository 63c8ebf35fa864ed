"""How the next token is drawn: one frozen value, every part of which has an "off"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

TfsRule = Literal["llama.cpp", "text-generation-webui"]

STAGES = (
    "penalties",
    "dry",
    "top_n_sigma",
    "top_k",
    "tfs",
    "typical",
    "top_p",
    "min_p",
    "xtc",
    "temperature",
)
"""The stages in the order in which they act where `Sampling.order` says nothing (llama.cpp's)."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """What is done to a model's probabilities before one token is drawn.

    Values are those of llama.cpp's samplers of the same names. `temperature` 0 takes the
    likeliest token; a `top_k` of 0, `top_p`, `typical_p`, `tfs_z` and `repeat_penalty` of 1,
    `top_n_sigma` of -1 and everything else at 0 are off. `repeat_last_n` and `dry_last_n`
    count tokens back from the end, -1 for the whole window. With `mirostat` 1 or 2 only the
    penalties and the temperature act beside it. Raises ValueError for a value without meaning.
    """

    temperature: float = 0.8
    top_k: int = 40
    top_p: float = 1.0
    min_p: float = 0.05
    typical_p: float = 1.0
    tfs_z: float = 1.0
    tfs_rule: TfsRule = "llama.cpp"
    top_n_sigma: float = -1.0
    repeat_penalty: float = 1.0
    repeat_last_n: int = 64
    frequency_penalty: float = 0.0
    presence_penalty: float = 0.0
    dry_multiplier: float = 0.0
    dry_base: float = 1.75
    dry_allowed_length: int = 2
    dry_last_n: int = 512
    dry_breakers: tuple[str, ...] = ("\n", ":", '"', "*")
    xtc_probability: float = 0.0
    xtc_threshold: float = 0.1
    dynatemp_range: float = 0.0
    dynatemp_exponent: float = 1.0
    mirostat: Literal[0, 1, 2] = 0
    mirostat_tau: float = 5.0
    mirostat_eta: float = 0.1
    logit_bias: tuple[tuple[int, float], ...] = ()
    ban_eos: bool = False
    order: tuple[str, ...] = STAGES

    def __post_init__(self) -> None:
        """Refuse what no sampler could mean."""
        at_least = {
            "temperature": 0.0,
            "top_k": 0,
            "top_p": 0.0,
            "min_p": 0.0,
            "typical_p": 0.0,
            "tfs_z": 0.0,
            "repeat_last_n": -1,
            "dry_multiplier": 0.0,
            "dry_last_n": -1,
            "xtc_probability": 0.0,
            "xtc_threshold": 0.0,
            "dynatemp_range": 0.0,
        }
        for name, least in at_least.items():
            value = getattr(self, name)
            if not value >= least:
                raise ValueError(f"sampling: {name} is {value}, but it must be {least} or more")
        if not self.repeat_penalty > 0:
            raise ValueError(
                f"sampling: repeat_penalty is {self.repeat_penalty}, but it must be above 0"
            )
        if self.mirostat not in (0, 1, 2):
            raise ValueError(f"sampling: mirostat is {self.mirostat}, but it must be 0, 1 or 2")
        if self.tfs_rule not in get_args(TfsRule):
            raise ValueError(
                f"sampling: tfs_rule is {self.tfs_rule!r}, not one of {get_args(TfsRule)}"
            )
        strangers = [name for name in self.order if name not in STAGES]
        if strangers:
            raise ValueError(
                f"sampling: order names {strangers[0]!r}, not one of {', '.join(STAGES)}"
            )

    def as_dict(self) -> dict[str, Any]:
        """The values as JSON can hold them, all of them, for a save or the worker."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Sampling:
        """A Sampling from what `as_dict` or a settings file says; missing values are the defaults.

        Raises ValueError that names every unknown key, or the first value of a wrong kind.
        """
        known = {field.name: field.default for field in fields(cls)}
        unknown = sorted(set(values) - set(known))
        if unknown:
            raise ValueError(f"sampling: unknown setting {', '.join(unknown)}")
        kinds: dict[str, Any] = {
            name: _as_kind(name, value, known[name]) for name, value in values.items()
        }
        return cls(**kinds)


def _as_kind(name: str, value: object, default: object) -> object:
    """The value as the kind that the default has; lists become tuples, whole numbers floats."""
    problem = ValueError(f"sampling: {name} is {value!r}, which is not a {type(default).__name__}")
    if isinstance(default, tuple):
        if not isinstance(value, list | tuple):
            raise problem
        return tuple(tuple(item) if isinstance(item, list) else item for item in value)
    if isinstance(default, bool) != isinstance(value, bool):
        raise problem
    if isinstance(default, float) and isinstance(value, int | float):
        return float(value)
    if not isinstance(value, type(default)):
        raise problem
    return value


_ADVISED = {
    "temp": "temperature",
    "top_k": "top_k",
    "top_p": "top_p",
    "min_p": "min_p",
    "xtc_probability": "xtc_probability",
    "xtc_threshold": "xtc_threshold",
    "penalty_last_n": "repeat_last_n",
    "penalty_repeat": "repeat_penalty",
    "mirostat": "mirostat",
    "mirostat_tau": "mirostat_tau",
    "mirostat_eta": "mirostat_eta",
}
"""What a GGUF's `general.sampling.*` are called here (llama.cpp, gguf-py's constants)."""


def advised(metadata: Mapping[str, str]) -> dict[str, float | int]:
    """What a model file says of how it wants to be drawn from; what has no meaning is left out."""
    found: dict[str, float | int] = {}
    for key, name in _ADVISED.items():
        text = metadata.get(f"general.sampling.{key}", "")
        try:
            value = float(f"{float(text):.6g}")
            whole = isinstance(getattr(Sampling(), name), int)
            Sampling.from_dict({name: int(value) if whole else value})
        except (ValueError, OverflowError):
            continue
        found[name] = int(value) if whole else value
    return found
