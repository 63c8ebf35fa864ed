"""HelpScreen: every key and every command, from the table of verbs."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from tui.game.verbtable import VERBS, Place, Verb
from tui.ui.keys import label_of
from tui.ui.screens.page import Page, TooSmall
from tui.ui.widgets.bars import Masthead
from tui.ui.widgets.flow import Flow, hanging
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
KEY_WIDTH, WORD_WIDTH = 12, 20
WORDS_FROM = 90
WELCOME = (
    "Say or do anything, in your own words, or pick a numbered line.",
    "Everything is saved as it happens, and everything can be taken back.",
)


class HelpScreen(Page[None]):
    """A page to read, and to leave with Esc."""

    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,f1", "dismiss", "Back", show=False)]

    def compose(self) -> ComposeResult:
        """Head, the list, foot."""
        yield Masthead()
        yield Rule()
        with VerticalScroll(id="help"):
            yield Flow()
        yield TooSmall(id="too-small")

    def on_mount(self) -> None:
        """Name the page."""
        head = self.query_one(Masthead)
        head.title, head.state = "Keys and commands", "Esc goes back"
        self.query_one(Flow).lay = partial(help_content, dict(self.app.settings.keymap))


def help_content(keymap: dict[str, str], width: int) -> Content:
    """The whole page, `width` columns wide."""
    blocks = [Content("\n").join(Content(line) for line in WELCOME)]
    blocks.append(section("Writing", [key_row(key, "", words, width) for key, words in WRITING]))
    for place, title in SECTIONS:
        verbs = [verb for verb in VERBS if verb.place == place]
        blocks.append(section(title, [verb_row(verb, keymap, width) for verb in verbs]))
    return Content("\n\n").join(blocks)


def section(title: str, rows: list[Content]) -> Content:
    """A heading and its rows."""
    return Content("\n").join([Content.styled(title.upper(), "bold $muted"), *rows])


def verb_row(verb: Verb, keymap: dict[str, str], width: int) -> Content:
    """A verb: its key, its word after a slash, and what it does."""
    key = label_of(verb, keymap, short=False)
    if verb.library_key:
        key = f"{key} or {label_of(verb, keymap, in_library=True)}"
    word = f"/{verb.slash[0]} {verb.argument}".strip() if verb.slash else ""
    return key_row(key, word, verb.help, width)


def key_row(key: str, word: str, words: str, width: int) -> Content:
    """One row: key, word after a slash, and what they do; the word gives way on a narrow page."""
    head = Content.assemble("  ", (key.ljust(KEY_WIDTH), "bold $mark"))
    if width >= WORDS_FROM:
        head = Content.assemble(head, (word.ljust(WORD_WIDTH), "$speech"))
    elif word:
        words = f"{words} ({word})"
    return hanging(head, Content(words), width)
