"""Going, leaving, going back and going in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tui.world.reading_lexicon import Pattern
from tui.world.reading_meanings import Meaning, Meanings, Special, joined
from tui.world.reading_nouns import GOOD_ENOUGH
from tui.world.reading_tokens import Word, texts


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
    inside = meanings.scene.meant(words) if before[-1:] == ["through"] else []
    if inside:
        return Meaning((joined("search", inside[0].id),), 2 * inside[0].fit, 0.8, guessed=True)
    if "person" in parts or "take" in pattern.elements[0]:
        return Meaning(score=-3)
    return Meaning(lost=" ".join(words), score=-0.8, verb="go")


def far_way(meanings: Meanings, words: Sequence[str]) -> tuple[str, ...]:
    """The way to a place that was visited before, over places that were."""
    board = meanings.scene.board
    visited = [id_ for id_ in board.visited() if id_ != board.place]
    phrase = meanings.scene.phrase(words)
    wanted = max(visited, key=lambda id_: meanings.scene.fit(phrase, id_), default="")
    if not wanted or meanings.scene.fit(phrase, wanted) < 0.85:
        return ()
    paths: dict[str, tuple[str, ...]] = {board.place: ()}
    queue = [board.place]
    for place in queue:
        for way in meanings.model.places[place].exits:
            if way.to in paths or way.to not in visited or board.exit_hidden(way):
                continue
            paths[way.to] = (*paths[place], joined("go", way.key))
            queue.append(way.to)
    path = paths.get(wanted, ())
    return path if len(path) <= 4 else ()


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
