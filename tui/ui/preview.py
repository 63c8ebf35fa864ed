"""A card's page in the library: what it says, how it begins, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from tui.ui.clean import clean_line
from tui.ui.prose import prose, typeset

if TYPE_CHECKING:
    from tui.cards import Card, CardEntry

MOST_OPENING = 420
WISH = "wants a bigger model: m models · Enter plays anyway"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a card's page shows."""

    title: str
    facts: tuple[str, ...] = ()
    opening: str = ""
    choices: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    """All that the card says, under headings."""
    wish: str = ""
    """One quiet sentence where the card wants a bigger model."""


def preview_of(card: Card, greeting: int = 0, *, wish: str = "") -> Preview:
    """The page of a card that can be played; building its World takes a moment."""
    from tui.game import cast
    from tui.game.opening import opening_choices, opening_of, stage_of

    user = card.user_name or cast.SOMEBODY
    stage = stage_of(card, user, 0)
    count = min(max(card.choices, 0), 5)
    greetings = 1 + len(card.alternate_greetings)
    endings = len(card.world.endings) if card.world else 0
    entries = len(card.character_book.entries) if card.character_book else 0
    facts = (
        card.genre or ", ".join(card.tags[:3]),
        card.length,
    )
    foot = (
        f"{endings} endings" if endings > 1 else "",
        f"greeting {greeting % greetings + 1} of {greetings}" if greetings > 1 else "",
        f"lorebook {entries}" if entries else "",
        f"{len(card.facts)} things to learn" if card.facts else "",
        "for adults" if card.adult else "all ages",
    )
    return Preview(
        title=card.name,
        facts=tuple(fact for fact in facts if fact),
        opening=card.description if card.world else opening_of(card, user, greeting % greetings),
        choices=tuple(choice.text for choice in opening_choices(card, stage, user, count)),
        foot=tuple(word for word in foot if word),
        wish=wish,
    )


def card_page(card: Card) -> Preview:
    """All that a card says, for reading."""
    book = card.character_book
    entries = (
        [", ".join(entry.keys) + ": " + entry.content for entry in book.entries] if book else []
    )
    parts = (
        ("WHO THEY ARE" if card.kind == "companion" else "WHAT IT IS ABOUT", card.description),
        ("CHARACTER", card.personality),
        ("WHERE THINGS STAND", card.scenario),
        ("THE FIRST WORDS", card.first_mes),
        ("OTHER GREETINGS", "\n\n".join(card.alternate_greetings)),
        ("HOW THEY TALK", card.mes_example),
        (
            "INSTRUCTIONS OF ITS OWN",
            "\n\n".join(filter(None, (card.system_prompt, card.post_history_instructions))),
        ),
        (f"LOREBOOK, {len(entries)} ENTRIES", "\n\n".join(entries)),
        ("THE AUTHOR'S WORD TO YOU", card.creator_notes),
    )
    facts = (
        card.genre,
        card.tone,
        ", ".join(card.tags),
        f"by {card.creator}" if card.creator else "",
    )
    return Preview(
        title=card.name,
        facts=tuple(fact for fact in facts if fact),
        parts=tuple((head, text) for head, text in parts if text.strip()),
    )


def problem_preview(entry: CardEntry, problems: tuple[str, ...]) -> Preview:
    """The page of a card that can't be read."""
    return Preview(
        title=entry.name, facts=(entry.path.name,), problems=problems or (entry.problem,)
    )


def preview_content(preview: Preview) -> Content:
    """The page, as it is shown."""
    parts = [Content.styled(clean_line(preview.title), "bold $ink")]
    if preview.facts:
        parts.append(Content.styled("\n" + clean_line(" · ".join(preview.facts)), "$muted"))
    parts += [
        Content.styled(f"\n\n{clean_line(problem)}", "$fault") for problem in preview.problems
    ]
    if preview.problems:
        parts.append(Content.styled("\n\ne opens it in your editor", "$muted"))
    if preview.wish:
        parts.append(Content.styled(f"\n\n◇ {preview.wish}", "$mark"))
    for head, text in preview.parts:
        parts.append(Content.assemble("\n\n", (head, "bold $muted"), "\n", prose(text.strip())))
    if preview.opening:
        opening = preview.opening
        if len(opening) > MOST_OPENING:
            opening = opening[:MOST_OPENING].rsplit(" ", 1)[0] + " …"
        parts += [Content("\n\n"), prose(opening)]
    if preview.choices:
        parts.append(Content("\n"))
    for number, choice in enumerate(preview.choices, 1):
        key = Content.styled(f" {number} ", "bold $key on $key-ground")
        parts.append(Content.assemble("\n", key, "  ", typeset(clean_line(choice))))
    if preview.foot:
        parts.append(Content.styled("\n\n" + clean_line(" · ".join(preview.foot)), "$muted"))
    return Content("").join(parts)
