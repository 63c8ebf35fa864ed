"""Where documents come from: the direct generator, companions, and the game's own worlds."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from training.companions import Chat
from training.games import Game, Segment
from training.nows import Nows
from training.stock import Stock

Source = Callable[[Random, int], list[Segment]]


def direct(companions: float = 0.15) -> Source:
    """Documents of stand-in scenes, and some chats; takes a random source and a number of turns."""
    stock, nows = Stock.read(), Nows()

    def make(random: Random, turns: int) -> list[Segment]:
        if random.random() < companions:
            return Chat(stock, random).document(turns + 1)
        start = random.random() < 0.25
        return Game(stock, nows, random).document(turns, start=start)

    return make
