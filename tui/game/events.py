"""What a turn tells the front end, in the order in which it happens.

`Narrator.take_turn` and its siblings yield these. A front end needs nothing else to show
a turn; each event names the Turn that it belongs to, so that late ones can be told apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from tui.story import Choice, Note, Turn


@dataclass(frozen=True, slots=True)
class Understood:
    """The player's turn stands in the story, with how its words were read."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class PromptRead:
    """The model has read `done` of the prompt's `total` tokens; `kept` came from its cache."""

    turn: int
    done: int
    total: int
    kept: int


@dataclass(frozen=True, slots=True)
class ReplyStarted:
    """A reply with this id begins; its text follows in `Piece` events."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the reply's prose, to be shown after what came before."""

    turn: int
    text: str


@dataclass(frozen=True, slots=True)
class ProseEnded:
    """The prose is complete; `text` is what stands in the story from now on."""

    turn: int
    text: str


@dataclass(frozen=True, slots=True)
class ChoicesReady:
    """What the player can do next, in order; empty where free text alone goes on."""

    turn: int
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class NoteAdded:
    """A guard acted on the reply."""

    turn: int
    note: Note


@dataclass(frozen=True, slots=True)
class Answered:
    """The program answered a question by itself; the story did not move."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The turn is whole and saved; `turn` carries its statistics."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class Ended:
    """The tale has come to an ending."""

    turn: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The turn could not be finished: one sentence for the player. What came is kept."""

    sentence: str


Event = (
    Understood
    | PromptRead
    | ReplyStarted
    | Piece
    | ProseEnded
    | ChoicesReady
    | NoteAdded
    | Answered
    | Finished
    | Ended
    | Failed
)
