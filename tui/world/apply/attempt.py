"""One turn in the making: the board it changes and the facts that it has so far."""

from __future__ import annotations

from dataclasses import dataclass

from tui.world.board import Board
from tui.world.effects import Effect, carry_out
from tui.world.facts import fact
from tui.world.model import Model, Rule
from tui.world.nowline import now_words
from tui.world.values import Fact

Refusal = tuple[Fact, ...]
"""Why a deed does not happen; empty where it does."""
MOST_NOW_WORDS = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact, and whether it may be left out where there is no room."""

    fact: Fact
    optional: bool = False


class Attempt:
    """The facts and changes of the turn that is being taken."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.entries: list[Entry] = []
        self.minutes = 0
        self.refused = 0
        self.done = 0

    @property
    def model(self) -> Model:
        """The world."""
        return self.board.model

    def tell(self, kind: str, *, optional: bool = False, **ids: str) -> None:
        """Add a fact whose args are all ids."""
        self.add(fact(self.model, kind, ids), optional=optional)

    def add(self, made: Fact, *, optional: bool = False) -> None:
        """Add a fact."""
        self.entries.append(Entry(made, optional))

    def say(self, text: str, kind: str = "result", *, optional: bool = False) -> None:
        """Add an authored text."""
        if text:
            self.add(fact(self.model, kind, text=text), optional=optional)

    def refuse(self, why: Refusal) -> None:
        """Note that a deed did not happen."""
        self.refused += 1
        for made in why:
            self.add(made)

    def do(self, effects: tuple[Effect, ...]) -> None:
        """Carry out effects."""
        carry_out(effects, self.board)

    def obey(self, rule: Rule) -> None:
        """Carry out a rule and remember that it was."""
        if rule.once:
            self.board.set(f"rule.{rule.id}", True)
        if rule.minutes is not None:
            self.minutes += rule.minutes
        self.do(rule.effects)

    def words(self) -> int:
        """How many words the facts so far would take in `Now`."""
        return now_words([entry.fact for entry in self.entries])

    def room(self) -> int:
        """How many words `Now` still has for what must be told."""
        return MOST_NOW_WORDS - now_words(
            [entry.fact for entry in self.entries if not entry.optional]
        )

    def fitting_facts(self) -> tuple[Fact, ...]:
        """The facts that fit into `Now`, the last optional ones left out first."""
        kept = list(self.entries)
        while now_words([entry.fact for entry in kept]) > MOST_NOW_WORDS:
            spare = [index for index, entry in enumerate(kept) if entry.optional]
            if not spare:
                break
            del kept[spare[-1]]
        return tuple(entry.fact for entry in kept)
