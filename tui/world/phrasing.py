"""An action as a choice line, in several wordings, the tale's own first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tui.world.agreement import fill, fillable
from tui.world.apply.going import way_of
from tui.world.apply.people import feared, wanted
from tui.world.apply.rules import live_rules
from tui.world.board import Board
from tui.world.names import names_place
from tui.world.phrasebook import patterns
from tui.world.values import Action
from tui.world.verbs import spoken

MOST_PHRASINGS = 6


def phrasings(board: Board, action: Action, seed: int = 0) -> tuple[str, ...]:
    """Wordings of an action, each once; those that the author gave before the usual ones."""
    words = slot_words(board, action)
    own = fillable(_own(board, action), words)
    usual = fillable(_usual(board, action, words), words)
    turned = own or []
    start = seed % len(usual) if usual else 0
    lines = [_line(fill(pattern, words)) for pattern in (*turned, *usual[start:], *usual[:start])]
    return tuple(dict.fromkeys(line for line in lines if line))[:MOST_PHRASINGS]


def _line(text: str) -> str:
    text = text.strip().rstrip(".")
    return text[:1].upper() + text[1:]


def slot_words(board: Board, action: Action) -> dict[str, str]:
    """What the slots of a wording stand for."""
    verb, args, model = action.verb, action.args, board.model
    words: dict[str, str] = {"place": model.the(board.place)}
    own = model.verbs.get(verb)
    said = own.words[0] if own is not None else spoken(verb, alone=not args)
    words["verb"], words["lower_verb"] = said[:1].upper() + said[1:], said
    if verb == "go":
        way = way_of(board, args[0]) or model.places[board.place].exit(args[0])
        if way is not None:
            words |= {"way": way.by, "place": model.the(way.to)}
        return words
    if verb in {"say", "improvise"}:
        person = model.the(args[0]) if args[0] in model.folk else ""
        return words | {"person": person, "words": args[1]}
    if args and args[0] in model.folk and verb in {"ask", "persuade", "greet"}:
        return words | _about_person(board, verb, args)
    if args and args[0] in model.start_at:
        words["thing"] = model.the(args[0])
    if len(args) > 1 and args[1] in model.start_at:
        role = {"give": "person", "show": "person", "unlock": "key", "lock": "key"}.get(
            verb, "target"
        )
        words[role] = model.the(args[1])
    return words


def _about_person(board: Board, verb: str, args: Sequence[str]) -> dict[str, str]:
    person = board.model.folk[args[0]]
    words = {"person": person.name.the, "thing": person.name.the}
    if verb == "ask" and args[1] in person.topics:
        words["topic"] = person.topics[args[1]].name
    if verb == "persuade" and args[1] in person.pleas:
        words["plea"] = person.pleas[args[1]].to
    return words


def _own(board: Board, action: Action) -> Iterator[str]:
    verb, args, model = action.verb, action.args, board.model
    for rule in live_rules(board, verb, args):
        yield from rule.phrases
    if verb == "go" and (way := model.places[board.place].exit(args[0])) is not None:
        yield from way.phrases
        yield from model.places[way.to].file.phrases.get("go", [])
    elif verb == "improvise" and args[0] in model.knacks:
        yield from model.knacks[args[0]].phrases
    elif verb == "ask":
        yield from model.folk[args[0]].topics[args[1]].phrases
    elif verb == "persuade":
        yield from model.folk[args[0]].pleas[args[1]].phrases
    elif verb in {"give", "show"}:
        want = (wanted if verb == "give" else feared)(board, args[0], args[1])
        yield from want.phrases if want is not None else ()
    for id_ in args:
        named = model.things.get(id_) or model.folk.get(id_)
        if named is not None:
            yield from named.file.phrases.get(verb, [])
    if verb in model.verbs:
        yield from model.verbs[verb].phrases
    yield from model.file.phrases.get(verb, [])


def _usual(board: Board, action: Action, words: Mapping[str, str]) -> tuple[str, ...]:
    """The usual wordings of a verb, by what it is about."""
    book = patterns("options")
    key = _usual_key(board, action)
    if key == "go" and names_place(words):
        key = "go_named"
    return book.get(key) or book["handle" if action.args else "lone"]


def _usual_key(board: Board, action: Action) -> str:
    verb, args, model = action.verb, action.args, board.model
    first = args[0] if args else ""
    if verb == "go":
        way = model.places[board.place].exit(first)
        return "go_back" if way is not None and way.to == board.came_from else "go"
    if verb == "put":
        return "put_on" if model.things[args[1]].file.holds == "on" else "put_in"
    if verb == "open" and model.things[first].file.holds is not None:
        return "open_container"
    long = {
        "search": "" if first else "search_place",
        "examine": "examine_person" if first in model.folk else "",
        "use": "" if len(args) > 1 else "use_alone",
        "say": "say_to" if first else "",
        "improvise": "none",
    }
    return long.get(verb) or verb
