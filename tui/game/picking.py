"""The best of a few batches of replies: one that says what was decided, and little said before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tui.engine.backend import Backend, Request
from tui.game.copying import Phrases
from tui.game.guards import repeats, said_before, stutters
from tui.game.judge import Judge
from tui.game.proofreading import Proofreading
from tui.game.replies import Drawn, Generate, batch, likeliest, reading_of
from tui.game.sentences import beginnings, is_complete
from tui.game.wording import known_words, slips, words_in
from tui.story import Origin

RECENT = 12
"""How many replies back the loop guard looks."""
ENOUGH = 2
"""Replies without a fault, of which the likeliest is told."""
UNREPEATED = 60
"""How many replies back no sentence of a reply should have been said."""
WAYS_OF_TELLING = 6
"""How often the program looks for a sentence of its own that it has not said."""


@dataclass
class Picking:
    """Draws replies to one turn in batches, and takes the best; made anew for each.

    `sent` is the prompt's text, `earlier` are the replies so far.
    """

    backend: Backend
    generate: Generate
    judge: Judge
    sent: str
    earlier: Sequence[str]
    _drawn: list[Drawn] = field(default_factory=list[Drawn])
    _tried: set[str] = field(default_factory=set[str])

    def __post_init__(self) -> None:
        """Take in once what every reply is held against."""
        self._known, self._said = known_words(self.backend.model), words_in(self.sent)
        self._before = said_before(self.earlier[-UNREPEATED:])
        self._phrases = self.judge.phrases if self._known else Phrases()
        self._proofreading = Proofreading(self._phrases, self.sent)

    async def best(self, request: Request, batches: int) -> tuple[Drawn, Origin]:
        """The likeliest of the replies with the fewest faults; else the program's own sentence.

        Where anything may be said it is the first: the likeliest are the same few every time.
        Drawing ends with a few that have none, from half of the `batches` on with one. From there
        on a reply that went astray in copying is taken up where it did, and goes on from there.
        """
        passed: dict[int, list[Drawn]] = {}
        for number in range(batches):
            late = 2 * number >= batches
            begun = await self._put_right(request) if late else ""
            for one in await self._batch(request, begun):
                one.stats["mended"] = float(bool(begun))
                if self._passes(one.text):
                    passed.setdefault(self._faults(one.text), []).append(one)
            if len(passed.get(0, ())) >= (1 if late else ENOUGH):
                break
        drawn = self._drawn
        counts = {"drawn": len(drawn), "passed": sum(map(len, passed.values()))}
        for one in [] if 0 in passed else self._shortened():
            passed.setdefault(self._faults(one.text), []).append(one)
        whole = passed[min(passed)] if passed else []
        origin: Origin = "sampled" if whole else "told"
        if not whole:
            best = self._told(request.seed)
        elif self.judge.open:
            best = whole[0]
        else:
            best = await likeliest(self.backend, request.tokens, whole)
        best.stats |= {**reading_of(drawn[0]), **counts}
        return best, origin

    async def _batch(self, request: Request, begun: str = "") -> list[Drawn]:
        """A batch of replies, all of which begin as `begun`."""
        request = replace(request, seed=request.seed + len(self._drawn))
        ids = (await self.backend.encode_many([f" {begun}"]))[0] if begun else ()
        drawn = await batch(self.generate, request, begun, ids)
        self._drawn += drawn
        return drawn

    async def _put_right(self, request: Request) -> str:
        """The beginning, not tried yet, in which what was lost in copying is whole.

        Of several it is one with most of what is to be told, and of those the likeliest.
        """
        found = dict.fromkeys(
            begun
            for one in self._drawn
            for begun in self._phrases.mended(one.text, self._slips(one.text))
            if begun not in self._tried and self._is_clean(begun)
        )
        if not found:
            return ""
        lost = {begun: len(self._phrases.missing(begun)) for begun in found}
        furthest = [begun for begun in found if lost[begun] == min(lost.values())]
        ids = await self.backend.encode_many(furthest)
        drawn = [Drawn(begun, one) for begun, one in zip(furthest, ids, strict=True)]
        begun = (await likeliest(self.backend, request.tokens, drawn)).text
        self._tried.add(begun)
        return begun

    def _shortened(self) -> list[Drawn]:
        """What was drawn without last sentences that spoil it: of each as little cut as mends most."""
        cut = [
            (one, min(filter(self._passes, beginnings(one.text)), key=self._faults, default=""))
            for one in self._drawn
        ]
        return [replace(one, text=text, tokens=one.tokens_of(text)) for one, text in cut if text]

    def _told(self, seed: int) -> Drawn:
        """What was decided, in words of the program's that it has not said, if it has any."""
        ways = [self.judge.tells(seed + way) for way in range(WAYS_OF_TELLING)]
        stats = dict(self._drawn[0].stats)
        return Drawn(min(ways, key=self._before), seed=seed, finish="end", stats=stats)

    def _is_clean(self, text: str) -> bool:
        return not stutters(text) and not self._slips(text)

    def _slips(self, text: str) -> frozenset[str]:
        return slips(text, self._known, self._said)

    def _passes(self, text: str) -> bool:
        whole = is_complete(text) and self._is_clean(text) and not self._phrases.missing(text)
        return whole and not repeats(text, self.earlier[-RECENT:]) and self.judge.passes(text)

    def _faults(self, text: str) -> int:
        """What is torn or odd, and sentences that were said before."""
        odd = (*self._phrases.torn(text), *self._proofreading.faults(text))
        return len(odd) + self._before(text)
