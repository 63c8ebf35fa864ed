"""Playing for real what a search found, with as few deeds as will do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tui.world.apply.deeds import refusal
from tui.world.apply.turn import take_turn
from tui.world.board import Board
from tui.world.model import Model
from tui.world.routes import Routes
from tui.world.searching import Moments, Step, with_effects_only
from tui.world.values import Action, State

LONGEST = 400


@dataclass(slots=True)
class Replay:
    """A game under way along a path of steps."""

    model: Model
    state: State
    circle: int
    done: list[str]
    timeless: bool = False
    """Whether the clock stands still but for waiting until a moment: to find what is needed."""

    def follow(self, steps: Sequence[Step]) -> bool:
        """Take every step; whether the whole path could be gone, or the tale ended on it."""
        return all(self.state.ended or self.take(place, action) for place, action in steps)

    def take(self, place: str, action: str) -> bool:
        """Go where something is done, wait until it can be, and do it."""
        if action.startswith("until:"):
            self.go_to(place)
            minute, turn = (int(part) for part in action.split(":")[1:])
            return self.jump_to(minute, turn) if self.timeless else self.wait_until(minute, turn)
        for _ in range(self.circle + 1):
            if self.state.ended:
                return True
            if self.go_to(place) and not refusal(Board(self.model, self.state), Action(action)):
                self.act(action)
                return True
            if not self.state.ended:
                self.act("wait")
        return self.state.ended != ""

    def go_to(self, place: str) -> bool:
        """Go to a place by free ways; whether one got there."""
        for _ in range(len(self.model.places)):
            if self.state.place == place or self.state.ended:
                return self.state.place == place
            ways = Routes(Board(self.model, self.state)).free(place)
            if not ways:
                return False
            before = self.state.place
            self.act(f"go:{ways[0].key}")
            if self.state.place == before:
                return False
        return self.state.place == place

    def wait_until(self, minute: int, turn: int) -> bool:
        """Let the clock run."""
        while (self.state.minutes < minute or self.state.turn < turn) and not self.state.ended:
            if len(self.done) > LONGEST:
                return False
            self.act("wait")
        return True

    def jump_to(self, minute: int, turn: int) -> bool:
        """Put the clock just before a moment, and let it come."""
        before = self.state
        tick = self.model.file.clock.minutes_per_turn
        self.state = replace(
            before, minutes=max(before.minutes, minute - tick), turn=max(before.turn, turn - 1)
        )
        self.state, _ = take_turn(self.model, self.state, [Action("wait")])
        self.done.append("wait")
        return True

    def act(self, action: str) -> None:
        """Do one thing."""
        before = self.state
        self.state, _ = take_turn(self.model, before, [Action(action)])
        self.done.append(action)
        if self.timeless:
            turn = self.state.turn if self.circle else before.turn
            self.state = replace(self.state, minutes=before.minutes, turn=turn)


def played(
    model: Model, start: State, steps: Sequence[Step], *, timeless: bool = False
) -> Replay | None:
    """The game that follows a path, or None where it can't be followed."""
    replay = Replay(model, start, Moments.of(model).circle, [], timeless)
    return replay if replay.follow(steps) else None


def shortest_like(
    model: Model, start: State, steps: Sequence[Step], ending: str
) -> tuple[str, ...]:
    """The actions of a path to an ending without what it does not need; empty if it can't be played."""
    needed = without_needless(model, start, steps, ending)
    game = played(model, start, needed)
    if game is None or game.state.ended != ending:
        return ()
    return tuple(game.done)


def least_prepared(
    model: Model, start: State, steps: Sequence[Step], like: Callable[[State], bool]
) -> Replay | None:
    """The game in which the last step is taken with as little done before as can be.

    `like` says whether a situation is still the one that the steps lead to.
    """
    model = with_effects_only(model)
    left = list(steps)
    best: Replay | None = None
    for at in range(len(steps) - 1, -1, -1):
        fewer = left[:at] + left[at + 1 :] if at < len(steps) - 1 else left
        tried = played(model, start, fewer, timeless=True)
        if tried is not None and not tried.state.ended and like(tried.state):
            left, best = fewer, tried
    return best


def without_needless(model: Model, start: State, steps: Sequence[Step], ending: str) -> list[Step]:
    """The steps of a path that it can't do without, as if there were time for everything."""
    left = list(steps)
    model = with_effects_only(model)
    for at in range(len(steps) - 1, -1, -1):
        fewer = left[:at] + left[at + 1 :]
        tried = played(model, start, fewer, timeless=True)
        if tried is not None and tried.state.ended == ending:
            left = fewer
    return left
