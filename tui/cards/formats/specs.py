"""A card as the JSON of the character card specification, V2 or V3, with nothing left out.

Fields that are Fabletop's own go into `extensions.fabletop`, where other programs keep them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal, cast

from tui.cards.card import Card
from tui.cards.formats.dialects import BESIDE, CORNER, ENVELOPE, OURS, SPEC_V3
from tui.cards.formats.mending import ASSET
from tui.cards.lorebook import Entry, Lorebook

Spec = Literal["V2", "V3"]
ENTRY_NEEDS: Mapping[str, Any] = {
    "keys": (),
    "content": "",
    "enabled": True,
    "insertion_order": 100,
}


def to_spec(card: Card, spec: Spec, asset_scheme: str = ASSET) -> dict[str, Any]:
    """The card as a JSON-able value; embedded files are addressed by `asset_scheme`."""
    data = {name: spec_value(card, name, spec) for name in SPEC_V3}
    if card.character_book is None:
        del data["character_book"]
    if spec == "V2":
        data = {
            key: one
            for key, one in data.items()
            if one or key not in ("nickname", "group_only_greetings")
        }
    extensions, beside = with_ours(card)
    data["extensions"] = extensions
    data.update(with_scheme(card.extra, asset_scheme))
    number = spec[1]
    envelope = {"spec": f"chara_card_v{number}", "spec_version": f"{number}.0", "data": data}
    return {**envelope, **{key: one for key, one in beside.items() if key not in ENVELOPE}}


def to_json(card: Card, spec: Spec, asset_scheme: str = ASSET, indent: int | None = None) -> bytes:
    """The same as UTF-8 text."""
    return as_bytes(to_spec(card, spec, asset_scheme), indent)


def as_bytes(value: Mapping[str, Any], indent: int | None = None) -> bytes:
    """A JSON-able value as UTF-8 text."""
    return json.dumps(value, ensure_ascii=False, indent=indent).encode()


def spec_value(card: Card, name: str, spec: Spec) -> object:
    """A field's value in the type that the specification gives it."""
    value = getattr(card, name)
    if isinstance(value, Lorebook):
        return book_value(value, spec)
    return list(value) if isinstance(value, tuple) else value


def book_value(book: Lorebook, spec: Spec) -> dict[str, Any]:
    """A lorebook with all the fields that the specification demands."""
    made: dict[str, Any] = {
        key: one
        for key, one in book.model_dump(exclude_unset=True, exclude={"entries"}).items()
        if one is not None or key not in Lorebook.model_fields
    }
    made.setdefault("extensions", {})
    made["entries"] = [entry_value(entry, spec) for entry in book.entries]
    return made


def entry_value(entry: Entry, spec: Spec) -> dict[str, Any]:
    """A lorebook's entry with all the fields that the specification demands."""
    made = {**ENTRY_NEEDS, "extensions": {}}
    if spec == "V3":
        made["use_regex"] = False
    made.update(
        (key, one)
        for key, one in entry.model_dump(exclude_unset=True).items()
        if one is not None or key not in Entry.model_fields
    )
    return {key: plain(one) for key, one in made.items()}


def plain(value: object) -> object:
    """A value as JSON has it: a list for a tuple, a whole number where it is one."""
    if isinstance(value, tuple):
        return list(cast("tuple[object, ...]", value))
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def with_ours(card: Card) -> tuple[dict[str, Any], Mapping[str, Any]]:
    """The card's `extensions` with Fabletop's own fields in them, and what goes beside `data`."""
    extensions = dict(card.extensions)
    found = extensions.pop(CORNER, {})
    corner = dict(cast("Mapping[str, Any]", found)) if isinstance(found, Mapping) else {"": found}
    corner = {key: one for key, one in corner.items() if key not in OURS}
    beside: Mapping[str, Any] = {}
    if isinstance(corner.get(BESIDE), Mapping):
        beside = cast("Mapping[str, Any]", corner.pop(BESIDE))
    ours = {name: card.data[name] for name in OURS if card.data.get(name) is not None}
    corner.update(ours)
    return ({**extensions, CORNER: corner} if corner else extensions), beside


def with_scheme(extra: Mapping[str, Any], scheme: str) -> dict[str, Any]:
    """The other fields, with the addresses of embedded files as the file's format spells them."""
    made = dict(extra)
    assets = made.get("assets")
    if isinstance(assets, list) and scheme != ASSET:
        made["assets"] = [
            {**one, "uri": scheme + one["uri"][len(ASSET) :]}
            if isinstance(one, Mapping) and str(one.get("uri", "")).startswith(ASSET)
            else one
            for one in cast("list[Any]", assets)
        ]
    return made
