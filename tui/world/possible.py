"""Every action that would happen now: what choices, random play and searches draw from."""

from __future__ import annotations

from collections.abc import Iterator

from tui.cards.worldfile import ThingFile
from tui.world.apply.deeds import refusal
from tui.world.apply.looking import hidden_in
from tui.world.apply.people import feared, wanted
from tui.world.apply.rules import acts_by_rules_alone, is_live
from tui.world.board import HELD, Board
from tui.world.conditions import holds
from tui.world.model import ANY, Pattern
from tui.world.values import Action


def possible_actions(board: Board) -> tuple[Action, ...]:
    """The actions that would not be refused, in a fixed order, each once."""
    if board.ended:
        return ()
    found: dict[str, Action] = {}
    for id_ in _candidates(board):
        if id_ not in found:
            action = Action(id_)
            if not refusal(board, action):
                found[id_] = action
    return tuple(found.values())


def _candidates(board: Board) -> Iterator[str]:
    for way in board.exits():
        yield f"go:{way.key}"
    folk = board.folk_here()
    for id_, owner in board.scope().items():
        if id_ in board.model.folk:
            yield from _with_person(board, id_)
        elif owner:
            yield f"examine:{id_}"
        else:
            yield from _with_thing(board, id_)
            if board.is_carried(id_):
                yield from _with_carried(board, id_, folk)
        yield from _by_rules(board, id_)
    yield from _by_rules(board, "")
    yield from _alone(board)


def _alone(board: Board) -> Iterator[str]:
    place = board.model.places[board.place].file
    if not board.is_dark():
        yield "look"
        if hidden_in(board, board.place):
            yield "search"
    if place.sound:
        yield "listen"
    if place.smell:
        yield "smell"
    for knack in board.model.knacks.values():
        if knack.phrases and holds(knack.when, board):
            yield f"improvise:{knack.id}:{knack.phrases[0][:1].lower()}{knack.phrases[0][1:]}"
    yield "wait"


def _with_thing(board: Board, id_: str) -> Iterator[str]:
    thing = board.model.things[id_]
    file = thing.file
    yield f"examine:{id_}"
    if thing.portable and board.location(id_) not in HELD:
        yield f"take:{id_}"
    if file.holds is not None or hidden_in(board, id_):
        yield f"search:{id_}"
    if file.open is not None:
        if file.key is not None and board.is_carried(file.key):
            yield f"{'unlock' if board.flag(f'{id_}.locked') else 'lock'}:{id_}:{file.key}"
        yield f"{'close' if board.flag(f'{id_}.open') else 'open'}:{id_}"
    if file.lit is not None:
        yield f"{'douse' if board.flag(f'{id_}.lit') else 'light'}:{id_}"
    yield from _by_powers(file, id_)


def _by_powers(file: ThingFile, id_: str) -> Iterator[str]:
    if file.text:
        yield f"read:{id_}"
    for verb, can in (
        ("eat", file.edible),
        ("drink", file.drinkable),
        ("break", file.breakable),
        ("wear", file.wearable),
    ):
        if can:
            yield f"{verb}:{id_}"
    for verb, sense in (("touch", file.touch), ("smell_it", file.smell), ("listen_to", file.sound)):
        if sense:
            yield f"{verb}:{id_}"


def _with_carried(board: Board, id_: str, folk: list[str]) -> Iterator[str]:
    if board.location(id_) == "worn":
        yield f"take_off:{id_}"
    yield f"drop:{id_}"
    things = board.model.things
    for target, owner in board.scope().items():
        if not owner and target in things and things[target].file.holds is not None:
            yield f"put:{id_}:{target}"
    for person in folk:
        if wanted(board, id_, person) is not None:
            yield f"give:{id_}:{person}"
        if feared(board, id_, person) is not None:
            yield f"show:{id_}:{person}"


def _with_person(board: Board, id_: str) -> Iterator[str]:
    person = board.model.folk[id_]
    yield f"examine:{id_}"
    if not person.file.talks:
        return
    yield f"greet:{id_}"
    for topic in person.topics.values():
        if holds(topic.offered, board):
            yield f"ask:{id_}:{topic.id}"
    for plea in person.pleas:
        if not board.flag(f"{id_}.did.{plea}"):
            yield f"persuade:{id_}:{plea}"


def _by_rules(board: Board, id_: str) -> Iterator[str]:
    for pattern, rule in board.model.patterns_by_id.get(id_, ()):
        if not rule.refuse and _starts_something(board, pattern) and is_live(board, rule):
            yield from _instances(board, pattern)


def _starts_something(board: Board, pattern: Pattern) -> bool:
    return acts_by_rules_alone(board, pattern.verb) or pattern.verb not in {
        "enter",
        "leave",
        "go",
        "ask",
    }


def _instances(board: Board, pattern: Pattern) -> Iterator[str]:
    if pattern.verb == "say":
        person, words = pattern.args
        if person == ANY:
            yield f"say::{words}"
        elif person in board.scope():
            yield f"say:{person}:{words}"
        return
    if pattern.verb in {"unlock", "lock"} and len(pattern.args) < 2:
        return
    scope = board.scope()
    things = [id_ for id_ in scope if id_ in board.model.things]
    ways = [things if arg == ANY else [arg] for arg in pattern.args]
    if not ways:
        yield pattern.verb
    elif len(ways) == 1:
        yield from (f"{pattern.verb}:{first}" for first in ways[0])
    else:
        yield from (
            f"{pattern.verb}:{first}:{second}"
            for first in ways[0]
            for second in ways[1]
            if first != second
        )
