"""A card's page in the library: what it says, how it begins, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from tui.ui.clean import clean_line
from tui.ui.prose import prose, typeset

if TYPE_CHECKING:
    from tui.cards import Card, CardEntry
    from tui.cards.portraits import Portrait

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
    wish: str = ""
    """One quiet sentence where the card wants a bigger model."""
    portrait: Portrait | None = None


def preview_of(
    card: Card, greeting: int = 0, *, wish: str = "", portrait: Portrait | None = None
) -> Preview:
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
        portrait=portrait,
    )


def closed_preview(card: Card, wish: str) -> Preview:
    """The page of a card for adults that the player has not opened yet."""
    return Preview(title=card.name, opening="This card is for adults. Enter opens it.", wish=wish)


def problem_preview(entry: CardEntry, problems: tuple[str, ...]) -> Preview:
    """The page of a card that can't be read."""
    return Preview(
        title=entry.name, facts=(entry.path.name,), problems=problems or (entry.problem,)
    )


def preview_head(preview: Preview) -> Content:
    """The card's name and what is said of it in a line or two."""
    parts = [Content.styled(clean_line(preview.title), "bold $ink")]
    if preview.facts:
        parts.append(Content.styled("\n" + clean_line(" · ".join(preview.facts)), "$muted"))
    if preview.wish:
        parts.append(Content.styled(f"\n\n◇ {preview.wish}", "$mark"))
    return Content("").join(parts)


def preview_body(preview: Preview) -> Content:
    """What is below the name: problems, or how the card begins."""
    blocks = [Content.styled(clean_line(problem), "$fault") for problem in preview.problems]
    if preview.problems:
        blocks.append(Content.styled("e opens it in your editor", "$muted"))
    if preview.opening:
        opening = preview.opening
        if len(opening) > MOST_OPENING:
            opening = opening[:MOST_OPENING].rsplit(" ", 1)[0] + " …"
        blocks.append(prose(opening))
    if preview.choices:
        rows = [
            Content.assemble((f" {number} ", "bold $key on $key-ground"), "  ", typeset(choice))
            for number, choice in enumerate(map(clean_line, preview.choices), 1)
        ]
        blocks.append(Content("\n").join(rows))
    if preview.foot:
        blocks.append(Content.styled(clean_line(" · ".join(preview.foot)), "$muted"))
    return Content("\n\n").join(blocks)
