"""What is done with folk: greeting, asking, persuading, telling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tui.world.reading_absent import folk_away
from tui.world.reading_deeds import ASKED
from tui.world.reading_folk import plea_meant, topic_meant
from tui.world.reading_lexicon import Pattern, lexicon
from tui.world.reading_meanings import Meaning, Meanings, Parts, Special, joined
from tui.world.reading_nouns import Found
from tui.world.reading_tokens import Word, raw, texts

BEING = frozenset({"is", "are", "was", "were"})
MOVING = frozenset({"where", "why", "when", "who"})
"""Question words right after which the verb goes."""
ARTICLES = frozenset({"the", "a", "an", "his", "her", "their", "its", "my", "your", "our"})
MOST_TOPIC_WORDS = 3
AIMED = {("at",), ("to",), ("into",), ("for",)}
WORDLESS = frozenset({"sorry", "thanks", "thank", "help"})


def greet(meanings: Meanings, _pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
    person = meanings.scene.person(texts(parts["person"]))
    if person is None:
        return nobody(meanings, parts, "greet")
    return Meaning((joined("greet", person.id),), 3 * person.fit)


def listener(meanings: Meanings, parts: Mapping[str, Sequence[Word]]) -> Found | None:
    """Whom the words are for: the one named, or, where nobody is, the likeliest."""
    if "person" in parts:
        return meanings.scene.person(texts(parts["person"]))
    likeliest = meanings.scene.somebody()
    return Found(likeliest, 0.8) if likeliest else None


def nobody(meanings: Meanings, parts: Mapping[str, Sequence[Word]], verb: str) -> Meaning:
    """Words for somebody who isn't here."""
    named = texts(parts["person"]) if "person" in parts else ()
    return Meaning(lost=" ".join(named), score=-1, verb=verb)


def ask(meanings: Meanings, pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
    person = listener(meanings, parts)
    if person is None:
        return nobody(meanings, parts, "ask")
    if away := addressed_away(meanings, pattern, parts):
        return Meaning(lost=" ".join(away), score=1, verb="ask")
    if "person" not in parts and {"about", "of"} & set(texts(parts["topic"])):
        return Meaning(score=-2)  # `ask Osk about the mill`, and Osk isn't here
    topic = topic_meant(meanings.model.folk[person.id], texts(parts["topic"]))
    if topic is not None:
        return Meaning(
            (joined("ask", person.id, topic.id),),
            3 * person.fit + 3 * topic.fit,
            0.6 + 0.4 * topic.fit,
        )
    asked = texts(parts["topic"])[0] in ASKED
    unknown = [word for word in texts(parts["topic"]) if word not in ARTICLES]
    if not asked and meanings.model.folk[person.id].file.talks and is_noun(unknown):
        subject = "_".join(unknown)
        return Meaning((joined("ask", person.id, subject),), 3 * person.fit - 1.5, 0.7)
    words = raw(meanings.typed, parts["topic"])
    said = f"{in_question_order(words)}?" if asked else f"what about {words}"
    return Meaning((joined("say", person.id, said),), 3 * person.fit - 1.5, 0.55, guessed=True)


def addressed_away(meanings: Meanings, pattern: Pattern, parts: Parts) -> tuple[str, ...]:
    """Who is asked first of all and isn't here: `ask Osk to row`."""
    if len(pattern.elements) > 2 or "person" in parts:
        return ()
    said = [word for word in texts(parts["topic"]) if word not in ARTICLES]
    away = folk_away(meanings.scene, said)
    person = meanings.scene.somebody()
    topic = topic_meant(meanings.model.folk[person], said) if person else None
    if tuple(said[: len(away)]) != away or (len(said) == len(away) and topic is not None):
        return ()
    return away


def is_noun(words: Sequence[str]) -> bool:
    """Whether words may name something that one can be asked about."""
    plain = all(word.isalpha() and word not in lexicon().small.empty for word in words)
    return plain and 0 < len(words) <= MOST_TOPIC_WORDS


def in_question_order(words: str) -> str:
    """`where the baker is` as it is asked: `where is the baker`."""
    first, *rest = words.rstrip("?").split()
    at = next((at for at, word in enumerate(rest) if word in BEING), 0)
    if first.lower() not in MOVING or not at:
        return words.rstrip("?")
    return " ".join([first, rest[at], *rest[:at], *rest[at + 1 :]])


def persuade(meanings: Meanings, pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
    person = listener(meanings, parts)
    if away := addressed_away(meanings, pattern, parts):
        return Meaning(lost=" ".join(away), score=1, verb="persuade")
    if person is None:
        return nobody(meanings, parts, "persuade")
    plea = plea_meant(meanings.model.folk[person.id], texts(parts["topic"]))
    if plea is not None:
        return Meaning(
            (joined("persuade", person.id, plea.id),),
            3 * person.fit + 3 * plea.fit,
            0.7 + 0.3 * plea.fit,
        )
    topic = topic_meant(meanings.model.folk[person.id], texts(parts["topic"]))
    if topic is not None:
        return Meaning(
            (joined("ask", person.id, topic.id),),
            3 * person.fit + 2.9 * topic.fit,
            0.5 + 0.4 * topic.fit,
            guessed=True,
        )
    wanted = meanings.scene.meant(texts(parts["topic"]))
    theirs = [one.id for one in wanted if meanings.scene.board.location(one.id) == person.id]
    if theirs:
        return Meaning((joined("take", theirs[0]),), 3 * person.fit, 0.7)
    said = raw(meanings.typed, parts["topic"])
    wish = said if frozenset({"to"}) in pattern.elements else f"may I have {said}"
    return Meaning((joined("say", person.id, wish),), 3 * person.fit - 1, 0.5, guessed=True)


def plead(meanings: Meanings, _pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
    person = listener(meanings, parts)
    if person is None:
        return nobody(meanings, parts, "greet")
    pleas = list(meanings.model.folk[person.id].pleas)
    if not pleas:
        return Meaning((joined("greet", person.id),), 2 * person.fit, 0.6, guessed=True)
    works = [id_ for id_ in pleas if joined("persuade", person.id, id_) in meanings.possible]
    return Meaning(
        (joined("persuade", person.id, (works or pleas)[0]),), 3 * person.fit, 0.8, guessed=True
    )


def say(meanings: Meanings, pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
    named = "person" in pattern.act
    person = listener(meanings, parts)
    if named and person is None:
        return nobody(meanings, parts, "say")
    whole = (
        raw(meanings.typed, parts["words"])
        if "words" in parts
        else " ".join(WORDLESS & set(meanings.typed.lower().split())) or "help"
    )
    if not named and texts(parts.get("words", ()))[:1] in AIMED:
        return Meaning(score=-2)  # `shout at the sea`
    fit = 3 * person.fit if named and person is not None else 0.0
    return Meaning((joined("say", person.id if person else "", whole),), fit + 0.5, 0.9)


FOLK: Mapping[str, Special] = MappingProxyType(
    {
        "greet": greet,
        "ask": ask,
        "persuade": persuade,
        "plead": plead,
        "say": say,
    }
)
