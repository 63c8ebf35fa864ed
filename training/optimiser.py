"""Muon for the matrices of the layers, AdamW for the rest.

Muon (Jordan et al., 2024): the momentum of a matrix is made nearly orthogonal by a few steps
of a quintic Newton-Schulz iteration before it is applied. Matrices of one shape are done as
one batch, which on a CPU is most of its cost saved.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from training.ranks import Ranks

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
        self,
        params: Iterable[nn.Parameter],
        lr: float,
        ranks: Ranks,
        momentum: float = 0.95,
        decay: float = 0.01,
    ) -> None:
        self.ranks = ranks
        super().__init__(params, {"lr": lr, "momentum": momentum, "decay": decay})

    @torch.no_grad()
    def step(self) -> None:
        """Apply the gradients that there are."""
        for group in self.param_groups:
            moved = [self._wanted(weight, group["momentum"]) for weight in group["params"]]
            self._orthogonalise(moved)
            for weight, change in zip(group["params"], moved, strict=True):
                scale = max(1.0, weight.shape[0] / weight.shape[1]) ** 0.5
                weight.mul_(1 - group["lr"] * group["decay"])
                weight.add_(change, alpha=-group["lr"] * scale)

    def _wanted(self, weight: nn.Parameter, momentum: float) -> Tensor:
        """The gradient with its momentum looked ahead."""
        state = self.state[weight]
        if "pace" not in state:
            state["pace"] = torch.zeros_like(weight)
        state["pace"].lerp_(weight.grad, 1 - momentum)
        return weight.grad.lerp(state["pace"], momentum)

    def _orthogonalise(self, moved: list[Tensor]) -> None:
        """Make matrices orthogonal in place, each process its share of them."""
        by_shape: dict[tuple[int, ...], list[Tensor]] = {}
        for place, one in enumerate(moved):
            if place % self.ranks.count == self.ranks.rank:
                by_shape.setdefault(tuple(one.shape), []).append(one)
            else:
                one.zero_()
        for group in by_shape.values():
            for one, made in zip(group, orthogonal(torch.stack(group)), strict=True):
                one.copy_(made)
        self.ranks.add_up(moved, mean=False)
