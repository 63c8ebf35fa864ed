"""The verbs of who talks with whom, of what the storyteller keeps of it, and how it is spoken to."""

from __future__ import annotations

from tui.game.verb import Verb

TALK_VERBS: tuple[Verb, ...] = (
    Verb(
        "invite",
        "Bring somebody in",
        "Have another companion join the talk",
        "",
        ("invite",),
        "CARD",
    ),
    Verb(
        "send_away",
        "Send somebody away",
        "Have a companion who joined the talk leave it",
        "",
        ("dismiss",),
        "NAME",
    ),
    Verb(
        "speak",
        "Let somebody speak",
        "Have one of several speak next, whoever was asked",
        "ctrl+n",
        ("speak",),
        "NAME",
    ),
    Verb(
        "impersonate",
        "Write my line",
        "Have the storyteller write your next line, for you to change and send",
        "ctrl+o",
        ("impersonate",),
        "WORDS",
    ),
    Verb(
        "persona",
        "Be somebody else",
        "Be one of your personas from here on",
        "",
        ("persona",),
        "NAME",
    ),
    Verb(
        "recap",
        "The story so far",
        "Read and change what is kept of turns that are no longer remembered",
        "",
        ("recap",),
        "WORDS",
    ),
    Verb(
        "template",
        "How the model is spoken to",
        "Choose the template for this model; auto leaves it to the program",
        "",
        ("template",),
        "NAME",
    ),
)
