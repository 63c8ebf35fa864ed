"""The `config.json` of a LLaMA-architecture model."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, Field, ValidationError, field_validator

from tui.modelfiles.convert.errors import ConvertError
from tui.modelfiles.convert.kinds import read_json
from tui.modelfiles.convert.llama import LlamaShape
from tui.modelfiles.convert.stored import Floats

ARCHITECTURES = ("LlamaForCausalLM", "LLaMAForCausalLM", "MistralForCausalLM")
_Count = Annotated[int, Field(ge=1, lt=1 << 22)]
_Real = Annotated[float, Field(gt=0, lt=1e12, allow_inf_nan=False)]


class Rope(BaseModel):
    """How positions are stretched."""

    rope_type: str | None = None
    type: str | None = None
    factor: _Real = 1.0
    rope_theta: _Real | None = None
    low_freq_factor: _Real = 1.0
    high_freq_factor: _Real = 4.0
    original_max_position_embeddings: _Count = 8192

    @property
    def kind(self) -> str:
        """The kind, by its newer or older name."""
        return self.rope_type or self.type or "default"


class Config(BaseModel):
    """What is read of a config.json."""

    architectures: list[str] = []
    model_type: str = ""
    vocab_size: _Count = 32000
    hidden_size: _Count
    intermediate_size: _Count
    num_hidden_layers: Annotated[int, Field(ge=1, le=1000)]
    num_attention_heads: _Count
    num_key_value_heads: _Count | None = None
    head_dim: _Count | None = None
    max_position_embeddings: _Count = 2048
    rms_norm_eps: _Real = 1e-6
    rope_theta: _Real = 10000.0
    rope_scaling: Rope | None = None
    rope_parameters: Rope | None = None
    quantization_config: dict[str, Any] = {}

    @field_validator("quantization_config", mode="before")
    @classmethod
    def _none_is_empty(cls, value: object) -> object:
        """Some files have null there."""
        return value or {}

    @property
    def rope(self) -> Rope:
        """The stretching, by its newer or older key."""
        return self.rope_parameters or self.rope_scaling or Rope()

    @property
    def head_width(self) -> int:
        """Numbers in a head."""
        return self.head_dim or self.hidden_size // self.num_attention_heads

    def shape(self, n_vocab: int) -> LlamaShape:
        """The network's sizes."""
        return LlamaShape(
            n_vocab=n_vocab,
            n_embd=self.hidden_size,
            n_layer=self.num_hidden_layers,
            n_ff=self.intermediate_size,
            n_head=self.num_attention_heads,
            n_head_kv=self.num_key_value_heads or self.num_attention_heads,
            head_width=self.head_width,
            n_ctx=self.max_position_embeddings,
            eps=self.rms_norm_eps,
            rope_base=self.rope.rope_theta or self.rope_theta,
            rope_factor=self.rope.factor if self.rope.kind == "linear" else 1.0,
        )

    def rope_divisors(self) -> Floats | None:
        """What Llama 3.1 divides each turning speed by: long waves by all of the factor."""
        if self.rope.kind != "llama3":
            return None
        base, width = self.rope.rope_theta or self.rope_theta, self.head_width
        speeds = base ** (-np.arange(0, width, 2, dtype=np.float64) / width)
        turns = self.rope.original_max_position_embeddings * speeds / (2 * math.pi)
        low, high = self.rope.low_freq_factor, self.rope.high_freq_factor
        smooth = np.clip((turns - low) / max(high - low, 1e-9), 0, 1)
        return (1 / ((1 - smooth) / self.rope.factor + smooth)).astype(np.float32)


def read_config(folder: Path) -> Config:
    """A folder's config.json; raises ConvertError, also for an architecture that is not LLaMA's."""
    path = folder / "config.json"
    try:
        config = Config.model_validate(read_json(path))
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])[:80]
        raise ConvertError(f"{path} is wrong at {where}; fetch the file again.") from error
    names = config.architectures or ([] if config.model_type == "llama" else [config.model_type])
    if names and names[0] not in ARCHITECTURES:
        raise ConvertError(
            f"{folder} is a {names[0][:40] or 'model of no known kind'} and not a LLaMA; look for the "
            "same model as GGUF."
        )
    if config.rope.kind not in ("default", "linear", "llama3"):
        raise ConvertError(
            f"{path} stretches positions by {config.rope.kind[:20]}, which cannot be carried over; look "
            "for the same model as GGUF."
        )
    heads, shared = config.num_attention_heads, config.num_key_value_heads or 1
    if heads % shared or config.head_width % 2 or config.head_width < 2:
        raise ConvertError(f"{path} has heads that do not fit together; fetch the file again.")
    return config
