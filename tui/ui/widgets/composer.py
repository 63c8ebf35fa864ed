"""Composer: where the player says or does anything."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from tui.game.verbs import verbs_at
from tui.ui.clean import clean

ALT_SECONDS = 0.01
"""Most terminals send Alt+Enter as two keys, one directly after the other."""
ESCAPES = ("escape", "circumflex_accent")
NEW_LINE_KEYS = ("ctrl+j", "alt+enter", "shift+enter")


class Composer(TextArea):
    """A growing line for the player's words.

    While it is empty, digits choose, Up picks a turn and Left and Right turn to other
    replies; a leading space types what would else choose.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+up", "older", "Said before", show=False),
        Binding("ctrl+down", "newer", "Said after", show=False),
    ]

    class Said(Message):
        """The player's words are complete; empty where Enter was pressed on an empty line."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Chose(Message):
        """A digit was pressed on an empty line."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    class Asked(Message):
        """A key that does something else on an empty line: `pick`, `hurry`, `left` or `right`."""

        def __init__(self, what: str) -> None:
            super().__init__()
            self.what = what

    def __init__(self, *, widget_id: str | None = None) -> None:
        super().__init__(
            soft_wrap=True,
            show_line_numbers=False,
            tab_behavior="focus",
            highlight_cursor_line=False,
            compact=True,
            id=widget_id,
        )
        self.revealing = False
        """Whether a reply is still appearing, so that Space completes it."""
        self.said: list[str] = []
        self._back = 0
        self._draft = ""
        self._escaped = events.Key("escape", None)
        self._escaped.time -= ALT_SECONDS

    @property
    def empty(self) -> bool:
        """Whether nothing at all is typed."""
        return not self.text

    async def _on_key(self, event: events.Key) -> None:
        if event.key in ESCAPES:
            self._escaped = event
        elif event.key == "enter" and event.time - self._escaped.time < ALT_SECONDS:
            if self._escaped.character == "^":
                self.action_delete_left()
            self.insert("\n")
            event.prevent_default()
            event.stop()
            return
        if self._acts(event.key, event.character):
            event.prevent_default()
            event.stop()
            return
        if event.key == "space" and self.empty:
            self.insert(" ")
            event.prevent_default()
            event.stop()
            return
        await super()._on_key(event)

    def _acts(self, key: str, character: str | None) -> bool:
        """Do what a key means here, and tell whether it meant anything but itself."""
        if key == "enter":
            self._submit()
        elif key in NEW_LINE_KEYS:
            self.insert("\n")
        elif self.empty and character and character in "123456789":
            self.post_message(self.Chose(int(character)))
        elif self.empty and key == "space" and self.revealing:
            self.post_message(self.Asked("hurry"))
        elif self.empty and key in ("up", "left", "right"):
            self.post_message(self.Asked("pick" if key == "up" else key))
        else:
            return False
        return True

    async def _on_paste(self, event: events.Paste) -> None:
        """Take a paste as one piece, whatever line ends it holds."""
        event.prevent_default()
        event.stop()
        self.insert(clean(event.text))

    def _submit(self) -> None:
        text = self.text.strip()
        self.post_message(self.Said(text))

    def accept(self, text: str) -> None:
        """The words were taken: remember them, and begin an empty line."""
        if text and (not self.said or self.said[-1] != text):
            self.said.append(text)
        self._back, self._draft = 0, ""
        self.clear()

    def take(self, text: str) -> None:
        """Hold this text, to be changed and sent."""
        self.load_text(text)
        self.move_cursor(self.document.end)

    def action_older(self) -> None:
        """Bring back what was said before; the draft is kept."""
        self._step(1)

    def action_newer(self) -> None:
        """Go back towards the draft."""
        self._step(-1)

    def _step(self, by: int) -> None:
        back = min(max(self._back + by, 0), len(self.said))
        if back == self._back:
            return
        if self._back == 0:
            self._draft = self.text
        self._back = back
        self.take(self.said[-back] if back else self._draft)

    def update_suggestion(self) -> None:
        """Offer the rest of a slash command's word."""
        text = self.text
        if not text.startswith("/") or " " in text or "\n" in text or len(text) < 2:
            self.suggestion = ""
            return
        words = (word for verb in verbs_at("play", "anywhere") for word in verb.slash)
        self.suggestion = next(
            (word[len(text) - 1 :] for word in words if word.startswith(text[1:])), ""
        )
