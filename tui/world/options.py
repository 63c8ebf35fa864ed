"""What the player might well do next: candidates for choices, the best first.

One that moves the goal, one that explores, one that involves somebody, as far as there are
such; then second ones of each kind, then the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import zip_longest
from typing import Literal

from tui.world.apply.rules import acts_by_rules_alone
from tui.world.apply.turn import take_turn
from tui.world.board import Board
from tui.world.conditions import AllOf, AnyOf, Condition, holds
from tui.world.model import GoalStep, Model
from tui.world.phrasing import phrasings
from tui.world.planner import Planner
from tui.world.possible import possible_actions
from tui.world.sources import Sources
from tui.world.values import Action, Option

Kind = Literal["goal", "explore", "person", "other"]
MOST_GOAL_STEPS = 6
SPARE = 6
IDLE_VERBS = frozenset(
    {"drop", "put", "close", "lock", "douse", "take_off", "look", "wait", "eat", "drink", "break"}
)
"""What is never offered unless a rule or the goal asks for it: it moves nothing or undoes something."""


def options_of(
    board: Board, sources: Sources, count: int, avoid: Collection[str] = (), seed: int = 0
) -> tuple[Option, ...]:
    """Candidates for choices, more than `count` where there are more; none after an ending."""
    possible = possible_actions(board)
    if not possible:
        return ()
    ids = {action.id for action in possible}
    goal = [
        action
        for action in goal_actions(board, sources)
        if action.id in ids or action.verb == "improvise"
    ]
    # What can be done for a later step here and now comes before walking off for the next one.
    goal.sort(key=lambda action: action.verb == "go")
    ranked = _ranked(board, possible, goal, seed)
    fresh = [item for item in ranked if item[0].id not in avoid]
    stale = [item for item in ranked if item[0].id in avoid]
    if ranked and ranked[0] in stale and ranked[0][1] == "goal":
        # The best way on is never withheld: it is offered again in other words.
        way_on = ranked[:1]
        fresh, stale = way_on + fresh, [item for item in stale if item not in way_on]
    chosen = (_mixed(fresh) + stale)[: count + SPARE]
    if len(chosen) < count:
        have = {action.id for action, _ in chosen}
        rest: list[tuple[Action, Kind]] = [
            (action, "other")
            for action in possible
            if action.id not in have and _harmless(board, action)
        ]
        chosen += sorted(rest, key=lambda item: item[0].id in avoid)
    worded = [
        Option(action, phrasings(board, action, seed + board.turn), kind)
        for action, kind in chosen[: count + SPARE]
    ]
    # One rule may be met by several verbs; in its own words they are one thing to do.
    by_words = {option.phrasings[0]: option for option in reversed(worded)}
    return tuple(option for option in worded if by_words[option.phrasings[0]] is option)


def goal_actions(board: Board, sources: Sources) -> Iterator[Action]:
    """Actions that lead toward the first steps of the goal that are not done, or to an ending."""
    seen: set[str] = set()
    steps = [step for step in board.model.steps if not board.flag(f"step.{step.id}")]
    for later, condition in _aims(board, steps):
        action = Planner(board, sources).next_action(condition)
        if action is None or action.id in seen:
            continue
        seen.add(action.id)
        # What is for a later step must not end the tale before the steps between.
        if not (later and _ends(board, action)):
            yield action


def _ends(board: Board, action: Action) -> bool:
    return bool(take_turn(board.model, board.freeze(), [action])[0].ended)


def _aims(board: Board, steps: Sequence[GoalStep]) -> Iterator[tuple[bool, Condition]]:
    """What is to be reached, and whether it is for a later step than the first."""
    for at, step in enumerate(steps[:MOST_GOAL_STEPS]):
        yield at > 0, step.when
        if isinstance(step.when, AllOf | AnyOf):
            yield from ((at > 0, part) for part in step.when.parts)
    if len(steps) < 2:
        good = sorted(board.model.endings, key=lambda rule: (rule.kind == "bad", rule.weight))
        yield from (
            (False, rule.when) for rule in good if rule.automatic and not holds(rule.when, board)
        )


def _ranked(
    board: Board, possible: tuple[Action, ...], goal: list[Action], seed: int
) -> list[tuple[Action, Kind]]:
    ranked: list[tuple[Action, Kind]] = [(action, "goal") for action in goal]
    have = {action.id for action in goal}
    rest: list[tuple[int, int, Action, Kind]] = []
    for index, action in enumerate(possible):
        if action.id in have:
            continue
        kind, worth = _worth(board, action)
        if worth > 0:
            turned = (index * 7 + seed + board.turn * 3) % 11
            rest.append((-worth, turned, action, kind))
    rest.sort(key=lambda item: item[:2])
    return ranked + [(action, kind) for _, _, action, kind in rest]


def _mixed(ranked: list[tuple[Action, Kind]]) -> list[tuple[Action, Kind]]:
    """One of each kind in turn: goal, explore, person; what is left follows."""
    groups = [
        [item for item in ranked if item[1] == kind] for kind in ("goal", "explore", "person")
    ]
    mixed = [item for row in zip_longest(*groups) for item in row if item is not None]
    return mixed + [item for item in ranked if item[1] == "other"]


def _worth(board: Board, action: Action) -> tuple[Kind, int]:
    verb, args, model = action.verb, action.args, board.model
    if verb in {"ask", "greet", "persuade", "give", "show", "say"} or (
        args and args[0] in model.folk
    ):
        return "person", _worth_with_person(board, verb, args)
    if verb == "go":
        way = model.places[board.place].exit(args[0])
        new = way is not None and not board.flag(f"{way.to}.visited")
        back = way is not None and way.to == board.came_from
        return "explore", 6 if new else 1 if back else 2
    if verb in IDLE_VERBS:
        return "other", 0
    if verb == "use" or acts_by_rules_alone(board, verb) or verb == "improvise":
        return "other" if verb == "improvise" else "explore", 7
    if verb in {"examine", "read"}:
        done = board.flag(f"{args[0]}.seen" if verb == "examine" else f"{args[0]}.read")
        return "explore", 0 if done else (8 if verb == "read" else _worth_looking(model, args[0]))
    return "explore", {
        "take": 8,
        "open": 8,
        "unlock": 8,
        "search": 7,
        "light": 6,
        "wear": 4,
        "listen": 2,
    }.get(verb, 1)


def _worth_looking(model: Model, id_: str) -> int:
    return 4 if model.things[id_].looks else 1


def _worth_with_person(board: Board, verb: str, args: tuple[str, ...]) -> int:
    if verb == "ask":
        topic = board.model.folk[args[0]].topics[args[1]]
        if board.flag(f"{args[0]}.heard.{args[1]}"):
            return 0
        return 8 if holds(topic.when, board) else 3
    if verb == "greet":
        return 0 if board.flag(f"{args[0]}.met") else 7
    if verb == "examine":
        return 0 if board.flag(f"{args[0]}.seen") else 4
    return {"give": 6, "show": 5, "persuade": 7, "say": 7}.get(verb, 5)


def _harmless(board: Board, action: Action) -> bool:
    if action.verb in {"eat", "drink", "break", "give", "drop", "put"}:
        return False
    return not (action.verb == "take_off" and board.is_dark())
