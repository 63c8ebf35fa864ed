"""The state as the screen's side panel shows it."""

from __future__ import annotations

from tui.world.board import Board
from tui.world.clock import day_of, time_words
from tui.world.conditions import holds
from tui.world.scene import carried, here, shown
from tui.world.values import Panel, Step


def panel_of(board: Board) -> Panel:
    """The Panel of a position."""
    model = board.model
    around = here(board)
    steps = tuple(Step(step.text, board.flag(f"step.{step.id}")) for step in model.steps)
    folk = board.folk_here()
    return Panel(
        place=model.places[board.place].name.text,
        time=time_words(model, board.minutes),
        day=day_of(board.minutes),
        here=tuple(shown(board, id_, article=False) for id_ in around),
        carried=tuple(shown(board, id_, article=False) for id_ in carried(board)),
        ways=tuple(way.shown for way in board.exits()),
        goal=model.goal,
        done=sum(step.done for step in steps),
        steps=steps,
        hints=hints(board),
        person=model.name(folk[0]).text if folk else "",
    )


def hints(board: Board) -> tuple[str, ...]:
    """The hints for the first step that is not done, and those whose conditions hold."""
    model = board.model
    step = next((step for step in model.steps if not board.flag(f"step.{step.id}")), None)
    own = step.hints if step is not None else ()
    return (*own, *(hint.text for hint in model.hints if holds(hint.when, board)))
