"""Stories in and out: chats of other programs become saves, and saves become texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tui.store import Journal, Record, StoreError
from tui.store.files import free_path, in_words, slug, write_whole
from tui.store.journal import SUFFIX, read_save
from tui.story import Session
from tui.story.chats import Chat
from tui.story.export import EXPORTS
from tui.story.foreign import read_chat
from tui.story.session import mark_record

CardOf = Callable[[str], tuple[str, Mapping[str, object]] | None]
"""Gives the id and the data of the card with a name, or None."""
MOST_BYTES = 256 << 20


def take_in(
    chat: Path,
    saves: Path,
    *,
    session_id: str,
    card_id: str = "",
    card: Mapping[str, object] | None = None,
    user_name: str = "",
    card_of: CardOf | None = None,
) -> tuple[Path, Chat]:
    """Write a chat of another program as a save of its own, and return where, with what was read.

    The chat's file is only read. Without a card, `card_of` is asked for one of the character's
    name; where there is none, that name is all that the save knows.

    Raises:
        ChatError: The file is no chat that is known here.
        StoreError: It can't be read, or the save not be written.
    """
    with in_words("Could not read", chat):
        if chat.stat().st_size > MOST_BYTES:
            raise StoreError(f"{chat} is larger than any chat ({MOST_BYTES >> 20} MiB).")
        data = chat.read_bytes()
    found = read_chat(data, user_name, str((card or {}).get("name") or chat.stem))
    name = found.char_name or chat.stem
    if card is None and card_of is not None and (known := card_of(name)):
        card_id, card = known
    records = list(found.with_header(session_id, name, card_id, dict(card or {"name": name})))
    records[-1] = records[-1] | {"mark": mark_record(Session.open(records).mark)}
    journal = Journal.unsaved(saves / f"{slug(name)}{SUFFIX}")
    journal.append(*records)
    journal.close()
    return journal.path, found


def take_out(save: Path, form: str, folder: Path) -> Path:
    """Write a save's story in one of the EXPORTS into a folder, under a free name.

    Raises:
        StoreError: It can't be read or written, or there is no such format.
    """
    if form not in EXPORTS:
        raise StoreError(f"There is no format “{form}”; there are: {', '.join(EXPORTS)}.")
    ending, write = EXPORTS[form]
    session = Session.open(read_save(save).records)
    text = write(session)
    path = next(path for path in free_path(folder, slug(session.name), ending) if not path.exists())
    write_whole(path, text.encode(errors="replace"))
    return path


def unfolded(records: Sequence[Record]) -> list[str]:
    """Return a sentence for each record that a session can make nothing of: for `check_saves`."""
    return [damage.reason for damage in Session.open(records).damaged]
