"""SettingsScreen: a dozen settings, with the page's colours seen at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from tui.store import SettingsFile, shown
from tui.store.settings import described
from tui.ui.clean import clean_line
from tui.ui.prose import prose
from tui.ui.screens.dialogs import LineDialog
from tui.ui.screens.page import Page, TooSmall
from tui.ui.screens.storymap import keys_content
from tui.ui.themes import OUR_THEMES
from tui.ui.widgets.bars import Masthead
from tui.ui.widgets.linelist import Line, LineList
from tui.ui.widgets.rule import Rule

NAMES = {
    "theme": "Colours",
    "user_name": "Your name",
    "persona": "Who you are",
    "choices": "Choices",
    "reveal": "Text appears",
    "bell": "Bell",
    "portraits": "Portraits",
    "motion": "Motion",
    "ahead": "Think ahead",
    "n_ctx": "Memory",
    "gpu_layers": "Graphics card",
    "n_threads": "Processor cores",
}
OPTIONS: dict[str, tuple[object, ...]] = {
    "choices": (0, 2, 3, 4, 5),
    "reveal": (60, 120, 240, "off"),
    "bell": (False, True),
    "portraits": ("off", "blocks", "auto"),
    "motion": (False, True),
    "ahead": (False, True, "auto"),
    "n_ctx": ("auto", 2048, 4096, 8192, 16384),
    "gpu_layers": ("auto", 0, 16, 32, 99),
    "n_threads": ("auto", 1, 2, 4, 8),
}
SPEEDS = {"60": "slowly", "120": "at reading speed", "240": "quickly", "off": "as it comes"}
TYPED = ("user_name", "persona")
NAME_WIDTH = 20
SAMPLE = (
    "The lamp takes on the third match. *You hold it up.* “Who oiled this?” asks the ferryman, "
    "and does not wait to hear."
)
KEYS = (("← →", "change"), ("Enter", "type"), ("Esc", "back"))


class SettingsScreen(Page[None]):
    """Each setting is a row; what is changed is kept at once."""

    AUTO_FOCUS = "LineList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,f3", "dismiss", "Back", show=False),
        Binding("left", "turn(-1)", "The value before", show=False),
        Binding("right,space", "turn(1)", "The next value", show=False),
    ]

    lines = getters.query_one(LineList)

    def compose(self) -> ComposeResult:
        """Head, the rows, a sample of the page, foot."""
        yield Masthead()
        yield Rule()
        yield LineList(widget_id="settings-lines")
        yield Static(markup=False, id="settings-words")
        yield Rule(widget_id="sample-rule")
        yield Static(markup=False, id="settings-sample")
        yield Rule()
        yield Static(keys_content(KEYS), classes="keys")
        yield TooSmall(id="too-small")

    def on_mount(self) -> None:
        """Show the settings as they are."""
        self.query_one(Masthead).title = "Settings"
        self.query_one(Masthead).state = f"all of them: {shown(self.app.program.paths.settings)}"
        self.query_one("#settings-sample", Static).update(sample())
        self.watch(self.app, "settings", self._lay)

    def _lay(self) -> None:
        values = self.app.settings
        self.lines.show([setting_line(name, getattr(values, name)) for name in NAMES])

    @on(LineList.Moved)
    def _explain(self, event: LineList.Moved) -> None:
        words = described()[event.key][1]
        problems = SettingsFile.read(self.app.program.paths.settings).problems
        text = Content.styled(clean_line(words), "$muted")
        if problems:
            text = Content.assemble(text, ("\n" + clean_line(problems[0]), "$fault"))
        self.query_one("#settings-words", Static).update(text)

    def _options(self, name: str) -> Sequence[object]:
        if name == "theme":
            own = [theme.name for theme in OUR_THEMES]
            return [*own, *sorted(theme for theme in self.app.available_themes if theme not in own)]
        return OPTIONS.get(name, ())

    def action_turn(self, by: int) -> None:
        """Take the value before or after."""
        name = self.lines.key
        options = self._options(name)
        if not options:
            self._type()
            return
        now: object = getattr(self.app.settings, name)
        place = options.index(now) if now in options else 0
        self.app.change_settings(**{name: options[(place + by) % len(options)]})

    @on(LineList.Chosen)
    def _choose(self, event: LineList.Chosen) -> None:
        self.action_turn(1) if event.key not in TYPED else self._type()

    @work
    async def _type(self) -> None:
        """Let the player type a value."""
        name = self.lines.key
        dialog = LineDialog(
            NAMES[name], str(getattr(self.app.settings, name)), described()[name][1]
        )
        text = await self.app.push_screen_wait(dialog)
        if text is not None:
            self.app.change_settings(**{name: text})


def setting_line(name: str, value: object) -> Line:
    """A setting as a row."""
    words = value_words(name, value)
    shown = (
        Content.styled(words, "$speech")
        if name in TYPED
        else Content.assemble(("‹ ", "$muted"), (words, "$speech"), (" ›", "$muted"))
    )
    return Line(name, Content.assemble((NAMES[name].ljust(NAME_WIDTH), "$ink"), shown))


def value_words(name: str, value: object) -> str:
    """A value in words."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if name == "choices" and value == 0:
        return "none"
    if name == "reveal":
        return SPEEDS.get(str(value), f"{value} letters a second")
    if name in TYPED:
        return clean_line(str(value)) or "as each card says"
    return clean_line(str(value))


def sample() -> Content:
    """A little of a page, to see the colours on."""
    key = Content.styled(" 1 ", "bold $key on $key-ground")
    return Content.assemble(
        ("› i hold up the lantern\n", "$player"),
        ("  (you light the lantern)\n\n", "$muted"),
        prose(SAMPLE),
        ("\n\n⚑ cut one line that spoke for you\n", "$muted"),
        key,
        "  Ask the ferryman to wait",
    )
