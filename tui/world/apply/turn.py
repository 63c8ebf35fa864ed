"""A whole turn: the actions in order, then what the world does of itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tui.world.apply.attempt import MOST_NOW_WORDS, Attempt
from tui.world.apply.deeds import carry_out_action
from tui.world.apply.time import as_ending, count_steps, find_ending, move_folk, run_events
from tui.world.board import Board
from tui.world.conditions import holds
from tui.world.facts import fact
from tui.world.hearing import normal
from tui.world.model import Model
from tui.world.nowline import now_line
from tui.world.values import Action, Ending, Fact, Outcome, State

WAIT = Action("wait")


def take_turn(model: Model, state: State, actions: Sequence[Action]) -> tuple[State, Outcome]:
    """One turn. A refusal ends what was planned after it, and so does a `Now` that is full.

    What is so already is no refusal where more was planned: who has the lamp and takes it and
    goes, goes.

    After an ending nothing changes any more.
    """
    if state.ended:
        return state, _over(model, state)
    attempt = Attempt(Board(model, state))
    tried = _act(attempt, actions or (WAIT,))
    ending = _world_moves(attempt, state)
    facts = _with_secrets(model, attempt.board, attempt.fitting_facts())
    outcome = Outcome(
        facts=facts,
        now=now_line(facts),
        ending=ending,
        minutes=attempt.board.minutes - state.minutes,
        refused=attempt.refused > 0 and attempt.done == 0,
        actions=tried,
    )
    return attempt.board.freeze(), outcome


def _act(attempt: Attempt, actions: Sequence[Action]) -> tuple[Action, ...]:
    tried: list[Action] = []
    for action in actions:
        if tried and not _fits(attempt, action):
            break
        told = len(attempt.entries)
        tried.append(action)
        done = carry_out_action(attempt, action)
        if attempt.board.ended or (not done and action is actions[-1]):
            break
        if not done and not _needless(attempt, told):
            break
    return tuple(tried)


def _fits(attempt: Attempt, action: Action) -> bool:
    """Whether one deed more can be told; what may be left out of those before it makes room."""
    due = [entry for entry in attempt.entries if not entry.optional]
    onward = [entry for entry in due if entry.fact.kind != "arrive"]  # a place passed through
    for kept in (attempt.entries, due, onward if action.verb == "go" else due):
        trial = Attempt(Board(attempt.model, attempt.board.freeze()))
        trial.entries = list(kept)
        carry_out_action(trial, action)
        if trial.words() <= MOST_NOW_WORDS:
            attempt.entries = list(kept)
            return True
    return False


def _needless(attempt: Attempt, told: int) -> bool:
    """Whether what was told since is only that it was so already; it is then told no more."""
    if any(entry.fact.kind != "already" for entry in attempt.entries[told:]):
        return False
    del attempt.entries[told:]
    attempt.refused -= 1
    return True


def _world_moves(attempt: Attempt, before: State) -> Ending | None:
    board = attempt.board
    board.turn += 1
    clock = attempt.model.file.clock
    if attempt.done or not attempt.refused:
        board.minutes += attempt.minutes or clock.minutes_per_turn
    count_steps(attempt)
    ending = find_ending(attempt)
    if ending is None:
        move_folk(attempt, before.minutes)
        run_events(attempt)
        count_steps(attempt)
        ending = find_ending(attempt)
    return ending


def _over(model: Model, state: State) -> Outcome:
    rule = next(rule for rule in model.endings if rule.id == state.ended)
    made = fact(model, "ending", title=rule.title, text=rule.text)
    return Outcome((made,), now_line([made]), as_ending(rule))


def _with_secrets(model: Model, board: Board, facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    said = normal(" ".join(text for made in facts for text in made.args.values()))
    kept = tuple(
        word
        for secret in model.secrets
        if not holds(secret.until, board)
        for word in secret.words
        if normal(word) not in said  # what the player or the author has just said must be told
    )
    if not kept or not facts:
        return facts
    return (replace(facts[0], secret=kept), *facts[1:])


def open_tale(model: Model, state: State) -> Outcome:
    """The outcome that the tale opens with, for the first scene line."""
    board = Board(model, state)
    text = model.file.start.now
    made = (
        fact(model, "happening", text=text) if text else fact(model, "look", {"place": state.place})
    )
    facts = _with_secrets(model, board, (made,))
    return Outcome(facts, now_line(facts))
