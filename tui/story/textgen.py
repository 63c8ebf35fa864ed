"""text-generation-webui's chat history: pairs of what the player and the character said.

Source: its `modules/chat.py`. `internal` (long ago `data`) holds the texts as the model saw them,
`visible` (`data_visible`) as HTML; a first pair that begins with BEGIN is the greeting; since 2025
`metadata` keeps the versions of a reply under `assistant_<row>`.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from typing import cast

from tui.story.chats import Chat, ChatError, ChatWriter
from tui.story.sillytavern import seconds_of

BEGIN = "<|BEGIN-VISIBLE-CHAT|>"


def read_textgen(text: str, user_name: str = "", char_name: str = "") -> Chat:
    """Read a history; the format has no names in it, so they are given.

    Raises:
        ChatError: It isn't such a history, or holds no message.
    """
    try:
        value: object = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        value = None
    history = cast("Mapping[str, object]", value) if isinstance(value, dict) else {}
    raw = history.get("internal", history.get("data"))
    seen = history.get("visible", history.get("data_visible"))
    rows = cast("Sequence[object]", raw if isinstance(raw, list) and raw else seen)
    if not isinstance(rows, list):
        raise ChatError("This is not a chat of text-generation-webui: it has no history in it.")
    metadata = history.get("metadata")
    times = cast("Mapping[str, object]", metadata) if isinstance(metadata, dict) else {}
    chat = ChatWriter()
    for number, row in enumerate(rows):
        pair = _pair(row)
        if pair is None:
            chat.problems.append(f"Row {number + 1} can't be read and was left out.")
            continue
        said, reply = pair if rows is raw else tuple(map(html.unescape, pair))
        if said and said != BEGIN:
            chat.add("player", user_name, [said], at=_at(times.get(f"user_{number}")))
        if reply:
            about = times.get(f"assistant_{number}")
            versions, chosen = _versions(about, reply)
            chat.add("model", char_name, versions, chosen, _at(about))
    return chat.done(user_name, char_name)


def _pair(row: object) -> tuple[str, str] | None:
    items = cast("list[object]", row) if isinstance(row, list) else []
    if len(items) != 2 or not all(item is None or isinstance(item, str) for item in items):
        return None
    said, reply = cast("list[str | None]", items)
    return (said or "").strip(), (reply or "").strip()


def _versions(about: object, reply: str) -> tuple[list[str], int]:
    """Return the swipes of a reply and which of them stands."""
    entry = cast("Mapping[str, object]", about) if isinstance(about, dict) else {}
    given = entry.get("versions")
    found = (
        [_content(item) for item in cast("list[object]", given)] if isinstance(given, list) else []
    )
    versions = [text for text in found if text]
    if reply not in versions:
        return [*versions, reply], len(versions)
    return versions, versions.index(reply)


def _content(version: object) -> str:
    entry = cast("Mapping[str, object]", version) if isinstance(version, dict) else {}
    content = entry.get("content")
    return content.strip() if isinstance(content, str) else ""


def _at(about: object) -> float:
    entry = cast("Mapping[str, object]", about) if isinstance(about, dict) else {}
    stamp = entry.get("timestamp")
    return seconds_of(stamp)
