"""How good the finished GGUF is: held-out worlds, names and phrasings, temperature 0.7.

*Unsteered* is a single sample with the game's prompts, no grammar and no check. *As played* is
the game's own narrator on the tales that ship.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections import Counter
from contextlib import aclosing
from pathlib import Path
from random import Random

from training.companions import Chat
from training.evaluate_chats import chats_as_played
from training.evaluate_tales import tales_as_played
from training.games import MODEL, SYSTEM, USER, Segment
from training.judging import HELD_OUT_SEED, Tally, carries, parted
from training.paths import POCKET, WORK
from training.plays import Play
from training.stock import Stock
from training.worlds import make_world
from tui.engine import Finished, LlamaBackend, LoadSettings, Piece, Request, Run, Sampling
from tui.world import World

SAMPLING = Sampling(temperature=0.7, top_k=40, min_p=0.05)
KEPT_TURNS = 5


class Asker:
    """Draws single replies from the model."""

    def __init__(self, backend: LlamaBackend) -> None:
        self.backend = backend
        self.seed, self.tokens, self.seconds = 0, 0, 0.0

    async def reply(self, runs: list[Run]) -> tuple[str, tuple[int, ...], str]:
        """Text, ids and the reason why it ended."""
        self.seed += 1
        tokens = await self.backend.encode(runs)
        stops = (SYSTEM, USER, MODEL)
        request = Request(tokens, max_tokens=260, sampling=SAMPLING, seed=self.seed, stop=stops)
        text, ids, reason = "", (), ""
        async with aclosing(self.backend.generate(request)) as events:
            async for event in events:
                if isinstance(event, Piece):
                    text += event.text
                elif isinstance(event, Finished):
                    ids, reason = event.clean_tokens, event.reason
                    self.tokens += event.written
                    self.seconds += event.write_seconds
        return text, ids, reason


class Unsteered:
    """Games of the model's own replies and choices."""

    def __init__(self, asker: Asker, stock: Stock, tally: Tally, aloud: Path | None) -> None:
        self.asker, self.stock, self.tally, self.aloud = asker, stock, tally, aloud

    async def game(self, random: Random, setting: str, world: World, turns: int) -> None:
        """One game of up to `turns` turns."""
        play = Play(self.stock, random, setting, world, Counter())
        first, opened = play.beginning()
        history: list[list[Run]] = []
        said: list[str] = []
        for _ in range(turns):
            if play.state.ended:
                break
            words, state, outcome = play.advance()
            play.state = state
            context = f"{USER}{words}{SYSTEM}{world.scene_line(state, outcome)}{MODEL}"
            lead = [Run(first.text + (opened.text if len(history) < KEPT_TURNS else ""))]
            kept = [run for turn in history[-KEPT_TURNS:] for run in turn]
            text, ids, reason = await self.asker.reply([*lead, *kept, Run(context)])
            history.append([Run(context), Run(tokens=ids)] if ids else [Run(context)])
            self._judge(play, state, outcome, text, reason, said)
            self._tell(words, world.scene_line(state, outcome), text)

    def _judge(
        self, play: Play, state: object, outcome: object, text: str, reason: str, said: list[str]
    ) -> None:
        tally, world = self.tally, play.world
        prose, lines = parted(text)
        verdict = world.check(state, outcome, prose)
        tally.told(verdict, outcome, prose)
        good = []
        options = {one.action.id: one for one in world.options(state, 99)} if lines else {}
        possible = {action.id for action in world.possible(state)}
        for line in lines:
            reading = world.read(state, line)
            ok = reading.kind == "actions" and all(one.id in possible for one in reading.actions)
            good.append(ok and lines.count(line) == 1)
            option = options.get(reading.actions[0].id) if ok else None
            if option:
                play.offered.append((line, option))
        if not state.ended and play.wish.count:
            tally.add("choices all well formed, distinct, possible", bool(good) and all(good))
            for one in good:
                tally.add("a choice is well formed, distinct, possible", one)
            tally.add("as many choices as asked", len(lines) == play.wish.count)
        else:
            tally.add("no choices where none are asked", not lines)
        tally.add("ends by itself", reason == "end" or bool(lines))
        tally.written(prose, said)
        if not verdict.passed:
            tally.examples.append(
                f"{outcome.now}\n    {prose}\n    missing {verdict.missing} denied {verdict.denied}"
            )

    def _tell(self, words: str, line: str, text: str) -> None:
        if self.aloud:
            with self.aloud.open("a", encoding="utf-8") as file:
                file.write(f"> {words}\n[{line}]\n{text.strip()}\n\n")


async def chats(asker: Asker, stock: Stock, tally: Tally, count: int) -> None:
    """Companions: what is known is told, what is withheld or unknown is not made up."""
    random = Random(HELD_OUT_SEED)
    while count > 0:
        chat = Chat(stock, random)
        segments: list[Segment] = chat.document(3)
        runs: list[Run] = []
        for place, segment in enumerate(segments):
            if segment.own:
                continue
            runs.append(Run(segment.text))
            if place + 1 < len(segments) and segments[place + 1].own:
                text, ids, _ = await asker.reply(runs)
                runs.append(Run(tokens=ids) if ids else Run(" "))
                _judge_chat(segment.text, parted(text)[0], tally)
                count -= 1


def _judge_chat(context: str, prose: str, tally: Tally) -> None:
    line = context.split(SYSTEM)[-1].removesuffix(MODEL)
    if " knows: " in line:
        tally.add(
            "companion tells what is asked and known", carries(prose, line.split(" knows: ", 1)[1])
        )
    elif "will not speak" in line or "knows nothing" in line:
        said = prose.lower()
        quiet = any(word in said for word in _NOT_TELLING)
        tally.add("companion keeps back or knows nothing", bool(prose) and quiet)


_NOT_TELLING = (
    "not",
    "no ",
    "nothing",
    "never",
    "n’t",
    "no.",
    "nobody",
    "elsewhere",
    "past me",
    "closed",
    "another",
    "rather",
    "silent",
    "else",
    "without",
    "beyond",
)


async def measure(model: Path, turns: int, played: int, talked: int, aloud: Path | None) -> str:
    """Every measure, as Markdown."""
    stock = Stock.read()
    parts = []
    if turns:
        tally = Tally()
        with tempfile.TemporaryDirectory() as folder:
            backend = LlamaBackend(log=Path(folder) / "log")
            await backend.load(model, LoadSettings())
            asker = Asker(backend)
            games, number = Unsteered(asker, stock, tally, aloud), 0
            while tally.turns < turns:
                number += 1
                random = Random(HELD_OUT_SEED + number)
                found = make_world(stock, random)
                if found:
                    await games.game(random, found[0], found[1], 10)
            await chats(asker, stock, tally, turns // 4)
            await backend.close()
        speed = asker.tokens / max(asker.seconds, 1e-9)
        parts += [
            tally.table("unsteered"),
            f"\nWritten at {speed:.0f} tokens/s.",
            "",
            *tally.examples[:12],
        ]
    if played:
        tally = Tally()
        await tales_as_played(model, tally, played, aloud)
        parts += ["", tally.table("as played")]
    if talked:
        tally = Tally()
        await chats_as_played(model, tally, talked, aloud)
        parts += ["", tally.table("companions as played")]
    return "\n".join(parts)


def main() -> None:
    """Measure a GGUF and print the tables."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--model", type=Path, default=POCKET)
    parser.add_argument("--turns", type=int, default=500, help="unsteered")
    parser.add_argument("--played", type=int, default=0, help="turns of tales as played")
    parser.add_argument("--talked", type=int, default=0, help="turns of companions as played")
    parser.add_argument("--aloud", type=Path, help="write the games there, to be read")
    asked = parser.parse_args()
    text = asyncio.run(measure(asked.model, asked.turns, asked.played, asked.talked, asked.aloud))
    print(text)
    WORK.mkdir(exist_ok=True)
    (WORK / "evaluation.md").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
