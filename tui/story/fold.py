"""What each kind of record does to a session: one function a kind, each O(1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import cast

from tui.story.history import ABSENT, Act, History
from tui.story.records import (
    ORIGINS,
    Intern,
    RecordError,
    choices_of,
    ids_of,
    notes_of,
    number_of,
    object_of,
    one_of,
    optional_whole_of,
    stats_of,
    text_of,
    texts_of,
    turn_of,
    whole_of,
)
from tui.story.tree import Tree
from tui.story.turn import Turn

Rec = Mapping[str, object]
Fold = Callable[[Tree, History, Rec, Intern], None]

STEPS = frozenset({"own", "join", "none"})


def _begin(history: History, record: Rec, asked: int | None = None) -> Act | None:
    return history.begin(one_of(record, "step", STEPS, "own"), asked)


def _go(tree: Tree, history: History, act: Act | None, to: int | None) -> None:
    history.put(act, "here", None, ABSENT if to is None else to)
    tree.go(to)


def fold_turn(tree: Tree, history: History, record: Rec, intern: Intern) -> None:
    """A player's turn, or one laid: it is added, and the story stands there."""
    turn = turn_of(record, intern)
    one_of(record, "step", STEPS, "own")
    tree.add(turn)
    asked = turn.id if turn.role == "player" else None
    _go(tree, history, _begin(history, record, asked), turn.id)


def fold_started(tree: Tree, history: History, record: Rec, intern: Intern) -> None:
    """A reply begins; one that continues a cut reply takes over what that had."""
    turn = turn_of(record, intern)
    one_of(record, "step", STEPS, "own")
    before = optional_whole_of(record, "continues")
    old = None if before is None else tree.turn(before)
    tree.add(turn)
    act = _begin(history, record)
    if old is not None:
        prose = old.tokens[: old.prose_tokens or None]
        tree.change(turn.id, text=old.text, tokens=prose)
        if not tree.children(old.id):
            history.put(act, "hidden", old.id, True)
    _go(tree, history, act, turn.id)


def _growing(tree: Tree, history: History, record: Rec) -> Turn:
    """Return the turn that a reply belongs to; one that got other choices grows no more."""
    turn = tree.turn(whole_of(record, "id"))
    if history.get("offer", turn.id) is not None:
        raise RecordError(f"turn {turn.id} was whole already")
    return turn


def fold_grew(tree: Tree, history: History, record: Rec, intern: Intern) -> None:
    """A reply goes on. What it says is the turn's own, whatever was undone meanwhile."""
    turn = _growing(tree, history, record)
    text = turn.text + text_of(record, "text")
    tokens = turn.tokens + ids_of(record, "tokens", intern)
    tree.change(
        turn.id, text=text if turn.text else text.lstrip(" "), tokens=tokens, state="streaming"
    )


def fold_ended(tree: Tree, history: History, record: Rec, intern: Intern) -> None:
    """A reply ends; its text and tokens are given whole, whatever grew before."""
    turn = _growing(tree, history, record)
    finish = text_of(record, "finish", "end")
    tree.change(
        turn.id,
        text=text_of(record, "text").lstrip(" "),
        tokens=ids_of(record, "tokens", intern),
        prose_tokens=int(number_of(record, "prose_tokens")),
        choices=choices_of(record),
        finish=finish,
        origin=one_of(record, "origin", ORIGINS, turn.origin),
        notes=notes_of(record),
        stats=stats_of(record),
        state="cut" if finish == "cancelled" else "whole",
    )


def fold_offer(tree: Tree, history: History, record: Rec, intern: Intern) -> None:
    """A turn gets other choices."""
    turn = tree.turn(whole_of(record, "id"))
    tree.rewritten = True
    offer = (choices_of(record), ids_of(record, "tokens", intern))
    now = (turn.choices, turn.tokens)
    act = _begin(history, record)
    if history.get("offer", turn.id) is None:
        history.put(None, "offer", turn.id, now)
    history.put(act, "offer", turn.id, offer)
    tree.change(turn.id, choices=offer[0], tokens=offer[1])


def fold_edit(tree: Tree, history: History, record: Rec, intern: Intern) -> None:
    """A sibling takes a turn's place, with other words."""
    old = tree.turn(whole_of(record, "of"))
    one_of(record, "step", STEPS, "own")
    new = Turn(
        id=whole_of(record, "id"),
        parent=old.parent,
        role=old.role,
        name=old.name,
        text=text_of(record, "text"),
        origin="edited",
        choices=choices_of(record),
        scene=text_of(record, "scene"),
        reading=text_of(record, "reading"),
        actions=texts_of(record, "actions"),
        chosen=optional_whole_of(record, "chosen"),
        at=float(number_of(record, "at")),
    )
    tree.add(new)
    act = _begin(history, record, new.id if new.role == "player" else None)
    here = cast("int | None", history.get("here"))
    if record.get("keep") is True and tree.children(old.id):
        inside = tree.on_path(old.id) and here != old.id
        following = tuple(tree.children(old.id))
        history.put(act, "graft", (old.id, new.id), following)
        tree.graft(following, new.id)
        if inside:
            return
    _go(tree, history, act, new.id)


def fold_move(tree: Tree, history: History, record: Rec, intern: Intern) -> None:
    """The story stands somewhere else."""
    to = optional_whole_of(record, "to")
    if to is not None:
        tree.turn(to)
    _go(tree, history, _begin(history, record), to)


def fold_delete(tree: Tree, history: History, record: Rec, intern: Intern) -> None:
    """A turn and what follows it are out of sight; the story steps back if it stood there."""
    turn = tree.turn(whole_of(record, "id"))
    act = _begin(history, record)
    history.put(act, "hidden", turn.id, True)
    if tree.on_path(turn.id):
        _go(tree, history, act, turn.parent)


def fold_undo(tree: Tree, history: History, record: Rec, intern: Intern) -> None:
    """The last step is taken back."""
    _follow(tree, history, history.undo(), back=True)


def fold_redo(tree: Tree, history: History, record: Rec, intern: Intern) -> None:
    """What was taken back last is done again."""
    _follow(tree, history, history.redo(), back=False)


def _follow(tree: Tree, history: History, act: Act | None, *, back: bool) -> None:
    """Bring the tree to what the history says, after an undo or a redo."""
    if act is None:
        return
    changes = reversed(act.changes) if back else act.changes
    moved = False
    for slot, key, before, after in changes:
        value = before if back else after
        if slot == "offer":
            choices, tokens = cast("tuple[object, object]", value)
            tree.change(cast("int", key), choices=choices, tokens=tokens)
        elif slot == "graft":
            old, new = cast("tuple[int, int]", key)
            tree.graft(cast("tuple[int, ...]", after), old if back else new)
        moved = moved or slot in ("here", "graft")
    if moved:
        tree.go(cast("int | None", history.get("here")))


def _put(slot: str, read: Callable[[Rec], object]) -> Fold:
    """Return the fold of a record that sets something about a turn; None or "" takes it away."""

    def fold(tree: Tree, history: History, record: Rec, intern: Intern) -> None:
        turn = tree.turn(whole_of(record, "id"))
        value = read(record)
        history.put(_begin(history, record), slot, turn.id, ABSENT if value is None else value)

    return fold


def _put_one(slot: str, read: Callable[[Rec], object]) -> Fold:
    """Return the fold of a record that sets something about the whole session."""

    def fold(tree: Tree, history: History, record: Rec, intern: Intern) -> None:
        value = read(record)
        history.put(_begin(history, record), slot, None, value)

    return fold


def fold_set(tree: Tree, history: History, record: Rec, intern: Intern) -> None:
    """One of the session's settings changes."""
    key = text_of(record, "key")
    if not key:
        raise RecordError("a setting has no name")
    value = record.get("value")
    history.put(_begin(history, record), "setting", key, ABSENT if value is None else value)


def _note(record: Rec) -> tuple[str, int]:
    return text_of(record, "text"), int(number_of(record, "depth", 2))


def _card(record: Rec) -> object:
    return MappingProxyType(dict(object_of(record, "card")))


def _name(record: Rec) -> object:
    return text_of(record, "name") or None


def _on(record: Rec) -> object:
    return True if record.get("on", True) is True else None


FOLDS: Mapping[str, Fold] = MappingProxyType(
    {
        "say": fold_turn,
        "turn": fold_turn,
        "started": fold_started,
        "grew": fold_grew,
        "ended": fold_ended,
        "offer": fold_offer,
        "edit": fold_edit,
        "move": fold_move,
        "delete": fold_delete,
        "restore": _put("hidden", lambda record: None),
        "undo": fold_undo,
        "redo": fold_redo,
        "set": fold_set,
        "pin": _put("pin", lambda record: text_of(record, "text")),
        "unpin": _put("pin", lambda record: None),
        "bookmark": _put("bookmark", _name),
        "fold": _put("folded", _on),
        "note": _put_one("note", _note),
        "memory": _put_one("memory", lambda record: text_of(record, "text")),
        "rename": _put_one("name", lambda record: text_of(record, "name")),
        "tags": _put_one("tags", lambda record: texts_of(record, "tags")),
        "card": _put_one("card", _card),
    }
)
