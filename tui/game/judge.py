"""Whether a reply says what the program decided, and what is said where none does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from tui.game.copying import Phrases
from tui.prompt.factline import FactLine
from tui.world import Outcome, State, World
from tui.world.checking import check_words
from tui.world.hearing import content, normal, stems
from tui.world.values import TOLD_WHOLE

_KEEPING = stems(
    "no not nothing never nobody none neither nor cannot without instead rather elsewhere else "
    "another ask anything closed silent quiet past beyond own wrong far later guess"
)
"""Words of which one is heard wherever somebody does not tell."""
_MISSPOKEN = re.compile(
    r"\bi (?:(?:also|always|never|only|still|\w+ly) )?"
    r"(?!was\b|always\b|perhaps\b|sometimes\b|thus\b)(?:is|\w+[^\Ws]s)\b"
    r"|\b(?:no|any|my|your) (?:the|an?)\b"
)
"""What nobody says of themselves (`I thinks`), and two articles of one thing (`no the dial`)."""
_NAME = re.compile(r"(?:^|(?<=[\w,] ))[A-Z]\w*")
"""A word with a capital that begins no sentence, or the whole text."""
_ONES_OWN = re.compile(
    r"\b(?:he|she|him|her|his|hers|himself|herself)\b|^(?:it|its|they|them|their)\b", re.IGNORECASE
)
"""Words for whoever is spoken of, or for whoever speaks."""

SPOKEN = "words"
"""The arg of a fact that holds words as they are said."""
MISSED = "noun"
"""The arg of a fact that names what is not there."""
WHOLE = 0.85
"""How much of a fact's words a reply that tells it must have: half a fact is a wrong one."""


class Judge(Protocol):
    """Holds replies to one player's turn against what was decided of it."""

    def passes(self, text: str) -> bool:
        """Whether a reply says what was decided and denies none of it."""
        ...

    def tells(self, seed: int) -> str:
        """What was decided, in plain words of the program's own."""
        ...

    @property
    def phrases(self) -> Phrases:
        """What was decided, as far as the prompt gives the words."""
        ...

    @property
    def open(self) -> bool:
        """Whether nothing was decided, so that anything may be said."""
        ...


@dataclass(frozen=True, slots=True)
class WorldJudge:
    """What a World decided."""

    world: World
    state: State
    outcome: Outcome

    def passes(self, text: str) -> bool:
        """The World's own check."""
        return self.world.check(self.state, self.outcome, text).passed

    def tells(self, seed: int) -> str:
        """The telling layer's sentence."""
        return self.world.tell(self.state, self.outcome, seed)

    @property
    def phrases(self) -> Phrases:
        """The names, what is told whole, what is said, and the ways."""
        facts, model = self.outcome.facts, self.world.model
        whole = [(arg, made) for made in facts for arg in TOLD_WHOLE.get(made.kind, ())]
        names = [name for made in facts for name in (*made.names, made.args.get(MISSED, ""))]
        texts = [made.args.get(arg, "") for arg, made in whole if arg not in {SPOKEN, MISSED}]
        spoken = [made.args.get(arg, "") for arg, made in whole if arg == SPOKEN]
        ways = [made.args.get("way", "") for made in facts]
        return Phrases(
            names=tuple(dict.fromkeys(filter(None, names))),
            texts=tuple(filter(None, texts)),
            spoken=tuple(filter(None, spoken)),
            ways=tuple(filter(None, ways)),
            pronouns={
                model.name(id_).text: model.name(id_).pronoun
                for id_ in (*model.things, *model.folk, *model.places)
            },
        )

    @property
    def open(self) -> bool:
        """Never: a World decides every turn."""
        return False


@dataclass(frozen=True, slots=True)
class FactJudge:
    """What a companion with closed facts was decided to know."""

    line: FactLine
    char: str

    def passes(self, text: str) -> bool:
        """Whether a fact is told, for the most part in its words; or whether none is made up."""
        words = normal(text)
        if _MISSPOKEN.search(words):
            return False
        heard = stems(words)
        if self.line.kind == "told":
            every, strict = content(self.line.fact, check_words().stop)
            whole = len(every & heard) >= WHOLE * len(every) and strict <= heard
            return whole and not self._breaks_in(text)
        if self.line.kind == "talk":
            return True
        kept = words.replace(normal(self.line.topic), " ")
        keeps = not stems(kept).isdisjoint(_KEEPING) or "n't" in kept
        return keeps and not self._cuts_a_name(text)

    def _breaks_in(self, text: str) -> bool:
        """Whether the fact begins as a sentence does in the middle of another."""
        fact = self.line.fact
        begun = re.escape(_raised(fact).split(",")[0])
        return fact[:1].islower() and re.search(rf"\w {begun}", text) is not None

    def _cuts_a_name(self, text: str) -> bool:
        """Whether only the beginning of a name that was asked about stands in a sentence."""
        names = set(_NAME.findall(self.line.topic))
        said = set(_NAME.findall(text)) - names - {"I"}
        return any(name.startswith(one) for one in said for name in names)

    def tells(self, seed: int) -> str:
        """What the companion does, as somebody would say it who looks on."""
        ways = self._ways_of_telling()
        return ways[seed % len(ways)]

    def _ways_of_telling(self) -> tuple[str, ...]:
        char, topic, fact = self.char, self.line.topic, self.line.fact
        match self.line.kind:
            case "told" if self.phrases.texts:
                said = self.phrases.texts[0]
                return f"“{said},” says {char}.", f"{char} says it plainly: “{said}.”"
            case "told":
                return (f"{char} tells you that {fact}.",)
            case "withheld" if fact:
                return (f"{char} will not speak of {topic}. {_raised(fact)}.",)
            case "withheld":
                return f"{char} will not speak of {topic}.", f"{char} says nothing of {topic}."
            case "unknown":
                knows = f"{char} knows nothing of {topic}, and says so."
                return knows, f"{char} has never heard of {topic}."
            case _:
                return (f"{char} has nothing to add just now.",)

    @property
    def phrases(self) -> Phrases:
        """A fact as a sentence begins with it, unless it is of themselves: that they say as `I`."""
        fact = self.line.fact if self.line.kind == "told" else ""
        return Phrases(texts=(_raised(fact),)) if fact and not _ONES_OWN.search(fact) else Phrases()

    @property
    def open(self) -> bool:
        """Where nothing was asked."""
        return self.line.kind == "talk"


def _raised(clause: str) -> str:
    """A clause as the beginning of a sentence."""
    return clause[:1].upper() + clause[1:]
