"""Deeds with somebody: greeting, asking, giving, showing, persuading, saying."""

from __future__ import annotations

from collections.abc import Sequence

from tui.world.apply.attempt import Attempt, Refusal
from tui.world.apply.reach import carried, first_of, seen
from tui.world.apply.rules import adding, replacing
from tui.world.board import Board
from tui.world.conditions import holds
from tui.world.effects import Effect
from tui.world.facts import fact
from tui.world.hearing import names_it, normal
from tui.world.model import Want
from tui.world.values import Action


def speaks(board: Board, person: str, _about: str = "") -> Refusal:
    """Whether somebody is here and can speak."""
    why = seen(board, person)
    if why:
        return why
    if not board.model.folk[person].file.talks:
        return (fact(board.model, "unwilling", {"person": person}, what="to talk"),)
    return ()


def greet(attempt: Attempt, person: str) -> None:
    """Greet somebody."""
    attempt.board.set(f"{person}.met", True)
    attempt.tell("greet", person=person)
    attempt.say(attempt.model.folk[person].file.greeting)


def knows(board: Board, person: str, topic: str) -> Refusal:
    """Whether somebody has anything to say of a topic."""
    if topic in board.model.folk[person].topics:
        return ()
    return (
        fact(board.model, "withheld", {"person": person}, topic=f"the {topic.replace('_', ' ')}"),
    )


def ask(attempt: Attempt, person: str, topic: str) -> None:
    """Ask somebody about something; they answer, or they don't."""
    board = attempt.board
    board.set(f"{person}.met", True)
    known = board.model.folk[person].topics[topic]
    if not holds(known.when, board):
        attempt.add(fact(board.model, "withheld", {"person": person}, topic=known.name))
        attempt.say(known.withheld)
        return
    board.set(f"{person}.heard.{topic}", True)
    attempt.add(fact(board.model, "ask", {"person": person}, topic=known.name, answer=known.answer))
    attempt.do(known.effects)
    _hand_over(attempt, person, known.effects, known.answer)


def _hand_over(attempt: Attempt, person: str, effects: Sequence[Effect], *said: str) -> None:
    """Tell what somebody's effects put into the player's hands, where their words do not name it."""
    text = normal(" ".join(said))
    things = attempt.model.things
    given = [one.a for one in effects if (one.kind, one.b) == ("move", "carried")]
    for id_ in given:
        if id_ in things and not names_it(text, things[id_].name.text):
            attempt.tell("receive", thing=id_, person=person)


def gift_there(board: Board, thing: str, person: str) -> Refusal:
    """Whether a thing is carried and somebody is here."""
    return first_of(carried(board, thing), seen(board, person))


def wanted(board: Board, thing: str, person: str) -> Want | None:
    """What the person does with such a gift now."""
    want = board.model.folk[person].wants.get(thing)
    return want if want is not None and holds(want.when, board) else None


def can_give(board: Board, thing: str, person: str) -> Refusal:
    """Whether somebody takes a thing."""
    action = Action(f"give:{thing}:{person}")
    if wanted(board, thing, person) is not None or adding(board, action) is not None:
        return ()
    return (
        fact(
            board.model, "unwilling", {"person": person}, what=f"to take {board.model.the(thing)}"
        ),
    )


def give(attempt: Attempt, thing: str, person: str) -> None:
    """Give a thing to somebody, who may give one back."""
    board = attempt.board
    want = wanted(board, thing, person)
    board.set(f"{person}.met", True)
    if want is None or want.keeps:
        board.move(thing, person)
    attempt.tell("give", thing=thing, person=person)
    if want is None:
        return
    attempt.do(want.effects)
    attempt.say(want.say)
    _hand_over(attempt, person, want.effects, want.say)
    for given in want.gives:
        if not board.is_carried(given):
            board.set_state(given, "found")
            board.move(given, "carried")
            attempt.tell("receive", thing=given, person=person)


def show(attempt: Attempt, thing: str, person: str) -> None:
    """Show a thing to somebody, who may fear it."""
    board = attempt.board
    attempt.tell("show", thing=thing, person=person)
    fear = feared(board, thing, person)
    if fear is not None:
        attempt.do(fear.effects)
        attempt.say(fear.say)
        _hand_over(attempt, person, fear.effects, fear.say)


def feared(board: Board, thing: str, person: str) -> Want | None:
    """What showing the thing does to the person now."""
    fear = board.model.folk[person].fears.get(thing)
    return fear if fear is not None and holds(fear.when, board) else None


def can_persuade(board: Board, person: str, plea: str) -> Refusal:
    """Whether somebody can be talked into it now."""
    found = board.model.folk[person].pleas.get(plea)
    if found is not None and holds(found.when, board):
        return ()
    what = f"to {found.to}" if found is not None else "to do that"
    told = (
        (fact(board.model, "result", text=found.unwilling),)
        if found is not None and found.unwilling
        else ()
    )
    return (fact(board.model, "unwilling", {"person": person}, what=what), *told)


def persuade(attempt: Attempt, person: str, plea: str) -> None:
    """Talk somebody into something."""
    found = attempt.model.folk[person].pleas[plea]
    attempt.board.set(f"{person}.met", True)
    attempt.board.set(f"{person}.did.{plea}", True)
    attempt.add(fact(attempt.model, "persuade", {"person": person}, result=found.say))
    attempt.do(found.effects)
    _hand_over(attempt, person, found.effects, found.say)


def say(attempt: Attempt, person: str, words: str) -> None:
    """Say something, to somebody or to nobody."""
    board = attempt.board
    listener = person or next(iter(board.folk_here()), "")
    if listener:
        board.set(f"{listener}.met", True)
        attempt.add(fact(board.model, "tell", {"person": listener}, words=words))
    else:
        attempt.add(fact(board.model, "trivial", what=f"say “{words}”"))
    action = Action(f"say:{listener}:{words}")
    rule = replacing(board, action) or adding(board, action)
    if rule is not None:
        attempt.obey(rule)
        attempt.say(rule.say)
