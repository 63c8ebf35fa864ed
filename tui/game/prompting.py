"""From a session and its card to the prompt of the next reply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tui.cards import Card
from tui.engine.backend import Backend, Run
from tui.game import cast
from tui.prompt import (
    Block,
    CannotFit,
    CardFacts,
    ContextWindow,
    Draft,
    Names,
    Prompt,
    Template,
    card_text,
    counted,
    example_blocks,
    resolve,
    units_of,
)
from tui.story import Session, Turn

REPLY_TOKENS = 160
"""The room of a reply's prose."""
CHOICES_TOKENS = 96
"""The room of a reply's choices."""


@dataclass
class PromptWriter:
    """Writes the prompts of one card for one loaded model."""

    card: Card
    template: Template
    backend: Backend
    context: int
    reply_tokens: int = REPLY_TOKENS

    def __post_init__(self) -> None:
        """Make the window, with room for a reply and its choices."""
        # A quarter at most: a small window must leave room for the story itself.
        room = min(self.reply_tokens + CHOICES_TOKENS, self.context // 4)
        self._window = ContextWindow(self.template, self.context, room, self._encode)

    async def prompt(self, session: Session, path: Sequence[Turn], *, opens: bool = True) -> Prompt:
        """What the model is sent for a reply after `path`.

        With `opens` off the last turn is a reply to go on with, and nothing opens a new one.
        Raises CannotFit.
        """
        return await self._window.fit(self._draft(session, path, opens=opens))

    async def next_window(
        self, session: Session, path: Sequence[Turn], spare: int
    ) -> Prompt | None:
        """The prompt that a turn of `spare` tokens after `path` would trim the window to.

        None where nothing would have to go yet.
        """
        try:
            draft = self._draft(session, path, opens=False)
            prompt = await self._window.fit(draft, spare)
        except CannotFit:
            return None
        return None if prompt.first_turn == window_start(path) else prompt

    async def inspected(self, prompt: Prompt) -> Prompt:
        """`prompt` with each section's real count of tokens."""
        return counted(prompt, await self.backend.pieces(prompt.tokens))

    async def _encode(self, runs: Sequence[Run], bos: bool) -> tuple[int, ...]:
        return await self.backend.encode(runs, add_bos=bos)

    def _draft(self, session: Session, path: Sequence[Turn], *, opens: bool) -> Draft:
        model = self.backend.model.fingerprint if self.backend.model else ""
        start = window_start(path)
        units = units_of(path, self.template, model, start)
        named = [self._resolved(unit.blocks, session) for unit in units]
        units = [replace(unit, blocks=blocks) for unit, blocks in zip(units, named, strict=True)]
        return Draft(
            stable=self._stable(session),
            units=units,
            volatile=self._volatile(session),
            last_words=self._last_words(session),
            speaker=cast.teller(self.card),
            start=start,
            opens_reply=opens,
        )

    def _stable(self, session: Session) -> tuple[Block, ...]:
        lore = [*self._constant_lore(), *([session.memory] if session.memory else [])]
        card, known = self.card, cast.names(session, self.card)
        facts = CardFacts(
            user=known.user,
            char=known.char,
            about=card.description,
            personality=card.personality,
            scenario=card.scenario,
            persona=cast.user_persona(session, card),
            tone=card.tone,
            choices=cast.choice_count(session, card),
            lore=tuple(lore),
            own_system=card.system_prompt,
            tale=card.kind == "tale",
        )
        template = self.template.with_length(str(session.settings.get("length", "")))
        told = Block("system", "system", resolve(card_text(template, facts), known))
        examples = example_blocks(card.mes_example, known.user, known.char)
        return (told, *self._named(examples, known))

    def _constant_lore(self) -> list[str]:
        book = self.card.character_book
        return [one.content for one in book.entries if one.constant and one.enabled] if book else []

    def _volatile(self, session: Session) -> tuple[Block, ...]:
        note = session.author_note
        return (Block("system", "note", note.text),) if note and note.text else ()

    def _last_words(self, session: Session) -> tuple[Block, ...]:
        text = self.card.post_history_instructions
        known = cast.names(session, self.card)
        return (Block("system", "post_history", resolve(text, known)),) if text else ()

    def _resolved(self, blocks: Sequence[Block], session: Session) -> tuple[Block, ...]:
        return self._named(blocks, cast.names(session, self.card))

    def _named(self, blocks: Sequence[Block], known: Names) -> tuple[Block, ...]:
        return tuple(replace(block, text=resolve(block.text, known)) for block in blocks)


def window_start(path: Sequence[Turn]) -> int | None:
    """The Turn at which the window of the newest finished reply began, if that is known."""
    for turn in reversed(path):
        if turn.role == "model" and "first_turn" in turn.stats:
            return int(turn.stats["first_turn"])
    return None
