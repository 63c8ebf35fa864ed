"""Grouping: which blocks share one frame.

A reply stands with its choices; where a format has no system blocks in mid-story, scene lines
and notes stand with the player's words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from tui.prompt.block import Block, Role


class Form(Protocol):
    """What grouping needs to know of a template."""

    @property
    def system_anywhere(self) -> bool:
        """Whether system blocks may come in the middle of a story."""
        ...

    @property
    def system_in_player(self) -> bool:
        """Whether the system text stands inside the first of the player's blocks."""
        ...

    @property
    def starts(self) -> str:
        """Who speaks first in a tale."""
        ...

    @property
    def opener(self) -> str:
        """The player's words where a story begins with the model's."""
        ...


def is_told(block: Block) -> bool:
    """Whether a block is the system text itself, not an aside."""
    return block.role == "system" and block.kind in ("system", "persona")


def role_of(group: Sequence[Block], form: Form) -> Role:
    """The role in whose frame a group stands."""
    roles = {block.role for block in group}
    if "player" in roles:
        return "player"
    if roles == {"system"} and not form.system_anywhere:
        return "system" if is_told(group[0]) and not form.system_in_player else "player"
    return group[0].role


def groups_of(blocks: Iterable[Block], form: Form) -> list[list[Block]]:
    """The blocks in groups of one frame each, with the story's beginning as the format wants it."""
    groups: list[list[Block]] = []
    for block in _begun(list(blocks), form):
        if groups and _joins(groups[-1], block, form):
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def _begun(blocks: list[Block], form: Form) -> list[Block]:
    """Without the “Start!” of a tale where the model speaks first; with an opener where it can't."""
    if form.starts == "model":
        return [block for block in blocks if not (block.unseen and block.role == "player")]
    told = next((place for place, one in enumerate(blocks) if not is_told(one)), len(blocks))
    if form.opener and 0 < told < len(blocks) and blocks[told].role == "model":
        opener = replace(blocks[0], role="player", kind="player", text=form.opener, unseen=True)
        blocks.insert(told, opener)
    return blocks


def _joins(group: Sequence[Block], block: Block, form: Form) -> bool:
    last = group[-1]
    if block.kind == "choices":
        return last.kind == "reply"
    if form.system_anywhere or "system" not in (block.role, last.role):
        return False
    if block.role == "model" or last.role == "model":
        return False
    if is_told(last):
        return is_told(block) or form.system_in_player or (block.unseen and block.role == "system")
    if last.unseen and last.role == "system" and group[0].kind == "system":
        return form.system_in_player
    return block.role == "system" or not any(one.role == "player" for one in group)
