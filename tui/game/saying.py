"""What the player says in a story, before any of it is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui.cards import Card
from tui.game import cast, companion, group
from tui.game.stage import Stage
from tui.game.storyteller import Storyteller
from tui.game.understanding import Understanding, as_choice, picked, understood
from tui.game.weighing import Scales, weighed
from tui.story import Choice, Record, Session, Turn
from tui.world import State


@dataclass(frozen=True, slots=True)
class Saying:
    """Makes the player's words a turn of the story as it stands; `cards` are everybody in it."""

    session: Session
    cards: tuple[Card, ...]
    teller: Storyteller
    stage: Stage | None

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What the player can pick now."""
        turn = self.session.turn
        return turn.choices if turn and turn.role == "model" else ()

    async def meant(self, words: str | int) -> Understanding:
        """What the player means; words that no pattern reads are weighed by the model."""
        meant = self._understood(words)
        state = self._state
        if self.stage is None or state is None or not meant.unread or self.teller.model is None:
            return meant
        scales = Scales(self.teller.backend, self.teller.template, self.cards[0].scenario)
        return await weighed(meant, self.stage.world, state, scales)

    def _understood(self, words: str | int) -> Understanding:
        if isinstance(words, int):
            return picked(self.choices, words)
        if self.stage and (state := self._state):
            path = self.session.path()
            return understood(self.stage.world, state, words, path, self._player)
        chosen = as_choice(words, self.choices)
        return Understanding(words) if chosen is None else picked(self.choices, chosen)

    def turn(self, meant: Understanding) -> Turn:
        """The player's turn as it will stand, with its scene line."""
        scene = meant.now
        actions = meant.actions
        if self.stage and (state := self._state):
            after, outcome = self.stage.world.apply(state, actions)
            scene = self.stage.world.scene_line(after, outcome)
            actions = outcome.actions or actions
        elif not scene and (asked := self.answering(self.session.path(), meant.words)[0]).facts:
            scene = companion.fact_line(self.session, asked, meant.words)
        return Turn(
            id=self.session.next_id,
            parent=self.session.here,
            role="player",
            name=self._player,
            text=meant.words,
            origin="said" if meant.chosen is None else "chosen",
            chosen=meant.chosen,
            scene=scene,
            reading=meant.echo,
            actions=tuple(action.id for action in actions),
        )

    def record(self, turn: Turn, at: float) -> Record:
        """What lets such a turn stand in the story."""
        return self.session.say(
            turn.text,
            name=turn.name,
            origin=turn.origin,
            chosen=turn.chosen,
            scene=turn.scene,
            reading=turn.reading,
            actions=turn.actions,
            at=at,
        )

    def offers(self) -> list[Turn]:
        """What the player would say by picking each choice."""
        return [self.turn(picked(self.choices, place)) for place in range(len(self.choices))]

    def answering(self, path: Sequence[Turn], words: str) -> tuple[Card, ...]:
        """Who answers `words` at the end of `path`."""
        return group.speakers(self.cards, path, words) if len(self.cards) > 1 else self.cards

    @property
    def _state(self) -> State | None:
        return self.stage.at(self.session, self.session.here) if self.stage else None

    @property
    def _player(self) -> str:
        return cast.user_name(self.session, self.cards[0])
