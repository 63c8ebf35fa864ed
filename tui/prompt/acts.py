"""Acts: what the player does, says or tells, written as adventure models were trained on it."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict

Act = Literal["do", "say", "story"]

_NAMED = re.compile(r"^\s*(do|say|story)\s*:\s*", re.IGNORECASE)
_QUOTES = "\"“”'‘’"
_ALREADY = re.compile(r"^>\s*")
_WHO = re.compile(r"^(?:i|you)\s+", re.IGNORECASE)
_SECOND = {"i": "you", "me": "you", "my": "your", "mine": "yours", "myself": "yourself"} | {
    "i'm": "you're",
    "i’m": "you’re",
    "i've": "you've",
    "i'll": "you'll",
    "am": "are",
}
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")


class Acts(BaseModel):
    """The three forms, each with `{words}` in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    do: str = "> You {words}"
    say: str = '> You say "{words}"'
    story: str = "{words}"

    def written(self, text: str) -> str:
        """What the player typed, in the form of its act."""
        act, words = act_of(text)
        if act == "do":
            words = _deed(words)
        form = {"do": self.do, "say": self.say, "story": self.story}[act]
        return form.replace("{words}", words)


def act_of(text: str) -> tuple[Act, str]:
    """Which act it is, and its words: `say: …` and quotes and questions are speech, `story: …` is told."""
    if named := _NAMED.match(text):
        act = named[1].lower()
        words = text[named.end() :].strip()
        return ("say", words.strip(_QUOTES)) if act == "say" else (_act(act), words)
    words = text.strip()
    if len(words) > 1 and words[0] in '"“' and words[-1] in '"”':
        return "say", words.strip(_QUOTES)
    return ("say", words) if words.endswith("?") else ("do", words)


def _act(word: str) -> Act:
    return "story" if word == "story" else "do"


def _deed(words: str) -> str:
    """A deed as it follows “You”: second person, a small first letter, a full stop."""
    words = _WHO.sub("", _ALREADY.sub("", words).strip())
    words = _WORD.sub(lambda match: _SECOND.get(match[0].lower(), match[0]), words)
    if words[1:2].islower() or words[1:2].isspace():
        words = words[0].lower() + words[1:]
    return words if not words or words[-1] in '.!?…"”' else words + "."
