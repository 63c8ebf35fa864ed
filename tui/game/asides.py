"""Asides: what a player asks beside the story, of who is in it, how it is told and what was.

Each answers with one sentence, on the full screen and in plain mode alike.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from tui.cards import Card, CardError, CardNotFound
from tui.game import cast, recap
from tui.game.group import held, joining, named
from tui.game.narrator import Narrator
from tui.game.personas import NoPersona, Personas
from tui.game.program import Program
from tui.prompt import listed
from tui.store import SettingsFile, StoreError
from tui.story import Record

AUTO = "auto"
NO_RECAP = (
    "Nothing has left the storyteller's memory yet. /recap WORDS writes down what it should know."
)


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

    # how the model is spoken to

    def templates(self) -> list[tuple[str, str]]:
        """The templates that there are, by name, with what each is."""
        found = self.narrator.teller.templates.values()
        return [(AUTO, "as the model file asks for"), *((one.name, one.title) for one in found)]

    async def template(self, name: str) -> str:
        """Speak to this model in another template's form, from here on and in later stories."""
        teller = self.narrator.teller
        if not name:
            now, names = teller.template, ", ".join(one for one, _ in self.templates())
            return f"{teller.path.name} is spoken to as {now.name}: {teller.reason}. There are {names}."
        if name not in (AUTO, *teller.templates):
            near = difflib.get_close_matches(name, teller.templates, n=3, cutoff=0.3)
            return f"There is no template {name}. Perhaps {', '.join(near) or AUTO}?"
        async with self.narrator.still():
            teller.template_name = "" if name == AUTO else name
        self.narrator.reconsider()
        try:
            file = SettingsFile.read(self.program.paths.settings)
            self.program.settings = file.write(models=self._models(name)).values
        except StoreError as error:
            return str(error)
        return f"{teller.path.name} is spoken to as {teller.template.name} now: {teller.reason}."

    def _models(self, template: str) -> dict[str, dict[str, object]]:
        """What the player wants of each model, with another template for this one."""
        teller = self.narrator.teller
        models = self.program.settings.models.items()
        found: dict[str, dict[str, object]] = {key: one.model_dump() for key, one in models}
        names = (teller.name, teller.path.name, teller.path.stem, str(teller.path))
        key = next((one for one in names if one in found), teller.name)
        wanted = {**found.get(key, {}), "template": "" if template == AUTO else template}
        found[key] = {field: one for field, one in wanted.items() if one not in ("", {})}
        return found

    # the story so far

    async def recap(self, words: str) -> str:
        """The story so far: read, rewritten, switched off and on."""
        narrator = self.narrator
        session = narrator.session
        if words in ("on", "off"):
            await self._record(recap.switched(session, words == "on", narrator.clock()))
            if words == "off":
                return "What came before is no longer told to the storyteller; /recap on does it again."
            return "What leaves the storyteller's memory is summed up and told from here on."
        if not words:
            off = "" if recap.is_on(session) else " (It is off: /recap on.)"
            return (recap.told(session) or NO_RECAP) + off
        return await self.rewrite(words)

    async def rewrite(self, text: str) -> str:
        """Put the player's own story so far in the place of what was kept."""
        narrator = self.narrator
        await self._record(*recap.rewritten(narrator.session, text, narrator.clock()))
        return "The story so far is yours now. Undo brings the other back."

    async def _set(self, key: str, value: object, *, joins: bool = False) -> None:
        narrator = self.narrator
        step = "join" if joins else "own"
        await self._record(narrator.session.set(key, value, step=step, at=narrator.clock()))

    async def _record(self, *records: Record) -> None:
        async with self.narrator.still():
            for record in records:
                await self.narrator.book.record(record)
        self.narrator.reconsider()
