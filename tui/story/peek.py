"""The last turns of a story from the end of its save, before all of it has been read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui.story.turn import Turn


def peek(records: Sequence[Mapping[str, object]], most: int = 50) -> tuple[Turn, ...]:
    """Return up to `most` turns that end where the story stands, oldest first.

    `records` are the last of a save, in order. Where they don't show the place, or jumped to one
    further back, the result is shorter, or empty: read the whole save then.
    """
    return ()
