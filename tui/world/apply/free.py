"""Deeds whose outcome is the author's, or nothing much: using, handling, improvising."""

from __future__ import annotations

from tui.cards.worldfile import words_of
from tui.world.agreement import agreeing, fill
from tui.world.apply import opening, people
from tui.world.apply.attempt import Attempt, Refusal
from tui.world.apply.reach import first_of, missed, reached, seen
from tui.world.board import Board
from tui.world.conditions import holds
from tui.world.facts import fact, nears, with_article
from tui.world.hearing import bare
from tui.world.model import Model, Rule
from tui.world.phrasebook import patterns
from tui.world.sights import sight_of
from tui.world.verbs import spoken

MOST_WORDS = 20
SENSES = {"touch": "touch", "smell_it": "smell", "listen_to": "sound"}


def use_there(board: Board, thing: str, target: str = "") -> Refusal:
    """Whether the thing is within reach, and what it is used on."""
    return first_of(reached(board, thing), seen(board, target) if target else ())


def can_use(board: Board, thing: str, target: str = "") -> Refusal:
    """Whether using has a usual meaning here: a key, a flame, what somebody fears."""
    if target in board.model.folk and people.feared(board, thing, target) is not None:
        return ()
    if target in board.model.things:
        if thing == board.model.things[target].file.key:
            return first_of(
                opening.key_there(board, target, thing), opening.can_unlock(board, target)
            )
        if thing == board.model.things[target].file.lit_by:
            return opening.can_light(board, target)
    on = f" on {'itself' if target == thing else board.model.the(target)}" if target else ""
    return (fact(board.model, "impossible", what=f"use {board.model.the(thing)}{on}"),)


def use(attempt: Attempt, thing: str, target: str = "") -> None:
    """Use a thing as its kind is used."""
    if target in attempt.model.folk:
        people.show(attempt, thing, target)
    elif thing == attempt.model.things[target].file.key:
        opening.unlock(attempt, target, thing)
    else:
        opening.light(attempt, target)


def by_rule(attempt: Attempt, verb: str, args: tuple[str, ...], rule: Rule) -> None:
    """Do what a rule puts in an action's place, and say so."""
    model = attempt.model
    if verb == "use" and len(args) == 2:
        attempt.add(fact(model, "use_on", {"thing": args[0], "target": args[1]}, result=rule.say))
    elif rule.say and len(args) < 2:
        own = model.verbs.get(verb)
        said = (own.words[0] if own is not None else spoken(verb, alone=not args)).replace("_", " ")
        ids = {"thing": args[0]} if args and args[0] in model.start_at else {}
        attempt.add(fact(model, "handle", ids, verb=said, result=rule.say))
    else:
        attempt.say(rule.say)
    attempt.obey(rule)


def handle(attempt: Attempt, verb: str, args: tuple[str, ...]) -> None:
    """Do what no rule says anything of: a sense may tell, else nothing comes of it."""
    model = attempt.model
    own = model.verbs.get(verb)
    said = own.words[0] if own is not None else spoken(verb, alone=not args)
    result = own.say if own is not None else ""
    thing = model.things.get(args[0]) if args else None
    if thing is not None and verb in SENSES:
        result = getattr(thing.file, SENSES[verb])
    if result:
        attempt.add(
            fact(model, "handle", {"thing": args[0]} if args else {}, verb=said, result=result)
        )
    elif verb == "attack" and args[0] in model.folk:
        attempt.tell("cruel", person=args[0])
    else:
        attempt.add(fact(model, "trivial", what=_harmless(model, verb, said, args)))


def _harmless(model: Model, verb: str, said: str, args: tuple[str, ...]) -> str:
    """A deed of which nothing comes, as one may read it without a smile."""
    ways = patterns("handling").get(verb) if len(args) == 1 else None
    if ways is None:
        return " ".join([said, *(model.the(id_) for id_ in args)])
    name = model.name(args[0])
    words = agreeing({"thing": name.the, "pronoun": name.pronoun})
    return fill(ways[-1] if args[0] in model.folk else ways[0], words)


def improvise(attempt: Attempt, kind: str, words: str) -> None:
    """A free deed: one of the author's kinds, harmless, or refused for a reason."""
    board, model = attempt.board, attempt.model
    what = " ".join(words.split()[:MOST_WORDS])
    knack = model.knacks.get(kind)
    if knack is not None:
        if holds(knack.when, board):
            attempt.add(fact(model, "handle", verb=what, result=knack.say))
            attempt.do(knack.effects)
            return
        kind = "trivial"
    if kind == "trivial":
        attempt.add(fact(model, "trivial", what=what))
        return
    if kind == "sight":
        sight = sight_of(board, what.split())
        attempt.add(
            fact(model, "examine", thing=sight.name, detail=sight.text)
            if sight
            else fact(model, "trivial", what=f"look at the {what}")
        )
        return
    near1, near2 = nears(board)
    if kind == "cruel":
        victim = _meant(board, what)
        why = (
            fact(model, "cruel", {"person": victim})
            if victim
            else fact(model, "trivial", what="think better of it")
        )
    elif kind == "absent":
        why = missed(board, with_article(what), _somebody(board, what))
    else:
        why = fact(model, kind, what=what, near1=near1, near2=near2)
    attempt.refuse((why,))


def _somebody(board: Board, words: str) -> str:
    """Who has that name, wherever they are."""
    names = ((id_, board.model.name(id_).text) for id_ in board.model.folk)
    return next((id_ for id_, name in names if bare(name) == bare(words)), "")


def _meant(board: Board, words: str) -> str:
    folk = board.folk_here()
    said = {word.lower() for word in words_of(words)}
    for id_ in folk:
        name = board.model.name(id_)
        if said & {id_, *(word.lower() for word in (*words_of(name.text), *name.words))}:
            return id_
    return next(iter(folk), "")
