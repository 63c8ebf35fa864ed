"""HelpScreen: every key and every command, from the table of verbs."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.game.verbtable import VERBS, Place, Verb
from tui.ui.keys import label_of
from tui.ui.screens.page import Page, TooSmall
from tui.ui.widgets.bars import Masthead
from tui.ui.widgets.rule import Rule

SECTIONS: tuple[tuple[Place, str], ...] = (
    ("play", "In a story"),
    ("turn", "With a picked turn"),
    ("library", "In the library"),
    ("anywhere", "Anywhere"),
)
WRITING = (
    ("1 – 9", "Choose, while nothing is typed; a leading space types the digit"),
    ("Enter", "Say or do what is typed; on an empty line, go on with a reply that was cut"),
    ("Ctrl+J", "A new line; Alt+Enter too"),
    ("Space", "Show the rest of a reply at once, while nothing is typed"),
    ("↑", "Pick a turn, while nothing is typed"),
    ("Ctrl+↑ ↓", "What you said before"),
    ("PgUp PgDn", "Turn the page; Ctrl+End goes back to the newest line"),
    ("//", "Begins a line that begins with a slash"),
)
KEY_WIDTH, WORD_WIDTH = 12, 18


class HelpScreen(Page[None]):
    """A page to read, and to leave with Esc."""

    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,f1", "dismiss", "Back", show=False)]

    def compose(self) -> ComposeResult:
        """Head, the list, foot."""
        yield Masthead()
        yield Rule()
        with VerticalScroll(id="help"):
            yield Static(help_content(dict(self.app.settings.keymap)), markup=False, id="help-text")
        yield TooSmall(id="too-small")

    def on_mount(self) -> None:
        """Name the page."""
        head = self.query_one(Masthead)
        head.title, head.state = "Keys and commands", "Esc goes back"


def help_content(keymap: dict[str, str]) -> Content:
    """The whole page."""
    blocks = [
        Content.styled(
            "Say or do anything, in your own words, or pick a numbered line.\nEverything is saved as it happens, and everything can be taken back.",
            "$ink",
        )
    ]
    rows = [key_row(key, "", words) for key, words in WRITING]
    blocks.append(section("Writing", rows))
    for place, title in SECTIONS:
        verbs = [verb for verb in VERBS if verb.place == place]
        blocks.append(section(title, [verb_row(verb, keymap) for verb in verbs]))
    return Content("\n\n").join(blocks)


def section(title: str, rows: list[Content]) -> Content:
    """A heading and its rows."""
    return Content("\n").join([Content.styled(title.upper(), "bold $muted"), *rows])


def verb_row(verb: Verb, keymap: dict[str, str]) -> Content:
    """A verb: its key, its word after a slash, and what it does."""
    key = label_of(verb, keymap, short=False)
    if verb.library_key:
        key = f"{key}  {verb.library_key}"
    word = f"/{verb.slash[0]} {verb.argument}".strip() if verb.slash else ""
    return key_row(key, word, verb.help)


def key_row(key: str, word: str, words: str) -> Content:
    """One row of three columns."""
    return Content.assemble(
        "  ",
        (key.ljust(KEY_WIDTH), "bold $mark"),
        (word.ljust(WORD_WIDTH), "$speech"),
        (words, "$ink"),
    )
