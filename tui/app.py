"""The App: builds the pieces, and hands them to the screens."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.command import Provider

from tui.game.program import POCKET, NoModel, Program
from tui.game.verbs import verb_named
from tui.store import SettingsFile, StoreError
from tui.ui.graphics import picture_widget
from tui.ui.host import Host
from tui.ui.keys import label_of
from tui.ui.screens.library import LibraryScreen
from tui.ui.storydoors import StoryDoors
from tui.ui.themes import LAMPLIGHT, OUR_THEMES, page_colors

if TYPE_CHECKING:
    from tui.game.storyteller import Storyteller

STYLES = Path(__file__).parent / "ui" / "styles"
QUIT_SECONDS = 0.4
END_SECONDS = 3.0
SAVED = "Saved. `fabletop resume` goes on."


def verb_commands() -> type[Provider]:
    """The palette's commands, imported once it opens."""
    from tui.ui.commands import VerbCommands

    return VerbCommands


class FabletopApp(StoryDoors):
    """Fabletop on the whole screen; its result is the line that the shell shows after it."""

    CSS_PATH: ClassVar = [
        STYLES / f"{name}.tcss" for name in ("base", "play", "library", "screens")
    ]
    COMMANDS: ClassVar = {verb_commands}

    def __init__(
        self,
        program: Program,
        *,
        cards: Sequence[str] = (),
        persona: str = "",
        save: str = "",
        model: str = "",
        seed: int | None = None,
        read_only: bool = False,
    ) -> None:
        super().__init__()
        self.program = program
        self._cards, self._persona = cards, persona
        self._save, self._read_only = save, read_only
        self.first_model, self.first_seed = model, seed
        for theme in OUR_THEMES:
            self.register_theme(theme)
        self.set_reactive(Host.settings, program.settings)
        wanted = program.settings.theme
        self.theme = wanted if wanted in self.available_themes else LAMPLIGHT.name
        self.animation_level = "full" if program.settings.motion else "none"
        self.set_keymap(dict(program.settings.keymap))

    def get_css_variables(self) -> dict[str, str]:
        """Every theme has the page's colours; one that doesn't name them gets its own, made readable."""
        variables = super().get_css_variables()
        theme = self.current_theme
        colors = page_colors(variables, dark=theme.dark, ansi=theme.ansi)
        self.theme_variables = {**colors, **variables}
        return self.theme_variables

    async def on_mount(self) -> None:
        """Show the library first; the model comes behind it."""
        await self.push_screen(LibraryScreen())
        if self._save:
            self.open_save(self.program.save(self._save), read_only=self._read_only)
        elif self._cards:
            self.play(*self._cards, persona=self._persona)
        self.call_after_refresh(self._load_model)

    # the model

    @work(exclusive=True, group="model")
    async def _load_model(self, model: str = "") -> None:
        from tui.engine.backend import BackendError

        wanted = model or self.first_model
        try:
            teller = await asyncio.to_thread(self.program.storyteller, wanted)
        except NoModel as error:
            self.model_state = "no model"
            if wanted:
                self.notify(str(error), severity="error", timeout=15)
            return
        if self.teller is not None and not model:
            teller = self.teller
        else:
            await self._change_teller(teller)
        self.model_state = f"{teller.title} loading"
        teller.progress = self._show_progress
        try:
            await teller.ready()
            self.model_state = ""
            if teller.warning:
                self.notify(teller.warning, severity="warning", timeout=30)
        except BackendError as error:
            self.model_state = "no model"
            self.notify(str(error), severity="error", timeout=15)

    async def _change_teller(self, teller: Storyteller) -> None:
        """Let another storyteller tell; the open story goes on with it."""
        old, self.teller = self.teller, teller
        if self.narrator is not None:
            await self.narrator.told_by(teller)
        if old is not None:
            await old.close()

    def _show_progress(self, share: float) -> None:
        if self.teller is not None:
            self.model_state = f"{self.teller.title} {self.teller.doing} {share:.0%}"

    @property
    def model_words(self) -> str:
        """The model's name, and how far it is."""
        model = self.teller.model if self.teller else None
        return (
            f"{model.name} ready"
            if model and not self.model_state
            else self.model_state or "waking up"
        )

    @property
    def small_model(self) -> bool:
        """Whether the model is the pocket one, made for the game's own cards."""
        return self.teller is None or self.teller.path.name == POCKET

    def use_model(self, model: Path, *, keep: bool = True) -> None:
        """Load another model, and keep to it in later runs too if `keep`."""
        if keep:
            self.change_settings(model=str(model))
        self._load_model(str(model))

    # settings, and leaving

    def change_settings(self, **changes: object) -> None:
        """Keep settings, and follow them at once."""
        try:
            self.program.settings = (
                SettingsFile.read(self.program.paths.settings).write(**changes).values
            )
        except StoreError as error:
            self.complain(error)
        self._follow_settings()

    def _follow_settings(self) -> None:
        settings = self.program.settings
        self.theme = settings.theme if settings.theme in self.available_themes else LAMPLIGHT.name
        self.animation_level = "full" if settings.motion else "none"
        self.set_keymap(dict(settings.keymap))
        self.settings = settings

    async def on_unmount(self) -> None:
        """However the program ends, the story is closed and no model is left running."""
        await self.close_story()
        teller, self.teller = self.teller, None
        if teller is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(END_SECONDS):
                    await teller.close()

    def action_help_quit(self) -> None:
        """Say how to leave, where Ctrl+C has nothing to copy."""
        key = label_of(verb_named("quit"), self.settings.keymap, short=False)
        self.notify(f"{key} leaves; everything is saved.")

    async def action_quit(self) -> None:
        """Leave: what was said is on the disk already."""
        with suppress(TimeoutError):
            async with asyncio.timeout(QUIT_SECONDS):
                await self.close_story()
        self.exit(SAVED if self.played else "")


def run(
    program: Program,
    *,
    cards: Sequence[str] = (),
    persona: str = "",
    save: str = "",
    model: str = "",
    seed: int | None = None,
    read_only: bool = False,
) -> None:
    """Run the screens until the player leaves, and say on the shell that all is saved."""
    app = FabletopApp(
        program,
        cards=cards,
        persona=persona,
        save=save,
        model=model,
        seed=seed,
        read_only=read_only,
    )
    if program.settings.portraits == "auto":
        app.picture_widget = picture_widget(os.environ)
    if last_line := app.run():
        sys.stdout.write(last_line + "\n")
