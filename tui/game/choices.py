"""What the player can do next: one line at a time, each bound by what is possible.

After the prose the list's opening is put down and the model is asked for each line under a
bound, so that choices can't be missing, malformed, impossible or stale, on any model.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass

from tui.engine.backend import Backend, Piece, PromptTooLong, Request
from tui.engine.sampling import Sampling
from tui.game.replies import Generate
from tui.story import Choice
from tui.world import Option

KINDS = ("goal", "explore", "person")
"""As far as there is room, a list has one that moves the goal, one that explores, one with somebody."""
LINE_GRAMMAR = r'root ::= " " [A-Z“"*] [^\x00-\x1f<>|\x7f-\x9f]{6,72} "\n"'
LINE_TOKENS = 40
DRAWS = 3
CHOOSING = Sampling(temperature=0.7, top_k=0, min_p=0.0)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of choices with the ids that stand for it in later prompts, markers included."""

    choices: tuple[Choice, ...] = ()
    tokens: tuple[int, ...] = ()


@dataclass
class ChoiceList:
    """Makes one list after `tokens`, the prompt with the reply's prose; `generate` asks for a line."""

    backend: Backend
    generate: Generate
    marker: str
    tokens: tuple[int, ...]
    seed: int

    async def of_options(self, options: Sequence[Option], count: int) -> Listed:
        """`count` of the World's options (or all), in the model's words and order of preference."""
        left = list(options)
        lines: list[str] = []
        choices: list[Choice] = []
        while left and len(choices) < count:
            offered = _offered(left, choices, options, count)
            phrases = {one: option for option in offered for one in option.phrasings}
            line = await self._one_of(tuple(phrases), lines)
            chosen = phrases[line]
            lines.append(line)
            choices.append(Choice(line, chosen.action.id))
            left = [option for option in left if option.action.id != chosen.action.id]
        return Listed(tuple(choices), await self._ids(lines))

    async def of_phrases(self, phrases: Sequence[str], count: int) -> Listed:
        """`count` different ones of `phrases`, picked and ordered by the model."""
        left = list(dict.fromkeys(phrases))
        lines: list[str] = []
        while left and len(lines) < count:
            line = await self._one_of(tuple(left), lines)
            lines.append(line)
            left.remove(line)
        return Listed(tuple(Choice(line) for line in lines), await self._ids(lines))

    async def of_lines(self, count: int, fallback: Sequence[str], known: Sequence[str]) -> Listed:
        """`count` lines of the model's own; one that repeats is drawn again, then `fallback` serves.

        `known` are lines that were offered and not taken a turn ago.
        """
        lines: list[str] = []
        spare = [line for line in fallback if not _same(line, known)]
        for place in range(count):
            line = await self._fresh(lines, known, place)
            if not line:
                line = next((one for one in spare if not _same(one, lines)), "")
            if line:
                lines.append(line)
        return Listed(tuple(Choice(line) for line in lines), await self._ids(lines))

    async def _fresh(self, lines: Sequence[str], known: Sequence[str], place: int) -> str:
        for draw in range(DRAWS):
            request = Request(
                tokens=self.tokens + await self._ids(lines, opened=True),
                max_tokens=LINE_TOKENS,
                sampling=Sampling(temperature=0.8, min_p=0.05),
                seed=self.seed + place * DRAWS + draw,
                grammar=LINE_GRAMMAR,
                stop=("\n",),
            )
            text = (await self._text(request)).strip()
            if len(text) > 3 and not _same(text, lines) and not _same(text, known):
                return text
        return ""

    async def _one_of(self, phrases: tuple[str, ...], lines: Sequence[str]) -> str:
        """The one of `phrases` that the model likes after `lines`."""
        if len(phrases) == 1:
            return phrases[0]
        bounded = {f" {phrase}\n": phrase for phrase in phrases}
        request = Request(
            tokens=self.tokens + await self._ids(lines, opened=True),
            max_tokens=2 * LINE_TOKENS,
            sampling=CHOOSING,
            seed=self.seed + len(lines),
            phrases=tuple(bounded),
        )
        text = await self._text(request)
        return bounded.get(text, bounded.get(text + "\n", phrases[0]))

    async def _text(self, request: Request) -> str:
        """What the model writes; nothing where the window is full."""
        try:
            async with aclosing(self.generate(request)) as events:
                return "".join([event.text async for event in events if isinstance(event, Piece)])
        except PromptTooLong:
            return ""

    async def _ids(self, lines: Sequence[str], *, opened: bool = False) -> tuple[int, ...]:
        """The ids of a list so far; `opened` adds the marker of the line to come.

        Each line is tokenised by itself, as it was sampled: its marker up to the space, then
        the space with its words.
        """
        marker = self.marker.rstrip(" ")
        texts: list[str] = []
        for line in lines:
            texts += [("\n" if texts else "\n\n") + marker, f" {line}"]
        if opened:
            texts.append(("\n" if texts else "\n\n") + marker)
        if not texts:
            return ()
        return tuple(one for ids in await self.backend.encode_many(texts) for one in ids)


def _offered(
    left: Sequence[Option], choices: Sequence[Choice], options: Sequence[Option], count: int
) -> list[Option]:
    """What the next line may be: any, until the kinds still owed need every line that is left."""
    taken = {choice.action for choice in choices}
    had = {option.kind for option in options if option.action.id in taken}
    owed = {kind for kind in KINDS if kind not in had and any(one.kind == kind for one in left)}
    room = count - len(choices)
    pool = list(left[: max(2 * count, 6)])
    if owed and len(owed) >= room:
        return [option for option in left if option.kind in owed][: len(pool)]
    return pool


def _same(line: str, others: Sequence[str]) -> bool:
    key = _key(line)
    return any(_key(other) == key for other in others)


def _key(line: str) -> str:
    return "".join(char for char in line.casefold() if char.isalnum())
