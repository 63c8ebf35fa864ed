"""InspectorScreen: exactly what the model was sent, part by part, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.engine.backend import BackendError
from tui.game.narrator import Narrator
from tui.game.rates import rates
from tui.prompt import CannotFit, Prompt
from tui.ui.clean import clean
from tui.ui.screens.page import Page, TooSmall
from tui.ui.widgets.bars import Masthead, bar
from tui.ui.widgets.linelist import Line, LineList
from tui.ui.widgets.rule import Rule

KIND_WORDS = {
    "system": "system and card",
    "persona": "who you are",
    "lore": "lore",
    "example": "example",
    "player": "you",
    "scene": "scene",
    "reply": "reply",
    "choices": "choices",
    "note": "note",
    "memory": "memory",
    "recap": "recap",
    "recall": "recall",
    "post_history": "last instructions",
    "opening": "the reply begins",
}
KIND_INKS = {
    "player": "$player",
    "reply": "$ink",
    "choices": "$ink",
    "scene": "$speech",
    "system": "$mark",
    "opening": "$mark",
}
ALL = "all"
COUNTED = "counted"
WIDEST = 17


class InspectorScreen(Page[None]):
    """The prompt of the last reply or, with words in the composer, of the next."""

    AUTO_FOCUS = "LineList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,f2", "dismiss", "Back", show=False),
        Binding("c", "copy", "Copy all", show=False),
    ]

    lines = getters.query_one(LineList)

    def __init__(self, narrator: Narrator, words: str = "") -> None:
        super().__init__()
        self.narrator = narrator
        self._words = words
        self._prompt: Prompt | None = None

    def compose(self) -> ComposeResult:
        """Head, the parts, the part under the cursor, foot."""
        yield Masthead()
        yield Rule(widget_id="head-rule")
        with Horizontal():
            yield LineList(widget_id="sections")
            with VerticalScroll(id="section-view", can_focus=False):
                yield Static(markup=False, id="section-text")
        yield TooSmall(id="too-small")

    def on_mount(self) -> None:
        """Ask for the prompt."""
        self.query_one(Masthead).title = (
            "What the model would be sent next" if self._words else "What the model was sent"
        )
        self.query_one("#section-text", Static).update(
            Content.styled("waiting for the model …", "$muted")
        )
        self._ask()

    @work(exclusive=True)
    async def _ask(self) -> None:
        try:
            prompt = await self.narrator.preview(self._words or None)
        except (BackendError, CannotFit) as error:
            self.query_one("#section-text", Static).update(
                Content.styled(clean(str(error)), "$fault")
            )
            return
        self._prompt = prompt
        total = len(prompt.tokens)
        self.query_one(
            Masthead
        ).state = f"{total:,} of {prompt.room:,} tokens · c copies · Esc back"
        counted = list(rates(self.narrator.session))
        self.lines.show([*section_lines(prompt), *counted_lines(counted)], key=ALL)

    @on(LineList.Moved)
    def _show(self, event: LineList.Moved) -> None:
        if self._prompt is not None:
            text = (
                Content("\n\n".join(rates(self.narrator.session)))
                if event.key == COUNTED
                else section_content(self._prompt, event.key)
            )
            self.query_one("#section-text", Static).update(text)
            self.query_one("#section-view").scroll_home(animate=False)

    def action_copy(self) -> None:
        """Put the whole prompt on the clipboard."""
        if self._prompt is not None:
            self.app.copy_to_clipboard(self._prompt.text)
            self.app.notify("Copied.")


def section_lines(prompt: Prompt) -> Iterator[Line]:
    """A row for each part, with its tokens; what was left out comes last."""
    total = max(len(prompt.tokens), 1)
    yield Line(
        ALL, Content.styled("all of it", "bold $ink"), Content.styled(f"{total:,}", "$muted")
    )
    for number, section in enumerate(prompt.sections):
        ink = KIND_INKS.get(section.kind, "$muted")
        words = KIND_WORDS[section.kind].ljust(WIDEST)
        share = bar(section.tokens / total, 6)
        yield Line(
            f"in:{number}",
            Content.assemble((words, ink), " ", share),
            Content.styled(f"{section.tokens:,}", "$muted"),
        )
    if prompt.left_out:
        yield Line("", Content(""))
        yield Line("", Content.styled("LEFT OUT", "bold $muted"))
    for number, left in enumerate(prompt.left_out):
        yield Line(f"out:{number}", Content.styled(KIND_WORDS[left.kind].ljust(WIDEST), "$muted"))


def counted_lines(counted: Sequence[str]) -> Iterator[Line]:
    """A row for what is counted over the whole story, where anything is."""
    if counted:
        yield Line("", Content(""))
        yield Line(COUNTED, Content.styled("counted so far", "$muted"))


def section_content(prompt: Prompt, key: str) -> Content:
    """The text of the part under the cursor."""
    kind, _, number = key.partition(":")
    if kind == "out":
        left = prompt.left_out[int(number)]
        return Content.assemble((clean(left.why), "$mark"), "\n\n", (clean(left.text), "$muted"))
    sections = prompt.sections if key == ALL else (prompt.sections[int(number)],)
    parts = [
        Content.styled(clean(section.text), KIND_INKS.get(section.kind, "$muted"))
        for section in sections
    ]
    return Content("").join(parts)
