"""Search every tale that ships whole, and play it at random: `python bench/explore.py [ids]`.

Prints, for each tale, the situations searched, the way to each ending, dead ends, and how
games of choices alone end. Takes minutes; `tests/characters` has the short form.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tui.cards import read_card
from tui.world import World
from tui.world.exploring import explore, random_games

CHARACTERS = Path(__file__).parents[1] / "characters"
GAMES = 100
SEED = 7
CHOICES = (3, 4, 5)


def report(path: Path) -> bool:
    """Print what there is to say of one tale; whether it keeps its promises."""
    card = read_card(path)
    if card.world is None:
        return True
    world = World.build(card.world, player_name=card.user_name or "Robin")
    began = time.process_time()
    found = explore(world)
    spent = time.process_time() - began
    whole = "whole" if found.complete else "not whole"
    print(f"{card.name}: {found.states} situations ({whole}) in {spent:.1f} s of processor time")
    for ending in found.endings:
        print(f"  {ending.title} ({ending.kind}): {ending.turns} turns, {ending.ways} situations")
    for dead in found.dead_ends:
        print(f"  dead end at {dead.place}: {dead.action}, after {' '.join(dead.path)}")
    fair = found.complete and not found.dead_ends and not found.unreached_endings
    for choices in CHOICES:
        played = random_games(world, GAMES, SEED, choices=choices)
        middle = played.lengths[len(played.lengths) // 2] if played.lengths else 0
        share = played.share_within(15, 60)
        fair = fair and share >= 0.8
        print(
            f"  {choices} choices: {share:.0%} end in 15 to 60 turns, half by {middle}; {dict(played.endings)}"
        )
    return fair


def main() -> int:
    """Every shipped tale, or those named."""
    named = sys.argv[1:]
    paths = [CHARACTERS / f"{name}.yaml" for name in named] or sorted(CHARACTERS.glob("*.yaml"))
    unfair = [path for path in paths if not report(path)]
    return 1 if unfair else 0


if __name__ == "__main__":
    raise SystemExit(main())
