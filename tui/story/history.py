"""What can be undone: acts, each a few changes of named values, in one line without limit."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

ABSENT = object()
"""Stands for a value that isn't there, in a change."""


@dataclass(slots=True)
class Act:
    """One step of undo: what the player did once, and all that followed from it."""

    changes: list[tuple[str, Hashable, object, object]] = field(
        default_factory=list[tuple[str, Hashable, object, object]]
    )
    """(slot, key, before, after), in the order they happened."""
    asked: int | None = None
    """The player's turn that this act made, while no reply has joined it."""


class History:
    """Named values, every change of which can be undone and redone; each step costs O(its changes)."""

    def __init__(self) -> None:
        """Begin with nothing set and nothing to undo."""
        self._slots: dict[str, dict[Hashable, object]] = {}
        self._done: list[Act] = []
        self._undone: list[Act] = []

    @property
    def done(self) -> int:
        """How many steps can be undone."""
        return len(self._done)

    @property
    def undone(self) -> int:
        """How many steps can be redone."""
        return len(self._undone)

    @property
    def asked(self) -> int | None:
        """The player's turn of the last act, while its reply hasn't begun and nothing came between."""
        return self._done[-1].asked if self._done and not self._undone else None

    def get(self, slot: str, key: Hashable = None, default: object = None) -> object:
        """Return one value."""
        return self._slots.get(slot, {}).get(key, default)

    def all(self, slot: str) -> Mapping[Hashable, object]:
        """Return a live, read-only view of a slot."""
        return MappingProxyType(self._slots.setdefault(slot, {}))

    def begin(self, step: str, asked: int | None = None) -> Act | None:
        """Open the act that a record's changes go into; None where they can't be undone."""
        if step == "none":
            return None
        if step == "join" and self._done and not self._undone:
            self._done[-1].asked = asked
            return self._done[-1]
        act = Act(asked=asked)
        self._done.append(act)
        self._undone.clear()
        return act

    def put(self, act: Act | None, slot: str, key: Hashable, after: object) -> None:
        """Set a value (ABSENT removes it), and remember in `act` what it was."""
        before = self._slots.get(slot, {}).get(key, ABSENT)
        if act is not None:
            act.changes.append((slot, key, before, after))
        self._write(slot, key, after)

    def undo(self) -> Act | None:
        """Take back the last act; None where there is none."""
        if not self._done:
            return None
        act = self._done.pop()
        for slot, key, before, _ in reversed(act.changes):
            self._write(slot, key, before)
        self._undone.append(act)
        return act

    def redo(self) -> Act | None:
        """Do again what was undone last; None where there is nothing."""
        if not self._undone:
            return None
        act = self._undone.pop()
        for slot, key, _, after in act.changes:
            self._write(slot, key, after)
        self._done.append(act)
        return act

    def _write(self, slot: str, key: Hashable, value: object) -> None:
        values = self._slots.setdefault(slot, {})
        if value is ABSENT:
            values.pop(key, None)
        else:
            values[key] = value
