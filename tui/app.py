"""The App: builds the pieces, and hands them to the screens."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.reactive import var

from tui.game.program import Program
from tui.game.storyteller import Storyteller
from tui.ui.keys import bindings_at
from tui.ui.themes import OUR_THEMES, page_colors

STYLES = Path(__file__).parent / "ui" / "styles"


class FabletopApp(App[str]):
    """Fabletop on the whole screen; returns the sentence that the shell shows after it."""

    TITLE = "Fabletop"
    CSS_PATH: ClassVar = [STYLES / f"{name}.tcss" for name in ("base", "play")]
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_at("anywhere")]
    PAUSE_GC_ON_SCROLL = True

    model_state = var("")
    """How far the model is: a few words while it loads, empty once it is there."""

    def __init__(self, program: Program, teller: Storyteller | None) -> None:
        super().__init__()
        self.program = program
        self.teller = teller
        for theme in OUR_THEMES:
            self.register_theme(theme)

    def get_css_variables(self) -> dict[str, str]:
        """Every theme has the page's colours; one that doesn't name them gets its own, made readable."""
        variables = super().get_css_variables()
        theme = self.current_theme
        colors = page_colors(variables, dark=theme.dark, ansi=theme.ansi)
        self.theme_variables = {**colors, **variables}
        return self.theme_variables
