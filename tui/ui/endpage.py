"""What a tale's last page says."""

from __future__ import annotations

from dataclasses import dataclass

from tui.game.narrator import Narrator
from tui.ui.prose import typeset


@dataclass(frozen=True, slots=True)
class EndPage:
    """An ending, and how the way there went."""

    tale: str
    title: str
    text: str
    found: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
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
    panel = stage.world.panel(stage.at(session, here.id))
    found = tuple(typeset(step.text) for step in panel.steps if step.done)
    missed = [typeset(step.text) for step in panel.steps if not step.done]
    if ending and ending.missed:
        missed.append(typeset(ending.missed))
    endings = len(card.world.endings) if card.world else 0
    of_all = f"one of {endings} endings · " if endings > 1 else ""
    return EndPage(
        tale=session.name or card.name,
        title=ending.title if ending else "The end",
        text=ending.text if ending else "",
        found=found,
        missed=tuple(missed),
        count=f"{of_all}{turns} turns",
    )
