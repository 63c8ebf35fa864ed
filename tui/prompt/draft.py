"""From a story's turns to the draft of a prompt."""

from __future__ import annotations

from collections.abc import Sequence

from tui.prompt.block import Block
from tui.prompt.template import Template
from tui.prompt.window import Unit
from tui.story import Choice, Turn


def list_of(choices: Sequence[Choice], marker: str) -> str:
    """Choices as the model's text has them: a blank line, then one a line."""
    return "\n\n" + "\n".join(f"{marker}{choice.text}" for choice in choices) if choices else ""


def blocks_of(turn: Turn, template: Template, model: str) -> tuple[Block, ...]:
    """The blocks of one Turn; `model` is the fingerprint of the model that will read them.

    A reply that this very model sampled is its own token ids; any other is text.
    """
    if turn.role == "player":
        said = Block("player", "player", turn.text, turn.name, turn.id, unseen=turn.unseen)
        scene = Block("system", "scene", turn.scene, turn=turn.id, unseen=turn.unseen)
        return (said, scene) if turn.scene else (said,)
    listed = list_of(turn.choices, template.choice)
    own = turn.tokens if turn.model == model else ()
    reply = Block("model", "reply", turn.text, turn.name, turn.id, own[: turn.prose_tokens])
    if not listed:
        return (reply,)
    ids = own[turn.prose_tokens :]
    text = listed if ids or not own else ""
    return (reply, Block("model", "choices", text or listed, turn=turn.id, tokens=ids))


def units_of(
    path: Sequence[Turn], template: Template, model: str, start: int | None = None
) -> list[Unit]:
    """The story's units, oldest first, from the one that begins with Turn `start`.

    A unit begins at each thing that the player said; a greeting is one of its own. Turns
    before `start` are not looked at, so that the cost is that of the window.
    """
    units: list[Unit] = []
    blocks: tuple[Block, ...] = ()
    for turn in reversed(path):
        blocks = (*blocks_of(turn, template, model), *blocks)
        if turn.role == "player" or turn.parent is None:
            units.append(Unit(turn.id, blocks))
            blocks = ()
            if turn.id == start:
                break
    units.reverse()
    return units
