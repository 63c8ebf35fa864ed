"""Two processes of one thread each learn together better than one of two.

On a busy machine every product that two threads share waits for the slower one; processes
meet once a step only, to add up their gradients (measured with other work on both cores: 640
tokens/s in one process of two threads, 1,300 in one process of one).
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta

import torch
import torch.distributed as distributed
from torch import Tensor

_RANK, _PORT = "FABLETOP_RANK", "29531"


class Ranks:
    """The processes of a run; with one, everything here does nothing."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.rank = int(os.environ.get(_RANK, "0"))
        self._others: list[subprocess.Popen[bytes]] = []
        if count == 1:
            return
        if self.rank == 0:
            self._others = [self._start(rank) for rank in range(1, count)]
        distributed.init_process_group(
            "gloo",
            init_method=f"tcp://127.0.0.1:{_PORT}",
            rank=self.rank,
            world_size=count,
            timeout=timedelta(hours=1),
        )

    def _start(self, rank: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "training.train", *sys.argv[1:]]
        return subprocess.Popen(command, env={**os.environ, _RANK: str(rank)})

    @property
    def first(self) -> bool:
        """Whether this is the process that logs and saves."""
        return self.rank == 0

    def share(self, rows: Sequence[object]) -> list[object]:
        """The rows of a batch that are this process's to learn."""
        return list(rows[self.rank :: self.count])

    def add_up(self, tensors: Sequence[Tensor], *, mean: bool) -> None:
        """Replace tensors by their sums, or means, over all processes."""
        if self.count == 1:
            return
        flat = torch.cat([one.flatten() for one in tensors])
        distributed.all_reduce(flat)
        if mean:
            flat /= self.count
        at = 0
        for one in tensors:
            one.copy_(flat[at : at + one.numel()].view_as(one))
            at += one.numel()

    def any(self, flag: bool) -> bool:
        """Whether the flag is up in any process."""
        if self.count == 1:
            return flag
        said = torch.tensor([float(flag)])
        distributed.all_reduce(said)
        return bool(said.item())

    def close(self) -> None:
        """Wait for the others to end."""
        if self.count > 1:
            distributed.barrier()
            distributed.destroy_process_group()
        for other in self._others:
            other.wait()
