"""Chats of other programs as records of ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui.story.records import Record
from tui.story.session import Session, new_header
from tui.story.turn import Role


class ChatError(ValueError):
    """A chat that can't be read: one sentence for the player."""


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat that was read, ready to be written as a save."""

    records: tuple[Record, ...]
    """The turns; a header goes before them."""
    user_name: str
    char_name: str
    turns: int
    created_at: float = 0.0
    problems: tuple[str, ...] = ()
    """A sentence for each line that was left out."""

    def with_header(
        self, session_id: str, name: str, card_id: str, card: Record
    ) -> tuple[Record, ...]:
        """Return all records of a save of this chat, played on with a card."""
        header = new_header(
            session_id=session_id,
            name=name,
            card_id=card_id,
            card=card,
            persona=self.user_name,
            created_at=self.created_at,
        )
        return (header, *self.records)


class ChatWriter:
    """Builds a chat's records, one message after the other."""

    def __init__(self) -> None:
        """Begin an empty chat."""
        self.session = Session()
        self.records: list[Record] = []
        self.problems: list[str] = []
        self.messages = 0

    def do(self, record: Record) -> None:
        """Fold a record and keep it."""
        self.session.apply(record)
        self.records.append(record)

    def add(
        self, role: Role, name: str, texts: Sequence[str], chosen: int = -1, at: float = 0.0
    ) -> None:
        """Add a message with its swipes; the chosen one is gone on from."""
        parent = self.session.here
        ids: list[int] = []
        for text in texts:
            ids.append(self.session.next_id)
            self.do(
                self.session.lay(
                    role,
                    text,
                    name=name,
                    origin="imported",
                    parent=parent,
                    root=parent is None,
                    at=at,
                )
            )
        if ids and ids[chosen] != self.session.here:
            self.do(self.session.move(ids[chosen]) | {"step": "none"})
        self.messages += bool(ids)

    def done(self, user_name: str, char_name: str, created_at: float = 0.0) -> Chat:
        """Return the chat.

        Raises:
            ChatError: There is nothing in it.
        """
        if not self.messages:
            raise ChatError("There is no message in this chat.")
        records, problems = tuple(self.records), tuple(self.problems)
        return Chat(records, user_name, char_name, self.messages, created_at, problems)
