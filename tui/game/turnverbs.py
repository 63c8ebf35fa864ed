"""The verbs of a picked turn: what can be done with any turn of a story."""

from __future__ import annotations

from tui.game.verb import Verb

TURN_VERBS: tuple[Verb, ...] = (
    Verb(
        "pick_edit",
        "Edit this turn",
        "Change its words; the first wording is kept",
        "e",
        place="turn",
        plain=False,
        palette=False,
    ),
    Verb(
        "pick_retry",
        "Tell this turn again",
        "Have another reply at this place",
        "r",
        place="turn",
        plain=False,
        palette=False,
    ),
    Verb(
        "pick_branch",
        "Go on from here",
        "Return to this turn; what came after stays on the map",
        "b",
        place="turn",
        plain=False,
        palette=False,
    ),
    Verb(
        "pick_copy",
        "Copy this turn",
        "Put its words on the clipboard",
        "c",
        place="turn",
        plain=False,
        palette=False,
    ),
    Verb(
        "pick_pin",
        "Pin this turn",
        "Keep it in the storyteller's mind from here on",
        "p",
        place="turn",
        plain=False,
        palette=False,
    ),
    Verb(
        "pick_view",
        "View the note",
        "See what was changed in this turn, and put it back if you like",
        "v",
        place="turn",
        plain=False,
        palette=False,
    ),
    Verb(
        "pick_delete",
        "Delete from here",
        "Take this turn and all after it out of the story; undo brings it back",
        "delete",
        place="turn",
        plain=False,
        palette=False,
    ),
)
