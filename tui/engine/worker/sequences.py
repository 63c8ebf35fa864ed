"""What each sequence of a context holds, token by token: the ledger beside llama.cpp's cache."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tui.engine.worker.library import Pointer, api

N_SEQUENCES = 8


def common_prefix(one: Sequence[int], other: Sequence[int]) -> int:
    """How many tokens two lists begin with alike, found by halving equal slices."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


class Sequences:
    """The sequences of one context; every change goes to llama.cpp and the ledger alike."""

    def __init__(self, memory: Pointer, count: int = N_SEQUENCES) -> None:
        """All empty."""
        self._memory = memory
        self._held: list[list[int]] = [[] for _ in range(count)]

    def __len__(self) -> int:
        """How many sequences there are."""
        return len(self._held)

    def tokens(self, seq: int) -> Sequence[int]:
        """What a sequence holds."""
        return self._held[seq]

    def length(self, seq: int) -> int:
        """How many tokens a sequence holds, which is also its next position."""
        return len(self._held[seq])

    def best(self, tokens: Sequence[int], enough: int | None = None) -> tuple[int, int]:
        """The sequence that begins most like `tokens`, and for how many of them.

        The first that begins with `enough` of them is taken, where so many will do.
        """
        best, most = 0, 0
        for seq, held in enumerate(self._held):
            length = common_prefix(tokens, held)
            if length > most:
                best, most = seq, length
            if enough is not None and most >= enough:
                break
        return best, most

    def grow(self, seq: int, tokens: Sequence[int]) -> None:
        """Note what a decode has added."""
        self._held[seq] += tokens

    def restore(self, seq: int, tokens: Sequence[int]) -> None:
        """Note what a loaded state has put into an empty sequence."""
        self._held[seq] = list(tokens)

    def cut(self, seq: int, length: int) -> int:
        """Keep the first `length` tokens; how many are kept.

        A recurrent model's state cannot be cut: nothing of it is kept then.
        """
        held = self._held[seq]
        if length < len(held):
            if not api.llama_memory_seq_rm(self._memory, seq, length, -1):
                length = 0
                api.llama_memory_seq_rm(self._memory, seq, -1, -1)
            del held[length:]
        return len(held)

    def drop(self, seq: int) -> None:
        """Forget a sequence."""
        if self._held[seq]:
            api.llama_memory_seq_rm(self._memory, seq, -1, -1)
            self._held[seq] = []

    def keep_only(self, kept: Collection[int | None]) -> None:
        """Forget all others, so that their cells slow nothing."""
        for seq in range(len(self._held)):
            if seq not in kept:
                self.drop(seq)

    def fork(self, source: int, target: int, length: int) -> int:
        """Give `target` the first `length` tokens of `source`, sharing their cells; how many it has."""
        if source == target:
            return self.cut(source, length)
        self.drop(target)
        if not length:
            return 0
        api.llama_memory_seq_cp(self._memory, source, target, -1, -1)
        self._held[target] = list(self._held[source])
        return self.cut(target, length)

    def settle(self, seq: int, length: int, tokens: Sequence[int]) -> None:
        """After a stopped step: note what llama.cpp says stayed, of what was held and was added."""
        held = self._held[seq]
        end = int(api.llama_memory_seq_pos_max(self._memory, seq)) + 1
        held += tokens[: max(0, end - length)]
        del held[end:]

    def clear(self) -> None:
        """Forget everything."""
        for seq in range(len(self._held)):
            self.drop(seq)
