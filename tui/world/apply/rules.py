"""Which of a world's rules an action meets."""

from __future__ import annotations

from collections.abc import Iterator

from tui.world.apply.attempt import Refusal
from tui.world.board import Board
from tui.world.conditions import holds
from tui.world.facts import fact
from tui.world.model import Pattern, Rule
from tui.world.values import Action
from tui.world.verbs import HANDLING, LONE, spoken


def met_rules(board: Board, action: Action) -> Iterator[Rule]:
    """The rules for an action whose conditions hold, in the author's order."""
    return live_rules(board, action.verb, action.args)


def _met_on_the_way(board: Board, action: Action) -> Iterator[Rule]:
    yield from met_rules(board, action)
    way = board.model.places[board.place].exit(action.args[0]) if action.verb == "go" else None
    if way is not None:
        yield from live_rules(board, "leave", (board.place,))
        yield from live_rules(board, "enter", (way.to,))


def live_rules(board: Board, verb: str, args: tuple[str, ...]) -> Iterator[Rule]:
    """The rules for a verb and its parts whose conditions hold."""
    for pattern, rule in board.model.rules_by_verb.get(verb, ()):
        if _fits(pattern, verb, args, board.place) and is_live(board, rule):
            yield rule


def _fits(pattern: Pattern, verb: str, args: tuple[str, ...], place: str) -> bool:
    if verb == "say":
        person, words = (*args, "", "")[:2]
        return pattern.args[0] in ("any", person) and pattern.args[1] in words.lower()
    if verb in LONE or not pattern.args:
        return pattern.fits(verb, args, place) and (
            bool(pattern.args) or not args or verb != "search"
        )
    return pattern.fits(verb, args, place)


def is_live(board: Board, rule: Rule) -> bool:
    """Whether a rule can still speak now."""
    return not (rule.once and board.flag(f"rule.{rule.id}")) and holds(rule.when, board)


def obstacle(board: Board, action: Action) -> Refusal:
    """The refusal of the first rule that refuses the action, or leaving or entering by it."""
    for rule in _met_on_the_way(board, action):
        if rule.refuse:
            return _refused(board, action, rule)
    return ()


def _refused(board: Board, action: Action, rule: Rule) -> Refusal:
    first = action.args[0] if action.args else ""
    if action.verb in {"go", "ask", "greet", "persuade", "say"} or first not in board.model.things:
        return (fact(board.model, "result", text=rule.refuse),)
    own = board.model.verbs.get(action.verb)
    verb = f"try to {own.words[0] if own is not None else spoken(action.verb)}"
    return (fact(board.model, "handle", {"thing": first}, verb=verb, result=rule.refuse),)


def replacing(board: Board, action: Action) -> Rule | None:
    """The rule that takes the place of what the action usually does."""
    own = acts_by_rules_alone(board, action.verb)
    for rule in met_rules(board, action):
        if not rule.refuse and (rule.instead or own):
            return rule
    return None


def adding(board: Board, action: Action) -> Rule | None:
    """The rule that adds to what the action usually does."""
    return next(
        (rule for rule in met_rules(board, action) if not rule.refuse and not rule.instead), None
    )


def acts_by_rules_alone(board: Board, verb: str) -> bool:
    """Whether a verb does nothing but what rules say."""
    return verb in HANDLING or verb == "use" or verb in board.model.verbs
