"""PickBar: what can be done with the turn that the reader picked."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui.game.verbs import verbs_at
from tui.ui.keys import bindings_at, keymap_of, label_of

WORDS = {
    "pick_edit": "edit",
    "pick_retry": "tell again",
    "pick_branch": "go on from here",
    "pick_copy": "copy",
    "pick_pin": "pin",
    "pick_view": "view note",
    "pick_delete": "delete",
}


class PickBar(Widget, can_focus=True):
    """Stands where the composer was while a turn is picked, and takes its keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_at("turn"),
        Binding("up", "move(-1)", "The turn before", show=False),
        Binding("down", "move(1)", "The turn after", show=False),
        Binding("left", "swipe(-1)", "The reply before", show=False),
        Binding("right", "swipe(1)", "The reply after", show=False),
        Binding("enter", "pick_branch", "Go on from here", show=False),
        Binding("escape", "leave", "Back to the composer", show=False),
    ]

    class Asked(Message):
        """A verb was asked for, by its id; `leave`, `move` and `swipe` are the bar's own."""

        def __init__(self, what: str, by: int = 0, typed: str = "") -> None:
            super().__init__()
            self.what = what
            self.by = by
            self.typed = typed

    def render(self) -> Content:
        """Draw the keys, as many as there is room for."""
        line = Content("")
        for verb in verbs_at("turn"):
            part = Content.assemble(
                (label_of(verb, keymap_of(self.app)), "bold $mark"),
                (f" {WORDS[verb.id]}", "$muted"),
            )
            longer = Content.assemble(line, "  ", part) if line else part
            if longer.cell_length > self.content_size.width - 10:
                break
            line = longer
        return Content.assemble(line, "  ", ("Esc", "bold $mark"), (" back", "$muted"))

    def on_key(self, event: events.Key) -> None:
        """Any other printable key goes to the composer."""
        keymap = keymap_of(self.app)
        known = {
            key for verb in verbs_at("turn") for key in keymap.get(verb.id, verb.keys).split(",")
        }
        if event.is_printable and event.key not in known and event.character:
            event.stop()
            self.post_message(self.Asked("leave", typed=event.character))

    def action_move(self, by: int) -> None:
        """Pick the turn before or after."""
        self.post_message(self.Asked("move", by))

    def action_swipe(self, by: int) -> None:
        """Turn to another reply at this place."""
        self.post_message(self.Asked("swipe", by))

    def action_leave(self) -> None:
        """Pick nothing any more."""
        self.post_message(self.Asked("leave"))

    def action_pick_edit(self) -> None:
        """Change the turn's words."""
        self.post_message(self.Asked("pick_edit"))

    def action_pick_retry(self) -> None:
        """Have another reply at this place."""
        self.post_message(self.Asked("pick_retry"))

    def action_pick_branch(self) -> None:
        """Return to this turn."""
        self.post_message(self.Asked("pick_branch"))

    def action_pick_copy(self) -> None:
        """Put the turn's words on the clipboard."""
        self.post_message(self.Asked("pick_copy"))

    def action_pick_pin(self) -> None:
        """Keep the turn in the storyteller's mind."""
        self.post_message(self.Asked("pick_pin"))

    def action_pick_view(self) -> None:
        """See what a guard changed."""
        self.post_message(self.Asked("pick_view"))

    def action_pick_delete(self) -> None:
        """Take this turn and all after it out of the story."""
        self.post_message(self.Asked("pick_delete"))
