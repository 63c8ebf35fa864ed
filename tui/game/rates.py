"""How often a story's words were read and its replies true: counted over all of its turns."""

from __future__ import annotations

from collections.abc import Iterator

from tui.game.weighing import LIKELY
from tui.story import Session


def rates(session: Session) -> Iterator[str]:
    """A sentence for each thing that is counted, where it came up at all."""
    turns = session.turns.values()
    typed = [one for one in turns if one.role == "player" and one.origin == "said" and one.actions]
    if typed:
        weighed = sum(one.reading.endswith(LIKELY) for one in typed)
        free = sum(one.actions[0].startswith("improvise:") for one in typed)
        yield (
            f"Typed deeds: {len(typed)}. Read as deeds of the world: {len(typed) - weighed - free}. "
            f"Weighed by the model: {weighed}. Improvised or refused in kind: {free}."
        )
    told = [one for one in turns if one.role == "model" and one.stats.get("drawn")]
    if told:
        drawn = sum(int(one.stats["drawn"]) for one in told)
        passed = sum(int(one.stats.get("passed", 0)) for one in told)
        world = sum(not one.stats.get("passed") for one in told)
        yield (
            f"Replies drawn: {drawn}. Of those, true to the world: {passed} "
            f"({100 * passed // drawn} %). Turns where the world spoke itself: {world} of {len(told)}."
        )
