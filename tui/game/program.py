"""Program: the pieces of one run, put together for whichever front end asks.

Folders, cards and saves are here; all that telling a story takes is in `tui.game.pieces`, and
imported with the first story.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cards import Card, CardEntry, find_card, find_cards, read_card
from tui.cards.library import card_paths
from tui.game.pocket import POCKET, NoModel
from tui.modelfiles.find import Places
from tui.store import Paths, SaveInfo, SaveMissing, Settings, find_save, list_saves
from tui.store.files import in_words
from tui.store.lines import decode_line
from tui.store.saves import info_of
from tui.store.shelf import duplicate_save

if TYPE_CHECKING:
    from tui.cards.portraits import Portrait
    from tui.game.modelshelf import ModelShelf
    from tui.game.narrator import Narrator
    from tui.game.personas import Worn
    from tui.game.storyteller import Storyteller
    from tui.prompt import Loaded

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
    memory: Callable[[], int] | None = None
    """How much memory a new process can have, in bytes; None asks the machine."""

    def cards(self) -> list[CardEntry]:
        """Every card that there is, bad ones with what is wrong."""
        return find_cards(self.paths.card_folders, self.paths.cache / "cards.json")

    def card(self, wanted: str) -> Card:
        """The card of that id or path. Raises CardNotFound and CardError."""
        return read_card(find_card(self.paths.card_folders, wanted))

    def portrait(self, card: Card) -> Portrait | None:
        """The card's portrait, where there is one; read beside what the player does."""
        from tui.cards.portraits import portrait_of

        return portrait_of(card, card_paths(self.paths.card_folders).get(card.id))

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
        from tui.game.pieces import shelf_of

        return shelf_of(self)

    def model(self, wanted: str = "") -> Path:
        """The model of that path or name; the one chosen last, else the pocket one. Raises NoModel."""
        return self.shelf.find(wanted).path

    def storyteller(self, model: str = "") -> Storyteller:
        """The storyteller on that model; nothing is loaded yet. Raises NoModel."""
        from tui.game import pieces

        return pieces.storyteller(self, model)

    def templates(self) -> Loaded:
        """The templates that ship and the player's own, and what is wrong with one."""
        from tui.game.templatefiles import templates_in

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
        from tui.game import pieces

        return await pieces.begun(
            self,
            card,
            teller,
            seed=seed,
            greeting=greeting,
            company=company,
            persona=persona,
        )

    async def foresee(self, card: Card, teller: Storyteller, greeting: int = 0) -> None:
        """Have read ahead what a new story of `card` would begin with; what fails, fails unseen."""
        from tui.game import pieces

        await pieces.foreseen(self, card, teller, greeting)

    def persona(self, card: Card, wanted: str = "") -> Worn | None:
        """Who the player is with a card; None where their file says nothing of it.

        Raises NoPersona and StoreError.
        """
        from tui.game.personas import Personas

        personas = Personas.read(self.paths.personas)
        return personas.called(wanted) if wanted else personas.for_card(card.id)

    def resume(self, save: Path, teller: Storyteller, *, read_only: bool = False) -> Narrator:
        """The session in a save, with the card as it was. Raises StoreError."""
        from tui.game import pieces

        return pieces.resumed(self, save, teller, read_only=read_only)

    def copy(self, save: Path) -> Path:
        """A copy of a save among the player's own, whoever has it open. Raises StoreError."""
        name = info_of(save).name
        return duplicate_save(save, f"{name}, a copy", self.clock(), self.paths.saves)

    def take_in(self, chat: Path) -> tuple[Path, tuple[str, ...]]:
        """A chat of another program as a save, and a sentence for each line that was left out.

        It is played with the card of the character's name, where there is one. Raises ChatError
        and StoreError.
        """
        from tui.game.exchange import take_in

        save, found = take_in(
            chat,
            self.paths.saves,
            session_id=f"{chat.stem}-{self.clock():.0f}",
            user_name=self.settings.user_name,
            card_of=self._card_named,
        )
        return save, found.problems

    def _card_named(self, name: str) -> tuple[str, Mapping[str, object]] | None:
        for entry in self.cards():
            if not entry.problem and entry.name.casefold() == name.casefold():
                return entry.id, self.card(entry.id).data
        return None

    def model_of(self, save: Path) -> str:
        """The model file that a story was begun with, where it is still there; else empty.

        Raises StoreError.
        """
        with in_words("Could not read", save), save.open("rb") as file:
            header = decode_line(file.readline(HEADER_BYTES))
        model = header.get("model", "") if isinstance(header, dict) else ""
        return str(model) if model and Path(str(model)).exists() else ""
