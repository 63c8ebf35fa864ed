"""The table of verbs: everything that a player can ask of the program.

Keys, the command palette, slash commands, help and the key line are all made from it, on
the full screen and in plain mode, so that they can't disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Place = Literal["play", "library", "turn", "anywhere"]


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing to ask for; `id` names the action that does it."""

    id: str
    title: str
    """What the palette and the help page call it."""
    help: str
    """One sentence, without its final full stop."""
    keys: str = ""
    """The key, or several with commas; the player's settings may change them."""
    slash: tuple[str, ...] = ()
    """The words that ask for it after a slash, the usual one first."""
    argument: str = ""
    """What may follow the word, as the help page shows it."""
    place: Place = "play"
    label: str = ""
    """What the key line calls it; empty where it is not shown there."""
    plain: bool = True
    """Whether plain mode knows it too."""
    palette: bool = True
    library_key: str = ""
    """The key in the library, where letters need not be typed."""


VERBS: tuple[Verb, ...] = (
    Verb(
        "retry",
        "Another reply",
        "Have the last turn told again; the reply before is kept",
        "ctrl+r",
        ("retry", "again"),
        label="retry",
    ),
    Verb(
        "undo",
        "Undo",
        "Take back the last thing that was done, whatever it was",
        "ctrl+z",
        ("undo",),
        label="undo",
    ),
    Verb("redo", "Redo", "Do again what was taken back", "ctrl+y", ("redo",)),
    Verb(
        "edit",
        "Edit the reply",
        "Change the words of the last reply; the first wording is kept",
        "ctrl+e",
        ("edit",),
        label="edit",
        plain=False,
    ),
    Verb(
        "continue_reply",
        "Go on with the reply",
        "Have a reply that was stopped go on from where it ended",
        "ctrl+g",
        ("continue", "go-on"),
    ),
    Verb(
        "map",
        "Story map",
        "See every path that this story took, and walk another",
        "ctrl+t",
        ("map",),
        label="map",
        plain=False,
    ),
    Verb(
        "previous_swipe",
        "The reply before",
        "Show the other reply to the left",
        "left",
        ("previous",),
    ),
    Verb(
        "next_swipe",
        "The next reply",
        "Show the other reply to the right, or ask for a new one",
        "right",
        ("next",),
    ),
    Verb(
        "stop",
        "Stop",
        "End a reply early; what came is kept",
        "escape",
        ("stop",),
        plain=False,
        palette=False,
    ),
    Verb("roll", "Roll dice", "Roll dice, or let a roll decide a deed", "", ("roll",), "2d6 DEED"),
    Verb("hint", "A hint", "Be told what might be tried next", "", ("hint",)),
    Verb(
        "inspect",
        "Inspect the prompt",
        "See exactly what the model was sent, and what was left out",
        "f2",
        ("inspect", "prompt"),
        plain=False,
    ),
    Verb(
        "panel",
        "The scene beside the page",
        "Show or hide place, people, things and goal",
        "ctrl+b",
        ("panel", "scene"),
        plain=False,
    ),
    Verb("me", "Your name", "Tell the story what to call you", "", ("me", "name"), "NAME"),
    Verb(
        "pin",
        "Pin a line",
        "Keep a line in the storyteller's mind from here on",
        "",
        ("pin",),
        "WORDS",
    ),
    Verb(
        "note",
        "A note to the storyteller",
        "Say how the story should be told; no words take the note away",
        "",
        ("note",),
        "WORDS",
    ),
    Verb(
        "memory",
        "What is remembered",
        "Write down what the storyteller should always know",
        "",
        ("memory", "remember"),
        "WORDS",
    ),
    Verb(
        "bookmark",
        "Bookmark this place",
        "Give this turn a name on the story map",
        "",
        ("mark", "bookmark"),
        "NAME",
    ),
    Verb(
        "rename",
        "Name this story",
        "Give the story a name of its own in the library",
        "",
        ("rename",),
        "NAME",
    ),
    Verb(
        "export",
        "Write the story to a file",
        "Save it for reading, beside the save",
        "",
        ("export",),
        "FORMAT",
    ),
    Verb(
        "restart",
        "Begin again",
        "Start the same card anew; this story stays in the library",
        "",
        ("restart", "new"),
    ),
    Verb(
        "library",
        "Library",
        "Leave for the library; the story is saved",
        "ctrl+l",
        ("library", "leave"),
        plain=False,
    ),
    Verb(
        "play_card",
        "Play",
        "Begin the card under the cursor",
        "enter",
        (),
        place="library",
        label="play",
        plain=False,
        palette=False,
    ),
    Verb(
        "continue_story",
        "Continue",
        "Go on with the latest story",
        "c",
        ("continue",),
        place="library",
        label="continue",
        plain=False,
    ),
    Verb(
        "new_card",
        "New card",
        "Write a card of your own, in your editor",
        "n",
        ("new",),
        place="library",
        label="new card",
        plain=False,
    ),
    Verb(
        "search",
        "Search",
        "Find a card or a story by any word of it",
        "slash",
        (),
        place="library",
        plain=False,
    ),
    Verb(
        "greeting",
        "Other greetings",
        "Show the card's next greeting",
        "g",
        (),
        place="library",
        plain=False,
    ),
    Verb(
        "edit_card",
        "Edit the card",
        "Open the card's file in your editor",
        "e",
        (),
        place="library",
        plain=False,
    ),
    Verb(
        "inspect_card",
        "Inspect the card",
        "See what the model would be sent first",
        "i",
        (),
        place="library",
        plain=False,
    ),
    Verb(
        "card_menu",
        "More for this card or story",
        "Rename, duplicate, export or put in the trash",
        "x",
        (),
        place="library",
        plain=False,
    ),
    Verb(
        "preview",
        "Preview",
        "Show the card's page where the window has no room for both",
        "space",
        (),
        place="library",
        plain=False,
        palette=False,
    ),
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
    Verb(
        "models",
        "Models",
        "See the storytellers on this machine and pick one",
        "f4",
        ("models", "model"),
        place="anywhere",
        plain=False,
        label="models",
        library_key="m",
    ),
    Verb(
        "settings",
        "Settings",
        "Change how the program looks, reads and tells",
        "f3",
        ("settings",),
        place="anywhere",
        plain=False,
        library_key="s",
    ),
    Verb(
        "theme",
        "Light or dark",
        "Turn the page's colours over",
        "f5",
        ("theme",),
        "NAME",
        place="anywhere",
        plain=False,
        label="theme",
        library_key="t",
    ),
    Verb(
        "commands",
        "All commands",
        "Find a command by any word of it",
        "ctrl+p",
        (),
        place="anywhere",
        label="commands",
        plain=False,
        palette=False,
    ),
    Verb(
        "help",
        "Help",
        "Show every key and every command",
        "f1",
        ("help", "?"),
        place="anywhere",
        label="help",
    ),
    Verb(
        "quit",
        "Quit",
        "Leave; everything is saved already",
        "ctrl+q",
        ("quit", "exit"),
        place="anywhere",
        palette=True,
        label="quit",
        library_key="q",
    ),
)
