"""How results are measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gguf
import numpy as np

from tests.modelfiles.convert.small import Floats

PROMPT = [1, 262, 300, 15, 271, 310, 305, 290, 77, 265]
"""Ten tokens of the small model's vocabulary: pieces, characters and bytes."""
CLOSE = 0.004
"""Of logits where weights are floats: llama.cpp rounds keys, values and activations to F16."""
ROUGH = 0.06
"""Where weights are quantised: llama.cpp then rounds activations to eight bits. A fault in one
tensor is ten times as far away."""


def distance(found: Floats, expected: Floats) -> float:
    """The usual difference of two tables of logits, as a part of their spread."""
    return float(np.sqrt(np.mean((found - expected) ** 2)) / expected.std())


def fields(path: Path) -> dict[str, Any]:
    """A GGUF file's keys, as the `gguf` package reads them."""
    return {name: field.contents() for name, field in gguf.GGUFReader(path).fields.items()}
