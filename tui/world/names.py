"""Names as a reader of English expects them: articles, plurals, pronouns, lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tui.cards.worldfile import Named


@dataclass(frozen=True, slots=True)
class Name:
    """What something is called."""

    text: str
    """Without article, `brass key`; what a reply must name."""
    the: str
    """`the brass key`, `Marta`, `some` never."""
    a: str
    """`a brass key`, `some bread`, `Marta`, `stairs`."""
    plural: bool
    pronoun: str
    """he, she, it or they."""
    words: tuple[str, ...]
    """Other words for it."""


def indefinite(noun: str) -> str:
    """`a` or `an` before a noun, by its first letter; good enough for plain words."""
    silent = noun.lower().startswith(("hour", "honest", "honour", "honor", "heir"))
    sounded = noun.lower().startswith(("uni", "use", "usu", "euro", "one", "eu"))
    vowel = (noun[:1].lower() in "aeiou" and not sounded) or silent
    return f"an {noun}" if vowel else f"a {noun}"


def name_of(id_: str, file: Named, pronoun: str | None = None) -> Name:
    """The Name of an entity, derived from its id where its file says nothing."""
    text = file.name or id_.replace("_", " ")
    for article in ("the ", "a ", "an "):
        if file.article is None and text.startswith(article):
            text = text[len(article) :]
    bare = file.article == "none" or (file.article is None and text[:1].isupper())
    said = pronoun or ("they" if file.plural else "it")
    if bare:
        return Name(text, text, text, file.plural, said, tuple(file.words))
    a = text if file.plural else indefinite(text)
    if file.article in {"a", "an", "some"}:
        a = f"{file.article} {text}"
    elif file.article == "the":
        a = f"the {text}"
    return Name(text, f"the {text}", a, file.plural, said, tuple(file.words))


def joined(names: Sequence[str], last: str = "and") -> str:
    """`the rope, the oar and the lamp`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def names_place(args: Mapping[str, str]) -> bool:
    """Whether a way names the place that it leads to: `up the stair` to `the stair`."""
    return bool(args.get("way")) and args.get("place", "") in args["way"]
