"""ContextWindow: what of a story fits the model's context, and in which order.

Order and trimming are those of the design: what never changes first, then history that is
only appended to, then the volatile blocks before the last thing the player said, then the
reply's opening. When history no longer fits, whole oldest units go in a block, half of its
room's worth, so that most turns drop nothing and the cache of what came before stays valid.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from tui.engine.backend import Run
from tui.prompt.block import Block
from tui.prompt.prompt import LeftOut, Prompt, Section
from tui.prompt.template import Part, Template

Encode = Callable[[Sequence[Run], bool], Awaitable[tuple[int, ...]]]
"""Token ids of runs; the flag says whether a BOS is wanted before them."""

BLOCK = 0.5
"""Share of history's room that a cut makes free."""


EXAMPLES_SHARE = 0.25
"""Share of the room that example dialogue may take."""


class CannotFit(ValueError):
    """Not even the newest turn fits beside the system prompt; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What trimming drops together: a player's Turn, its scene line, the reply, its choices."""

    turn: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that wants to be in a prompt, before it is known what fits.

    `units` run from oldest to newest; the last is the turn to be answered. `start` is the
    first Turn that the window before this one kept, so that a cut once made stays.
    `volatile` blocks are in order of importance, the least first.
    """

    stable: tuple[Block, ...]
    units: Sequence[Unit]
    volatile: tuple[Block, ...] = ()
    last_words: tuple[Block, ...] = ()
    speaker: str = ""
    start: int | None = None
    opens_reply: bool = True


@dataclass
class ContextWindow:
    """Fits drafts into `context` tokens, of which `reply` are kept free for the answer."""

    template: Template
    context: int
    reply: int
    encode: Encode
    _counts: dict[tuple[Run, ...], int] = field(default_factory=dict)

    async def fit(self, draft: Draft) -> Prompt:
        """The prompt of `draft`. Raises CannotFit where not even the newest turn fits."""
        room = self.context - self.reply
        newest = draft.units[-1]
        needed = await self._count((*newest.blocks, *draft.last_words)) + await self._opening(draft)
        draft, pruned = await self._without_examples(draft, room, needed)
        stable = await self._count(draft.stable, bos=True)
        fixed = stable + needed
        if fixed > room:
            raise CannotFit(_no_room(stable, fixed - stable, self.context, self.reply))
        volatile, dropped = await self._volatile(draft, room - fixed)
        dropped += pruned
        spent = fixed + await self._count(volatile)
        kept = await self._history(draft, room - spent, int((room - stable) * BLOCK))
        while True:
            prompt = await self._build(draft, volatile, kept, room, dropped)
            if len(prompt.tokens) <= room:
                return prompt
            if kept:
                kept = kept[1:]
            elif volatile:
                volatile = volatile[1:]
            else:
                raise CannotFit(
                    _no_room(stable, len(prompt.tokens) - stable, self.context, self.reply)
                )

    async def _without_examples(
        self, draft: Draft, room: int, needed: int
    ) -> tuple[Draft, list[LeftOut]]:
        """`draft` with no more example dialogue than its share; the oldest goes first.

        The share does not depend on the story, so that what never changes stays as it is;
        only a turn that would not fit otherwise takes all examples away.
        """
        examples = [block for block in draft.stable if block.kind == "example"]
        if not examples:
            return draft, []
        others = tuple(block for block in draft.stable if block.kind != "example")
        share = int((self.context - self.reply) * EXAMPLES_SHARE)
        if await self._count(others, bos=True) + needed + share > room:
            share = 0
        kept = list(examples)
        while kept and await self._count(kept) > share:
            kept.pop(0)
        gone = len(examples) - len(kept)
        if not gone:
            return draft, []
        why = "example dialogue takes a quarter of the room at most"
        told = [LeftOut("example", f"{gone} lines of example dialogue", why)]
        return replace(draft, stable=(*others, *kept)), told

    async def next_start(self, draft: Draft) -> int | None:
        """The Turn that the next cut will keep first; None where too little is told to know it."""
        room = self.context - self.reply
        draft, _ = await self._without_examples(draft, room, 0)
        block = int((room - await self._count(draft.stable, bos=True)) * BLOCK)
        turns = [unit.turn for unit in draft.units]
        first = turns.index(draft.start) if draft.start in turns else 0
        units = draft.units[first:-1]
        sizes = [await self._count(unit.blocks) for unit in units]
        gone = _block(sizes, block)
        return units[gone].turn if gone < len(units) else None

    async def _history(self, draft: Draft, room: int, block: int) -> Sequence[Unit]:
        """The units before the newest that stay: all since `start`, or all but a `block` of the oldest.

        Which ones a cut drops depends on none that came later, so that it is known long before.
        Where that would not do (another model's window), only the newest stay.
        """
        units = draft.units[:-1]
        sizes: list[int] = []
        for unit in reversed(units):
            sizes.insert(0, await self._count(unit.blocks))
            if unit.turn == draft.start or sum(sizes) > room + 2 * block:
                break
        gone = _block(sizes, block) if sum(sizes) > room else 0
        if sum(sizes[gone:]) > room:
            gone = len(sizes) - _newest(sizes, min(room, block))
        return units[len(units) - len(sizes) + gone :]

    async def _volatile(self, draft: Draft, room: int) -> tuple[tuple[Block, ...], list[LeftOut]]:
        kept = draft.volatile
        dropped: list[LeftOut] = []
        while kept and await self._count(kept) > room:
            dropped.append(LeftOut(kept[0].kind, kept[0].text, "no room beside the newest turn"))
            kept = kept[1:]
        return kept, dropped

    async def _build(
        self,
        draft: Draft,
        volatile: tuple[Block, ...],
        kept: Sequence[Unit],
        room: int,
        dropped: Sequence[LeftOut],
    ) -> Prompt:
        newest = draft.units[-1]
        history = _with_notes(kept, volatile)
        near = [block for block in volatile if not block.back]
        blocks = (*draft.stable, *history, *near, *newest.blocks, *draft.last_words)
        parts = self.template.written(blocks, draft.speaker, opens=draft.opens_reply)
        runs = joined(parts)
        tokens = await self.encode(runs, True)
        gone = len(draft.units) - 1 - len(kept)
        out = [*dropped]
        if gone:
            why = "before the point from which the storyteller remembers"
            out.append(LeftOut("player", f"{gone} earlier turns", why, draft.units[gone - 1].turn))
        return Prompt(
            runs=runs,
            tokens=tokens,
            sections=tuple(sections(parts)),
            left_out=tuple(out),
            first_turn=kept[0].turn if kept else newest.turn,
            room=room,
            stable_tokens=await self._count(draft.stable, bos=True),
        )

    async def _opening(self, draft: Draft) -> int:
        runs = joined(list(self.template.opening(draft.speaker))) if draft.opens_reply else ()
        return await self._count_runs(runs, bos=False)

    async def _count(self, blocks: Sequence[Block], *, bos: bool = False) -> int:
        return await self._count_runs(joined(list(self.template.parts(blocks))), bos=bos)

    async def _count_runs(self, runs: tuple[Run, ...], *, bos: bool) -> int:
        if not runs:
            return int(bos)
        if runs not in self._counts:
            self._counts[runs] = len(await self.encode(runs, False))
        return self._counts[runs] + bos


def joined(parts: Sequence[Part]) -> tuple[Run, ...]:
    """Parts as runs: neighbouring texts of one sort are tokenised as one string."""
    runs: list[Run] = []
    for part in parts:
        if part.tokens:
            runs.append(Run(tokens=part.tokens))
        elif part.text and runs and not runs[-1].tokens and runs[-1].special == part.special:
            runs[-1] = Run(text=runs[-1].text + part.text, special=part.special)
        elif part.text:
            runs.append(Run(text=part.text, special=part.special))
    return tuple(runs)


def sections(parts: Sequence[Part]) -> list[Section]:
    """Parts of one kind and turn as one section each, not yet counted."""
    found: list[Section] = []
    for part in parts:
        last = found[-1] if found else None
        if last and (last.kind, last.turn) == (part.kind, part.turn):
            found[-1] = Section(last.kind, last.text + part.text, 0, last.turn)
        elif part.text:
            found.append(Section(part.kind, part.text, 0, part.turn))
    return found


def counted(prompt: Prompt, pieces: Sequence[bytes]) -> Prompt:
    """`prompt` with each section's share of the real tokens; `pieces` is each id's text.

    A token that spans a border counts for the section in which it ends.
    """
    ends: list[int] = []
    total = 0
    for section in prompt.sections:
        total += len(section.text.encode())
        ends.append(total)
    counts = [0] * len(ends)
    at = place = 0
    for piece in pieces:
        at += len(piece)
        while place < len(ends) - 1 and at > ends[place]:
            place += 1
        if counts:
            counts[place] += 1
    shared = tuple(
        Section(one.kind, one.text, count, one.turn)
        for one, count in zip(prompt.sections, counts, strict=True)
    )
    return replace(prompt, sections=shared)


def _with_notes(kept: Sequence[Unit], volatile: Sequence[Block]) -> list[Block]:
    """History with the volatile blocks that stand further back than its end."""
    blocks: list[Block] = []
    for place, unit in enumerate(kept):
        back = len(kept) - place
        blocks += [one for one in volatile if one.back == back or (place == 0 and one.back > back)]
        blocks += unit.blocks
    return blocks if kept else [one for one in volatile if one.back]


def _block(sizes: Sequence[int], block: int) -> int:
    """How many of the oldest units take `block` tokens or more; all where they don't."""
    totals = accumulate(sizes)
    return next((place for place, total in enumerate(totals, 1) if total >= block), len(sizes))


def _newest(sizes: Sequence[int], room: int) -> int:
    """How many of the newest units fit `room`."""
    return sum(total <= room for total in accumulate(reversed(sizes)))


def _no_room(stable: int, newest: int, context: int, reply: int) -> str:
    need = stable + newest + reply
    return (
        f"This story needs {need:,} tokens (its opening words {stable:,}, the newest turn {newest:,}, "
        f"the reply {reply:,}), and the model's context holds {context:,}: "
        "give it a longer context, or shorten the card or what you said."
    )
