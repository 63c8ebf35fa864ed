"""TextSearch: the words of all stories, looked through beside what the player does."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from tui.store import SaveInfo, StoreError
from tui.ui.clean import clean_line
from tui.ui.shelves import NAME_WIDTH, padded
from tui.ui.widgets.linelist import Line

if TYPE_CHECKING:
    from tui.store.search import Hit, SearchIndex

LEAST_LETTERS = 3
MOST_HITS = 8


class TextSearch:
    """The index of all saves' text, opened when it is first asked."""

    def __init__(self, cache: Path, saves: Path) -> None:
        self._cache, self._saves = cache, saves
        self._index: SearchIndex | None = None
        self._one = asyncio.Lock()

    async def find(self, words: str) -> list[Hit]:
        """The newest turns that hold all the words, at most one for each story."""
        if len(words.strip()) < LEAST_LETTERS:
            return []
        async with self._one:
            try:
                return await asyncio.to_thread(self._find, words)
            except StoreError:
                return []

    def _find(self, words: str) -> list[Hit]:
        from tui.store.search import SearchIndex

        if self._index is None:
            self._index = SearchIndex.open(self._cache)
            for _ in self._index.update(self._saves):
                pass
        first: dict[Path, Hit] = {}
        for hit in self._index.find(words):
            first.setdefault(hit.path, hit)
        return list(first.values())[:MOST_HITS]

    async def close(self) -> None:
        """Close the index; what is written meanwhile is read when it opens again."""
        async with self._one:
            if self._index is not None:
                self._index.close()
                self._index = None


def hit_lines(hits: Sequence[Hit], saves: Mapping[Path, SaveInfo], shown: set[Path]) -> list[Line]:
    """Rows for the stories in whose text the words were found, but for those shown already."""
    return [
        hit_line(hit, saves[hit.path])
        for hit in hits
        if hit.path in saves and hit.path not in shown
    ]


def hit_line(hit: Hit, save: SaveInfo) -> Line:
    """A story, and the words around the place."""
    text = Content(hit.text.replace("\n", " ")).stylize("italic $muted")
    for start, end in hit.found:
        text = text.stylize("bold $mark", start, end)
    name = Content.styled(padded(clean_line(save.name), NAME_WIDTH), "$ink")
    return Line(f"save:{hit.path}", Content.assemble("   ", name, text))
