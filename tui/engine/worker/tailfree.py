"""Tail-free sampling, which llama.cpp dropped (PR 10071): keep what comes before the flat tail.

The curvature of the sorted probabilities tells where the tail begins. Two programs cut one
token apart: llama.cpp kept `i` tokens, text-generation-webui `i + 1`; settings found with the
one want its rule.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tui.engine.sampling import TfsRule


def tail_free_count(probabilities: NDArray[np.floating], z: float, rule: TfsRule) -> int:
    """How many of the probabilities, sorted from the largest down, are kept (1 at least)."""
    count = len(probabilities)
    if z >= 1.0 or count <= 2:
        return count
    curvature = np.abs(np.diff(probabilities.astype(np.float64), n=2))
    total = curvature.sum()
    weights = curvature / total if total > 1e-6 else np.full(len(curvature), 1 / len(curvature))
    cumulated = np.cumsum(weights)
    above = np.flatnonzero(cumulated > z)
    candidates = above[above >= 1] if rule == "llama.cpp" else above
    if not len(candidates):
        return count
    kept = int(candidates[0]) + (rule == "text-generation-webui")
    return max(1, kept)
