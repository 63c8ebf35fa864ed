"""Models as rows of a list, and what is known of the one under the cursor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from textwrap import wrap

from textual.content import Content

from tui.game.modelshelf import POCKET, entry_bytes
from tui.game.modelwords import size_words
from tui.modelfiles.catalogue import Entry
from tui.modelfiles.find import OURS, FoundModel
from tui.ui.clean import clean_line
from tui.ui.widgets.linelist import Line

NAME_WIDTH = 32
SIZE_WIDTH = 10
OTHER = "other:"
OTHER_WORDS = "Another one: org/repo, org/repo:file or an address"
TELLING = "telling now"
LABEL_WIDTH = 10


def head(words: str) -> Line:
    """A heading over rows."""
    return Line("", Content.styled(f" {words}", "bold $muted"))


def model_lines(
    found: Sequence[FoundModel], entries: Iterable[Entry], *, used: Path | None, free: int
) -> Iterator[Line]:
    """What is here, and what can be fetched; `free` bytes of memory are there."""
    yield head("ON THIS MACHINE")
    for model in found:
        yield _model_line(model, used=model.path == used)
    if not found:
        yield Line("", Content.styled("   no model yet", "$muted"))
    yield Line("", Content(""))
    yield head("TO FETCH")
    for entry in entries:
        yield _entry_line(entry, free)
    yield Line(OTHER, Content.styled(OTHER_WORDS, "$ink"))


def _model_line(model: FoundModel, *, used: bool) -> Line:
    shipped = model.path.name == POCKET
    where = "" if model.source == OURS else model.source
    words = "ships with the game" if shipped else where or "yours"
    if model.needs_converting:
        words += ", is converted first"
    return Line(
        f"model:{model.path}",
        _columns(model.name.removesuffix(".gguf"), size_words(model.size_bytes), clean_line(words)),
        Content.styled(TELLING if used else "", "$mark"),
    )


def _entry_line(entry: Entry, free: int) -> Line:
    need = entry_bytes(entry)
    memory = f"needs {size_words(need)}" + ("" if need <= free else ", too much")
    audience = "adults" if entry.audience == "adults" else "all ages"
    return Line(
        f"fetch:{entry.name}",
        _columns(entry.title, f"{entry.size_gb:.1f} GB", memory),
        Content.styled(audience, "$muted"),
    )


def _columns(name: str, size: str, words: str) -> Content:
    shown = clean_line(name)
    if len(shown) > NAME_WIDTH - 2:
        shown = shown[: NAME_WIDTH - 3] + "…"
    return Content.assemble(
        (shown.ljust(NAME_WIDTH), "$ink"),
        (size.rjust(SIZE_WIDTH - 2) + "  ", "$muted"),
        (words, "$muted"),
    )


def facts(lines: Iterable[tuple[str, str]], width: int) -> Content:
    """What is known of a model: labels and words, one under the other, in so many columns."""
    rows: list[Content] = []
    for label, words in _joined(lines):
        style = "$fault" if label == "problem" else "$mark" if label == "warning" else "$ink"
        parts = wrap(clean_line(words), max(width - LABEL_WIDTH, 20)) or [""]
        for place, part in enumerate(parts):
            shown = "" if place else label
            rows.append(Content.assemble((shown.ljust(LABEL_WIDTH), "$muted"), (part, style)))
    return Content("\n").join(rows)


def _joined(lines: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Size and licence stand behind what comes before them, where there is room for few rows."""
    rows: list[tuple[str, str]] = []
    for label, words in lines:
        if label in ("size", "licence") and rows:
            before, so_far = rows.pop()
            named = f"licence: {words}" if label == "licence" else words
            rows.append((before, f"{so_far} · {named}"))
        elif label != "model":
            rows.append((label, words))
    yield from rows
