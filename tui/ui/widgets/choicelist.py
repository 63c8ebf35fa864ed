"""ChoiceList: what the player can do next, numbered."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui.story import Choice
from tui.ui.clean import clean_line
from tui.ui.prose import typeset


class ChoiceRow(Widget):
    """One numbered line, its digit as on a key; a click chooses it."""

    ALLOW_SELECT = False
    KEY_WIDTH = 5

    def __init__(self, number: int) -> None:
        super().__init__(markup=False)
        self.number = number
        self.text = ""

    def show(self, text: str | None) -> None:
        """Show a choice, or a quiet dot in the place where one will stand."""
        self.text = clean_line(text) if text else ""
        self.set_class(not self.text, "-waiting")
        self.refresh(layout=True)

    def render(self) -> Content:
        """The digit, and the words hanging beside it."""
        if not self.text:
            return Content.styled(" · ", "$dots")
        lines = Content(typeset(self.text)).wrap(max(self.content_size.width - self.KEY_WIDTH, 8))
        ink = "bold reverse" if self.app.no_color else "bold $key on $key-ground"
        key = Content.styled(f" {self.number} ", ink)
        indent = Content("\n" + " " * self.KEY_WIDTH)
        return Content.assemble(key, "  ", indent.join(line.rstrip() for line in lines))

    def on_click(self) -> None:
        """Choose this line."""
        if self.text:
            self.post_message(ChoiceList.Picked(self.number))


class ChoiceList(Vertical):
    """The choices of the turn at the end of the page.

    Their rows are kept while a reply streams, so that nothing moves when they come.
    """

    class Picked(Message):
        """A choice was clicked; `number` counts from 1."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    class Shown(Message):
        """The number of rows changed."""

        def __init__(self, count: int) -> None:
            super().__init__()
            self.count = count

    def __init__(self, *, widget_id: str | None = None) -> None:
        super().__init__(id=widget_id)
        self._choices: tuple[Choice, ...] = ()
        self._rows: list[ChoiceRow] = []

    def compose(self) -> ComposeResult:
        """Make nine rows once; those that aren't needed are hidden."""
        self._rows = [ChoiceRow(number) for number in range(1, 10)]
        yield from self._rows

    def on_mount(self) -> None:
        """Begin without choices."""
        self.clear()

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The choices that can be picked now; empty while they are awaited."""
        return self._choices

    def show(self, choices: Sequence[Choice]) -> None:
        """Let the player choose among these."""
        self._choices = tuple(choices[: len(self._rows)])
        for row, choice in zip(self._rows, self._choices, strict=False):
            row.show(choice.text)
        self._show_rows(len(self._choices))

    def wait(self, count: int) -> None:
        """Keep as many rows for choices that will come."""
        self._choices = ()
        for row in self._rows[:count]:
            row.show(None)
        self._show_rows(count)

    def clear(self) -> None:
        """Offer nothing."""
        self._choices = ()
        self._show_rows(0)

    def _show_rows(self, count: int) -> None:
        for number, row in enumerate(self._rows):
            row.display = number < count
        self.display = count > 0
        self.post_message(self.Shown(count))
