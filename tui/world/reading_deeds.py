"""Deeds that no action of the world stands for: harmless, impossible, from elsewhere, cruel."""

from __future__ import annotations

from collections.abc import Sequence

from tui.world.conditions import holds
from tui.world.reading_absent import as_written, folk_away, named_away
from tui.world.reading_meanings import SPEAKING, Meaning
from tui.world.reading_nouns import Scene
from tui.world.reading_tokens import stem
from tui.world.sights import sight_of

MOST_WORDS = 12
GIVING = frozenset({"give", "show", "take"})
ASKED = frozenset({"who", "what", "whom", "whose", "where", "when", "why", "how", "which"})


def improvised(kind: str, words: Sequence[str], sure: float, verb: str = "") -> Meaning:
    """A free deed, as the action that stands for it; its words are kept."""
    said = " ".join(words[:MOST_WORDS]).replace(":", " ")
    return Meaning((f"improvise:{kind}:{said}",), 0.0, sure, guessed=True, verb=verb or kind)


def knack_meant(scene: Scene, words: Sequence[str]) -> Meaning | None:
    """A kind of free deed that the tale allows here."""
    for knack in scene.board.model.knacks.values():
        said = {stem(word) for word in words[:2]} | set(words[:2])
        line = f"{' '.join(words)} "
        begun = any(" " in phrase and line.startswith(f"{phrase} ") for phrase in knack.words)
        if (begun or said & {*knack.words}) and holds(knack.when, scene.board):
            return improvised(knack.id, words, 0.9)
    return None


def strange_meant(scene: Scene, words: Sequence[str]) -> Meaning | None:
    """Something that this world has not, unless a thing of the tale is called so."""
    named = scene.names.nouns
    own = {word for text in scene.board.model.file.strange for word in text.lower().split()}
    for word in words:
        known = {word, stem(word)}
        if known & (scene.names.lexicon.strange | own) and not known & named:
            return improvised("not_of_world", words, 0.9)
    kinds = scene.names.lexicon.deed_kinds(words)
    if "not_of_world" in kinds and not set(words) & named & scene.names.lexicon.strange:
        return improvised("not_of_world", words, 0.85)
    return None


def cruel_meant(scene: Scene, words: Sequence[str], sure: float = 0.9) -> Meaning | None:
    """Harm to somebody who is here, or to oneself."""
    kinds = scene.names.lexicon.deed_kinds(words)
    if "cruel_to_self" in kinds:
        return improvised("trivial", ("think", "better", "of", "it"), sure, "cruel")
    if "cruel" not in kinds:
        return None
    rest = words[kinds["cruel"] :]
    victim = victim_of(scene, rest)
    return (
        improvised("cruel", (*words[: kinds["cruel"]], *victim.split()), sure) if victim else None
    )


def victim_of(scene: Scene, words: Sequence[str]) -> str:
    """The name of the person here who is first named among some words."""
    for start, first in enumerate(words):
        if first in {"one", "that", "this", "the"} or (start and first == "it"):
            continue
        for end in range(min(len(words), start + 4), start, -1):
            person = scene.person(words[start:end])
            if person is not None and person.fit > 0.7:
                return scene.board.model.name(person.id).text
    return ""


def free_deed(scene: Scene, words: Sequence[str], lost: Meaning | None) -> Meaning:
    """What a deed is that nothing here answers to: never nothing at all, never the impossible done."""
    kinds = scene.names.lexicon.deed_kinds(words)
    for kind in ("impossible", "trivial"):
        if kind in kinds and kinds[kind] == max(
            kinds[name] for name in kinds if name in {"impossible", "trivial"}
        ):
            away = folk_away(scene, words[1:]) if words[0] not in scene.small.musing else ()
            return absent(scene, away) if away else improvised(kind, words, 0.75)
    if words[1:] and words[1] in scene.small.everything and words[0] in scene.names.verbs:
        return improvised("impossible", words, 0.75)
    if lost is not None and not lost.lost and lost.verb in SPEAKING:
        bought = words[0] in scene.small.buying
        return improvised("impossible", words, 0.7) if bought else aloud("", words)
    if lost is not None:
        return missing(scene, words, lost)
    if not any(known_word(scene, word) for word in words):
        return Meaning(sure=0.0)
    away = named_away(scene, words[1:]) if words[0] not in ASKED else ()
    if away:
        return absent(scene, away, 0.45)
    if words[0] in ASKED:
        return aloud(scene.somebody(), words)
    return improvised("trivial", words, 0.3)


def aloud(person: str, words: Sequence[str]) -> Meaning:
    """Words that are said, to somebody or to nobody."""
    return Meaning((f"say:{person}:{' '.join(words)}",), 0.0, 0.6, guessed=True, verb="say")


def absent(scene: Scene, noun: Sequence[str], sure: float = 0.85) -> Meaning:
    """Looking about for what isn't here."""
    return improvised("absent", as_written(scene.board.model, noun), sure)


def known_word(scene: Scene, word: str) -> bool:
    """Whether a word is one at all, as far as the game and the tale know."""
    return (
        word in scene.names.lexicon.vocabulary
        or word in scene.names.nouns
        or stem(word) in scene.names.nouns
    )


def missing(scene: Scene, words: Sequence[str], lost: Meaning) -> Meaning:
    """A deed whose thing, person or way isn't here."""
    small = scene.small
    noun = [word for word in lost.lost.split() if word not in small.articles] or lost.lost.split()
    if away := folk_away(scene, noun):
        return absent(scene, away)
    noun = list(named_away(scene, noun)) or noun
    if lost.verb == "go":
        return no_way(scene, words, noun, lost)
    given = lost.verb in GIVING and "trivial" in scene.names.lexicon.deed_kinds(noun[-1:])
    if given or not noun or noun[-1] in small.pronouns:
        return improvised("trivial", words, 0.7 if given else 0.35)
    phrase = scene.phrase(noun)
    if lost.verb in small.looking and scene.fit(phrase, scene.board.place) >= 0.75:
        return Meaning(("look",), 0.0, 0.8, guessed=True, verb="look")
    if (seen := seen_only(scene, words, noun, lost)) is not None:
        return seen
    if stands_for_place(scene, phrase):
        return improvised("impossible", words, 0.7)
    return absent(scene, noun)


def no_way(scene: Scene, words: Sequence[str], noun: Sequence[str], lost: Meaning) -> Meaning:
    """Going where no way leads: to what can be seen, by looking at it."""
    if not {"in", "into", "inside"} & set(words) and (seen := seen_only(scene, words, noun, lost)):
        return seen
    directions = scene.small.directions
    direction = [directions[word] for word in noun if word in directions]
    where = direction[0] if direction else "_".join(("to", "the", *noun) if noun else ("on",))
    return Meaning((f"go:{where.replace(':', '')}",), 0.0, 0.8, verb="go")


def seen_only(
    scene: Scene, words: Sequence[str], noun: Sequence[str], lost: Meaning
) -> Meaning | None:
    """A deed with what can be looked at and no more."""
    small = scene.small
    doing = lost.verb != "go" or words[0] in small.climbing
    looking = lost.verb in small.looking and not (doing and lost.verb == "go")
    if sight_of(scene.board, noun) is not None:
        if looking:
            return improvised("sight", noun, 0.85, "examine")
        return improvised("trivial" if lost.verb in small.idle else "impossible", words, 0.6)
    if doing and noun[-1] in small.scenery:
        if words[0] in ASKED:
            words = ("look", "at", "the", *noun)
        return improvised("trivial" if looking else "impossible", words, 0.6)
    return None


def stands_for_place(scene: Scene, phrase: tuple[str, ...]) -> bool:
    """Whether words name the place, or where a way from it leads, rather than a thing."""
    board = scene.board
    near = {board.place, *(way.to for way in board.exits())}
    return any(set(phrase) <= scene.names.called[id_].words for id_ in near)
