"""Where documents come from: stand-in scenes, companions, and the game's own worlds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random

from training.companions import Chat
from training.games import Game, Segment
from training.nows import Nows
from training.plays import Play, report
from training.stock import Stock
from training.worlds import make_world

Source = Callable[[Random, int], list[Segment]]

GAMES_OF_A_WORLD = 4
"""How many games each generated world is played for: building one is most of the cost."""


def direct(companions: float = 0.15, core: int = 0) -> Source:
    """Documents of stand-in scenes, and some chats; takes a random source and a number of turns."""
    stock, nows = Stock.read(core=core), Nows()

    def make(random: Random, turns: int) -> list[Segment]:
        if random.random() < companions:
            return Chat(stock, random).document(turns + 1)
        start = random.random() < 0.25
        return Game(stock, nows, random).document(turns, start=start)

    return make


def played(core: int = 0) -> Source:
    """Documents of games in generated worlds, played in the game's own simulation."""
    stock, bad = Stock.read(core=core), Counter[str]()
    made: list = []

    def make(random: Random, turns: int) -> list[Segment]:
        while not made:
            found = make_world(stock, random)
            made.extend([found] * GAMES_OF_A_WORLD if found else [])
            report(bad)
        setting, world = made.pop()
        start = random.random() < 0.25
        return Play(stock, random, setting, world, bad).document(turns, start=start)

    return make


def mixed(from_worlds: float = 0.3, companions: float = 0.12, core: int = 0) -> Source:
    """Both, in shares of documents."""
    plain, real = direct(companions / (1 - from_worlds), core), played(core)

    def make(random: Random, turns: int) -> list[Segment]:
        return real(random, turns) if random.random() < from_worlds else plain(random, turns)

    return make
