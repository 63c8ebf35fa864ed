"""Every verb with what it needs, what forbids it, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tui.world.apply import carrying, free, going, looking, opening, people
from tui.world.apply.attempt import Attempt, Refusal
from tui.world.apply.reach import carried, reached, seen
from tui.world.apply.rules import acts_by_rules_alone, adding, obstacle, replacing
from tui.world.board import Board
from tui.world.facts import fact
from tui.world.reading_echo import deed as in_words
from tui.world.values import FREE_TEXT_VERBS, Action
from tui.world.verbs import ROLES


def _free(_board: Board, *_args: str) -> Refusal:
    return ()


@dataclass(frozen=True, slots=True)
class Deed:
    """A verb: is everything there, may it be, and what it changes and tells."""

    there: Callable[..., Refusal]
    can: Callable[..., Refusal]
    perform: Callable[..., None]


DEEDS: Mapping[str, Deed] = MappingProxyType(
    {
        "go": Deed(going.way_seen, going.way_free, going.go),
        "look": Deed(_free, looking.light_enough, looking.look),
        "wait": Deed(_free, _free, looking.wait),
        "listen": Deed(_free, _free, looking.listen),
        "smell": Deed(_free, _free, looking.smell),
        "examine": Deed(seen, _free, looking.examine),
        "search": Deed(looking.searchable, _free, looking.search),
        "read": Deed(reached, looking.readable, looking.read),
        "take": Deed(reached, carrying.can_take, carrying.take),
        "drop": Deed(carried, _free, carrying.drop),
        "put": Deed(carrying.both_there, carrying.can_put, carrying.put),
        "wear": Deed(reached, carrying.can_wear, carrying.wear),
        "take_off": Deed(reached, carrying.is_worn, carrying.take_off),
        "eat": Deed(reached, carrying.can_eat, carrying.eat),
        "drink": Deed(reached, carrying.can_drink, carrying.drink),
        "break": Deed(reached, carrying.can_break, carrying.break_),
        "open": Deed(reached, opening.can_open, opening.open_),
        "close": Deed(reached, opening.can_close, opening.close),
        "unlock": Deed(opening.key_there, opening.can_unlock, opening.unlock),
        "lock": Deed(opening.lock_key_there, opening.can_lock, opening.lock),
        "light": Deed(reached, opening.can_light, opening.light),
        "douse": Deed(reached, opening.can_douse, opening.douse),
        "give": Deed(people.gift_there, people.can_give, people.give),
        "show": Deed(people.gift_there, _free, people.show),
        "greet": Deed(people.speaks, _free, people.greet),
        "ask": Deed(people.speaks, people.knows, people.ask),
        "persuade": Deed(people.speaks, people.can_persuade, people.persuade),
        "use": Deed(free.use_there, free.can_use, free.use),
    }
)


def refusal(board: Board, action: Action) -> Refusal:
    """Why an action would not happen now; empty where it would."""
    verb, args = action.verb, action.args
    if verb == "improvise":
        return ()
    if verb == "say":
        return seen(board, args[0]) if args[0] else ()
    wrong = _wrong_kind(board, verb, args)
    if wrong:
        return wrong
    deed = DEEDS.get(verb)
    missing = deed.there(board, *args) if deed is not None else _handled(board, args)
    if missing:
        return missing
    why = obstacle(board, action)
    if why or deed is None or replacing(board, action) is not None:
        return why
    return deed.can(board, *args)


def _wrong_kind(board: Board, verb: str, args: tuple[str, ...]) -> Refusal:
    """The refusal of a deed on a person that only things allow, and the other way round."""
    model = board.model
    for role, arg in zip(ROLES.get(verb, ()), args, strict=False):
        if (role == "thing" and arg in model.folk) or (role == "person" and arg in model.things):
            what = in_words(model, verb, [id_ for id_ in args if id_ in model.start_at])
            return (fact(model, "impossible", what=what),)
    return ()


def _handled(board: Board, args: tuple[str, ...]) -> Refusal:
    return reached(board, args[0]) if args else ()


def carry_out_action(attempt: Attempt, action: Action) -> bool:
    """Do an action, or tell why not; whether it was done."""
    board = attempt.board
    why = refusal(board, action)
    if why:
        attempt.refuse(why)
        return False
    verb, args = action.verb, action.args
    if verb in FREE_TEXT_VERBS:
        before = attempt.refused
        (free.improvise if verb == "improvise" else people.say)(attempt, *args)
        if attempt.refused > before:
            return False
    else:
        _perform(attempt, action, verb, args)
    going.come_in(attempt)
    attempt.done += 1
    return True


def _perform(attempt: Attempt, action: Action, verb: str, args: tuple[str, ...]) -> None:
    board = attempt.board
    rule = replacing(board, action)
    if rule is not None:
        free.by_rule(attempt, verb, args, rule)
        return
    deed = DEEDS.get(verb)
    if deed is None:
        free.handle(attempt, verb, args)
        return
    more = None if acts_by_rules_alone(board, verb) else adding(board, action)
    deed.perform(attempt, *args)
    if more is not None:
        attempt.obey(more)
        attempt.say(more.say)
