"""`Now`: what came of a turn, as one clause after another."""

from __future__ import annotations

from collections.abc import Iterable

from tui.cards.worldfile import words_of
from tui.world.agreement import agreeing, fill, fillable
from tui.world.names import names_place
from tui.world.phrasebook import patterns
from tui.world.values import Fact


def kind_of(made: Fact) -> str:
    """A fact's kind, or that of its kind that is said otherwise."""
    if made.kind == "absent" and made.names:
        return "absent_person"
    return "arrive_named" if made.kind == "arrive" and names_place(made.args) else made.kind


def clause(made: Fact, before: Fact | None = None) -> str:
    """One fact as a clause: `you take the brass key`; what was just unlocked only `opens`."""
    words = agreeing(made.args)
    opens = (
        before is not None
        and before.kind == "unlock"
        and before.args["thing"] == made.args.get("thing")
    )
    kind = "opens" if opens and made.kind == "open" else kind_of(made)
    ways = patterns("now")[kind]
    return fill((fillable(ways, words) or list(ways[-1:]))[0], words).strip()


def now_line(facts: Iterable[Fact]) -> str:
    """The clauses of all facts, joined; no capital, no full stop."""
    said: list[str] = []
    before: Fact | None = None
    for made in facts:
        text = clause(made, before).rstrip(".")
        before = made
        if text and text not in said:
            said.append(text)
    line = "; ".join(said)
    return line[:1].lower() + line[1:] if line[:4].lower() in {"you ", "the "} else line


def now_words(facts: Iterable[Fact]) -> int:
    """How many words the facts take in `Now`."""
    return len(words_of(now_line(facts)))
