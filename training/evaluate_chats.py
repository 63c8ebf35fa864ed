"""How well companions keep their facts: the ones that ship, as played by the game's narrator."""

from __future__ import annotations

import re
import tempfile
import time
from contextlib import aclosing
from pathlib import Path
from random import Random

from training.judging import Tally, carries
from training.paths import CHARACTERS
from training.stock import Stock
from tui.cards import Card, read_card
from tui.engine import LlamaBackend
from tui.game.companion import asked_for
from tui.prompt import factline
from tui.world.hearing import normal, stem, words_in

TURNS_OF_A_TALK = 12
_ASKING = ("tell me about {}", "What do you know of {}?", "and {}?", "Ask about {}")
_TALKING = ("Good evening.", "You look tired.", "I like it here.", "thank you", "what a day")
_QUIET = re.compile(
    r"\b(?:not|no|nothing|never|none|nobody|cannot|else|elsewhere|instead|rather|closed|quiet|"
    r"silent|past|beyond|far|own affair|later|guess|somebody|again|one day|a good deal|wrong door|"
    r"the weather|trade|if there were|a long way)\b|n’t|n't",
    re.IGNORECASE,
)


_OF_WHOM = re.compile(
    r"\b(?:i|me|my|he|him|his|she|hers?|its?|they|them|their|we|us|our)\b", re.IGNORECASE
)


async def chats_as_played(model: Path, tally: Tally, turns: int, aloud: Path | None) -> None:
    """Talks of a dozen turns: known topics, topics nobody has heard of, and plain talk."""
    from tui.game.opening import Beginning, begin
    from tui.game.storyteller import Storyteller

    cards = [read_card(path) for path in sorted(CHARACTERS.glob("*.yaml"))]
    companions = [card for card in cards if card.facts]
    stock, number = Stock.read(), 0
    with tempfile.TemporaryDirectory() as folder:
        teller = Storyteller(LlamaBackend(log=Path(folder) / "log"), model)
        while turns > 0:
            card = companions[number % len(companions)]
            number += 1
            narrator = await begin(card, Path(folder), teller, time.time, Beginning(seed=number))
            random, said = Random(number), []
            for _ in range(min(turns, TURNS_OF_A_TALK)):
                turns -= 1
                await _one_turn(narrator, _words(card, stock, random), tally, said, aloud)
            await narrator.close()
        await teller.close()


def _words(card: Card, stock: Stock, random: Random) -> str:
    roll = random.random()
    if roll < 0.15:
        return random.choice(_TALKING)
    topic = (
        random.choice(card.facts).topic
        if roll < 0.75
        else random.choice([f"the {stock.noun(random)}", stock.person_name(random)])
    )
    return random.choice(_ASKING).format(topic)


def _plain(text: str) -> str:
    """The stems of a text in order, with one sign for all who may be spoken of."""
    return " ".join(stem(word) for word in words_in(normal(_OF_WHOM.sub("one", text))))


async def _one_turn(
    narrator: object, words: str, tally: Tally, said: list[str], aloud: Path | None
) -> None:
    async with aclosing(narrator.take_turn(words)) as events:
        async for _ in events:
            pass
    turn, asked = narrator.session.turn, narrator.session.path()[-2]
    line = factline.read(asked.scene)
    tally.turns += 1
    if line.kind == "told":
        tally.add("companion tells what is asked and known", carries(turn.text, line.fact))
        tally.add(
            "a fact word for word, but for who says it", _plain(line.fact) in _plain(turn.text)
        )
    elif line.kind != "talk":
        quiet = bool(_QUIET.search(turn.text))
        tally.add("companion keeps back, or knows nothing", quiet)
    tally.add("said by the model itself", turn.origin == "sampled" and not turn.notes)
    tally.add("without a phrase written out for it", not turn.stats.get("mended"))
    heard = [one.text for one in narrator.session.path()[:-1]]
    for one in turn.choices:
        fact = asked_for(narrator.card.facts, one.text)
        new = not fact or not any(
            asked_for(narrator.card.facts, old) == fact for old in heard[1::2]
        )
        tally.add("a thing to say is not of what was asked before", new)
    tally.add("three things to say, all distinct", len({one.text for one in turn.choices}) == 3)
    tally.written(turn.text.strip(), said, ends=".!?…”*", compared=60)
    if aloud:
        with aloud.open("a", encoding="utf-8") as file:
            file.write(f"> {words}\n[{asked.scene}]\n({turn.origin}) {turn.text}\n\n")
