"""Template: how blocks become one model's text. Templates are data files.

Sources of the shipped ones are named in each file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tui.prompt.block import Block, Kind, Role


class TemplateError(ValueError):
    """A template file cannot be used; the text says which field and what to do."""


class Frame(BaseModel):
    """What stands before and after a text in one role."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    before: str = ""
    after: str = ""


class Template(BaseModel):
    """One model family's way of writing a story down."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    """The id, as files and settings name it."""
    title: str
    """What the player reads."""
    about: str = ""
    """Where the format comes from, in a sentence."""
    matches: tuple[str, ...] = ()
    """Words that a model's file name or metadata has, lower case; any one chooses this template."""
    system: Frame
    player: Frame
    model: Frame
    special: bool = False
    """Whether the frames are special tokens of the model (ChatML) or plain text (Metharme)."""
    system_anywhere: bool = False
    """Whether system blocks may come in the middle of a story."""
    names: Literal["never", "always"] = "never"
    """Whether each text begins with its speaker's name and a colon."""
    aside: Frame = Frame(before="[", after="]")
    """Around scene lines and notes where they are part of the player's block."""
    choice: str = "- "
    """What a choice's line begins with; its last space belongs to the choice's first word."""
    leading_space: bool = False
    """Whether the model's replies begin with a space."""
    stop: tuple[str, ...] = ()
    """Strings that end a reply, beside the frames' own."""
    context: int = Field(default=0, ge=0)
    """The longest context the format was trained with; 0 where the model file knows."""
    sampling: Mapping[str, Any] = Field(default_factory=dict)
    """Sampling values that this model family is known to like."""

    def parts(self, blocks: Iterable[Block], *, open_end: bool = False) -> Iterator[Part]:
        """The blocks in this template's form, without the reply's opening.

        With `open_end` nothing closes the last block, so that a reply can be gone on with.
        """
        groups = list(_grouped(blocks, self))
        for place, group in enumerate(groups):
            found = list(self._group(group))
            yield from found[:-1] if open_end and place == len(groups) - 1 else found

    def opening(self, name: str = "") -> Iterator[Part]:
        """What stands before a new reply."""
        yield Part("opening", self.model.before, special=self.special)
        if self.names == "always" and name:
            yield Part("opening", f"{name}:")

    def stop_strings(self) -> tuple[str, ...]:
        """Every string at which a reply has to end, longest first."""
        frames = [] if self.special else [self.player.before, self.system.before, self.model.before]
        found = {text.strip("\n") for text in (*frames, *self.stop)}
        return tuple(sorted((text for text in found if text.strip()), key=len, reverse=True))

    def _group(self, group: Sequence[Block]) -> Iterator[Part]:
        frame = {"system": self.system, "player": self.player, "model": self.model}[_role(group)]
        first = group[0]
        yield Part(first.kind, frame.before, special=self.special, turn=first.turn)
        for place, block in enumerate(group):
            yield from self._inside(block, place, group)
        yield Part(group[-1].kind, frame.after, special=self.special, turn=group[-1].turn)

    def _inside(self, block: Block, place: int, group: Sequence[Block]) -> Iterator[Part]:
        text = block.text
        if block.role == "system" and _role(group) == "player":
            text = f"{self.aside.before}{text}{self.aside.after}"
        between = "\n" if place and block.kind != "choices" else ""
        if self.names == "always" and block.name and block.role != "system":
            text = f"{block.name}: {text}"
        if between:
            yield Part(block.kind, between, turn=block.turn)
        yield Part(block.kind, text, turn=block.turn, tokens=block.tokens)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the finished prompt: text of one kind, or ids that stand for it."""

    kind: Kind
    text: str
    special: bool = False
    turn: int | None = None
    tokens: tuple[int, ...] = ()


def parse_template(text: str, source: str) -> Template:
    """The template in a YAML `text`; `source` is named in errors.

    Raises TemplateError with one sentence.
    """
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise TemplateError(f"{source} is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(data, dict):
        raise TemplateError(
            f"{source} holds no template: it needs name, title, system, player, model."
        )
    try:
        return Template.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(step) for step in first["loc"])
        raise TemplateError(f"{source}: field {field}: {first['msg'].lower()}.") from error


def _role(group: Sequence[Block]) -> Role:
    return "player" if any(block.role == "player" for block in group) else group[0].role


def _grouped(blocks: Iterable[Block], template: Template) -> Iterator[list[Block]]:
    """Blocks that share one frame: a reply with its choices; asides with the player's words."""
    group: list[Block] = []
    for block in blocks:
        if group and not _joins(group, block, template):
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _joins(group: Sequence[Block], block: Block, template: Template) -> bool:
    if block.kind == "choices":
        return group[-1].kind == "reply"
    if template.system_anywhere or "system" not in (block.role, group[-1].role):
        return False
    if block.role == "model" or group[-1].role == "model" or group[-1].kind == "system":
        return False
    return block.role == "system" or not any(one.role == "player" for one in group)
