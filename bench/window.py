"""What a full window costs: `python bench/window.py` counts the tokens that are read anew per turn.

Beside our window, which drops half of history's room at once when it is full, stands
the policy of other programs: drop the oldest turn whenever the next one would not fit. A turn is
what `--turn` says (some 200 tokens, a tale's with its scene line), give or take a third.
"""

from __future__ import annotations

import argparse
import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass

from tui.engine.backend import Run
from tui.prompt import Block, ContextWindow, Draft, Unit, shipped_templates

SYSTEM_TOKENS = 150
REPLY_TOKENS = 256


@dataclass
class Costs:
    """What a story took: tokens read anew in all, and turns at which nothing was dropped."""

    read: int = 0
    quiet: int = 0
    turns: int = 0
    worst: int = 0

    def add(self, read: int, *, dropped: bool) -> None:
        """Count one turn."""
        self.read += read
        self.worst = max(self.worst, read)
        self.quiet += not dropped
        self.turns += 1


async def letters(runs: Sequence[Run], bos: bool) -> tuple[int, ...]:
    """A tokeniser in which every character is a token, so that sizes are exact."""
    return tuple([1] * bos + [ord(char) for run in runs for char in run.text])


def story(turns: int, size: int, seed: int) -> list[tuple[str, str, str]]:
    """Words, scene line and reply of each turn, all different, of `size` tokens in the mean."""
    dice = random.Random(seed)

    def text(share: float) -> str:
        count = max(1, int(size * share * dice.uniform(0.67, 1.33)))
        return "".join(dice.choice("abcdefghij ") for _ in range(count))

    return [(text(0.05), text(0.25), text(0.7)) for _ in range(turns)]


def common(one: Sequence[int], other: Sequence[int]) -> int:
    """How many ids two prompts begin with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


def blocks(turn: int, words: str, scene: str, reply: str = "") -> tuple[Block, ...]:
    """One turn of the player's, with its reply where it has come."""
    said = (
        Block("player", "player", words, turn=turn),
        Block("system", "scene", scene, turn=turn),
    )
    return (*said, Block("model", "reply", reply, turn=turn + 1)) if reply else said


async def ours(context: int, turns: Sequence[tuple[str, str, str]]) -> Costs:
    """The program's own window."""
    window = ContextWindow(shipped_templates()["metharme"], context, REPLY_TOKENS, letters)
    system = (Block("system", "system", "s" * SYSTEM_TOKENS),)
    units: list[Unit] = []
    costs = Costs()
    kept: tuple[int, ...] = ()
    start: int | None = None
    for place, (words, scene, reply) in enumerate(turns):
        newest = Unit(2 * place, blocks(2 * place, words, scene))
        prompt = await window.fit(Draft(system, [*units, newest], start=start))
        full = start is not None and prompt.first_turn != start
        costs.add(len(prompt.tokens) - common(prompt.tokens, kept), dropped=full)
        start = prompt.first_turn
        kept = prompt.tokens + await letters([Run(text=reply)], False)
        units.append(Unit(2 * place, blocks(2 * place, words, scene, reply)))
        units = [unit for unit in units if unit.turn >= (start or 0)]
    return costs


async def drop_the_oldest(context: int, turns: Sequence[tuple[str, str, str]]) -> Costs:
    """What other programs do: as many of the newest turns as fit, reckoned anew each time."""
    template = shipped_templates()["metharme"]
    system = Block("system", "system", "s" * SYSTEM_TOKENS)
    costs = Costs()
    kept: tuple[int, ...] = ()
    first = 0
    told: list[tuple[Block, ...]] = []
    for place, (words, scene, reply) in enumerate(turns):
        newest = blocks(2 * place, words, scene)
        before = first
        while True:
            history = [block for unit in told[first:] for block in unit]
            parts = template.written([system, *history, *newest], "", opens=True)
            tokens = await letters([Run(text=part.text) for part in parts], True)
            if len(tokens) <= context - REPLY_TOKENS:
                break
            first += 1
        costs.add(len(tokens) - common(tokens, kept), dropped=first != before)
        kept = tokens + await letters([Run(text=reply)], False)
        told.append(blocks(2 * place, words, scene, reply))
    return costs


async def main() -> None:
    """Play each story by both policies and print what they read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=200, help="turns of a full window")
    parser.add_argument("--turn", type=int, default=200, help="tokens of a turn")
    options = parser.parse_args()
    print(f"{'context':>8} {'policy':<16} {'read/turn':>10} {'worst':>7} {'nothing dropped':>16}")
    for context in (1024, 2048, 4096, 8192):
        full = 2 * context // options.turn
        turns = story(options.turns + full, options.turn, seed=context)
        for name, policy in (("half at once", ours), ("drop the oldest", drop_the_oldest)):
            costs = await policy(context, turns)
            share = costs.quiet / costs.turns
            mean = costs.read / costs.turns
            print(f"{context:>8} {name:<16} {mean:>10.0f} {costs.worst:>7} {share:>15.0%}")


if __name__ == "__main__":
    asyncio.run(main())
