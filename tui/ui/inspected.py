"""The inspector's rows and the page of each: sections, what changed, lore, what was left out."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from tui.game.inspecting import Inspection
from tui.prompt import Fate
from tui.ui.clean import clean, clean_line
from tui.ui.widgets.bars import bar
from tui.ui.widgets.linelist import Line

KIND_WORDS = {
    "system": "system and card",
    "persona": "who you are",
    "lore": "lore",
    "example": "example",
    "player": "you",
    "scene": "scene",
    "reply": "reply",
    "choices": "choices",
    "note": "note",
    "memory": "memory",
    "recap": "the story so far",
    "recall": "recall",
    "post_history": "last instructions",
    "opening": "the reply begins",
}
KIND_INKS = {
    "player": "$player",
    "reply": "$ink",
    "choices": "$ink",
    "scene": "$speech",
    "system": "$mark",
    "opening": "$mark",
}
ALL, CHANGED, SILENT = "all", "changed", "silent"
WIDEST = 17
MOST_LORE = 200
STATES = {"constant": "always there", "fired": "fired", "dropped": "dropped"}


def rows(seen: Inspection) -> Iterator[Line]:
    """A row for each part, with its tokens; then lore, and what was left out."""
    prompt = seen.prompt
    total = max(len(prompt.tokens), 1)
    yield Line(
        ALL, Content.styled("all of it", "bold $ink"), Content.styled(f"{total:,}", "$muted")
    )
    if seen.before is not None:
        yield Line(CHANGED, Content.styled("since the turn before", "bold $ink"))
    yield from _sections(seen, total)
    yield from _lore(prompt.lore)
    if prompt.left_out:
        yield from _heading("LEFT OUT")
    for number, left in enumerate(prompt.left_out):
        yield Line(f"out:{number}", Content.styled(KIND_WORDS[left.kind].ljust(WIDEST), "$muted"))


def _sections(seen: Inspection, total: int) -> Iterator[Line]:
    """The parts, with a line where the model's cache ended."""
    read = 0
    marked = not seen.kept
    for number, section in enumerate(seen.prompt.sections):
        if not marked and read + section.tokens > seen.kept:
            marked = True
            yield Line("", Content.styled("┄┄ kept to here, read from here", "$muted"))
        read += section.tokens
        ink = KIND_INKS.get(section.kind, "$muted")
        words = KIND_WORDS[section.kind].ljust(WIDEST)
        share = bar(section.tokens / total, 6)
        yield Line(
            f"in:{number}",
            Content.assemble((words, ink), " ", share),
            Content.styled(f"{section.tokens:,}", "$muted"),
        )


def _lore(fates: tuple[Fate, ...]) -> Iterator[Line]:
    """A row for each entry of the lorebook that came up, one for all that did not."""
    told = [(number, fate) for number, fate in enumerate(fates) if fate.state != "silent"]
    silent = len(fates) - len(told)
    if fates:
        yield from _heading("LORE")
    for number, fate in told[:MOST_LORE]:
        fired = fate.state == "fired" and fate.word
        why = clean_line(f"“{fate.word}”" if fired else STATES[fate.state])[:WIDEST]
        ink = "$muted" if fate.state == "dropped" else "$ink"
        name = Content.styled(clean_line(fate.entry), ink)
        yield Line(f"lore:{number}", name, Content.styled(why, "$muted"))
    if silent:
        yield Line(SILENT, Content.styled(f"{silent:,} not mentioned", "$muted"))


def _heading(words: str) -> Iterator[Line]:
    yield Line("", Content(""))
    yield Line("", Content.styled(words, "bold $muted"))


def page(seen: Inspection, key: str) -> Content:
    """The page of the row under the cursor."""
    prompt = seen.prompt
    kind, _, number = key.partition(":")
    if kind == CHANGED:
        return _changes(seen)
    if kind == "lore":
        return _fate(prompt.lore[int(number)])
    if kind == SILENT:
        names = [fate.entry for fate in prompt.lore if fate.state == "silent"][:MOST_LORE]
        return Content.styled(clean("\n".join(names)), "$muted")
    if kind == "out":
        left = prompt.left_out[int(number)]
        return Content.assemble((clean(left.why), "$mark"), "\n\n", (clean(left.text), "$muted"))
    sections = prompt.sections if key == ALL else (prompt.sections[int(number)],)
    parts = [
        Content.styled(clean(section.text), KIND_INKS.get(section.kind, "$muted"))
        for section in sections
    ]
    return Content("").join(parts)


def _changes(seen: Inspection) -> Content:
    """What is new and what is gone, and what the model had to read for it."""
    kept = f"{seen.kept:,} tokens kept from the turn before, {seen.read:,} read anew."
    parts = [Content.styled(kept, "$mark")]
    for sign, section in seen.changes():
        ink = "$muted" if sign == "-" else KIND_INKS.get(section.kind, "$ink")
        mark = "+" if sign == "+" else "−"
        words = f"\n\n{mark} {KIND_WORDS[section.kind]}\n"
        parts += [Content.styled(words, "bold $muted"), Content.styled(clean(section.text), ink)]
    return Content("").join(parts)


def _fate(fate: Fate) -> Content:
    """What became of one entry, and why."""
    said = {
        "constant": "It is in every prompt.",
        "fired": f"It came in at “{fate.word}”.",
        "dropped": f"It stayed out: {fate.why}.",
        "silent": f"It stayed out: {fate.why}.",
    }[fate.state]
    return Content.assemble((clean_line(fate.entry), "bold $ink"), "\n\n", (clean(said), "$mark"))
