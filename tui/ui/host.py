"""Host: what the screens ask of the program that they are in."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.notifications import SeverityLevel
from textual.reactive import var

from tui.store import Settings
from tui.ui.clean import clean

if TYPE_CHECKING:
    from tui.cards import CardEntry
    from tui.game.program import Program
    from tui.game.storyteller import Storyteller
    from tui.ui.download import Download
    from tui.ui.graphics import PictureWidget


class Host(App[str]):
    """The App as its screens know it; `tui.app` builds the pieces behind it."""

    TITLE = "Fabletop"
    PAUSE_GC_ON_SCROLL: ClassVar[bool] = True

    model_state = var("")
    """What the model does before it is ready, in a few words; empty once it is."""
    download_words = var("")
    """How far a model is that is being fetched; empty where none is."""
    settings = var(Settings())
    """The player's settings as they are now."""
    program: Program
    teller: Storyteller | None = None
    download: Download | None = None
    """The model that is being fetched, or was last."""
    picture_widget: PictureWidget | None = None
    """What draws pictures in this terminal; None where half blocks do it."""

    def __init__(self) -> None:
        """Where no colours are wanted, none are sent: not even the shades of grey that Textual has."""
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Tell the player a sentence, whatever foreign words it holds; markup is never read."""
        words = clean(message)
        super().notify(words, title=clean(title), severity=severity, timeout=timeout, markup=False)

    @property
    def model_words(self) -> str:
        """The model's name, and how far it is."""
        raise NotImplementedError

    @property
    def small_model(self) -> bool:
        """Whether the model is the pocket one, made for the game's own cards."""
        raise NotImplementedError

    def wants_more(self, entry: CardEntry) -> bool:
        """Whether a card wants a bigger model than this one."""
        raise NotImplementedError

    def play(self, *cards: str, greeting: int = 0, persona: str = "") -> None:
        """Begin a card, by its path or id, or a talk of several."""
        raise NotImplementedError

    def open_save(self, save: Path, *, read_only: bool = False) -> None:
        """Go on with a story, or only read it."""
        raise NotImplementedError

    def take_in(self, paths: Sequence[Path]) -> None:
        """Copy cards into the player's folder, and open the page of one that comes alone."""
        raise NotImplementedError

    def look_at(self, card: Path, *, greeting: int = 0) -> None:
        """Open the page of a card, with all that it says."""
        raise NotImplementedError

    def duplicate_card(self, path: Path) -> None:
        """Copy a card's file in the player's folder."""
        raise NotImplementedError

    def throw_card(self, path: Path) -> None:
        """Put a card of the player's into the trash, from which it can be taken back."""
        raise NotImplementedError

    def take_card_back(self) -> None:
        """Take out of the trash what was put there last."""
        raise NotImplementedError

    async def edited_card(self, card: Path | None) -> Path | None:
        """Have a card edited, or a copy where it isn't the player's own text; returns its file."""
        raise NotImplementedError

    def edit_card(self, card: Path | None) -> None:
        """Open a card in the player's editor; None begins a new one."""
        raise NotImplementedError

    def go_on_in_copy(self) -> None:
        """Leave a story that is open to read only, and go on with it in a copy."""
        raise NotImplementedError

    def use_model(self, model: Path, *, keep: bool = True) -> None:
        """Load another model, and keep to it in later runs too if `keep`."""
        raise NotImplementedError

    def change_settings(self, **changes: object) -> None:
        """Keep settings, and follow them at once."""
        raise NotImplementedError

    def complain(self, error: Exception) -> None:
        """Tell the player what is wrong, in the error's own words."""
        raise NotImplementedError

    def leave_story(self, *, again: bool = False) -> None:
        """Close a story, and go to the library or begin its card again."""
        raise NotImplementedError
