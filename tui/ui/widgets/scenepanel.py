"""ScenePanel: place, people, things and goal, beside the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from tui.ui.clean import clean_line
from tui.ui.widgets.bars import bar
from tui.ui.widgets.flow import Flow
from tui.ui.widgets.portraitview import PortraitView

INDENT = 2
MOST_LINES_A_PIN = 3


@dataclass(frozen=True, slots=True)
class Scene:
    """What stands beside the page; empty parts are left out."""

    name: str = ""
    place: str = ""
    here: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    goal: str = ""
    done: int = 0
    steps: int = 0
    about: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()


class ScenePanel(VerticalScroll, can_focus=False):
    """The World's state, or who one is talking with."""

    def __init__(self) -> None:
        super().__init__()
        self.portrait = PortraitView()
        self.text = Flow()

    def compose(self) -> ComposeResult:
        """A portrait, and one text that is laid anew whenever the scene changes."""
        yield self.portrait
        yield self.text

    def show(self, scene: Scene) -> None:
        """Show this scene."""
        self.text.lay = partial(scene_content, scene)


def scene_content(scene: Scene, width: int) -> Content:
    """The whole panel, `width` columns wide."""
    blocks: list[Content] = []
    if scene.name:
        blocks.append(Content.styled(clean_line(scene.name), "italic $speech"))
    ways = (f"ways: {', '.join(scene.ways)}",) if scene.ways else ()
    for head, lines in (
        (scene.place.upper() or "HERE", (*scene.here, *ways)),
        ("CARRIED", carried_lines(scene.carried, width)),
    ):
        if lines:
            blocks.append(block(head, map(Content, map(clean_line, lines)), width))
    if scene.goal:
        blocks.append(block("GOAL", goal_lines(scene, width), width))
    if scene.about:
        blocks.append(block("ABOUT", map(Content, map(clean_line, scene.about)), width))
    if scene.pinned:
        pins = (Content.styled(clean_line(pin), "$muted") for pin in scene.pinned)
        blocks.append(block("PINNED", pins, width, most=MOST_LINES_A_PIN))
    return Content("\n\n").join(blocks)


def block(head: str, lines: Iterable[Content], width: int, most: int = 0) -> Content:
    """A small heading, and lines that hang below it."""
    room = width - INDENT
    rows: list[Content] = [Content.styled(head, "bold $muted")]
    for line in lines:
        wrapped = [line] if line.cell_length <= room else line.wrap(room if most else room - 2)
        if most and len(wrapped) > most:
            last = wrapped[most - 1].rstrip().truncate(room - 1)
            wrapped = [*wrapped[: most - 1], Content.assemble(last, "…")]
        for number, part in enumerate(wrapped):
            hang = INDENT + (2 if number and not most else 0)
            rows.append(Content.assemble(" " * hang, part.rstrip()))
    return Content("\n").join(rows)


def carried_lines(things: Sequence[str], width: int) -> list[str]:
    """Things side by side, as many as fit on a line."""
    lines: list[str] = []
    for thing in things:
        together = f"{lines[-1]} · {thing}" if lines else thing
        if lines and len(together) <= width - INDENT:
            lines[-1] = together
        else:
            lines.append(thing)
    return lines


def goal_lines(scene: Scene, width: int) -> list[Content]:
    """What is to be done, and how far that has come."""
    goal = Content(clean_line(scene.goal))
    if not scene.steps:
        return [goal]
    steps = bar(scene.done / scene.steps, scene.steps)
    *before, last = goal.wrap(width - INDENT)
    last = last.rstrip()
    room = width - INDENT - last.cell_length - steps.cell_length
    if room >= 2:
        return [*(line.rstrip() for line in before), Content.assemble(last, " " * room, steps)]
    return [*(line.rstrip() for line in before), last, steps]
