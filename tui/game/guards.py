"""What is done to a reply before it stands: each guard says what it did, and can be taken back."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from tui.game.sentences import is_complete, sentences, trimmed
from tui.story import Note

_STUTTER = re.compile(r"\b((?!the\b|an?\b)\w+\W+\w+\W+\w+)\b\W+(?:\w+\W+){0,5}\1\b")
_DOUBLED = re.compile(r"\b(?!had\b|that\b)(\w+)(?: the| an?)? \1\b")
_WORD = re.compile(r"\w+(?:[’']\w+)*")
LOOPS_FROM = 92.0
"""How alike two replies are, of 100, when one is said to repeat the other."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """A reply's text after the guards, and what they did."""

    text: str
    notes: tuple[Note, ...] = ()


def guard(
    text: str,
    user: str,
    *,
    others: Sequence[str] = (),
    speaks_for_you: bool = True,
    ended: bool = False,
) -> Guarded:
    """The text with lines that speak for `user` or for `others`, and a last half sentence, cut away.

    `ended` says that the model ended the reply by itself, so that its last line is meant.
    """
    notes: list[Note] = []
    if speaks_for_you and (cut := without_speech_of(text, user)) != text:
        notes.append(Note("speaks-for-you", "cut what it said in your name", text))
        text = cut
    for name in others:
        if (cut := without_speech_of(text, name)) != text:
            notes.append(Note("speaks-for-others", f"cut what it said in {name}'s name", text))
            text = cut
    if not ended and text and not is_complete(text) and (cut := trimmed(text)) != text.rstrip():
        notes.append(Note("half-sentence", "cut a sentence that it could not finish", text))
        text = cut
    return Guarded(text.rstrip(), tuple(notes))


def without_speech_of(text: str, user: str) -> str:
    """`text` up to the first line on which `user` is made to speak."""
    if not user:
        return text
    match = re.search(rf"(?m)^\s*\**{re.escape(user)}\**\s*:", text)
    return text[: match.start()].rstrip() if match else text


def stutters(text: str) -> bool:
    """Whether a word stands twice (`the`, `a` between them or not), three words come again soon, or four at all.

    A broken letter counts too, and speech that ends and has never begun.
    """
    plain = text.casefold()
    broken = "\ufffd" in plain or plain.count("”") > plain.count("“")
    if broken or _STUTTER.search(plain) or _DOUBLED.search(plain):
        return True
    words = _WORD.findall(plain)
    fours = list(zip(words, words[1:], words[2:], words[3:], strict=False))
    return len(set(fours)) < len(fours)


def repeats(text: str, earlier: Sequence[str]) -> bool:
    """Whether a reply says again, almost word for word, what one of `earlier` said."""
    return len(text) > 20 and any(fuzz.ratio(text, old) >= LOOPS_FROM for old in earlier)


def said_before(earlier: Sequence[str]) -> Callable[[str], int]:
    """What counts the sentences of a text that stand word for word in one of `earlier`."""
    said = {sentence for old in earlier for sentence in sentences(old)}
    return lambda text: sum(sentence in said for sentence in sentences(text))
