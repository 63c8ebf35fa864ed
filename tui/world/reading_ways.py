"""Going, leaving, going back and going in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tui.world.reading_lexicon import Pattern
from tui.world.reading_meanings import Meaning, Meanings, Special, joined
from tui.world.reading_names import plain_words
from tui.world.reading_nouns import GOOD_ENOUGH, WHOLE
from tui.world.reading_tokens import Word, texts

MOST_STEPS = 4
"""Ways that one deed goes."""


def go(meanings: Meanings, pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
    words = texts(parts["way"])
    way = meanings.scene.way(words)
    if way is not None:
        return Meaning(
            (joined("go", way.id),), 3 * way.fit, 0.7 + 0.3 * way.fit, guessed=way.fit < 0.8
        )
    far = far_way(meanings, words)
    if far:
        return Meaning(far, 2.4, 0.8, guessed=True)
    before = meanings.typed[: parts["way"][0].start].lower().split()
    near = (
        [one for one in meanings.scene.meant(words) if one.fit >= 0.9]
        if before[-1:] == ["to"]
        else []
    )
    if near:
        return Meaning((joined("examine", near[0].id),), 3 * near[0].fit, 0.9, verb="examine")
    inside = meanings.scene.meant(words) if before[-1:] == ["through"] else []
    if inside:
        return Meaning((joined("search", inside[0].id),), 2 * inside[0].fit, 0.8, guessed=True)
    if "person" in parts or "take" in pattern.elements[0]:
        return Meaning(score=-3)
    if (going := onward(meanings, parts["way"][0])) is not None:
        return going
    return Meaning(lost=" ".join(words), score=-0.8, verb="go")


def far_way(meanings: Meanings, words: Sequence[str]) -> tuple[str, ...]:
    """The way, over places that were visited, to one of them or one that they lead to."""
    board = meanings.scene.board
    phrase = meanings.scene.phrase(words)
    paths: dict[str, tuple[str, ...]] = {board.place: ()}
    wanted = ""
    queue = [board.place]
    visited = set(board.visited())
    for place in queue:
        for way in meanings.model.places[place].exits:
            if way.to in paths or board.exit_hidden(way):
                continue
            paths[way.to] = (*paths[place], joined("go", way.key))
            if plain_words(way.shown, meanings.scene.small) == phrase:
                wanted = wanted or way.to
            if way.to in visited:
                queue.append(way.to)
    wanted = wanted or destination(meanings, words, [id_ for id_ in paths if id_ != board.place])
    path = paths.get(wanted, ())
    return path if len(path) <= MOST_STEPS else ()


def destination(meanings: Meanings, words: Sequence[str], places: Sequence[str]) -> str:
    """Which of some places words name, or where of them whom they name was met; or none."""
    scene = meanings.scene
    phrase = scene.phrase(words)
    wanted = max(places, key=lambda id_: scene.fit(phrase, id_), default="")
    if wanted and scene.fit(phrase, wanted) >= WHOLE:
        return wanted
    met = [id_ for id_ in meanings.model.folk if scene.board.flag(f"{id_}.met")]
    somebody = next((id_ for id_ in met if scene.fit(phrase, id_) >= WHOLE), "")
    there = scene.board.location(somebody) if somebody else ""
    return there if there in places else ""


def onward(meanings: Meanings, word: Word) -> Meaning | None:
    """The way that a direction before a name is: `climb down the lighthouse`."""
    before = meanings.typed[: word.start].lower().split()
    direction = meanings.scene.small.directions.get(before[-1]) if before else None
    keys = {way.key for way in meanings.scene.board.exits()}
    found = direction in keys and len(before) > 1
    return Meaning((f"go:{direction}",), 1, 0.8, guessed=True) if found else None


def leave(meanings: Meanings, _pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
    if "thing" not in parts:
        return outward(meanings)
    words = texts(parts["thing"])
    if meanings.scene.fit(meanings.scene.phrase(words), meanings.scene.board.place) >= GOOD_ENOUGH:
        return Meaning(outward(meanings).actions, 3, 0.9, guessed=True)
    way = meanings.scene.way(words)
    if way is not None:
        return Meaning((joined("go", way.id),), 2.5 * way.fit, 0.8, guessed=True)
    held = [one for one in meanings.scene.meant(words) if meanings.scene.board.is_carried(one.id)]
    return Meaning((joined("drop", held[0].id),), 2.5, 0.8) if held else Meaning(score=-2)


def outward(meanings: Meanings) -> Meaning:
    """Out of here: the way out, into the open, back where one came from, or the only one."""
    board = meanings.scene.board
    exits = board.exits()
    open_air = (
        [way for way in exits if meanings.model.places[way.to].file.outdoors]
        if not meanings.model.places[board.place].file.outdoors
        else []
    )
    came = [way for way in exits if way.to == board.came_from]
    for ways in ([way for way in exits if way.key == "out"], open_air, came, exits):
        if ways:
            return Meaning((joined("go", ways[0].key),), 1, 0.8, guessed=True)
    return Meaning(("go:out",), 0.5, 0.8)


def back(meanings: Meanings, _pattern: Pattern, _parts: Mapping[str, Sequence[Word]]) -> Meaning:
    board = meanings.scene.board
    came = [way for way in board.exits() if way.to == board.came_from]
    return (
        Meaning((joined("go", came[0].key),), 1, 0.9, guessed=True) if came else outward(meanings)
    )


def inward(meanings: Meanings, _pattern: Pattern, _parts: Mapping[str, Sequence[Word]]) -> Meaning:
    board = meanings.scene.board
    exits = board.exits()
    spoken = [way for way in exits if way.door in meanings.scene.recent]
    indoors = [
        way
        for way in exits
        if not meanings.model.places[way.to].file.outdoors and way.to != board.came_from
    ]
    ajar = [way for way in indoors if way.door and board.flag(f"{way.door}.open")]
    for ways in ([way for way in exits if way.key == "in"], spoken[-1:], ajar, indoors):
        if ways:
            return Meaning((joined("go", ways[0].key),), 1, 0.85, guessed=True)
    return Meaning(("go:in",), 0.5, 0.8)


def through(meanings: Meanings, pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
    return inward(meanings, pattern, parts)


WAYS: Mapping[str, Special] = MappingProxyType(
    {
        "go": go,
        "leave": leave,
        "back": back,
        "inward": inward,
        "through": through,
    }
)
