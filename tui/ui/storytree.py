"""The story map as rows: one for each place where the story can stand, branches set in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from textual.content import Content

from tui.story import Session, Turn
from tui.ui.clean import clean_line
from tui.ui.prose import excerpt
from tui.ui.widgets.linelist import Line

DEEPEST = 12
"""Branches of branches are not set in further than this."""
SAID_WIDTH = 44


@dataclass(frozen=True, slots=True)
class Place:
    """One row: a turn where the story can stand, usually a reply."""

    turn: Turn
    said: str
    """What the player did to come here; empty at an opening."""
    step: int
    depth: int
    begins: bool
    """Whether a branch begins here."""
    on_path: bool
    swipes: int
    """How many replies were told here."""
    folded: int = 0
    """How many places are folded away behind this one."""


def places(session: Session) -> list[Place]:
    """Every place of the story, a branch before what goes straight on."""
    path = {turn.id for turn in session.path()}
    rows: list[Place] = []
    stack = [(turn_id, 0, 0, index > 0) for index, turn_id in enumerate(_openings(session))][::-1]
    while stack:
        turn_id, step, depth, begins = stack.pop()
        turn = session.turns[turn_id]
        straight, aside = _onward(session, turn_id, path)
        folded = _count(session, turn_id) if turn_id in session.folded else 0
        said, told = _said(session, turn), _swipes_of(session, turn)
        rows.append(
            Place(turn, said, step, min(depth, DEEPEST), begins, turn_id in path, told, folded)
        )
        if folded:
            continue
        if straight is not None:
            stack.append((straight, step + 1, depth, False))
        stack += [(branch, step + 1, depth + 1, True) for branch in reversed(aside)]
    return rows


def _openings(session: Session) -> list[int]:
    """Where the story begins: the greetings, or the openings after the hidden first word."""
    roots = session.children(None)
    begun = [after for root in roots for after in _after(session, root)]
    return begun or list(roots)


def _after(session: Session, root: int) -> tuple[int, ...]:
    return session.children(root) if session.turns[root].role == "player" else (root,)


def _onward(session: Session, turn_id: int, path: set[int]) -> tuple[int | None, list[int]]:
    """Where the story went from a place: straight on, and aside.

    A reply that led nowhere is no way of its own, only one of several.
    """
    ways: list[int] = []
    for said in session.children(turn_id):
        replies = session.children(said)
        led = [
            reply
            for reply in replies
            if session.children(reply) or reply in path or reply in session.bookmarks
        ]
        ways += (led or list(replies[-1:])) if replies else [said]
    if not ways:
        return None, []
    straight = next((way for way in ways if way in path), ways[-1])
    return straight, [way for way in ways if way != straight]


def _swipes_of(session: Session, turn: Turn) -> int:
    """How many replies there are beside this one."""
    if turn.role == "player" or turn.parent is None:
        return 1
    return len(session.siblings(turn.id))


def _said(session: Session, turn: Turn) -> str:
    if turn.role == "player":
        return turn.text
    before = session.turns[turn.parent] if turn.parent is not None else None
    return "" if before is None or before.parent is None else before.text


def _count(session: Session, turn_id: int) -> int:
    """How many turns follow this one."""
    count, todo = 0, list(session.children(turn_id))
    while todo:
        count += 1
        todo += session.children(todo.pop())
    return count


def map_lines(session: Session) -> Iterator[Line]:
    """The rows as the map shows them."""
    for place in places(session):
        yield map_line(session, place)


def map_line(session: Session, place: Place) -> Line:
    """One row: the branch it is on, what was said, how it went on, and its marks."""
    here = place.turn.id == session.here
    ink = "$ink" if place.on_path else "$muted"
    rails = "│ " * (place.depth - 1 if place.begins and place.depth else place.depth)
    knee = "├─" if place.begins and place.depth else ""
    dot = "◉" if here else "●" if place.on_path else "○"
    said = clean_line(place.said) or "the opening"
    told = "" if place.turn.role == "player" else excerpt(place.turn.text)
    room = max(SAID_WIDTH - 2 * place.depth, 16)
    content = Content.assemble(
        (f"{rails}{knee}", "$rule"),
        (dot, "$bar" if place.on_path else "$muted"),
        (f" {place.step:>3}  ", "$muted"),
        (
            Content(said).truncate(room, ellipsis=True).pad_right(room).plain[:room],
            f"bold {ink}" if here else ink,
        ),
        (f"  {told}", "$muted"),
    )
    marks = [
        f"★ {clean_line(name)}" if (name := session.bookmarks.get(place.turn.id)) else "",
        f"{place.swipes} replies" if place.swipes > 1 else "",
        f"… {place.folded} folded" if place.folded else "",
        "you are here" if here else "",
    ]
    right = Content.styled(" · ".join(mark for mark in marks if mark), "$mark")
    return Line(str(place.turn.id), content, right)
