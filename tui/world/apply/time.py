"""What happens by itself: events, folk on their ways, steps of the goal, endings."""

from __future__ import annotations

from tui.cards.worldfile import words_of
from tui.world.apply.attempt import Attempt
from tui.world.conditions import holds
from tui.world.facts import fact
from tui.world.model import EndingRule, Event, Person
from tui.world.values import Ending

DAY = 24 * 60


def run_events(attempt: Attempt) -> None:
    """Let every event happen that is due; what would not fit into `Now` waits a turn."""
    for event in attempt.model.events:
        if not attempt.board.ended and _is_due(attempt, event):
            _happen(attempt, event)


def _is_due(attempt: Attempt, event: Event) -> bool:
    board = attempt.board
    if event.every is not None:
        waiting = board.flag(f"event.{event.id}.waits")
        return (waiting or board.turn % event.every == 0) and holds(event.when, board)
    if board.flag(f"event.{event.id}"):
        return False
    if event.at is not None and board.minutes < event.at:
        return False
    if event.after is not None and board.turn < event.after:
        return False
    return holds(event.when, board)


def _happen(attempt: Attempt, event: Event) -> None:
    board = attempt.board
    is_told = bool(event.say) and (not event.seen or board.place in event.seen)
    if is_told and len(words_of(event.say)) > attempt.room():
        board.set(f"event.{event.id}.waits", True)
        return
    board.set(f"event.{event.id}.waits", False)
    if event.every is None:
        board.set(f"event.{event.id}", True)
    attempt.do(event.effects)
    if is_told:
        attempt.say(event.say, "happening")


def move_folk(attempt: Attempt, before: int) -> None:
    """Let folk go where their schedule or round takes them; `before` was the time before."""
    for person in attempt.model.folk.values():
        target = _next_place(attempt, person, before)
        if target and target != attempt.board.location(person.id):
            _walk(attempt, person, target)


def _next_place(attempt: Attempt, person: Person, before: int) -> str:
    board = attempt.board
    if not (person.schedule or person.file.route) or board.flag(f"{person.id}.follows"):
        return ""
    if not holds(person.moves, board):
        return ""
    for minute, place in reversed(person.schedule):
        if before < _latest(minute, board.minutes) <= board.minutes:
            return place
    route = person.file.route
    if route and board.turn % person.file.every == 0:
        here = board.location(person.id)
        return route[(route.index(here) + 1) % len(route)] if here in route else route[0]
    return ""


def _latest(minute: int, now: int) -> int:
    day = now // DAY * DAY
    return day + minute if day + minute <= now else day + minute - DAY


def _walk(attempt: Attempt, person: Person, target: str) -> None:
    board = attempt.board
    start = board.location(person.id)
    seen = not board.flag(f"{person.id}.hidden") and not board.is_dark()
    board.move(person.id, target)
    if not seen:
        return
    places = board.model.places
    if start == board.place:
        way = f"to {places[target].name.the}" if target in places else ""
        attempt.add(fact(board.model, "leaves", {"person": person.id}, way=way), optional=True)
    elif target == board.place:
        origin = places[start].name.the if start in places else ""
        made = fact(board.model, "comes", {"person": person.id}, **{"from": origin})
        attempt.add(made, optional=True)


def count_steps(attempt: Attempt) -> None:
    """Note the steps of the goal that are done now."""
    board = attempt.board
    for step in attempt.model.steps:
        if not board.flag(f"step.{step.id}") and holds(step.when, board):
            board.set(f"step.{step.id}", True)
            attempt.say(step.done, "goal_step", optional=True)


def find_ending(attempt: Attempt) -> Ending | None:
    """The ending that the tale has come to, if it has."""
    board = attempt.board
    if not board.ended:
        due = [rule for rule in attempt.model.endings if rule.automatic and holds(rule.when, board)]
        if not due:
            return None
        board.ended = max(due, key=lambda rule: rule.weight).id
    found = next(rule for rule in attempt.model.endings if rule.id == board.ended)
    attempt.add(fact(board.model, "ending", title=found.title, text=found.text), optional=True)
    return as_ending(found)


def as_ending(rule: EndingRule) -> Ending:
    """An ending as it is shown."""
    return Ending(rule.id, rule.title, rule.text, rule.kind, rule.missed)
