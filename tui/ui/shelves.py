"""The library's shelves: saves and cards as rows, and what is said of each."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from tui.ui.clean import clean_line
from tui.ui.prose import excerpt
from tui.ui.widgets.linelist import LateLine, Line, Row

if TYPE_CHECKING:
    from tui.cards import CardEntry
    from tui.store import SaveInfo

MOST_RECENT = 3
NAME_WIDTH = 23
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


def ago(seconds: float) -> str:
    """How long ago that was, in the fewest words."""
    if seconds < MINUTE:
        return "just now"
    if seconds < HOUR:
        return f"{seconds // MINUTE:.0f} min ago"
    if seconds < DAY:
        return f"{seconds // HOUR:.0f} h ago"
    days = int(seconds // DAY)
    return (
        "yesterday"
        if days == 1
        else f"{days} days ago"
        if days < 60
        else f"{days // 30} months ago"
    )


def padded(text: str, width: int) -> str:
    """`text` in just so many columns."""
    return Content(clean_line(text)).truncate(width, ellipsis=True).pad_right(width).plain[:width]


def save_line(save: SaveInfo, now: float, number: int) -> Line:
    """One story to go on with."""
    key = Content.styled("c  " if number == 0 else "   ", "bold $mark")
    name = Content.styled(padded(save.name, NAME_WIDTH), "$ink")
    if save.problem:
        return Line(
            f"save:{save.path}", Content.assemble(key, name, (clean_line(save.problem), "$fault"))
        )
    turn = Content.styled(padded(f"turn {save.turns}" if save.turns else "the start", 11), "$muted")
    said = Content.assemble(
        (clean_line("".join(f"#{tag} " for tag in save.tags)), "$mark"),
        (excerpt(save.last_line), "italic $muted"),
    )
    when = Content.styled(ago(max(now - save.updated, 0)), "$muted")
    return Line(f"save:{save.path}", Content.assemble(key, name, turn, said), when)


def recent_lines(saves: Sequence[SaveInfo], now: float, most: int = MOST_RECENT) -> list[Line]:
    """The latest stories."""
    if not saves:
        return []
    more = len(saves) - most
    rest = Content.styled(f"and {more} more" if more > 0 else "", "$muted")
    head = Line("", head_content("CONTINUE"), rest)
    return [head, *(save_line(save, now, number) for number, save in enumerate(saves[:most]))]


def head_content(title: str, words: str = "") -> Content:
    """A shelf's heading."""
    return Content.assemble((title, "bold $muted"), (f"  · {words}" if words else "", "$muted"))


def card_line(entry: CardEntry, *, small_model: bool, marked: bool = False) -> Line:
    """One card; a `marked` one will be in the next talk."""
    mark = "◇ " if not entry.shipped and small_model and not entry.problem else ""
    mark = "+ " if marked else mark
    name = Content.assemble(
        (mark, "bold $mark" if marked else "$muted"),
        (padded(entry.name, NAME_WIDTH - len(mark)), "$ink"),
    )
    if entry.problem:
        return Line(card_key(entry), Content.assemble(name, (clean_line(entry.problem), "$fault")))
    words = clean_line(entry.genre or entry.tone or ", ".join(entry.tags[:3]))
    star = Content.styled("★ start here" if entry.starred else "", "$mark")
    return Line(card_key(entry), Content.assemble(name, (words, "$muted")), star)


def card_key(entry: CardEntry) -> str:
    """What the row of a card is known by."""
    return f"card:{entry.path}"


def card_lines(
    entries: Iterable[CardEntry], *, small_model: bool, marked: Container[Path] = ()
) -> list[Row]:
    """The shelves: tales, companions, and the player's own."""
    entries = list(entries)
    house = [entry for entry in entries if entry.shipped and not entry.problem]
    own = [entry for entry in entries if not entry.shipped or entry.problem]
    wish = ", want a bigger model" if small_model else ""
    shelves = (
        ("TALES", "the pocket storyteller’s own", [e for e in house if e.kind == "tale"]),
        ("COMPANIONS", "talk with", [e for e in house if e.kind == "companion"]),
        ("YOURS", f"{len(own)} card{'s' if len(own) != 1 else ''}{wish}", own),
    )
    lines: list[Row] = []
    for title, words, shelf in shelves:
        if shelf:
            lines += [Line("", Content(""))] if lines else []
            lines.append(Line("", head_content(title, words)))
            lines += [
                LateLine(
                    card_key(entry),
                    partial(card_line, entry, small_model=small_model, marked=entry.path in marked),
                )
                for entry in shelf
            ]
    return lines


def matching(entries: Iterable[CardEntry], words: str) -> list[CardEntry]:
    """The cards that hold every one of these words, in whatever is said of them."""
    wanted = words.casefold().split()
    return [entry for entry in entries if all(word in card_text(entry) for word in wanted)]


def card_text(entry: CardEntry) -> str:
    """All that a search looks through."""
    parts = (entry.name, entry.id, entry.kind, entry.genre, entry.tone, *entry.tags, entry.summary)
    return " ".join(parts).casefold()


def matching_saves(saves: Iterable[SaveInfo], words: str) -> list[SaveInfo]:
    """The saves that hold every one of these words in what the list says of them."""
    wanted = words.casefold().split()
    return [
        save
        for save in saves
        if all(
            word in f"{save.name} {save.place} {save.last_line} {' '.join(save.tags)}".casefold()
            for word in wanted
        )
    ]
