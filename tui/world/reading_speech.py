"""Speech: quoted lines, and words that begin or end with somebody's name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tui.world.reading_deeds import improvised
from tui.world.reading_folk import plea_meant, topic_meant
from tui.world.reading_meanings import Meaning, Meanings
from tui.world.reading_nouns import Scene
from tui.world.reading_tokens import QUOTED, Word, raw, texts, words_of

ASKING = frozenset(
    {
        "who",
        "what",
        "whom",
        "whose",
        "where",
        "when",
        "why",
        "how",
        "which",
        "is",
        "are",
        "do",
        "does",
        "did",
        "can",
        "have",
        "tell",
    }
)
WELCOMES = frozenset(
    {
        "hello",
        "hi",
        "hey",
        "greetings",
        "hail",
        "howdy",
        "welcome",
        "hiya",
        "ahoy",
        "goodbye",
        "bye",
        "farewell",
    }
)
ENTREATING = ASKING | {"could", "would", "will", "please", "give", "show", "help", "let", "i"}
"""Words that follow a name where its bearer is spoken to: `Marta can you row`."""
TO_YOU = frozenset({"you", "your", "yours", "yourself"})
OF_ONESELF = re.compile(
    r"\bi(?:['’]?m| am| was)\s+(?:so |very |quite |really |too )?$", re.IGNORECASE
)
SAYING = frozenset(
    {
        "say",
        "tell",
        "whisper",
        "shout",
        "ask",
        "reply",
        "answer",
        "mutter",
        "call",
        "yell",
        "cry",
        "to",
        "i",
        "and",
        "that",
        "then",
        ",",
        ".",
    }
)


def quoted(typed: str) -> tuple[str, str] | None:
    """The first quoted line of what was typed, and all the rest; None where nothing is quoted."""
    text = typed.strip()
    if len(text) > 2 and text[0] in "'‘" and text[-1] in "'’":
        return text[1:-1].strip(), ""
    match = QUOTED.search(text)
    return (match[1], f"{text[: match.start()]} {text[match.end() :]}") if match else None


def speech(scene: Scene, line: str, rest: str) -> Meaning:
    """A quoted line, said to whoever is named beside it, or who is here."""
    lexicon = scene.names.lexicon
    beside = [word.text for word in words_of(rest, lexicon) if word.text not in SAYING]
    named = scene.person(beside) if beside else None
    person = named.id if named else scene.somebody()
    said = [word for word in words_of(line, lexicon) if word.text.isalnum()]
    if person:
        meant = request(scene, person, texts(said))
        if meant is not None:
            return meant
    return Meaning((f"say:{person}:{' '.join(line.split())}",), 5, 0.95)


def request(scene: Scene, person: str, said: Sequence[str]) -> Meaning | None:
    """What somebody is asked: about a topic, or to do something; None where they are only told."""
    known = scene.board.model.folk[person]
    if not known.file.talks:
        return None
    plea = plea_meant(known, said)
    if plea is not None and plea.fit >= 0.5:
        return Meaning((f"persuade:{person}:{plea.id}",), 5, 0.75 + 0.2 * plea.fit, guessed=True)
    topic = topic_meant(known, said)
    if topic is not None and said and (said[0] in ASKING or "about" in said):
        return Meaning((f"ask:{person}:{topic.id}",), 5, 0.9, guessed=True)
    return None


def addressed(scene: Scene, words: Sequence[Word]) -> tuple[str, list[Word]] | None:
    """Who is spoken to by name at the beginning or end (`Marta, row me over`), and the rest."""
    stops = [at for at, word in enumerate(words) if word.text in {",", ":"}]
    bare = [word for word in words if word.text not in {"!", "?", "."}]
    for at in stops[:1]:
        named = scene.person(texts(words[:at])) if 0 < at <= 3 else None
        if named and named.fit >= 0.85:
            return named.id, list(words[at + 1 :])
    for at in stops[-1:]:
        tail = [word for word in words[at + 1 :] if word.text not in {"!", "?", "."}]
        named = scene.person(texts(tail)) if 0 < len(tail) <= 3 else None
        if named and named.fit >= 0.85:
            return named.id, list(words[:at])
    for length in (2, 1):
        following = bare[length : length + 1]
        if not following or following[0].text not in ENTREATING:
            continue
        named = scene.person(texts(bare[:length]))
        if named and named.fit >= 0.9 and bare[0].text not in scene.names.verbs:
            return named.id, bare[length:]
    if len(bare) > 1 and bare[0].text in WELCOMES:
        named = scene.person(texts(bare[1:]))
        return (named.id, bare[:1]) if named and named.fit >= 0.7 else None
    return None


def spoken_to(scene: Scene, person: str, typed: str, words: Sequence[Word]) -> Meaning:
    """Words for somebody who was named: a greeting, a request, a question, or just words."""
    said = [word.text for word in words if word.text.isalnum()]
    if is_greeting(scene, said):
        return Meaning((f"greet:{person}",), 5, 0.9)
    meant = request(scene, person, said)
    if meant is not None:
        return meant
    return Meaning((f"say:{person}:{raw(typed, words)}",), 4, 0.85)


def greeting_meant(scene: Scene, typed: str, words: Sequence[Word]) -> Meaning | None:
    """A greeting, thanks or farewell that nobody is named in."""
    said = tuple(word.text for word in words if word.text.isalnum())
    small = scene.small
    polite = bool(said) and (
        said[0] in small.greetings
        or any(said[: len(phrase)] == phrase for phrase in small.greeting_phrases)
    )
    if not polite or len(said) > 6:
        return None
    person = scene.somebody()
    if person and is_greeting(scene, said):
        return Meaning((f"greet:{person}",), 3, 0.9, guessed=True)
    return Meaning((f"say:{person}:{raw(typed, words)}",), 3, 0.85)


def is_greeting(scene: Scene, said: Sequence[str]) -> bool:
    """Whether words are a greeting and no more."""
    phrases = [phrase for phrase in scene.small.greeting_phrases if phrase[0] == "good"]
    return (
        bool(said)
        and len(said) <= 4
        and (said[0] in WELCOMES or any(tuple(said[: len(phrase)]) == phrase for phrase in phrases))
    )


def to_somebody(
    scene: Scene, _meanings: Meanings, typed: str, words: Sequence[Word]
) -> Meaning | None:
    """Words with a `you` in them that are no deed: they are said to whoever is here."""
    person = scene.somebody()
    if not person or not TO_YOU & set(texts(words)):
        return None
    return Meaning((f"say:{person}:{raw(typed, words_of(typed, scene.names.lexicon))}",), 1, 0.7)


def of_oneself(
    scene: Scene, _meanings: Meanings, typed: str, words: Sequence[Word]
) -> Meaning | None:
    """What the player says that they are: `I am hungry`."""
    said = texts(words)
    begun = words and OF_ONESELF.search(typed[: words[0].start])
    if not begun or said[0] in scene.names.verbs:
        return None
    return improvised("trivial", ("are", *said), 0.7)
