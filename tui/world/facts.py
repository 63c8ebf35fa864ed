"""Making facts: ids become names as shown, and what must be named is noted."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tui.world.board import Board
from tui.world.model import Model
from tui.world.names import indefinite
from tui.world.values import FACT_KINDS, Fact

NOBODY: Mapping[str, str] = MappingProxyType({})
DETERMINERS = frozenset(
    [
        "a",
        "an",
        "the",
        "some",
        "any",
        "my",
        "your",
        "his",
        "her",
        "their",
        "its",
        "this",
        "that",
        "these",
        "those",
        "no",
        "one",
        "two",
        "three",
        "every",
        "all",
        "another",
    ]
)


def fact(model: Model, kind: str, ids: Mapping[str, str] = NOBODY, **texts: str) -> Fact:
    """A fact of a kind; `ids` are args given as ids, `texts` args given as they are shown.

    Besides the args of its kind a fact carries `pronoun` (of its person, else of its first
    id), and `plural` where that is one: sentences agree with them.
    """
    args: dict[str, str] = {}
    names: list[str] = []
    pronoun, plural = "", False
    for arg in FACT_KINDS[kind]:
        id_ = ids.get(arg, "")
        if not id_:
            args[arg] = texts.get(arg, "")
            continue
        name = model.name(id_)
        args[arg] = name.the
        names.append(name.text)
        if not pronoun or arg == "person":
            pronoun, plural = name.pronoun, name.plural
    if pronoun:
        args["pronoun"] = pronoun
    if plural:
        args["plural"] = "yes"
    return Fact(kind, args, tuple(names))


def with_article(noun: str) -> str:
    """A typed noun as it may be looked for: `a telephone`, `the moon`, `coins`."""
    words = noun.split()
    if not words:
        return "anything"
    if words[0].lower() in DETERMINERS or words[-1].endswith("s") or noun[:1].isupper():
        return noun
    return indefinite(noun)


def nears(board: Board, avoid: str = "") -> tuple[str, str]:
    """Two names of what is at hand, the most telling first; empty where there is nothing."""
    scope = board.scope()
    folk = [id_ for id_ in scope if id_ in board.model.folk]
    near = [id_ for id_ in scope if id_ in board.model.things and not board.is_carried(id_)]
    carried = [id_ for id_ in scope if id_ in board.model.things and board.is_carried(id_)]
    listed = [id_ for id_ in (*near, *folk, *carried) if id_ != avoid]
    names = [*(board.model.the(id_) for id_ in listed[:2]), "", ""]
    return names[0], names[1]
