"""How a scene line's `Now` says each kind of fact: as the game does, and in other words too.

The game's own wording comes first; the rest keeps the model from leaning on one wording.
"""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import yaml

import tui
from training.words import Name, fill

_SHORT = re.compile(r"\{(s|es|is|it|them|ps|pis)\}")
_OTHERS = {
    "arrive": "you go {way} and come to {place}|you arrive at {place}",
    "look": "you look about you in {place}|you look around {place}",
    "examine": "you examine {thing}; {detail}",
    "find": "you search, and {where} you find {thing}",
    "take": "you pick up {thing}",
    "take_from": "you take {thing} out of {holder}",
    "drop": "you drop {thing}",
    "put_in": "you put {thing} into {target}",
    "open": "{thing} {thing.is} open now",
    "reveal": "{holder} hold{holder.s} {things}",
    "close": "you shut {thing}",
    "unlock": "{key} turn{key.s}, and {thing} {thing.is} unlocked",
    "light": "you light {thing}; {thing.it} burn{thing.s}",
    "douse": "you douse {thing}",
    "wear": "you are now wearing {thing}",
    "read": "you read {thing}: “{text}”|{thing} say{thing.s}: “{text}”",
    "handle": "you {verb} {thing}, and {result}",
    "give": "you give {person} {thing}|{person} take{person.s} {thing}",
    "receive": "you receive {thing} from {person}",
    "show": "you show {person} {thing}",
    "ask": "{person} tell{person.s} you that {answer}|{person} tell{person.s} you about {topic}: {answer}",
    "withheld": "{person} will not speak about {topic}",
    "tell": "you say to {person}: “{words}”|you tell {person} “{words}”",
    "persuade": "you persuade {person}; {result}",
    "refuse_person": "{person} do{person.es} not want {what}",
    "wait": "time passes while you wait",
    "listen": "you hear {sound}",
    "comes": "{person} arrive{person.s} from {from}",
    "leaves": "{person} leave{person.s} {way}",
    "ending": "{text}; the story ends: {title}",
    "locked": "{thing} {thing.is} locked",
    "shut": "{thing} {thing.is} closed, and in the way",
    "fixed": "{thing} cannot be moved",
    "already": "{thing} {thing.is} already {state}",
    "not_held": "you are not carrying {thing}",
    "no_way": "you cannot go {way}|there is no way {way} from here",
    "needs": "for {thing} you need {need}",
    "cruel": "it would be cruel to hurt {person}, and you do not do it",
    "blocked": "{by} bar{by.s} {what}",
    "trivial": "you {what}; nothing much happens",
}
_EMPTY = {
    "": (),
    "one": ("near2",),
    "none": ("near1", "near2"),
    "lone": ("thing",),
    "unseen": ("from", "way"),
}
_SLOT = re.compile(r"\{(\w+)\}")


def world_nows() -> dict[str, list[str]]:
    """The game's own wordings by kind, in the order in which it tries them."""
    file = Path(tui.__file__).parent / "world" / "phrases" / "now.yaml"
    found = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {kind: [ways] if isinstance(ways, str) else ways for kind, ways in found.items()}


class Nows:
    """Wordings of facts, the game's own and others."""

    def __init__(self) -> None:
        self.own = world_nows()

    def of(self, kind: str, args: dict[str, Name], tag: str, random: Random) -> str:
        """One way to say a fact; `tag` says which args are empty."""
        if not tag and kind in _OTHERS and random.random() < 0.2:
            return fill(random.choice(_OTHERS[kind].split("|")), args)
        if kind == "ending":
            lead = "{text}; " if args["text"].bare else ""
            return fill(lead + "and the tale ends: {title}", args)
        empty = _EMPTY[tag]
        ways = self.own[kind]
        filled = set(args) - set(empty)
        way = next(
            (one for one in ways if set(_SLOT.findall(_SHORT.sub("", one))) <= filled), ways[-1]
        )
        return fill(_agreeing(way, args), args)


def _agreeing(way: str, args: dict[str, Name]) -> str:
    """The game's short forms, `{s}` or `{pis}`, made ours: of the person, else of the first name."""
    main = (
        "person"
        if "person" in args
        else next(
            (key for key in ("thing", "place", "by", "holder", *args) if key in args), "thing"
        )
    )
    forms = {"ps": "s", "pis": "is"}

    def one(match: re.Match[str]) -> str:
        return f"{{{main}.{forms.get(match.group(1), match.group(1))}}}"

    return _SHORT.sub(one, way)


def joined(nows: list[str], random: Random) -> str:
    """The parts of one `Now`, in their order."""
    text = nows[0]
    for part in nows[1:]:
        text += random.choice(["; ", "; ", "; ", "; ", "; ", "; ", ", and ", "; then "]) + part
    return text
