"""The story so far: what is kept of turns that the storyteller no longer remembers.

A recap is kept with the last turn that it tells of, so that another branch has its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from tui.engine.backend import ModelInfo
from tui.game.ours import is_ours
from tui.game.sentences import sentences
from tui.story import Record, Session, Turn
from tui.world import Action

KEY = "recap"
"""The session's setting that switches it; what is kept is under this key, a point and a turn's id."""
MOST_CHARACTERS = 900
MOST_TURNS = 40
"""Turns of a block that are summed up at once."""
UNTOLD_VERBS = frozenset({"look", "wait", "examine", "talk", "listen", "improvise"})
"""Verbs of deeds that change nothing that would be missed."""

By = Literal["model", "world", "player"]


@dataclass(frozen=True, slots=True)
class Part:
    """What is kept of the turns up to one of them, and who wrote it."""

    upto: int
    text: str
    by: By


def parts(session: Session) -> list[Part]:
    """What is kept of the story as it stands, oldest first."""
    found: list[Part] = []
    for key, value in session.settings.items():
        head, _, number = key.partition(".")
        if head != KEY or not number.isdecimal() or not isinstance(value, Mapping):
            continue
        fields = cast("Mapping[str, object]", value)
        by, text, turn = fields.get("by"), fields.get("text"), int(number)
        if turn in session.turns and session.tree.on_path(turn) and isinstance(text, str):
            who: By = "world" if by == "world" else "player" if by == "player" else "model"
            found.append(Part(turn, text, who))
    return sorted(found, key=lambda part: part.upto)


def is_on(session: Session) -> bool:
    """Whether the recap is wanted in this story."""
    return session.settings.get(KEY, True) is True


def told(session: Session) -> str:
    """All that is kept, for the player to read."""
    return " ".join(part.text for part in parts(session) if part.text)


def line(session: Session, start: int | None, model: ModelInfo | None) -> str:
    """The line that tells the model what came before turn `start`, where its memory begins.

    A model of ours was made without such lines, and gets only what the player wrote.
    """
    if not is_on(session):
        return ""
    own = is_ours(model)
    kept = [
        part.text
        for part in parts(session)
        if part.text
        and (part.by == "player" or (not own and start is not None and part.upto < start))
    ]
    return f"The story so far: {bounded(' '.join(kept))}" if kept else ""


def bounded(text: str) -> str:
    """The newest sentences of `text`, within the room that a recap has."""
    kept: list[str] = []
    room = MOST_CHARACTERS
    for sentence in reversed(sentences(text) or [text[-MOST_CHARACTERS:]]):
        room -= len(sentence) + 1
        if room < 0 and kept:
            break
        kept.insert(0, sentence)
    return " ".join(kept)[-MOST_CHARACTERS:]


def rewritten(session: Session, text: str, at: float) -> list[Record]:
    """The records by which the player's own text takes the place of all that is kept; one step."""
    found = parts(session)
    upto = found[-1].upto if found else session.path()[0].id
    value = {"text": " ".join(text.split()), "by": "player"}
    gone = [session.set(f"{KEY}.{part.upto}", None, step="join", at=at) for part in found[:-1]]
    return [session.set(f"{KEY}.{upto}", value, at=at), *gone]


def switched(session: Session, on: bool, at: float) -> Record:
    """The record that switches the recap of this story."""
    return session.set(KEY, on, at=at)


def untold(session: Session, path: Sequence[Turn], start: int | None) -> list[Turn]:
    """The turns before turn `start` of which nothing is kept yet: O(their number)."""
    covered = {part.upto for part in parts(session)}
    found: list[Turn] = []
    gone = False
    for turn in reversed(path):
        if turn.id in covered or len(found) >= MOST_TURNS:
            break
        if gone and not turn.unseen:
            found.append(turn)
        gone = gone or turn.id == start
    found.reverse()
    return found


def outcomes(turns: Sequence[Turn]) -> str:
    """What the World decided in `turns`, a sentence each, without what changed nothing."""
    found: list[str] = []
    for turn in turns:
        verbs = {Action(one).verb for one in turn.actions}
        _, mark, now = turn.scene.partition("Now: ")
        if mark and verbs - UNTOLD_VERBS:
            sentence = now.strip().rstrip(".")
            found.append(f"{sentence[:1].upper()}{sentence[1:]}.")
    return bounded(" ".join(dict.fromkeys(found))) if found else ""
