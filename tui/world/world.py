"""The façade of a simulated world: everything that the game and the training ask of one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from tui.cards.worldfile import WorldFile
from tui.story.turn import Choice
from tui.world.apply.turn import open_tale, take_turn
from tui.world.board import Board
from tui.world.build import build_model
from tui.world.checking import Checker, check_reply
from tui.world.likening import likened
from tui.world.model import Model
from tui.world.options import options_of
from tui.world.panel import panel_of
from tui.world.parse_action import parse_action
from tui.world.possible import possible_actions
from tui.world.reading import read
from tui.world.reading_names import Names
from tui.world.scene import scene_line
from tui.world.sources import Sources
from tui.world.telling import tell
from tui.world.values import Action, Option, Outcome, Panel, Reading, State, Verdict


class World:
    """A world that can be played; immutable, so that any number of games may share it."""

    def __init__(self, model: Model, player_name: str) -> None:
        self.model = model
        self.player_name = player_name
        self._sources = Sources.of(model)
        self._checker = Checker(model)
        self._names = Names.of(model)

    @classmethod
    def build(cls, worldfile: WorldFile, *, player_name: str = "you") -> World:
        """A World from its file; raises `WorldError` with every problem at once."""
        return cls(build_model(worldfile), player_name)

    def start(self, seed: int) -> State:
        """The State that the tale begins in."""
        file = self.model.file
        return State(place=file.start.place, minutes=file.clock.start or 0, turn=0, seed=seed)

    def opening(self, state: State) -> Outcome:
        """The outcome of the root's scene line."""
        return open_tale(self.model, state)

    def action(self, id_: str) -> Action:
        """The Action of an id; raises `ValueError` where the id is none of this world's."""
        return parse_action(self.model, id_)

    def read(
        self, state: State, words: str, choices: Sequence[Choice] = (), recent: Sequence[str] = ()
    ) -> Reading:
        """What typed words mean here; `recent` are ids of the last actions, for `it` and `her`."""
        return read(self._names, state, words, choices, recent)

    def likened(self, state: State, words: str) -> tuple[tuple[Action, str], ...]:
        """Possible deeds that share a word with words that were not read, and what each comes to."""
        return likened(Board(self.model, state), state, words)

    def apply(self, state: State, actions: Sequence[Action]) -> tuple[State, Outcome]:
        """One turn with these actions in order; no actions wait. Never raises on a known action."""
        return take_turn(self.model, state, actions)

    def possible(self, state: State) -> tuple[Action, ...]:
        """Every action that would happen now; none after an ending."""
        return possible_actions(Board(self.model, state))

    def options(
        self, state: State, count: int, avoid: Collection[str] = (), seed: int = 0
    ) -> tuple[Option, ...]:
        """Candidates for choices, best first, more than `count` where there are more.

        `avoid` are ids of actions to leave out while others exist: last turn's untaken.
        """
        return options_of(Board(self.model, state), self._sources, count, avoid, seed)

    def scene_line(self, state: State, outcome: Outcome) -> str:
        """The scene line of a state that an outcome led to."""
        return scene_line(Board(self.model, state), outcome)

    def tell(self, state: State, outcome: Outcome, seed: int = 0) -> str:
        """A plain sentence or two for an outcome that led to a state, without a model."""
        return tell(Board(self.model, state), outcome, seed)

    def check(self, state: State, outcome: Outcome, reply: str) -> Verdict:
        """Whether a reply tells the outcome that led to a state, and denies none of it."""
        return check_reply(self._checker, Board(self.model, state), outcome, reply)

    def replay(self, seed: int, actions_by_turn: Iterable[Sequence[str]]) -> State:
        """The State that a save's action ids lead to."""
        state = self.start(seed)
        for ids in actions_by_turn:
            state, _ = self.apply(state, [self.action(id_) for id_ in ids])
        return state

    def panel(self, state: State) -> Panel:
        """The state for the screen."""
        return panel_of(Board(self.model, state))
