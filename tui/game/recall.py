"""Recall: old sentences that the player's words bring to mind, found by full-text search.

The index is SQLite's FTS5 in memory: made from the story, thrown away with the program.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from tui.story import Session, Turn

MOST_SENTENCES = 3
MOST_CHARACTERS = 420
"""Of all sentences together: about a hundred tokens."""
LONGEST = 240
CANDIDATES = 60
MOST_WORDS = 24

_SENTENCE = re.compile(r"[^.!?…\n]+(?:[.!?…]+[\"”'’)*]*|\n|$)")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
COMMON = frozenset(
    _WORD.findall(
        "a about after again all also am an and any are as ask at back be been before but by "
        "can come could did do does down for from get give go had has have he her here him "
        "his how i if in into is it its just know let like look make me more my name no not "
        "now of off on once one only or our out over remember say said see she should so some "
        "take tell than that the their them then there these they thing think this those to "
        "told too under up us very want was we well were what when where which while who whom "
        "whose why will with would yes you your "
    )
)


@dataclass(frozen=True, slots=True)
class Recalled:
    """One old sentence, and the Turn that it was said in."""

    turn: int
    name: str
    text: str


class Recall:
    """The sentences of one session, searched for what is asked now."""

    def __init__(self) -> None:
        """Begin with an empty index."""
        self._index = sqlite3.connect(":memory:")
        self._index.execute(
            "CREATE VIRTUAL TABLE said USING fts5"
            "(text, name UNINDEXED, turn UNINDEXED, tokenize = 'porter unicode61')"
        )
        self._known: set[int] = set()

    def take_in(self, session: Session, path: Sequence[Turn]) -> None:
        """Add the turns of `path` that are new, from its end backwards: O(the new ones).

        What is not in the story yet, or still being written, waits.
        """
        rows: list[tuple[str, str, int]] = []
        for turn in reversed(path):
            if turn.id in self._known:
                break
            if turn.id not in session.turns or turn.state == "streaming":
                continue
            self._known.add(turn.id)
            if not turn.unseen:
                rows += [(one, turn.name, turn.id) for one in sentences(turn.text)]
        self._index.executemany("INSERT INTO said (text, name, turn) VALUES (?, ?, ?)", rows)

    def search(self, session: Session, words: str, before: int) -> tuple[Recalled, ...]:
        """What `words` bring to mind of the turns here that came before turn `before`, oldest first."""
        wanted = query_of(words)
        if not wanted:
            return ()
        asked = "SELECT turn, name, text FROM said WHERE said MATCH ? AND turn < ? ORDER BY rank LIMIT ?"
        with closing(self._index.execute(asked, (wanted, before, CANDIDATES))) as rows:
            found = [Recalled(int(turn), str(name), str(text)) for turn, name, text in rows]
        best: list[Recalled] = []
        room = MOST_CHARACTERS
        for one in found:
            heard = {_key(other.text) for other in best}
            if not session.tree.on_path(one.turn) or _key(one.text) in heard:
                continue
            if len(one.text) > room:
                continue
            best.append(one)
            room -= len(one.text)
            if len(best) == MOST_SENTENCES:
                break
        return tuple(sorted(best, key=lambda one: one.turn))


class Recalls:
    """The index of each session that is open."""

    def __init__(self) -> None:
        """Begin without one."""
        self._of: WeakKeyDictionary[Session, Recall] = WeakKeyDictionary()

    def line(self, session: Session, path: Sequence[Turn], start: int | None) -> str:
        """The line that reminds the model of what it no longer sees; empty where nothing fits.

        `start` is the Turn at which its memory begins.
        """
        if start is None or not path:
            return ""
        recall = self._of.setdefault(session, Recall())
        recall.take_in(session, path)
        said = next((turn for turn in reversed(path) if turn.role == "player"), None)
        found = recall.search(session, said.text, start) if said else ()
        return "Earlier: " + " ".join(f"{one.name}: {one.text}" for one in found) if found else ""


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text that say something, each on one line and not too long."""
    for match in _SENTENCE.finditer(text):
        line = " ".join(match[0].split()).strip(" -*")
        if len(line) > 8 and not line.endswith("?"):
            yield line if len(line) <= LONGEST else line[:LONGEST].rsplit(" ", 1)[0] + "…"


def query_of(words: str) -> str:
    """The full-text query for a player's words: any of those that are not common ones."""
    found = dict.fromkeys(word.lower() for word in _WORD.findall(words))
    telling = [word for word in found if word not in COMMON and len(word) > 2]
    return " OR ".join(f'"{word}"' for word in telling[:MOST_WORDS])


def _key(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
