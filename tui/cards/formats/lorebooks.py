"""Lorebooks in files of their own, and the ways in which programs write their entries.

Sources: character card specification V3 (`lorebook_v3`); SillyTavern's world info, whose entries
are a mapping by number with `key`, `keysecondary`, `order` and `disable`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, cast

from pydantic import ValidationError

from tui.cards.formats.jsontext import parse_json
from tui.cards.formats.limits import MAX_ENTRIES, not_a_card, refusal
from tui.cards.lorebook import Entry, Lorebook

WORLD_INFO = {
    "key": "keys",
    "keysecondary": "secondary_keys",
    "order": "insertion_order",
    "caseSensitive": "case_sensitive",
    "uid": "id",
}
POSITIONS = {0: "before_char", 1: "after_char"}
NUMBERS = ("insertion_order", "priority", "id")
BOOK_NUMBERS = ("scan_depth", "token_budget")


def read_lorebook(content: bytes, file: str) -> Lorebook:
    """The lorebook of a JSON file: V3's own kind, SillyTavern's, or the one in a card's `data`.

    Raises:
        NotACard: It holds no lorebook.
        CardError: It can't be read.
    """
    value = parse_json(content, file)
    whole = cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}
    inner = whole.get("data")
    inside = cast("Mapping[str, Any]", inner) if isinstance(inner, Mapping) else whole
    book = tidied_book(inside.get("character_book") or inside)
    if book is None or not isinstance(book.get("entries"), list):
        raise not_a_card(file, "holds no lorebook", "choose a lorebook's .json file")
    if entry_count(book) > MAX_ENTRIES:
        raise refusal(file, "has more entries than any lorebook")
    try:
        return Lorebook.model_validate(book)
    except ValidationError:
        return Lorebook.model_validate(bare(book))


def entry_count(book: Mapping[str, Any]) -> int:
    """How many entries a tidied book has; none where they are something else."""
    entries = book.get("entries")
    return len(cast("list[object]", entries)) if isinstance(entries, list) else 0


def bare(book: Mapping[str, Any]) -> dict[str, Any]:
    """The book with those entries and fields alone that can be used."""
    made: dict[str, Any] = {"name": str(book.get("name") or ""), "entries": []}
    for entry in book["entries"]:
        try:
            Lorebook.model_validate({"entries": [entry]})
        except ValidationError:
            continue
        made["entries"].append(entry)
    return made


def tidied_book(found: object) -> dict[str, Any] | None:
    """A lorebook with its fields named as the specification does; None where it isn't one."""
    if isinstance(found, list):
        found = {"entries": found} if found else None
    if not isinstance(found, Mapping):
        return None
    book = dict(cast("Mapping[str, Any]", found))
    for name in BOOK_NUMBERS:
        if book.get(name) == "":
            del book[name]
    if isinstance(book.get("extensions"), list) and not book["extensions"]:
        del book["extensions"]
    entries = book.get("entries")
    if isinstance(entries, Mapping):
        entries = list(cast("Mapping[str, Any]", entries).values())
    if isinstance(entries, list):
        book["entries"] = [tidied_entry(one) for one in cast("list[object]", entries) if one]
    return said(book, Lorebook.model_fields)


def tidied_entry(found: object) -> object:
    """An entry of any program's, as the specification names its fields; unknown ones stay."""
    if not isinstance(found, Mapping):
        return found
    entry = dict(cast("Mapping[str, Any]", found))
    for old, new in WORLD_INFO.items():
        if old in entry and not entry.get(new):
            entry[new] = entry.pop(old)
    if isinstance(entry.get("disable"), bool) and "enabled" not in entry:
        entry["enabled"] = not entry.pop("disable")
    for name in NUMBERS:
        if entry.get(name) == "":
            del entry[name]
    tidy_position(entry)
    if entry.get("extensions") == []:
        del entry["extensions"]
    return said(entry, Entry.model_fields)


def said(fields: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    """The fields without known ones that say nothing; an unknown one may mean its nothing."""
    return {key: one for key, one in fields.items() if one is not None or key not in known}


def tidy_position(entry: dict[str, Any]) -> None:
    """SillyTavern's number for a position as the specification's word, or among the extensions."""
    position, extensions = entry.get("position"), entry.get("extensions")
    if not isinstance(position, int) or isinstance(position, bool):
        return
    if position in POSITIONS:
        entry["position"] = POSITIONS[position]
    elif isinstance(extensions, Mapping | None):
        inside = cast("Mapping[str, Any]", extensions or {})
        entry["extensions"] = {"position": entry.pop("position"), **inside}
