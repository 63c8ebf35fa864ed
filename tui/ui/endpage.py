"""What a tale's last page says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.content import Content

from tui.game.narrator import Narrator
from tui.game.stage import Stage
from tui.story import Session
from tui.ui.clean import clean_line
from tui.ui.prose import prose, typeset
from tui.ui.widgets.flow import hanging

BESIDE = 60
"""Columns from which what was found and what was missed stand side by side."""
GAP = 3


@dataclass(frozen=True, slots=True)
class EndPage:
    """An ending, and how the way there went."""

    tale: str
    title: str
    text: str
    found: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    """The titles of the other endings that this story has come to."""
    unseen: tuple[str, ...] = ()
    """What the tale says of those that it has not."""
    count: str = ""


def end_page(narrator: Narrator) -> EndPage:
    """The last page of the story as it stands."""
    session, stage, card = narrator.session, narrator.stage, narrator.card
    turns = session.count()
    here = session.turn
    if stage is None or here is None:
        return EndPage(card.name, "The end", "", count=f"{turns} turns")
    asked = here if here.role == "player" or here.parent is None else session.turns[here.parent]
    ending = stage.outcome(session, asked).ending
    steps = stage.world.panel(stage.at(session, here.id)).steps
    endings = card.world.endings if card.world else {}
    others = {id_: one for id_, one in endings.items() if not ending or id_ != ending.id}
    seen = endings_seen(session, stage)
    of_all = f"one of {len(endings)} endings · " if len(endings) > 1 else ""
    return EndPage(
        tale=session.name or card.name,
        title=ending.title if ending else "The end",
        text=ending.text if ending else "",
        found=tuple(typeset(step.text) for step in steps if step.done),
        missed=tuple(typeset(step.text) for step in steps if not step.done),
        seen=tuple(typeset(one.title) for id_, one in others.items() if id_ in seen),
        unseen=tuple(
            typeset(one.missed) for id_, one in others.items() if one.missed and id_ not in seen
        ),
        count=f"{of_all}{turns} turns",
    )


def endings_seen(session: Session, stage: Stage) -> set[str]:
    """The ids of the endings that any path of a story has come to."""
    tips = (turn.id for turn in session.turns.values() if not session.children(turn.id))
    return {ended for tip in tips if (ended := stage.at(session, tip).ended)}


def end_content(page: EndPage, width: int) -> Content:
    """The epilogue and the lists below it, `width` columns wide."""
    text = Content("\n").join(line.rstrip() for line in prose(page.text).wrap(width))
    half = (width - GAP) // 2 if width >= BESIDE and page.found and page.missed else width
    found = listed("FOUND", (("✓", line) for line in page.found), half)
    missed = listed("MISSED", (("·", line) for line in page.missed), half)
    lists = [beside(found, missed, half)] if half < width else [found, missed]
    others = [("✓", title) for title in page.seen] + [("·", line) for line in page.unseen]
    lists.append(listed("OTHER ENDINGS", others, width))
    parts = [text, *(Content("\n").join(rows) for rows in lists if rows)]
    return Content("\n\n").join(part for part in parts if part)


def listed(head: str, lines: Iterable[tuple[str, str]], width: int) -> list[Content]:
    """A heading and its lines, each hanging beside its mark; nothing where there are none."""
    rows: list[Content] = []
    for mark, line in lines:
        rows += hanging(
            Content.styled(f"  {mark} ", "$mark"), Content(clean_line(line)), width
        ).split("\n")
    return [Content.styled(head, "bold $muted"), *rows] if rows else []


def beside(left: list[Content], right: list[Content], width: int) -> list[Content]:
    """Two columns, the left one `width` wide."""
    rows: list[Content] = []
    for number in range(max(len(left), len(right))):
        start = left[number] if number < len(left) else Content("")
        end = right[number] if number < len(right) else Content("")
        rows.append(Content.assemble(start, " " * (width + GAP - start.cell_length), end))
    return rows
