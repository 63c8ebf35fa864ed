"""SillyTavern's chat format: JSON Lines, a line about the chat and then one a message.

Source: its `src/endpoints/chats.js` and `public/script.js`. A message has `name`, `is_user`, `mes`,
`send_date`, and where it was swiped `swipes` with `swipe_id`; the first line's `chat_metadata` holds
the author's note as `note_prompt` and `note_depth`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

from tui.story.chats import Chat, ChatError, ChatWriter
from tui.story.session import Session
from tui.story.turn import Turn

MACROS = re.compile(r"\{\{(user|char)\}\}", re.IGNORECASE)
CLOCK = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2}) ?@ ?(\d{1,2})h ?(\d{1,2})m ?(\d{1,2})s")
IN_WORDS = ("%B %d, %Y %I:%M%p", "%B %d, %Y %I:%M %p", "%b %d, %Y %H:%M")
NOTE_IN_CHAT = 1


def read_sillytavern(text: str) -> Chat:
    """Read a chat; lines that can't be read are left out and named.

    Raises:
        ChatError: It isn't a chat of SillyTavern, or holds no message.
    """
    chat = ChatWriter()
    header: Mapping[str, object] = {}
    messages: list[Mapping[str, object]] = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        message = _object(line)
        if message is not None and "mes" in message:
            messages.append(message)
        elif message is not None and not header and not messages:
            header = message
        elif line.strip():
            chat.problems.append(f"Line {number} is no message and was left out.")
    if not messages and not {"user_name", "character_name", "chat_metadata"} & header.keys():
        raise ChatError("This is not a chat of SillyTavern: no line of it is a message.")
    user = _said_by(messages, True) or _known(header.get("user_name"))
    char = _said_by(messages, False) or _known(header.get("character_name"))
    for message in messages:
        _add(chat, message, {"user": user, "char": char})
    _note(chat, header)
    return chat.done(user, char, seconds_of(header.get("create_date")))


def _said_by(messages: Sequence[Mapping[str, object]], player: bool) -> str:
    """Return the name under which one side speaks first."""
    for message in messages:
        name = message.get("name")
        if not message.get("is_system") and (message.get("is_user") is True) == player and name:
            return _known(name)
    return ""


def write_sillytavern(session: Session) -> str:
    """Return the story on the path as a chat that SillyTavern imports, with the swipes of each reply."""
    path = session.path()
    user = session.persona or _name_of(path, "player") or "You"
    char = str(session.card.get("name") or "") or _name_of(path, "model") or session.name
    note = session.author_note
    metadata: dict[str, object] = {}
    if note.text:
        metadata = {"note_prompt": note.text, "note_depth": note.depth, "note_interval": 1}
        metadata |= {"note_position": NOTE_IN_CHAT, "note_role": 0}
    lines: list[dict[str, object]] = [
        {
            "user_name": user,
            "character_name": char,
            "create_date": _date(session.header.created_at),
            "chat_metadata": metadata,
        }
    ]
    lines += (_message(session, turn, user, char) for turn in path if not turn.unseen)
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n"


def _message(session: Session, turn: Turn, user: str, char: str) -> dict[str, object]:
    is_user = turn.role == "player"
    extra: dict[str, object] = {"model": turn.model} if turn.model else {}
    message: dict[str, object] = {
        "name": turn.name or (user if is_user else char),
        "is_user": is_user,
        "is_system": False,
        "send_date": _date(turn.at),
        "mes": turn.text,
        "extra": extra,
    }
    swipes = session.siblings(turn.id)
    if not is_user:
        message["swipe_id"] = swipes.index(turn.id)
        message["swipes"] = [session.turns[item].text for item in swipes]
        message["swipe_info"] = [
            {"send_date": _date(session.turns[item].at), "extra": {}} for item in swipes
        ]
    return message


def _add(chat: ChatWriter, message: Mapping[str, object], names: Mapping[str, str]) -> None:
    """Add one message; its swipes may be texts, or objects that hold one."""
    given = message.get("swipes")
    swipes = (
        [_text(item) for item in cast("list[object]", given)] if isinstance(given, list) else []
    )
    chosen = message.get("swipe_id")
    text = _text(message.get("mes"))
    is_user = message.get("is_user") is True
    if is_user or not isinstance(chosen, int) or not 0 <= chosen < len(swipes):
        swipes, chosen = [text], 0
    swipes[chosen] = text  # what stands in the chat, which an edit may have changed

    def named(found: re.Match[str]) -> str:
        return names[found[1].lower()] or found[0]

    swipes = [MACROS.sub(named, swipe) for swipe in swipes]
    name = str(message.get("name") or "")
    chat.add(
        "player" if is_user else "model", name, swipes, chosen, seconds_of(message.get("send_date"))
    )


def _note(chat: ChatWriter, header: Mapping[str, object]) -> None:
    metadata = header.get("chat_metadata")
    if not isinstance(metadata, dict):
        return
    note = cast("dict[str, object]", metadata)
    text, depth = note.get("note_prompt"), note.get("note_depth")
    if isinstance(text, str) and text:
        record = chat.session.note(text, depth if isinstance(depth, int) else 4)
        chat.do(record | {"step": "none"})


def _object(line: str) -> Mapping[str, object] | None:
    try:
        value: object = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, object]", value) if isinstance(value, dict) else None


def _text(value: object) -> str:
    if isinstance(value, dict):  # as other programs write it for SillyTavern
        holder = cast("dict[str, object]", value)
        value = holder.get("mes", holder.get("message"))
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""


def _known(name: object) -> str:
    return name if isinstance(name, str) and name != "unused" else ""


def _name_of(path: tuple[Turn, ...], role: str) -> str:
    return next((turn.name for turn in path if turn.role == role and turn.name), "")


def _date(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds_of(date: object) -> float:
    """Return a date in any of the forms that SillyTavern has written, in unix seconds; 0 if it is none."""
    if isinstance(date, int | float) and not isinstance(date, bool):
        seconds = date / 1000 if abs(date) > 1e11 else float(date)
        return seconds if abs(seconds) < 1e11 else 0.0
    if not isinstance(date, str):
        return 0.0
    found = CLOCK.match(date)
    try:
        if found:
            return datetime(*map(int, found.groups()), tzinfo=UTC).timestamp()
        return datetime.fromisoformat(date).timestamp()
    except (ValueError, OverflowError, TypeError):
        return _seconds_in_words(date)


def _seconds_in_words(date: str) -> float:
    for form in IN_WORDS:
        try:
            return datetime.strptime(date, form).replace(tzinfo=UTC).timestamp()
        except ValueError:
            continue
    return 0.0
