"""What the inspector shows: a prompt, what the model had of it already, and the one before."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tui.game.narrator import Narrator
from tui.prompt import CannotFit, Prompt, Section
from tui.story import Turn

Sign = Literal["+", "-"]


@dataclass(frozen=True, slots=True)
class Inspection:
    """A prompt with its sections counted, how many of its first tokens were kept, and the one before."""

    prompt: Prompt
    kept: int = 0
    before: Prompt | None = None

    @property
    def read(self) -> int:
        """How many tokens had to be read."""
        return len(self.prompt.tokens) - self.kept

    def changes(self) -> Iterator[tuple[Sign, Section]]:
        """What is new since the turn before (+) and what is gone (-), in the order of the prompt."""
        if self.before is None:
            return
        old, new = self.before.sections, self.prompt.sections
        keys = [[(one.kind, one.text) for one in sections] for sections in (old, new)]
        matcher = difflib.SequenceMatcher(None, keys[0], keys[1], autojunk=False)
        for what, begin, end, start, stop in matcher.get_opcodes():
            if what != "equal":
                for section in old[begin:end]:
                    yield "-", section
                for section in new[start:stop]:
                    yield "+", section


async def inspected(narrator: Narrator, words: str | None = None) -> Inspection:
    """The prompt of the reply here or, with `words`, of the next one.

    What is kept is what the reply's own figures say, or what the two prompts begin with alike.
    Raises BackendError and CannotFit.
    """
    prompt = await narrator.preview(words)
    path = narrator.session.path()
    asked = [place for place, turn in enumerate(path) if turn.role == "player" and not turn.unseen]
    sent = words is None
    last = asked[:-1] if sent else asked
    before = await _prompt_at(narrator, path[: last[-1] + 1]) if last else None
    here = path[-1] if path else None
    if sent and here is not None and "kept" in here.stats:
        kept = int(here.stats["kept"])
    else:
        known = before.tokens if before else ()
        if not sent and here is not None and prompt.tokens[: len(known)] == known:
            known = (*known, *here.tokens)
        kept = alike(prompt.tokens, known)
    return Inspection(prompt, min(kept, len(prompt.tokens)), before)


async def _prompt_at(narrator: Narrator, path: Sequence[Turn]) -> Prompt | None:
    """The prompt of a reply at the end of `path`, as it would be now; None where it can't be."""
    writer = await narrator.teller.writer(narrator.speaker(path[-1]), narrator.cards)
    try:
        return await writer.prompt(narrator.session, path)
    except CannotFit:
        return None


def alike(one: Sequence[int], other: Sequence[int]) -> int:
    """How many ids two prompts begin with alike."""
    for place, (mine, theirs) in enumerate(zip(one, other, strict=False)):
        if mine != theirs:
            return place
    return min(len(one), len(other))
