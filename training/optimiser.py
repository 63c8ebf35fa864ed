"""Muon for the matrices of the layers, AdamW for the rest.

Muon (Jordan et al., 2024): the momentum of a matrix is made nearly orthogonal by a few steps
of a quintic Newton-Schulz iteration before it is applied. Matrices of one shape are done as
one batch, which on a CPU is most of its cost saved.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

_A, _B, _C = 3.4445, -4.7750, 2.0315


def orthogonal(stack: Tensor, steps: int = 5) -> Tensor:
    """Matrices (count, rows, columns) with their singular values pulled to about one."""
    tall = stack.shape[1] > stack.shape[2]
    x = stack.transpose(1, 2) if tall else stack
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(steps):
        square = x @ x.transpose(1, 2)
        x = _A * x + (_B * square + _C * square @ square) @ x
    return x.transpose(1, 2) if tall else x


class Muon(torch.optim.Optimizer):
    """Momentum, made orthogonal, with weight decay; for matrices only."""

    def __init__(
        self, params: Iterable[nn.Parameter], lr: float, momentum: float = 0.95, decay: float = 0.01
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "decay": decay})

    @torch.no_grad()
    def step(self) -> None:
        """Apply the gradients that there are."""
        for group in self.param_groups:
            by_shape: dict[tuple[int, ...], list[nn.Parameter]] = {}
            for weight in group["params"]:
                by_shape.setdefault(tuple(weight.shape), []).append(weight)
            for weights in by_shape.values():
                self._apply(weights, group)

    def _apply(self, weights: list[nn.Parameter], group: dict[str, float]) -> None:
        wanted = []
        for weight in weights:
            state = self.state[weight]
            if "pace" not in state:
                state["pace"] = torch.zeros_like(weight)
            state["pace"].lerp_(weight.grad, 1 - group["momentum"])
            wanted.append(weight.grad.lerp(state["pace"], group["momentum"]))
        moved = orthogonal(torch.stack(wanted))
        scale = max(1.0, moved.shape[1] / moved.shape[2]) ** 0.5
        for weight, change in zip(weights, moved, strict=True):
            weight.mul_(1 - group["lr"] * group["decay"])
            weight.add_(change, alpha=-group["lr"] * scale)
