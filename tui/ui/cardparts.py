"""What a card says, part by part, as the card's own screen lists it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from tui.ui.clean import clean, clean_line
from tui.ui.prose import prose
from tui.ui.widgets.flow import hanging
from tui.ui.widgets.linelist import Line

if TYPE_CHECKING:
    from tui.cards import Card
    from tui.cards.lorebook import Entry, Lorebook

ABOUT = "about"
NAME_WIDTH = 22


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a card says."""

    key: str
    title: str
    text: str
    group: str = ""
    """The heading that it stands under."""
    sent: bool = False
    """Whether it is in every prompt, and so takes the model's room all the time."""
    counted: bool = True
    """Whether it ever reaches the model."""
    weighed: str = ""
    """What of the text reaches the model, where that is less than all."""


def parts_of(card: Card, greeting: int) -> tuple[Part, ...]:
    """All that the card says, and the greeting of that number."""
    greetings = (card.first_mes, *card.alternate_greetings)
    which = greeting % len(greetings)
    place = f" ‹{which + 1}/{len(greetings)}›" if len(greetings) > 1 else ""
    companion = card.kind == "companion"
    found = (
        Part(
            "who", "who they are" if companion else "what it is about", card.description, "", True
        ),
        Part("character", "character", card.personality, "", True),
        Part("scenario", "where things stand", card.scenario, "", True),
        Part("persona", "who you are", persona_text(card), "", True),
        Part("greeting", f"greeting{place}", greetings[which]),
        Part("examples", "how they talk", card.mes_example, "", True),
        Part("system", "instructions", card.system_prompt, "", True),
        Part("last", "last instructions", card.post_history_instructions, "", True),
        Part("notes", "the author’s word", card.creator_notes, counted=False),
        *fact_parts(card),
        *(book_parts(card.character_book) if card.character_book else ()),
    )
    return tuple(part for part in found if part.text.strip())


def persona_text(card: Card) -> str:
    """Who the player is, as the card has it."""
    return ", ".join(filter(None, (card.user_name, card.user_persona)))


def fact_parts(card: Card) -> Iterator[Part]:
    """What a companion knows, topic by topic."""
    group = f"FACTS · {len(card.facts)}"
    for number, fact in enumerate(card.facts):
        lines = [
            f"*{word}* {text}"
            for word, text in (
                ("knows:", fact.knows),
                ("hides:", fact.hides),
                ("refuses:", fact.refuses),
                ("after:", ", ".join(fact.after)),
                ("also:", ", ".join(fact.words)),
            )
            if text
        ]
        told = " ".join(filter(None, (fact.knows, fact.hides, fact.refuses)))
        yield Part(f"fact:{number}", fact.topic, "\n\n".join(lines), group, weighed=told)


def book_parts(book: Lorebook) -> Iterator[Part]:
    """The lorebook's entries, with how many there are."""
    constant = sum(1 for entry in book.entries if entry.constant)
    always = f", {constant} always" if constant else ""
    group = f"LOREBOOK · {len(book.entries)}{always}"
    for number, entry in enumerate(book.entries):
        title = entry.name or entry.comment or ", ".join(entry.keys) or f"entry {number + 1}"
        sent = bool(entry.constant) and entry.enabled
        yield Part(f"lore:{number}", title, lore_text(entry), group, sent, weighed=entry.content)


def lore_text(entry: Entry) -> str:
    """An entry, with the words that bring it in."""
    how = [] if entry.enabled else ["put aside"]
    how += ["always in the prompt"] if entry.constant else []
    how += [f"when told of: {', '.join(entry.keys)}"] if entry.keys and not entry.constant else []
    return "\n\n".join(filter(None, (f"*{' · '.join(how)}*" if how else "", entry.content)))


def part_lines(parts: Sequence[Part], tokens: dict[str, int]) -> list[Line]:
    """A row for each part, with its tokens once they are counted."""
    lines = [Line(ABOUT, Content.styled("about", "$mark"))]
    group = ""
    for part in parts:
        if part.group != group:
            group = part.group
            lines += [Line("", Content("")), Line("", Content.styled(group, "bold $muted"))]
        count = tokens.get(part.key)
        shown = f"{count:,}" if count is not None else "" if part.counted else "–"
        ink = "$ink" if part.sent or part.key == "greeting" else "$muted"
        lines.append(
            Line(
                part.key,
                Content.styled(clean_line(part.title), ink),
                Content.styled(shown, "$muted"),
            )
        )
    return lines


def part_content(part: Part, width: int) -> Content:
    """The text of the part under the cursor, in so many columns."""
    return _laid(prose(part.text.strip()), width)


def _laid(content: Content, width: int) -> Content:
    return Content("\n").join(content.wrap(width))


def about_content(card: Card, lines: Sequence[str], wish: str, width: int) -> Content:
    """What is said of the card as a whole, in so many columns."""
    world = card.world
    rows = (
        ("by", card.creator),
        ("version", card.character_version),
        ("genre", card.genre),
        ("tone", card.tone),
        ("length", card.length),
        ("tags", ", ".join(card.tags)),
        ("world", f"{len(world.places)} places, {len(world.endings)} endings" if world else ""),
        ("for", "adults" if card.adult else "all ages"),
    )
    parts = [Content.styled(clean_line(card.name), "bold $ink")]
    parts += [
        hanging(Content.styled(f"{label:<9}", "$muted"), Content(clean_line(text)), width)
        for label, text in rows
        if text.strip()
    ]
    if wish:
        parts.append(Content.styled(f"\n◇ {wish}", "$mark"))
    parts += [Content.styled("\n" + clean(line), "$muted") for line in lines if line]
    return _laid(Content("\n").join(parts), width)
