"""`fabletop world`: what its commands do."""

from __future__ import annotations

import sys

from tui.cards import Card, Problem
from tui.cli.lines import Lines
from tui.cli.listing import say
from tui.game import cast
from tui.game.understanding import UNSPELT, as_choice, picked
from tui.story import Choice
from tui.world import Outcome, State, World, WorldError
from tui.world.exploring import explore
from tui.world.reading_questions import answer

OFFERED = 5


def walk(card: Card, seed: int) -> None:
    """Walk a tale's world on standard input and output. Raises WorldError."""
    Walk(card, world_of(card), seed).walk()


def search(card: Card, states: int) -> bool:
    """Say what a search of so many situations found; whether all is well. Raises WorldError."""
    searched = explore(world_of(card), states)
    say(f"{searched.states:,} situations" + ("." if searched.complete else ", and there are more."))
    for ending in searched.endings:
        way = (
            f"{ending.turns} turns: {' → '.join(ending.path)}"
            if ending.reached
            else "never reached"
        )
        say(f"{ending.title} ({ending.kind}), {way}")
    for dead in searched.dead_ends:
        lost = f" (lost: {', '.join(dead.lost)})" if dead.lost else ""
        say(f"dead end in {dead.place} after {' → '.join(dead.path)}{lost}")
    if searched.unreached_places:
        say(f"never reached: {', '.join(searched.unreached_places)}")
    return not (searched.dead_ends or searched.unreached_places or searched.unreached_endings)


def world_of(card: Card) -> World:
    """The card's world. Raises WorldError where it has none."""
    if card.world is None:
        raise WorldError(
            [Problem(f"{card.id}.yaml", 0, "world", "the card has no world; choose a tale")]
        )
    return World.build(card.world, player_name=card.user_name or cast.SOMEBODY)


class Walk:
    """One walk through a world, on standard input and output."""

    def __init__(self, card: Card, world: World, seed: int) -> None:
        """Stand at the start."""
        self.card, self.world, self.seed = card, world, seed
        self.state: State = world.start(seed)
        self.before: list[State] = []
        self.recent: list[str] = []
        self.out = Lines()

    def walk(self) -> None:
        """Until the input ends, an ending comes, or `/quit`."""
        self.out.say(self.card.first_mes)
        self._scene(self.world.opening(self.state))
        for line in sys.stdin:
            words = line.strip()
            if words in ("/quit", "/exit"):
                return
            if words == "/undo":
                self._undo()
            elif words and self._act(words):
                return

    def _undo(self) -> None:
        if self.before:
            self.state = self.before.pop()
        self._scene(self.world.opening(self.state))

    def _act(self, words: str) -> bool:
        """Do what the words say; whether the tale has ended."""
        choices = self._choices()
        chosen = as_choice(words, choices)
        if chosen is not None:
            actions = picked(choices, chosen).actions
        else:
            reading = self.world.read(self.state, words, choices, self.recent)
            if reading.kind == "question" and reading.actions:
                self.out.say(answer(self.world.panel(self.state), reading.actions[0]))
                return False
            actions = reading.actions or (self.world.action(UNSPELT),)
            if reading.echo:
                self.out.say(f"({reading.echo})")
        self.before.append(self.state)
        self.state, outcome = self.world.apply(self.state, actions)
        self.recent = [*self.recent, *(one.id for one in actions)][-8:]
        self.out.say(self.world.tell(self.state, outcome, self.seed + len(self.before)))
        if outcome.ending:
            self.out.say(f"\n{outcome.ending.title}\n\n{outcome.ending.text}")
            return True
        self._scene(outcome)
        return False

    def _scene(self, outcome: Outcome) -> None:
        self.out.say(f"\n  {self.world.scene_line(self.state, outcome)}\n")
        for number, choice in enumerate(self._choices(), 1):
            self.out.say(f"{number}. {choice.text}  [{choice.action}]")

    def _choices(self) -> tuple[Choice, ...]:
        options = self.world.options(self.state, OFFERED, seed=self.seed)[:OFFERED]
        return tuple(Choice(one.phrasings[0], one.action.id) for one in options)
