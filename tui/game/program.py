"""Program: the pieces of one run, put together for whichever front end asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tui.cards import Card, CardEntry, CardError, CardNotFound, find_card, find_cards, read_card
from tui.engine.backend import LoadSettings
from tui.engine.client import LlamaBackend
from tui.game.ahead import on_battery
from tui.game.changes import Change, other_card, other_model
from tui.game.group import company_of
from tui.game.modelshelf import POCKET, ModelShelf, NoModel
from tui.game.narrator import Narrator
from tui.game.opening import Beginning, begin, resume
from tui.game.personas import Personas, Worn
from tui.game.storyteller import Storyteller
from tui.game.templatefiles import templates_in
from tui.modelfiles.find import Places
from tui.prompt import Loaded
from tui.store import Paths, SaveInfo, SaveMissing, Settings, find_save, list_saves
from tui.store.files import in_words
from tui.store.lines import decode_line
from tui.store.migrate import bring_up
from tui.store.saves import info_of
from tui.store.shelf import duplicate_save
from tui.story import Session

__all__ = ["POCKET", "NoModel", "Program"]

HEADER_BYTES = 64 << 20


@dataclass
class Program:
    """Folders, settings and clock of one run. Nothing is opened before it is asked for."""

    paths: Paths
    settings: Settings
    clock: Callable[[], float]
    places: Places | None = None
    """Where other programs keep their models; None looks nowhere else."""

    def cards(self) -> list[CardEntry]:
        """Every card that there is, bad ones with what is wrong."""
        return find_cards(self.paths.card_folders, self.paths.cache / "cards.json")

    def card(self, wanted: str) -> Card:
        """The card of that id or path. Raises CardNotFound and CardError."""
        return read_card(find_card(self.paths.card_folders, wanted))

    def saves(self) -> list[SaveInfo]:
        """Every save, the newest first."""
        return list_saves(self.paths.saves)

    def save(self, wanted: str = "") -> Path:
        """The save of that name or path, the newest where none is named. Raises SaveMissing."""
        if wanted:
            return find_save(self.paths.saves, wanted)
        if saves := self.saves():
            return saves[0].path
        raise SaveMissing("There is no story yet: `fabletop play` begins one.")

    @property
    def shelf(self) -> ModelShelf:
        """The models on this machine, and what the player wants of each."""
        paths = self.paths
        return ModelShelf(paths.model_folders, paths.cache, self.settings, self.places, paths.log)

    def model(self, wanted: str = "") -> Path:
        """The model of that path or name; the one chosen last, else the pocket one. Raises NoModel."""
        return self.shelf.find(wanted).path

    def storyteller(self, model: str = "") -> Storyteller:
        """The storyteller on that model; nothing is loaded yet. Raises NoModel."""
        settings = self.settings
        found = self.shelf.find(model)
        choice = self.shelf.choice(found)
        load = LoadSettings(
            n_ctx=self.shelf.n_ctx(found),
            gpu_layers=settings.gpu_layers,
            n_threads=settings.n_threads,
        )
        return Storyteller(
            LlamaBackend(log=self.paths.log, cache=self.paths.cache),
            found.path,
            load,
            template_name=choice.template,
            overrides={**settings.sampling, **choice.sampling},
            templates=self.templates().templates,
            readier=self.shelf.readier(found),
        )

    def templates(self) -> Loaded:
        """The templates that ship and the player's own, and what is wrong with one."""
        return templates_in(self.paths.templates)

    async def begin(
        self,
        card: Card,
        teller: Storyteller,
        *,
        seed: int | None = None,
        greeting: int = 0,
        company: Sequence[Card] = (),
        persona: str = "",
    ) -> Narrator:
        """A new session of `card` and perhaps a `company`, as the player's settings want it.

        They are the `persona` of that name in their file, else the one that is for this card.
        Raises NoCompany, NoPersona, StoreError and WorldError.
        """
        others = company_of(card, company)
        worn = self.persona(card, persona)
        settings = self.settings
        how = Beginning(
            seed=seed,
            persona=worn.name if worn else settings.user_name,
            persona_text=worn.about if worn else settings.persona,
            greeting=greeting,
            company=others,
            choices=settings.choices if settings.choices != Settings().choices else None,
        )
        narrator = await begin(card, self.paths.saves, teller, self.clock, how)
        narrator.thinks_ahead = self._thinks_ahead()
        return narrator

    def persona(self, card: Card, wanted: str = "") -> Worn | None:
        """Who the player is with a card; None where their file says nothing of it.

        Raises NoPersona and StoreError.
        """
        personas = Personas.read(self.paths.personas)
        return personas.called(wanted) if wanted else personas.for_card(card.id)

    def resume(self, save: Path, teller: Storyteller, *, read_only: bool = False) -> Narrator:
        """The session in a save, with the card as it was. Raises StoreError."""
        if not read_only:
            bring_up(save, self.paths.trash)
        narrator = resume(save, teller, self.clock, read_only=read_only)
        narrator.thinks_ahead = self._thinks_ahead()
        if not read_only:
            narrator.changes = tuple(self._changed(narrator.session, teller))
        return narrator

    def copy(self, save: Path) -> Path:
        """A copy of a save among the player's own, whoever has it open. Raises StoreError."""
        name = info_of(save).name
        return duplicate_save(save, f"{name}, a copy", self.clock(), self.paths.saves)

    def model_of(self, save: Path) -> str:
        """The model file that a story was begun with, where it is still there; else empty.

        Raises StoreError.
        """
        with in_words("Could not read", save), save.open("rb") as file:
            header = decode_line(file.readline(HEADER_BYTES))
        model = header.get("model", "") if isinstance(header, dict) else ""
        return str(model) if model and Path(str(model)).exists() else ""

    def _changed(self, session: Session, teller: Storyteller) -> Iterator[Change]:
        """What is no longer as it was when the story was told last."""
        if change := other_model(session, teller.path):
            yield change
        try:
            card = self.card(session.header.card_id)
        except (CardNotFound, CardError):
            return
        if change := other_card(session, card):
            yield change

    def _thinks_ahead(self) -> bool:
        return self.settings.ahead and not on_battery()
