"""Template: how blocks become one model's text. Templates are data files.

Sources of the shipped ones are named in each file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tui.engine.sampling import Sampling
from tui.prompt.acts import Acts
from tui.prompt.block import Block, Kind
from tui.prompt.grouping import groups_of, is_told, role_of


class Frame(BaseModel):
    """What stands before and after a text in one role."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the finished prompt: text of one kind, or ids that stand for it."""

    kind: Kind
    text: str
    special: bool = False
    turn: int | None = None
    tokens: tuple[int, ...] = ()


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
    """Words that a model's file name or metadata has, lower case; the longest chooses its template."""
    marks: tuple[str, ...] = ()
    """Pieces that a GGUF's own chat template has, all of them, where it is this format."""
    system: Frame
    player: Frame
    model: Frame
    last_model: Frame | None = None
    """How the reply being written begins, where it differs from earlier ones (LimaRP 3)."""
    special: tuple[str, ...] = ()
    """Pieces of the frames that are special tokens of the model; all else is plain text."""
    system_anywhere: bool = False
    """Whether system blocks may come in the middle of a story."""
    system_in_player: bool = False
    """Whether the system text stands inside the first of the player's blocks (Llama 2)."""
    starts: Literal["player", "model"] = "player"
    """Who speaks first in a tale; with `model` its “Start!” is not written."""
    opener: str = ""
    """The player's words where a story begins with the model's and the format can't."""
    names: Literal["never", "always"] = "never"
    """Whether each text begins with its speaker's name and a colon."""
    player_name: str = ""
    """The player's name before their words, where the format has one word for everybody."""
    aside: Frame = Frame(before="[", after="]")
    """Around scene lines and notes where they are part of the player's block."""
    acts: Acts | None = None
    """How deeds, speech and narration of the player are written; None: as they were typed."""
    card: tuple[str, ...] = ()
    """The system text, line by line, with {char} {about} {user} {persona} {scenario} {lore}
    {system} {length}, and {setting} for scenario and persona in one; a line with an empty one is
    left out. No lines: the contract's own words."""
    card_joiner: str = "\n"
    """What stands between those lines."""
    lengths: tuple[str, ...] = ()
    """The words for a reply's length that the model was trained with."""
    length: str = ""
    """The one that is used where the player chose none."""
    choice: str = "- "
    """What a choice's line begins with; its last space belongs to the choice's first word."""
    spaces_text: bool = False
    """Whether a reply that no model sampled is given the space that the model's own begin with."""
    stop: tuple[str, ...] = ()
    """Strings that end a reply, beside the frames' own; {user} and {char} may be in them."""
    context: int = Field(default=0, ge=0)
    """The longest context the format was trained with; 0 where the model file knows."""
    sampling: Mapping[str, Any] = Field(default_factory=dict)
    """Sampling values that this model family is known to like."""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        """Refuse sampling values without meaning, and lengths that are not among the words."""
        Sampling.from_dict(self.sampling)
        if self.lengths and self.length not in self.lengths:
            raise ValueError(f"length has to be one of {', '.join(self.lengths)}")
        return self

    def with_length(self, word: str) -> Template:
        """This template with another length, where it knows the word."""
        return self.model_copy(update={"length": word}) if word in self.lengths else self

    def with_names(self) -> Template:
        """This template with each text under its speaker's name, as a talk of several needs."""
        return self.model_copy(update={"names": "always"})

    def written(self, blocks: Iterable[Block], speaker: str, *, opens: bool) -> list[Part]:
        """The whole prompt: the blocks, then what a new reply of `speaker` begins with.

        Without `opens` nothing closes the last block, so that a reply can be gone on with.
        """
        parts = list(self.parts(blocks, open_end=not opens))
        return [*parts, *self.opening(speaker)] if opens else parts

    def parts(self, blocks: Iterable[Block], *, open_end: bool = False) -> Iterator[Part]:
        """The blocks in this template's form, without the reply's opening.

        With `open_end` nothing closes the last block.
        """
        groups = groups_of(blocks, self)
        for place, group in enumerate(groups):
            last = open_end and place == len(groups) - 1
            yield from self._group(group, last=last)

    def opening(self, name: str = "") -> Iterator[Part]:
        """What stands before a new reply."""
        yield from self._frame("opening", (self.last_model or self.model).before)
        if self.names == "always" and name:
            yield Part("opening", f"{name}:")

    def unfinished(self, words: str) -> str:
        """What the player has begun to say, so that it can be gone on with."""
        if self.acts is None:
            return words
        return f"{self.acts.do.partition('{words}')[0].rstrip()} {words}".rstrip()

    def stop_strings(self, user: str = "", char: str = "") -> tuple[str, ...]:
        """Every string at which a reply has to end, longest first."""
        frames = [frame.before for frame in (self.player, self.system, self.model)]
        plain = [text.strip() for text in frames if not any(one in text for one in self.special)]
        found = {text for text in plain if text}
        for text in self.stop:
            if ("{user}" in text and not user) or ("{char}" in text and not char):
                continue
            found.add(text.replace("{user}", user).replace("{char}", char))
        return tuple(sorted(found, key=lambda text: (-len(text), text)))

    def _group(self, group: Sequence[Block], *, last: bool) -> Iterator[Part]:
        role = role_of(group, self)
        frame = {"system": self.system, "player": self.player, "model": self.model}[role]
        if last and role == "model" and self.last_model:
            frame = self.last_model
        first, end = group[0], group[-1]
        # A line that is still to be begun must not end in a space: it is its first word's.
        bare = last and not any(block.text or block.tokens for block in group)
        opened = frame.before.rstrip(" ") if bare else frame.before
        yield from self._frame(first.kind, opened, first.turn)
        before: Block | None = None
        for block in group:
            yield from self._inside(block, before, group)
            before = block
        if not last:
            yield from self._frame(end.kind, frame.after, end.turn)

    def _inside(self, block: Block, before: Block | None, group: Sequence[Block]) -> Iterator[Part]:
        if before and block.kind != "choices" and not self._closes(before):
            yield Part(block.kind, "\n", turn=block.turn)
        if block.role == "system":
            yield from self._system(block, group)
            return
        text = block.text
        if block.kind == "player" and self.acts and not block.unseen:
            text = self.acts.written(text)
        spaced = self.spaces_text and block.role == "model" and block.kind != "choices"
        if name := self._name(block):
            yield Part(block.kind, f"{name}:", turn=block.turn)
            spaced = True
        text = f" {text}" if spaced and text else text
        yield Part(block.kind, text, turn=block.turn, tokens=block.tokens)

    def _system(self, block: Block, group: Sequence[Block]) -> Iterator[Part]:
        """A system block on its own, or as an aside in another's frame."""
        if is_told(block) and self.system_in_player:
            yield from self._frame(block.kind, self.system.before, block.turn)
            yield Part(block.kind, block.text, turn=block.turn)
            yield from self._frame(block.kind, self.system.after, block.turn)
        elif is_told(block) or (role_of(group, self) == "system" and block is group[0]):
            yield Part(block.kind, block.text, turn=block.turn)
        else:
            text = f"{self.aside.before}{block.text}{self.aside.after}"
            yield Part(block.kind, text, turn=block.turn)

    def _closes(self, before: Block) -> bool:
        """Whether what came before ends with its own line end."""
        return self.system_in_player and is_told(before)

    def _name(self, block: Block) -> str:
        if self.names == "never" or block.kind == "choices":
            return ""
        return (block.role == "player" and self.player_name) or block.name

    def _frame(self, kind: Kind, text: str, turn: int | None = None) -> Iterator[Part]:
        """A frame's text, with its special pieces apart from what is plain."""
        text = text.replace("{length}", self.length)
        if not self.special:
            yield Part(kind, text, turn=turn)
            return
        pieces = sorted(self.special, key=len, reverse=True)
        for piece in re.split(f"({'|'.join(map(re.escape, pieces))})", text):
            if piece:
                yield Part(kind, piece, special=piece in self.special, turn=turn)
