"""Asides: what a player asks beside the story, of who is in it and who they are.

Each answers with one sentence, on the full screen and in plain mode alike.
"""

from __future__ import annotations

from dataclasses import dataclass

from tui.cards import Card, CardError, CardNotFound
from tui.game import cast
from tui.game.group import held, joining, named
from tui.game.narrator import Narrator
from tui.game.personas import NoPersona, Personas
from tui.game.program import Program
from tui.prompt import listed
from tui.store import StoreError


@dataclass(frozen=True, slots=True)
class Asides:
    """What can be asked beside one story."""

    program: Program
    narrator: Narrator

    # who is in the talk

    def names(self) -> tuple[str, ...]:
        """Who is in the talk."""
        return tuple(cast.teller(card) for card in self.narrator.cards)

    def somebody(self, name: str) -> Card | None:
        """The card of the talk that a name means."""
        return named(self.narrator.cards, name)

    def nobody(self, name: str) -> str:
        """What to say where a name is nobody's here."""
        return f"There is no {name} here, only {listed(self.names())}."

    async def invite(self, wanted: str) -> str:
        """Have another card join the talk."""
        if not wanted:
            return f"In this talk: {listed(self.names())}. /invite CARD brings in somebody else."
        try:
            card = self.program.card(wanted)
        except (CardNotFound, CardError) as error:
            return f"{str(error).rstrip('.')}."
        if why := joining(self.narrator.cards, card):
            return why
        others = [*self.narrator.cards[1:], card]
        await self._set("company", held(others))
        name = cast.teller(card)
        return f"{name} has come in, and answers when named or in turn; /speak {name} asks at once."

    async def dismiss(self, name: str) -> str:
        """Have somebody who joined leave the talk."""
        cards = self.narrator.cards
        card = self.somebody(name)
        if len(cards) == 1:
            return f"Only {self.names()[0]} is here."
        if card is None:
            return self.nobody(name) if name else "/dismiss and a name."
        if card is cards[0]:
            return f"This is {self.names()[0]}'s story; the others can leave it."
        await self._set("company", held([one for one in cards[1:] if one is not card]))
        return f"{cast.teller(card)} has left. Undo brings them back."

    # who the player is

    def personas(self) -> Personas:
        """The player's personas, read anew. Raises StoreError."""
        return Personas.read(self.program.paths.personas)

    async def persona(self, name: str) -> str:
        """Be one of the player's personas from here on; without a name, say which there are."""
        path = self.program.paths.personas
        try:
            found = self.personas()
            if not found.every and not found.problems and not path.exists():
                Personas.begin(path)
                return f"Written: {path}. Put your personas there, then /persona NAME."
        except StoreError as error:
            return str(error)
        if not name:
            there = ", ".join(one.name for one in found.every) or "nobody yet"
            return " ".join([f"You are {self._user()}. In {path}: {there}.", *found.problems])
        try:
            worn = found.called(name)
        except NoPersona as error:
            return str(error)
        await self._set("persona", worn.name)
        await self._set("persona_text", worn.about, joins=True)
        who = f", {worn.about.rstrip('.')}" if worn.about else ""
        return f"You are {worn.name}{who}, from here on."

    def _user(self) -> str:
        return cast.user_name(self.narrator.session, self.narrator.card)

    async def _set(self, key: str, value: object, *, joins: bool = False) -> None:
        narrator = self.narrator
        step = "join" if joins else "own"
        async with narrator.still():
            record = narrator.session.set(key, value, step=step, at=narrator.clock())
            await narrator.book.record(record)
