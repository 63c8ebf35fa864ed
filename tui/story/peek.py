"""The last turns of a story from the end of its save, before all of it has been read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from tui.story.fold import FOLDS
from tui.story.history import History
from tui.story.records import Record, RecordError
from tui.story.tree import Tree
from tui.story.turn import Turn

MAKING = frozenset({"say", "turn", "started", "edit"})
GROWING = frozenset({"grew", "ended"})


def peek(records: Sequence[Mapping[str, object]], most: int = 50) -> tuple[Turn, ...]:
    """Return up to `most` turns that end where the story stands, oldest first.

    `records` are the last of a save, in order. Where they don't show the place, or jumped to one
    further back, the result is shorter, or empty: read the whole save then.
    """
    mark, since = _last_mark(records)
    here = _here(mark, records[since:])
    if here is None or mark.get("whole"):
        return ()
    turns = _turns(records)
    found: list[Turn] = []
    at: int | None = here
    while at is not None and len(found) < most and (turn := turns.get(at)) is not None:
        found.append(turn)
        at = turn.parent
    return tuple(reversed(found))


def _last_mark(records: Sequence[Mapping[str, object]]) -> tuple[Mapping[str, object], int]:
    for index in range(len(records) - 1, -1, -1):
        mark = records[index].get("mark")
        if isinstance(mark, dict):
            return cast("Mapping[str, object]", mark), index + 1
    return {}, 0


def _here(mark: Mapping[str, object], later: Iterable[Mapping[str, object]]) -> int | None:
    """Return where the story stands: at the mark, or at a reply that began after it."""
    here = mark.get("here")
    for record in later:
        if record.get("t") == "started":
            here = record.get("id")
    return here if isinstance(here, int) else None


def _turns(records: Iterable[Mapping[str, object]]) -> Mapping[int, Turn]:
    """Fold only what makes turns, each as if it were a root; then give them their parents back."""
    tree, history, token_ids = Tree(), History(), dict[int, int]()
    parents: dict[int, int | None] = {}
    for record in records:
        kind = record.get("t")
        if kind not in MAKING and kind not in GROWING:
            continue
        alone: Record = dict(record)
        if kind in MAKING and kind != "edit":
            parents[cast("int", record.get("id"))] = cast("int | None", record.get("parent"))
            alone["parent"] = None
        try:
            FOLDS[str(kind)](tree, history, alone, token_ids.setdefault)
        except RecordError:
            continue  # a turn that began before these records; reading all of them tells
        if kind == "edit":
            parents[cast("int", record["id"])] = parents.get(cast("int", record["of"]))
    for turn_id in tree.streaming:
        tree.change(turn_id, state="cut")
    return {
        turn.id: tree.change(turn.id, parent=parents.get(turn.id))
        for turn in list(tree.turns.values())
    }
