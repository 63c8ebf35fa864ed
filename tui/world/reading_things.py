"""What is done with things by verbs that have a way of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tui.world.reading_absent import named_away
from tui.world.reading_lexicon import Pattern
from tui.world.reading_meanings import Meaning, Meanings, Special, is_unlocking, joined
from tui.world.reading_tokens import Word, texts


def find(meanings: Meanings, _pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
    found = meanings.scene.meant(texts(parts["thing"]))
    if found:
        return Meaning(
            (f"examine:{meanings.choose('examine', found).id}",),
            3 * found[0].fit,
            0.9,
            guessed=True,
        )
    if away := named_away(meanings.scene, texts(parts["thing"])):
        return Meaning(lost=" ".join(away), score=0.2, verb="find")
    return Meaning(("search",), 0.2, 0.6, guessed=True, verb="search")


def take(meanings: Meanings, pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
    made = meanings.plain(pattern, parts)
    holder = parts.get("holder")
    if not holder or not made.actions:
        return made
    known = meanings.scene.meant(texts(holder)) or meanings.scene.way(texts(holder))
    return Meaning(
        made.actions,
        made.score + (1.5 if known else -0.5),
        made.sure,
        made.guessed,
        verb="take",
    )


def unlock(meanings: Meanings, pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
    if pattern.act[1:] == ("thing", "target"):
        return meanings.plain(pattern, parts)
    if pattern.act[1:] == ("", "target"):
        keys = meanings.scene.meant(texts(parts["target"]))
        fitting = [
            action
            for one in keys
            for action in sorted(meanings.possible)
            if is_unlocking(action, one.id)
        ]
        return (
            Meaning(tuple(fitting[:1]), 3 * keys[0].fit, 0.9, guessed=True)
            if fitting
            else Meaning(score=-1)
        )
    if "thing" not in parts:
        return with_key(meanings, "")
    made = meanings.plain(pattern, parts)
    if not made.actions:
        return made
    keyed = with_key(meanings, made.actions[0].split(":", 1)[1])
    return Meaning(keyed.actions, made.score, made.sure, made.guessed) if keyed.actions else made


def with_key(meanings: Meanings, thing: str) -> Meaning:
    """Unlocking a thing, or whatever there is, with the key that fits."""
    start = f"unlock:{thing}:" if thing else "unlock:"
    fitting = sorted(
        action
        for action in meanings.possible
        if action.startswith(start) and action.count(":") == 2
    )
    return (
        Meaning(tuple(fitting[:1]), 1, 0.9, guessed=True)
        if fitting
        else Meaning(score=-1, lost="key", verb="unlock")
    )


def use(meanings: Meanings, pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
    made = meanings.plain(pattern, parts)
    if "target" in parts or not made.actions:
        return made
    id_ = made.actions[0].split(":", 1)[1]
    ways = [
        f"use:{id_}:",
        f"use:{id_}",
        f"read:{id_}",
        f"light:{id_}",
        f"wear:{id_}",
        f"ring:{id_}",
        f"blow:{id_}",
        f"eat:{id_}",
    ]
    for start in ways:
        fitting = sorted(
            action
            for action in meanings.possible
            if action == start or (start.endswith(":") and action.startswith(start))
        )
        if fitting:
            return Meaning((fitting[0],), made.score, 0.85, guessed=True)
    if fitting := sorted(action for action in meanings.possible if is_unlocking(action, id_)):
        return Meaning((fitting[0],), made.score, 0.85, guessed=True)
    if meanings.scene.board.has(id_, "open"):
        return Meaning((f"open:{id_}",), made.score, 0.8, guessed=True, verb="open")
    return made


def open_(meanings: Meanings, pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
    """Opening what has no lid and can be read is reading it."""
    made = meanings.plain(pattern, parts)
    ids = [action.partition(":")[2] for action in made.actions]
    books = [
        f"read:{id_}" in meanings.possible and f"open:{id_}" not in meanings.possible for id_ in ids
    ]
    if not ids or not all(books):
        return made
    return Meaning(tuple(f"read:{id_}" for id_ in ids), made.score, made.sure, made.guessed)


def consult(meanings: Meanings, _pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
    found = meanings.scene.meant(texts(parts["thing"]))
    if not found:
        return Meaning(lost=" ".join(texts(parts["thing"])), score=-1, verb="examine")
    id_ = meanings.choose("read", found).id
    verb = "read" if f"read:{id_}" in meanings.possible else "examine"
    return Meaning((joined(verb, id_),), 3 * found[0].fit, 0.85, guessed=True, verb=verb)


def hold(meanings: Meanings, _pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
    """Holding something up shows it to who fears it; what is not carried is taken up."""
    found = meanings.scene.meant(texts(parts["thing"]))
    if not found:
        return Meaning(lost=" ".join(texts(parts["thing"])), score=-1, verb="take")
    id_ = meanings.choose("show", found).id
    score = 3 * found[0].fit
    if not meanings.scene.board.is_carried(id_):
        return Meaning((f"take:{id_}",), score, 0.8, guessed=True, verb="take")
    shown = sorted(action for action in meanings.possible if action.startswith(f"show:{id_}:"))
    if shown:
        return Meaning((shown[0],), score, 0.8, guessed=True, verb="show")
    what = f"hold up {meanings.model.the(id_)}"
    return Meaning((f"improvise:trivial:{what}",), score, 0.8, guessed=True, verb="trivial")


def trade(meanings: Meanings, _pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
    """Offering a thing for another gives it to the person who is named, or who wants it."""
    found = meanings.scene.meant(texts(parts["thing"]))
    if not found:
        return Meaning(lost=" ".join(texts(parts["thing"])), score=-1, verb="give")
    id_ = meanings.choose("give", found).id
    wanting = sorted(action for action in meanings.possible if action.startswith(f"give:{id_}:"))
    if "person" in parts:
        named = meanings.scene.person(texts(parts["person"]))
        if named is None:
            return Meaning(lost=" ".join(texts(parts["person"])), score=-1, verb="give")
        return Meaning((joined("give", id_, named.id),), 3 * found[0].fit + 2 * named.fit, 0.9)
    somebody = wanting[0] if wanting else joined("give", id_, meanings.scene.somebody())
    if somebody.count(":") < 2:
        return Meaning(score=-1)
    return Meaning((somebody,), 3 * found[0].fit, 0.8, guessed=True, verb="give")


def feed(meanings: Meanings, _pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
    person = meanings.scene.person(texts(parts["person"]))
    if person is None:
        return Meaning(lost=" ".join(texts(parts["person"])), score=-1, verb="give")
    food = [id_ for id_ in meanings.scene.board.carried() if meanings.model.things[id_].file.edible]
    wanted = [id_ for id_ in food if id_ in meanings.model.folk[person.id].wants]
    if not food:
        return Meaning(lost="food", score=-1, verb="give")
    return Meaning(
        (joined("give", (wanted or food)[0], person.id),), 4 * person.fit, 0.85, guessed=True
    )


def pay(meanings: Meanings, _pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
    """Paying somebody gives what they want of what is carried."""
    person = meanings.scene.person(texts(parts["person"]))
    if person is None:
        return Meaning(lost=" ".join(texts(parts["person"])), score=-1, verb="give")
    wanted = meanings.model.folk[person.id].wants
    held = [id_ for id_ in meanings.scene.board.carried() if id_ in wanted]
    if not held:
        what = f"pay {meanings.model.the(person.id)}"
        return Meaning((f"improvise:impossible:{what}",), 3 * person.fit, 0.8, verb="give")
    return Meaning((joined("give", held[0], person.id),), 4 * person.fit, 0.85, guessed=True)


THINGS: Mapping[str, Special] = MappingProxyType(
    {
        "find": find,
        "take": take,
        "unlock": unlock,
        "use": use,
        "feed": feed,
        "consult": consult,
        "open": open_,
        "hold": hold,
        "trade": trade,
        "pay": pay,
    }
)
