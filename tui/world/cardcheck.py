"""Everything that is wrong with a card and its world: spelling, names, and where the tale gets stuck."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tui.cards.card import Card
from tui.cards.problems import Problem
from tui.cards.read import Inspection, inspect_card
from tui.cards.worldfile import WorldFile
from tui.cards.yamlfile import Document, dotted
from tui.world.exploring import DeadEnd, EndingFound, Exploration, explore
from tui.world.problems import WorldError
from tui.world.reading_echo import echo
from tui.world.world import World

USUAL_LIMIT = 20_000
MOST_TOLD = 4


@dataclass(frozen=True, slots=True)
class CardCheck:
    """A card as it was checked."""

    card: Card | None
    problems: tuple[Problem, ...]
    """Errors and warnings, in the order of their lines."""
    exploration: Exploration | None = None
    """What a search of its world found; None where there is no world, or it can't be built."""

    @property
    def passed(self) -> bool:
        """Whether the card can be played to an end."""
        return not any(problem.weight == "error" for problem in self.problems)


def check_card(path: Path, limit: int = USUAL_LIMIT) -> CardCheck:
    """Every problem of a card's file and of its world, with file, line, field and mending.

    Its world is searched for at most `limit` situations. Never raises on a bad card.
    """
    inspection = inspect_card(path)
    card, file = inspection.card, path.name
    if card is None:
        return CardCheck(None, inspection.problems)
    problems = [*inspection.problems, *missing_texts(card, file)]
    exploration: Exploration | None = None
    if card.world is not None:
        try:
            world = World.build(card.world)
        except WorldError as error:
            problems += [
                with_line(problem, inspection.document, file) for problem in error.problems
            ]
        else:
            exploration = explore(world, limit)
            problems += parted_hints(card.world, inspection, file)
            problems += world_problems(world, exploration, inspection, file)
    problems.sort(key=lambda problem: (problem.line, problem.field))
    return CardCheck(card, tuple(problems), exploration)


def missing_texts(card: Card, file: str) -> Iterator[Problem]:
    """Warnings for texts without which a card is dull."""
    if not card.first_mes:
        yield Problem(
            file,
            0,
            "first_mes",
            "is missing, so there is nothing to read first",
            "write an opening",
            "warning",
        )
    if card.kind == "tale" and not card.scenario:
        yield Problem(
            file,
            0,
            "scenario",
            "is missing, so no model knows what the tale is about",
            "write one to four sentences",
            "warning",
        )


def parted_hints(worldfile: WorldFile, inspection: Inspection, file: str) -> Iterator[Problem]:
    """Warnings for hints that a comma has parted in two, as it does in brackets without quotes."""
    for index, step in enumerate(worldfile.goal.steps):
        if any(hint[:1].islower() for hint in step.hints):
            problem = Problem(
                file,
                0,
                f"goal.steps.{index}.hints",
                "has a hint that begins in the middle of a sentence",
                "put hints with commas in quotes",
                "warning",
            )
            yield with_line(problem, inspection.document, file)


def with_line(problem: Problem, document: Document, file: str) -> Problem:
    """A world's problem with the file and line of its field."""
    path: list[str | int] = ["world"]
    for part in problem.field.split("."):
        known = (*path, int(part)) if part.isdigit() else None
        path.append(int(part) if known in document.lines else part)
    return replace(problem, file=file, line=document.line(tuple(path)), field=dotted(tuple(path)))


def world_problems(
    world: World, found: Exploration, inspection: Inspection, file: str
) -> Iterator[Problem]:
    """What a search of the world shows: what can't be reached, and where there is no way on."""
    document = inspection.document
    weight = "error" if found.complete else "warning"
    for id_ in found.unreached_places:
        field = f"world.places.{id_}"
        line = document.line(("world", "places", id_))
        yield Problem(
            file, line, field, "can't be reached", "give some place an exit to it", weight
        )
    for ending in found.endings:
        if not ending.reached:
            yield ending_problem(ending, document, file, complete=found.complete)
    for dead in found.dead_ends:
        yield dead_end_problem(world, dead, document, file)
    if not found.complete:
        text = f"is too big to be searched whole; the nearest {found.states} situations were"
        yield Problem(file, document.line(("world",)), "world", text, "", "warning")


def ending_problem(
    ending: EndingFound, document: Document, file: str, *, complete: bool
) -> Problem:
    """What to say of an ending that no game came to."""
    line = document.line(("world", "endings", ending.id))
    field = f"world.endings.{ending.id}"
    if ending.ways:
        text = "could be reached, but not before the clock ends the tale otherwise"
        return Problem(file, line, field, text, "give it more time", "warning")
    weight = "error" if complete else "warning"
    return Problem(
        file, line, field, "can't be reached", "look at its `when`: what makes it true?", weight
    )


def dead_end_problem(world: World, dead: DeadEnd, document: Document, file: str) -> Problem:
    """What to say of a deed after which no ending can be reached."""
    start = world.model.file.start.place
    if not dead.path:
        return Problem(
            file,
            document.line(("world",)),
            "world",
            "has no ending that can be reached",
            "see the endings",
        )
    last = echo(world.model, dead.place, [dead.action]).removeprefix("you ")
    before = dead.path[:-1]
    shown = echo(world.model, start, before[-MOST_TOLD:] if len(before) > MOST_TOLD else before)
    way = (
        f" (after {shown})"
        if shown and len(before) <= MOST_TOLD
        else f" ({len(before)} deeds in)"
        if before
        else ""
    )
    text = f"to {last}{way} leads where no ending can be reached"
    if dead.lost:
        names = " and ".join(world.model.the(id_) for id_ in dead.lost)
        text += f"; {names} can be lost so"
        line, field = (
            document.line(("world", "things", dead.lost[0])),
            f"world.things.{dead.lost[0]}",
        )
    else:
        line, field = document.line(("world", "places", dead.place)), f"world.places.{dead.place}"
    return Problem(
        file, line, field, text, "make a way back, or let what is needed be had there too"
    )
