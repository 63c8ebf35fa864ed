"""How well tales are told: the ones that ship, as played by the game's narrator."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from contextlib import aclosing
from pathlib import Path
from random import Random

from training.judging import HELD_OUT_SEED, Tally
from training.paths import CHARACTERS
from training.plays import Play
from training.stock import Stock
from tui.cards import read_card
from tui.engine import LlamaBackend
from tui.game.narrator import Narrator
from tui.game.opening import Beginning, begin
from tui.game.storyteller import Storyteller
from tui.story import Turn

PICKED = 0.7
"""The share of turns in which a choice is picked, and nothing typed."""
MOST_TURNS = 90


async def tales_as_played(model: Path, tally: Tally, turns: int, aloud: Path | None) -> None:
    """Games of up to ninety turns, choices and free text mixed."""
    cards = [read_card(path) for path in sorted(CHARACTERS.glob("*.yaml"))]
    tales = [card for card in cards if card.world is not None]
    stock, number = Stock.read(), 0
    with tempfile.TemporaryDirectory() as folder:
        teller = Storyteller(LlamaBackend(log=Path(folder) / "log"), model)
        while turns > 0:
            card = tales[number % len(tales)]
            number += 1
            narrator = await begin(card, Path(folder), teller, time.time, Beginning(seed=number))
            random = Random(HELD_OUT_SEED + number)
            said: list[str] = []
            while not narrator.ended and turns > 0 and len(narrator.session.path()) < MOST_TURNS:
                words = _words(narrator, stock, random)
                if turn := await _reply(narrator, words):
                    turns -= 1
                    _judge(narrator, turn, tally, said)
                    _tell(narrator, turn, aloud)
            await narrator.close()
        await teller.close()


def _words(narrator: Narrator, stock: Stock, random: Random) -> str | int:
    """A choice's number, or something typed."""
    if narrator.choices and random.random() < PICKED:
        return random.randrange(len(narrator.choices))
    play = Play(stock, random, random.choice(list(stock.banks)), narrator.stage.world, Counter())
    play.state = narrator.stage.at(narrator.session, narrator.session.here)
    return play.free_words()


async def _reply(narrator: Narrator, words: str | int) -> Turn | None:
    """What came of it; none where the game itself answers a question."""
    here = narrator.session.here
    async with aclosing(narrator.take_turn(words)) as events:
        async for _ in events:
            pass
    turn = narrator.session.turn
    if turn is None or turn.role != "model" or turn.id == here or len(narrator.session.path()) < 2:
        return None
    return turn


def _judge(narrator: Narrator, turn: Turn, tally: Tally, said: list[str]) -> None:
    path, stage = narrator.session.path(), narrator.stage
    before = stage.at(narrator.session, path[-3].id if len(path) > 2 else None)
    actions = [stage.world.action(one) for one in path[-2].actions]
    state, outcome = stage.world.apply(before, actions)
    tally.told(stage.world.check(state, outcome, turn.text), outcome, turn.text)
    tally.add("told by the model itself", turn.origin == "sampled" and not turn.notes)
    tally.add("without a phrase written out for it", not turn.stats.get("mended"))
    if not narrator.ended:
        possible = {action.id for action in stage.world.possible(state)}
        texts = [one.text for one in turn.choices]
        distinct = bool(texts) and len(set(texts)) == len(texts)
        fine = distinct and all(one.action in possible for one in turn.choices)
        tally.add("choices all well formed, distinct, possible", fine)
    tally.written(turn.text.strip(), said)


def _tell(narrator: Narrator, turn: Turn, aloud: Path | None) -> None:
    if aloud:
        asked = narrator.session.path()[-2]
        listed = "".join(f"\n- {one.text}" for one in turn.choices)
        with aloud.open("a", encoding="utf-8") as file:
            file.write(
                f"> {asked.text}\n[{asked.scene}]\n({turn.origin}) {turn.text}\n{listed}\n\n"
            )
