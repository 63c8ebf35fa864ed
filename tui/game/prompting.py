"""From a session and its card to the prompt of the next reply."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from tui.cards import Card
from tui.engine.backend import Backend, Run
from tui.game import cast, recap
from tui.game.lore import constant_lore, lore_blocks, matched_lore
from tui.game.memory import reminders, turn_moment
from tui.game.recall import Recalls
from tui.prompt import (
    Block,
    CardFacts,
    ContextWindow,
    Draft,
    Found,
    LeftOut,
    Moment,
    Names,
    Prompt,
    Template,
    Unit,
    card_text,
    counted,
    example_blocks,
    factline,
    group_text,
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
    """Writes the prompts of one card for one loaded model.

    In a talk of several `card` is the one who speaks, and `company` all of them.
    """

    card: Card
    template: Template
    backend: Backend
    context: int
    reply_tokens: int = REPLY_TOKENS
    recalls: Recalls = field(default_factory=Recalls)
    company: tuple[Card, ...] = ()

    def __post_init__(self) -> None:
        """Make the window, with room for a reply and its choices."""
        if self.others:
            self.template = self.template.with_names()
        # A quarter at most: a small window must leave room for the story itself.
        room = min(self.reply_tokens + CHOICES_TOKENS, self.context // 4)
        self._window = ContextWindow(self.template, self.context, room, self._encode)

    @property
    def cards(self) -> tuple[Card, ...]:
        """Everybody in the talk, the session's own card first."""
        return self.company or (self.card,)

    @property
    def others(self) -> tuple[str, ...]:
        """Who else is in the talk, beside the one who speaks."""
        names = (cast.teller(card) for card in self.company)
        return tuple(name for name in names if name != cast.teller(self.card))

    async def prompt(self, session: Session, path: Sequence[Turn], *, opens: bool = True) -> Prompt:
        """What the model is sent for a reply after `path`.

        With `opens` off the last turn is a reply to go on with, and nothing opens a new one.
        Raises CannotFit.
        """
        told = _Told()
        draft = await self._draft(session, path, told, opens=opens)
        prompt = await self._window_of(session).fit(draft)
        left_out = (*prompt.left_out, *told.left_out())
        return replace(prompt, left_out=left_out, lore=told.lore.fates)

    async def players_line(self, session: Session, path: Sequence[Turn], begun: str) -> Prompt:
        """What the model is sent to write the player's next line after `path`, as far as it is `begun`.

        Raises CannotFit.
        """
        draft = await self._draft(session, path, _Told(), opens=False)
        user = cast.user_name(session, self.cards[0])
        words = self.template.unfinished(begun.strip())
        line = Unit(session.next_id, (Block("player", "opening", words, user),))
        draft = replace(draft, units=[*draft.units, line], last_words=())
        return await self._window_of(session).fit(draft)

    async def upcoming(self, session: Session, path: Sequence[Turn]) -> Prompt:
        """The prompt of the next turn after `path`, as far as it is known before anything is said.

        Volatile parts are in it as they would be if nothing new were mentioned. Raises CannotFit.
        """
        return await self._window_of(session).fit(await self._coming(session, path))

    async def next_window(
        self, session: Session, path: Sequence[Turn], start: int | None
    ) -> Prompt | None:
        """What the upcoming prompt, which begins at turn `start`, will be after the next cut.

        None where it isn't known yet. Raises CannotFit.
        """
        draft, window = await self._coming(session, path), self._window_of(session)
        after = await window.next_start(replace(draft, start=start))
        return None if after is None else await window.fit(replace(draft, start=after))

    async def _coming(self, session: Session, path: Sequence[Turn]) -> Draft:
        """The draft of the next turn after `path`, with nothing said yet."""
        user = cast.user_name(session, self.cards[0])
        here = path[-1].id if path else None
        nothing = Turn(session.next_id, here, "player", user, "", "said")
        draft = await self._draft(session, (*path, nothing), _Told(), opens=False)
        return replace(draft, last_words=())

    async def inspected(self, prompt: Prompt) -> Prompt:
        """`prompt` with each section's real count of tokens."""
        return counted(prompt, await self.backend.pieces(prompt.tokens))

    async def _encode(self, runs: Sequence[Run], bos: bool) -> tuple[int, ...]:
        return await self.backend.encode(runs, add_bos=bos)

    def _window_of(self, session: Session) -> ContextWindow:
        """The window, with the length of replies that the session wants."""
        wanted = str(session.settings.get("length", ""))
        self._window.template = self.template.with_length(wanted)
        return self._window

    async def _draft(
        self, session: Session, path: Sequence[Turn], told: _Told, *, opens: bool
    ) -> Draft:
        model = self.backend.model.fingerprint if self.backend.model else ""
        start = window_start(path)
        units = [
            replace(unit, blocks=self._of_turn(session, unit.blocks, told))
            for unit in units_of(path, self.template, model, start)
        ]
        fill = self._filler(session, path, told)
        last = fill(self.card.post_history_instructions)
        if not last and self.card.facts and opens and path and path[-1].role == "model":
            # Nobody has spoken to them: the line that a closed list of facts is told by says so.
            last = factline.talk(cast.user_name(session, self.cards[0]), cast.teller(self.card))
        notes = await self._volatile(session, path, start, told, fill)
        return Draft(
            stable=self._stable(session, told),
            units=units,
            volatile=notes,
            last_words=(Block("system", "post_history", last),) if last else (),
            speaker=cast.teller(self.card),
            start=start,
            opens_reply=opens,
        )

    def _stable(self, session: Session, told: _Told) -> tuple[Block, ...]:
        """What never changes from turn to turn: what the cards say, and their examples."""
        template = self._window_of(session).template
        facts = [self._facts(session, card) for card in self.cards]
        moment = turn_moment(session, None, self._said(session))
        if self.others:
            filled = [_filled(one, moment, told.problems) for one in facts]
            text = group_text(template, filled)
        else:
            known = Names(facts[0].user, facts[0].char)
            text = resolve(card_text(template, facts[0]), known, moment, told.problems)
        examples: list[Block] = []
        for card, one in zip(self.cards, facts, strict=True):
            shown = resolve(card.mes_example, Names(one.user, one.char), moment, told.problems)
            examples += example_blocks(shown, one.user, one.char)
        return (Block("system", "system", text), *examples)

    def _facts(self, session: Session, card: Card) -> CardFacts:
        """What one card says; the player is who they are to the session's own."""
        host = self.cards[0]
        memory = session.memory if card is host else ""
        return CardFacts(
            user=cast.user_name(session, host),
            char=cast.teller(card),
            about=card.description,
            personality=card.personality,
            scenario=card.scenario,
            persona=cast.user_persona(session, host),
            tone=card.tone,
            choices=cast.choice_count(session, card),
            lore=tuple(filter(None, (*constant_lore(card), memory))),
            own_system=card.system_prompt,
            tale=card.kind == "tale",
        )

    async def _volatile(
        self,
        session: Session,
        path: Sequence[Turn],
        start: int | None,
        told: _Told,
        fill: Callable[[str], str],
    ) -> tuple[Block, ...]:
        """What stands near the end and changes, the least important first."""
        seed = turn_moment(session, path[-1] if path else None, {}).seed
        began: object = session.settings.get("greeting", 0)
        greeting = began if isinstance(began, int) else 0
        for card in self.cards:
            found = await matched_lore(
                card, path, seed, self.context, self.backend, greeting=greeting
            )
            told.lore = Found(told.lore.facts + found.facts, told.lore.fates + found.fates)
        asked = next((turn for turn in reversed(path) if turn.role == "player"), None)
        exchanges = session.tree.plays(asked.parent) if asked else 0
        lore = [replace(one, text=fill(one.text)) for one in lore_blocks(told.lore, exchanges)]
        old = self.recalls.line(session, path, start) if self._recalls_here(session) else ""
        before = recap.line(session, start, self.backend.model)
        memory = [Block("system", "recall", old)] if old else []
        memory += [Block("system", "recap", before)] if before else []
        return (*memory, *lore, *reminders(session, self.card, fill))

    def _recalls_here(self, session: Session) -> bool:
        """Whether old sentences are searched for: a World keeps its own memory."""
        return bool(session.settings.get("recall", self.card.world is None))

    def _of_turn(self, session: Session, blocks: Sequence[Block], told: _Told) -> tuple[Block, ...]:
        """Blocks with their macros filled in, each as it was at its own turn."""
        known = cast.names(session, self.cards[0])
        found: list[Block] = []
        for block in blocks:
            if "{{" in block.text or "<" in block.text:
                turn = session.turns.get(block.turn) if block.turn is not None else None
                moment = turn_moment(session, turn, self._said(session))
                text = resolve(block.text, known, moment, told.problems)
                found.append(replace(block, text=text))
            else:
                found.append(block)
        return tuple(found)

    def _filler(self, session: Session, path: Sequence[Turn], told: _Told) -> Callable[[str], str]:
        """What fills the macros of volatile texts, with the words of the turns before them."""
        known = cast.names(session, self.card)
        said = self._said(session)
        for turn in path[-2:]:
            said["input" if turn.role == "player" else "lastcharmessage"] = turn.text
            said["lastmessage"] = turn.text
        said["lastusermessage"] = said.get("input", "")
        moment = turn_moment(session, path[-1] if path else None, said)
        return lambda text: resolve(text, known, moment, told.problems)

    def _said(self, session: Session) -> dict[str, str]:
        card = self.cards[0]
        everybody = ", ".join(cast.teller(one) for one in self.cards)
        return {
            "group": everybody,
            "charifnotgroup": everybody,
            "persona": cast.user_persona(session, card),
            "description": card.description,
            "personality": card.personality,
            "scenario": card.scenario,
        }


@dataclass
class _Told:
    """What is told of a prompt beside it: what became of lore, and what could not be resolved."""

    problems: list[str] = field(default_factory=list[str])
    lore: Found = field(default_factory=Found)

    def left_out(self) -> list[LeftOut]:
        """The facts that were dropped, and the problems, as the inspector shows them."""
        dropped = [one for one in self.lore.fates if one.state == "dropped"]
        return [
            *(LeftOut("lore", one.entry, one.why) for one in dropped),
            *(LeftOut("system", "macros", problem) for problem in self.problems),
        ]


def _filled(facts: CardFacts, moment: Moment, problems: list[str]) -> CardFacts:
    """What a card says of itself, with its own name in its macros."""
    known = Names(facts.user, facts.char)
    texts = {
        name: resolve(getattr(facts, name), known, moment, problems)
        for name in ("about", "personality", "scenario", "persona", "own_system")
    }
    lore = tuple(resolve(fact, known, moment, problems) for fact in facts.lore)
    return replace(facts, lore=lore, **texts)


def window_start(path: Sequence[Turn]) -> int | None:
    """The Turn at which the window of the newest finished reply began, if that is known."""
    for turn in reversed(path):
        if turn.role == "model" and "first_turn" in turn.stats:
            return int(turn.stats["first_turn"])
    return None
