"""Dice that the program rolls, and the word that a roll gives a deed."""

from __future__ import annotations

from dataclasses import dataclass

from tui.prompt.rolls import Dice, read_dice
from tui.story import Session

CHECK = Dice(1, 20)
OUTCOMES = (
    (1, "it fails badly", "a bad failure"),
    (9, "it fails", "a failure"),
    (14, "it succeeds in part", "half a success"),
    (19, "it succeeds", "a success"),
    (20, "it succeeds brilliantly", "a brilliant success"),
)
"""Up to which face of a d20 a deed goes how, for the model and for the player."""


def seed_at(session: Session, seconds: float) -> int:
    """A seed that nothing before had: of the session, its next turn and the time."""
    place = session.header.world_seed * 1_000_003 + session.next_id
    return place * 1_000_003 + int(seconds * 1000)


@dataclass(frozen=True, slots=True)
class Roll:
    """What was rolled: for the player to read, and, of a deed, for the model."""

    shown: str
    """“2d6+1: 4 + 3 + 1 = 8”, and how a deed went."""
    deed: str = ""
    now: str = ""
    """The scene line of the deed; empty where nothing was to be decided."""


def rolled(words: str, seed: int) -> Roll:
    """Roll what `words` ask for: dice, a deed, or dice and then a deed.

    A deed alone, or after one plain d20, is a check: its outcome has a word.
    """
    head, _, rest = words.strip().partition(" ")
    dice = read_dice(head) if "d" in head.lower() or head.isdecimal() else None
    deed = (rest if dice else words).strip()
    if not deed:
        dice = dice or CHECK
        return Roll(_sum(dice, dice.rolled(seed)) + ".")
    dice = dice or CHECK
    faces = dice.rolled(seed)
    deed = deed.rstrip(".!")
    trying = f"Now: you try to {_bare(deed)}"
    if dice != CHECK:
        total = sum(faces) + dice.plus
        return Roll(_sum(dice, faces), deed, f"{trying}; the roll of {dice} is {total}.")
    _, told, named = next(one for one in OUTCOMES if faces[0] <= one[0])
    return Roll(f"d20: {faces[0]}, {named}", deed, f"{trying}; {told}.")


def _sum(dice: Dice, faces: tuple[int, ...]) -> str:
    total = sum(faces) + dice.plus
    if len(faces) == 1 and not dice.plus:
        return f"{dice}: {total}"
    added = [str(face) for face in faces] + ([str(dice.plus)] if dice.plus else [])
    return f"{dice}: {' + '.join(added).replace('+ -', '- ')} = {total}"


def _bare(deed: str) -> str:
    """A deed as it follows “try to”."""
    for start in ("i try to ", "try to ", "i ", "you "):
        if deed.lower().startswith(start):
            deed = deed[len(start) :]
            break
    return deed[:1].lower() + deed[1:]
