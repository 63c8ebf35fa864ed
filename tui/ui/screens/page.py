"""Page: what every full screen of the program has in common."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from textual import getters
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from tui.ui.cropping import CroppingCompositor
from tui.ui.host import Host
from tui.ui.keys import bindings_at

LEAST_WIDTH, LEAST_HEIGHT = 60, 20
WIDTHS = [(0, "-tiny"), (LEAST_WIDTH, "-narrow"), (80, "-plain"), (100, "-wide"), (120, "-broad")]
HEIGHTS = [(0, "-flat"), (LEAST_HEIGHT, "-short"), (26, "-tall")]
Result = TypeVar("Result")


class TooSmall(Widget):
    """Says, in place of everything, that the window has no room for a page."""

    def render(self) -> Content:
        """Name the size there is and the size that is needed."""
        width, height = self.app.size
        return Content(
            f"A page needs {LEAST_WIDTH} × {LEAST_HEIGHT}.\nThis window is {width} × {height}.\n\nNothing is lost: make it larger."
        )


class Page(Screen[Result], Generic[Result]):
    """A full screen, whose parts follow the size of the window.

    Its classes say how much room there is: `-tiny`, `-narrow` (60 columns), `-plain` (80),
    `-wide` (100), `-broad` (120); `-flat`, `-short` (20 rows), `-tall` (26).
    """

    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    app = getters.app(Host)
    BINDINGS: ClassVar[list[BindingType]] = bindings_at("anywhere")

    def __init__(self) -> None:
        super().__init__()
        self._compositor = CroppingCompositor()

    @property
    def has_margin(self) -> bool:
        """Whether there is room for something beside the page."""
        return self.size.width >= 100

    # what can be asked for anywhere

    async def action_models(self, name: str = "") -> None:
        """Show the models on this machine."""
        from tui.ui.screens.models import ModelsScreen

        await self.app.push_screen(ModelsScreen(name))

    async def action_settings(self) -> None:
        """Change how the program looks, reads and tells."""
        from tui.ui.screens.settings import SettingsScreen

        await self.app.push_screen(SettingsScreen())

    def action_theme(self, name: str = "") -> None:
        """Take the theme of that name, or turn from dark to light and back."""
        if not name:
            name = "paper" if self.app.current_theme.dark else "lamplight"
        if name not in self.app.available_themes:
            near = ", ".join(sorted(self.app.available_themes)[:8])
            self.app.notify(f"There is no theme {name}. There are: {near}, …", markup=False)
            return
        self.app.change_settings(theme=name)

    def action_commands(self) -> None:
        """Open the palette of all commands."""
        self.app.action_command_palette()

    async def action_help(self) -> None:
        """Show every key and every command."""
        from tui.ui.screens.help import HelpScreen

        await self.app.push_screen(HelpScreen())

    async def action_quit(self) -> None:
        """Leave; everything is saved already."""
        await self.app.action_quit()
