"""Keys: whether a lorebook's word or regular expression is in a text, in bounded time."""

from __future__ import annotations

import re
from collections.abc import Callable

import regex

EACH_SECONDS = 0.05
ALL_SECONDS = 0.4
MOST_PATTERN = 1000
MOST_REPEATS = 2000

_SLASHED = re.compile(r"^/(.*)/([a-z]*)$", re.DOTALL)
_REPEATS = re.compile(r"\{(\d*),?(\d*)\}")
_FLAGS = {"i": regex.IGNORECASE, "m": regex.MULTILINE, "s": regex.DOTALL, "x": regex.VERBOSE}


class Slow(ValueError):
    """An expression can't be used: it is none, or takes too long; the text says which."""


class Finder:
    """Looks for keys in the texts of one turn; all expressions together take bounded time."""

    def __init__(self) -> None:
        """Begin with all of the time."""
        self._left = ALL_SECONDS
        self._lowered: dict[str, str] = {}

    def looking(
        self, text: str, *, regular: bool, cased: bool, whole: bool
    ) -> Callable[[str], bool]:
        """Return what tells whether a key is in `text`. It raises Slow."""

        def find(key: str) -> bool:
            if not key.strip():
                return False
            slashed = _SLASHED.match(key)
            if slashed or regular:
                pattern, flags = (slashed[1], slashed[2]) if slashed else (key, "")
                return self._search(pattern, flags, text, cased=cased or bool(slashed))
            small, wanted = (text, key) if cased else (self._lower(text), key.casefold())
            if wanted not in small:
                return False
            return not whole or _is_word(wanted, small)

        return find

    def _lower(self, text: str) -> str:
        if text not in self._lowered:
            self._lowered[text] = text.casefold()
        return self._lowered[text]

    def _search(self, pattern: str, letters: str, text: str, *, cased: bool) -> bool:
        if self._left <= 0:
            raise Slow("the book's expressions take too long together")
        flags = 0 if cased else regex.IGNORECASE
        for letter in letters:
            flags |= _FLAGS.get(letter, 0)
        compiled = _compiled(pattern, flags)
        try:
            found = compiled.search(text, timeout=EACH_SECONDS)
        except TimeoutError as error:
            self._left -= EACH_SECONDS
            raise Slow(f"its expression /{_short(pattern)}/ takes too long") from error
        return found is not None


def _compiled(pattern: str, flags: int) -> regex.Pattern[str]:
    counts = [int(one) for pair in _REPEATS.findall(pattern) for one in pair if one]
    total = 1
    for count in counts:
        total *= max(count, 1)
    if len(pattern) > MOST_PATTERN or total > MOST_REPEATS:
        raise Slow(f"its expression /{_short(pattern)}/ is too large")
    try:
        return regex.compile(pattern, flags)
    except (regex.error, RecursionError, OverflowError, ValueError) as error:
        raise Slow(f"its expression /{_short(pattern)}/ is none ({error})") from error


def _is_word(key: str, text: str) -> bool:
    if any(char.isspace() for char in key):
        return True
    return re.search(rf"(?:^|\W){re.escape(key)}(?:$|\W)", text) is not None


def _short(pattern: str) -> str:
    return pattern if len(pattern) <= 40 else pattern[:39] + "…"
