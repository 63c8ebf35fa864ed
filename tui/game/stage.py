"""Stage: a tale's World along the branches of one session."""

from __future__ import annotations

from tui.cards import Card
from tui.story import Session, Turn
from tui.world import Action, Outcome, State, World


class Stage:
    """The World's state at any turn: the fold of the actions on the way there, remembered.

    States are values, so that undo, branch and retry are only another turn to look at.
    """

    def __init__(self, world: World, seed: int) -> None:
        """Stand at the beginning of a World that was started with `seed`."""
        self.world = world
        self._start = world.start(seed)
        self._states: dict[int, State] = {}

    @property
    def start(self) -> State:
        """The state before anything was done."""
        return self._start

    def before(self, session: Session, turn: Turn) -> State:
        """The state in which a player's turn was said."""
        return self._start if turn.parent is None else self.at(session, turn.parent)

    def at(self, session: Session, turn_id: int | None) -> State:
        """The state once a turn has happened."""
        todo: list[Turn] = []
        at = turn_id
        while at is not None and at not in self._states:
            turn = session.turns[at]
            todo.append(turn)
            at = turn.parent
        state = self._start if at is None else self._states[at]
        for turn in reversed(todo):
            if turn.actions:
                state, _ = self.world.apply(state, _actions(turn))
            self._states[turn.id] = state
        return state

    def decided(self, session: Session, turn: Turn) -> tuple[State, Outcome]:
        """The state once a turn has happened, and what came of it; it need not be recorded yet."""
        before = self.before(session, turn)
        if turn.parent is None:
            return before, self.world.opening(before)
        after, outcome = self.world.apply(before, _actions(turn))
        return (after if turn.actions else before), outcome

    def outcome(self, session: Session, turn: Turn) -> Outcome:
        """What came of a player's turn, as it was decided when it was said."""
        return self.decided(session, turn)[1]


def stage_of(card: Card, user: str, seed: int) -> Stage | None:
    """The World of a tale, ready to be played; None where the card has none. Raises WorldError."""
    if card.world is None:
        return None
    return Stage(World.build(card.world, player_name=user), seed)


def _actions(turn: Turn) -> tuple[Action, ...]:
    return tuple(Action(one) for one in turn.actions)
