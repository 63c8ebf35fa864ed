"""RecapDialog: the story so far, as the storyteller is told it, to be read and changed."""

from __future__ import annotations

from tui.ui.screens.dialogs import EditDialog


class RecapDialog(EditDialog):
    """What is kept of the turns that are no longer remembered; an empty text keeps nothing."""

    keys = "^S keeps it · Esc leaves it · /recap off takes it out of the prompt"

    def __init__(self, text: str) -> None:
        super().__init__(text, of_player=False)
        self.heading = "The story so far"

    def action_keep(self) -> None:
        """Keep the words as they are now, none too."""
        self.dismiss(self.words)
