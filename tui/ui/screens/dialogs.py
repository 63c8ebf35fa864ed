"""The small dialogs: edit, view a note, ask for a line, ask yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Generic, NamedTuple, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Static, TextArea

from tui.game.understanding import is_deed
from tui.story import Note
from tui.ui.clean import clean_line
from tui.ui.prose import prose
from tui.ui.screens.page import HEIGHTS

Result = TypeVar("Result")
LONGEST_NAME = 40


class Dialog(ModalScreen[Result | None], Generic[Result]):
    """A sheet of paper laid over the page; Esc takes it away."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close", show=False)
    ]
    heading = ""
    keys = ""

    def compose(self) -> ComposeResult:
        """A heading, what the dialog is about, and its keys."""
        with Vertical(classes="sheet"):
            if self.heading:
                yield Static(Content.styled(self.heading, "bold $ink"), classes="sheet-head")
            yield from self.compose_body()
            yield Static(Content.styled(self.keys, "$muted"), classes="sheet-keys")

    def compose_body(self) -> ComposeResult:
        """What the dialog is about."""
        yield from ()


class EditDialog(Dialog[str]):
    """The words of a turn, to be changed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,ctrl+enter,f10", "keep", "Keep", show=False, priority=True)
    ]
    AUTO_FOCUS = "TextArea"
    keys = "^S keeps it · Esc leaves it as it was"

    def __init__(self, text: str, *, of_player: bool) -> None:
        super().__init__()
        self._text = text
        self.heading = "What you said" if of_player else "What was told"

    def compose_body(self) -> ComposeResult:
        """The text."""
        area = TextArea(
            self._text, soft_wrap=True, tab_behavior="focus", compact=True, id="edit-text"
        )
        area.move_cursor(area.document.end)
        yield area

    @property
    def words(self) -> str:
        """The words as they are now."""
        return self.query_one(TextArea).text.strip()

    def action_keep(self) -> None:
        """Keep the words as they are now."""
        if self.words:
            self.dismiss(self.words)


class NoteDialog(Dialog[str]):
    """What guards changed in a reply; the words before can be put back."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("b", "put_back", "Put back", show=False)]
    heading = "What was changed"
    keys = "b puts back what was there before · Esc leaves it"

    def __init__(self, text: str, notes: Sequence[Note]) -> None:
        super().__init__()
        self._text, self._notes = text, notes

    def compose_body(self) -> ComposeResult:
        """Each note, and the words before."""
        with VerticalScroll():
            for note in self._notes:
                yield Static(Content.styled(f"⚑ {clean_line(note.text)}", "$mark"))
                yield Static(prose(note.before), classes="sheet-text")
            yield Static(Content.styled("Now", "bold $muted"))
            yield Static(prose(self._text), classes="sheet-text")

    def action_put_back(self) -> None:
        """Put the words before the first change back."""
        self.dismiss(self._notes[0].before)


class LineDialog(Dialog[str]):
    """Asks for one line, with one ready."""

    AUTO_FOCUS = "Input"
    keys = "Enter takes it · Esc goes back"

    def __init__(self, heading: str, ready: str = "", words: str = "") -> None:
        super().__init__()
        self.heading = heading
        self._ready, self._words = ready, words

    def compose_body(self) -> ComposeResult:
        """What it is for, and the line."""
        if self._words:
            yield Static(Content.styled(self._words, "$muted"), classes="sheet-text")
        yield Input(self._ready, select_on_focus=True, compact=True, id="line")

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        self.dismiss(clean_line(event.value))


class AskDialog(Dialog[bool]):
    """Asks yes or no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "answer(True)", "Yes", show=False),
        Binding("n", "answer(False)", "No", show=False),
    ]

    def __init__(self, heading: str, words: str, yes: str = "yes", no: str = "no") -> None:
        super().__init__()
        self.heading, self._words = heading, words
        self.keys = f"Enter {yes} · Esc {no}"

    def compose_body(self) -> ComposeResult:
        """The question."""
        yield Static(Content(self._words), classes="sheet-text")

    def action_answer(self, yes: bool) -> None:
        """Answer."""
        self.dismiss(yes)


class Named(NamedTuple):
    """What the player is called, and what they picked (0: nothing) or typed without more ado."""

    name: str
    choice: int = 0
    words: str = ""


class NameLine(Input):
    """A line for a name. A name doesn't begin with a digit: on an untouched line it is a choice."""

    class Chose(Message):
        """A digit was pressed before anything else."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, ready: str) -> None:
        super().__init__(ready, select_on_focus=True, compact=True)
        self.ready = ready

    async def _on_key(self, event: events.Key) -> None:
        if self.value == self.ready and event.character and event.character in "123456789":
            event.prevent_default()
            event.stop()
            self.post_message(self.Chose(int(event.character)))
        else:
            await super()._on_key(event)


class NameDialog(Dialog[Named]):
    """Asks once what the stories call the player, at the foot of the opening.

    Enter takes the name that stands there; so does a digit, which goes on to choose. A deed
    (`look around`) is no name, and is handed on.
    """

    AUTO_FOCUS = "Input"
    VERTICAL_BREAKPOINTS = HEIGHTS
    heading = "What shall the stories call you?"
    keys = "Enter takes it · /me changes it later"

    def __init__(self, ready: str) -> None:
        super().__init__()
        self._ready = ready

    def compose_body(self) -> ComposeResult:
        """The name, ready to be taken."""
        yield NameLine(self._ready)

    @on(NameLine.Chose)
    def _choose(self, event: NameLine.Chose) -> None:
        self.dismiss(Named(self._ready, event.number))

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        line = clean_line(event.value)
        if is_deed(line) or len(line) > LONGEST_NAME:
            self.dismiss(Named(self._ready, words=line))
        else:
            self.dismiss(Named(line or self._ready))
