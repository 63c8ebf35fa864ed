"""One playthrough as a value: turns in a tree, and the records that make them."""

from tui.story.peek import peek
from tui.story.records import Record, RecordError
from tui.story.session import AuthorNote, Damage, Header, Mark, Session, new_header
from tui.story.turn import Choice, Note, Origin, Role, State, Turn

__all__ = [
    "AuthorNote",
    "Choice",
    "Damage",
    "Header",
    "Mark",
    "Note",
    "Origin",
    "Record",
    "RecordError",
    "Role",
    "Session",
    "State",
    "Turn",
    "new_header",
    "peek",
]
