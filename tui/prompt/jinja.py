"""A model's own chat template: Jinja from a GGUF file, rendered whole.

Every text goes in between two marks that no text can have, so that in what comes out the
template's own pieces (which may be special tokens) are told from what players and cards wrote
(which never are), whatever the template did in between.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, Self

from jinja2 import Template as Compiled
from jinja2 import TemplateError as JinjaError
from pydantic import PrivateAttr

from tui.prompt.block import Block, Kind, Role
from tui.prompt.grouping import groups_of, role_of
from tui.prompt.loading import TemplateError
from tui.prompt.sandbox import Runaway, Sandbox
from tui.prompt.template import Frame, Part, Template

OPENER = "Let's begin."


class Habits(NamedTuple):
    """What templates are known to differ in."""

    system_anywhere: bool = False
    system_in_player: bool = False
    opener: str = ""


HABITS = (
    Habits(system_anywhere=True),
    Habits(),
    Habits(opener=OPENER),
    Habits(system_in_player=True, opener=OPENER),
)
"""The most able first; what a template takes is found out by trying."""
ROLES: dict[Role, str] = {"system": "system", "player": "user", "model": "assistant"}
OPEN, MIDDLE, CLOSE, END = "\ue000", "\ue001", "\ue002", "\ue003"
_MARKED = re.compile(f"{OPEN}(\\d+){MIDDLE}(.*?){CLOSE}|{END}", re.DOTALL)
_MARKS = re.compile(f"[{OPEN}{MIDDLE}{CLOSE}{END}]")
_PIECE = re.compile(r"(<[|｜][^<>|｜\n]+[|｜]>|</?[\w.]+>|\[/?[A-Z_]+\])")
"""How special tokens are written in the templates of all models known here."""


@dataclass(frozen=True, slots=True)
class Message:
    """What the template is given of one group: its role, its texts, and what they came from."""

    role: Role
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The whole text, without marks of ours that foreign text might imitate."""
        return _MARKS.sub("", "".join(part.text for part in self.parts)).strip()


class JinjaTemplate(Template):
    """A chat template in Jinja, and which of its habits were found out by trying it."""

    eos: int | None = None
    """The id that its `eos_token` stands for."""
    _source: Compiled = PrivateAttr()
    _sandbox: Sandbox = PrivateAttr()

    @classmethod
    def of(cls, source: Compiled, sandbox: Sandbox, eos: int | None, habits: Habits) -> Self:
        """A template with certain habits; `eos` is the id of the model's end of text."""
        template = cls(
            name="own",
            title="the model's own",
            about="The chat template that the model file carries.",
            system=Frame(after="\n\n"),
            player=Frame(before="\n"),
            model=Frame(before="\n"),
            eos=eos,
            stop=("<|im_end|>", "<|im_start|>", "<|eot_id|>", "</s>", "<end_of_turn>"),
            system_anywhere=habits.system_anywhere,
            system_in_player=habits.system_in_player,
            opener=habits.opener,
        )
        template._source, template._sandbox = source, sandbox
        return template

    def written(self, blocks: Iterable[Block], speaker: str, *, opens: bool) -> list[Part]:
        """The whole prompt. Raises TemplateError where the template fails."""
        messages = self._messages(blocks)
        text = self._rendered(messages, opens=opens)
        # Going on with a reply: what the template closes it with is taken off again.
        parts = self._parts(messages, text if opens else text[: text.rfind(CLOSE) + 1])
        named = opens and self.names == "always" and speaker
        return [*parts, Part("opening", f"{speaker}:")] if named else parts

    def _messages(self, blocks: Iterable[Block]) -> list[Message]:
        found: list[Message] = []
        for group in groups_of(blocks, self):
            parts: list[Part] = []
            for place, block in enumerate(group):
                parts += self._inside(block, group[place - 1] if place else None, group)
            role = role_of(group, self)
            if found and found[-1].role == role and not self.system_anywhere:
                joined = (*found[-1].parts, Part(parts[0].kind, "\n\n"), *parts)
                found[-1] = Message(role, joined)
            else:
                found.append(Message(role, tuple(parts)))
        return found

    def _rendered(self, messages: Sequence[Message], *, opens: bool) -> str:
        given = [
            {"role": ROLES[one.role], "content": f"{OPEN}{place}{MIDDLE}{one.text}{CLOSE}"}
            for place, one in enumerate(messages)
        ]
        values = {"messages": given, "add_generation_prompt": opens}
        values |= {"bos_token": "", "eos_token": END, "enable_thinking": False}
        try:
            return self._sandbox.render(self._source, values)
        except JinjaError as error:
            raise _unusable(error) from error

    def _parts(self, messages: Sequence[Message], text: str) -> list[Part]:
        """What came out, the template's own pieces apart from the texts that went in."""
        spans = [(match.start(), match.end(), match) for match in _MARKED.finditer(text)]
        parts: list[Part] = []
        kinds: list[tuple[Kind, int | None]] = [
            (one.parts[0].kind, one.parts[0].turn) for one in messages
        ]
        place = 0
        edges = [(0, 0, None), *spans, (len(text), len(text), None)]
        for (_, end, _), (start, _, match) in pairwise(edges):
            number = int(match[1]) if match and match[1] else place
            closing = match is None and start == len(text)
            kind, turn = kinds[min(number, len(kinds) - 1)] if kinds else ("opening", None)
            own = _MARKS.sub("", text[end:start])
            named: Kind = "opening" if closing else kind
            for piece in _PIECE.split(own):
                if piece:
                    special = _PIECE.fullmatch(piece) is not None
                    parts.append(Part(named, piece, special=special, turn=turn))
            if match and match[1] is None:
                ids = (self.eos,) if self.eos is not None else ()
                parts.append(Part(kind, "", special=True, turn=turn, tokens=ids))
            elif match:
                parts += _inner(messages[number], match[2])
                place = number
        return parts


def jinja_template(source: str, eos: int | None = None) -> JinjaTemplate:
    """The template of a model's own Jinja; what roles it takes is found out by trying.

    Raises TemplateError with one sentence.
    """
    sandbox = Sandbox()
    try:
        compiled = sandbox.compiled(source)
    except JinjaError as error:
        raise _unusable(error) from error
    problem: TemplateError | None = None
    for habits in HABITS:
        template = JinjaTemplate.of(compiled, sandbox, eos, habits)
        try:
            _try_out(template)
        except TemplateError as error:
            if isinstance(error.__cause__, Runaway):
                raise
            problem = problem or error
        else:
            return template
    raise problem or TemplateError("The model's chat template can't be used.")


def _try_out(template: JinjaTemplate) -> None:
    """Render a short story in which every role comes up. Raises TemplateError where one is lost."""
    story = [
        Block("system", "system", "aaa"),
        Block("model", "reply", "bbb"),
        Block("player", "player", "ccc"),
        Block("system", "scene", "ddd"),
        Block("model", "reply", "eee"),
        Block("system", "note", "fff"),
        Block("player", "player", "ggg"),
    ]
    text = "".join(part.text for part in template.written(story, "", opens=True))
    found = [text.find(block.text) for block in story]
    if -1 in found or found != sorted(found):
        raise TemplateError("The model's chat template can't be used: it leaves out what was said.")


def _unusable(error: JinjaError) -> TemplateError:
    reason = " ".join(str(error).split()).rstrip(".")[:200]
    return TemplateError(f"The model's chat template can't be used: {reason}.")


def _inner(message: Message, shown: str) -> list[Part]:
    """The parts of a message, with their ids where the template left its text as it was."""
    if shown != message.text:
        first = message.parts[0]
        return [Part(first.kind, shown, turn=first.turn)] if shown else []
    parts: list[Part] = []
    for place, part in enumerate(message.parts):
        text = _MARKS.sub("", part.text)
        text = text.lstrip() if not parts else text
        text = text.rstrip() if place == len(message.parts) - 1 else text
        if text or part.tokens:
            parts.append(Part(part.kind, text, turn=part.turn, tokens=part.tokens))
    return parts
