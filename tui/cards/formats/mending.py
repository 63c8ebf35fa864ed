"""From any fields to a card: what can be understood is, what can't is set aside and kept.

A card that a player wrote by hand is told of its mistakes; one from somewhere else is opened,
since its player didn't make them. What was set aside stands in our corner of `extensions`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, cast

from pydantic import ValidationError

from tui.cards.card import Card
from tui.cards.fields import known_path
from tui.cards.formats.dialects import CORNER, ENVELOPE, OURS
from tui.cards.formats.limits import MAX_ENTRIES, refusal, warning
from tui.cards.formats.lorebooks import entry_count, tidied_book
from tui.cards.problems import Problem
from tui.cards.yamlfile import Path, dotted

AS_FOUND = "as_found"
"""In our corner: values that could not be used, by their path."""
MAX_ROUNDS = 12
MAX_WRONG = 500
"""A field with more wrong values than these is set aside as a whole."""
ICON = "embeded://assets/icon/images/main."
ASSET_SPELLINGS = ("embedded://", "__asset:")
ASSET = "embeded://"
"""How the specification spells the address of a file in the card."""


class Mending:
    """One card's fields on their way to being a card."""

    def __init__(self, data: Mapping[str, Any], file: str) -> None:
        self.data = {key: one for key, one in data.items() if one is not None}
        self.file = file
        self.set_aside: dict[str, object] = {}

    def card(self, fallback_name: str) -> tuple[Card, tuple[Problem, ...]]:
        """The card, and a warning for each value that could not be used. Raises CardError."""
        for _ in range(MAX_ROUNDS):
            self.tidy(fallback_name)
            try:
                Card.model_validate(self.data)
            except ValidationError as error:
                self.drop_wrong(error)
            else:
                break
        warnings = tuple(
            warning(self.file, path, "can't be used as it is", "it is kept in the card")
            for path in self.set_aside
        )
        data = self.with_set_aside()
        try:
            return Card.model_validate(data).known_as("", data), warnings
        except ValidationError as error:
            raise refusal(self.file, "has fields that are no card's") from error

    def tidy(self, fallback_name: str) -> None:
        """Put right what is known to go wrong in other programs' cards."""
        data = self.data
        for key in ENVELOPE:
            if key in data:
                self.set_aside[key] = data.pop(key)
        if not isinstance(data.get("extensions", {}), dict):
            self.put_aside("extensions", keep=data["extensions"] != [])
        extensions = data.get("extensions", {})
        if CORNER in extensions and not isinstance(extensions[CORNER], dict):
            self.set_aside[f"extensions.{CORNER}"] = extensions[CORNER]
            data["extensions"] = {key: one for key, one in extensions.items() if key != CORNER}
        name = data.get("name")
        if name == "" or not isinstance(name, str | int | float) or not str(name).strip():
            if name:
                self.set_aside["name"] = name
            nickname = data.get("nickname")
            data["name"] = (
                nickname if isinstance(nickname, str) and nickname.strip() else fallback_name
            )
        if "character_book" in data:
            self.tidy_book()
        if "assets" in data:
            self.tidy_assets()

    def tidy_book(self) -> None:
        """The lorebook, with its fields named as the specification does."""
        found = self.data["character_book"]
        book = tidied_book(found)
        if book is None:
            self.put_aside("character_book", keep=bool(found))
        elif entry_count(book) > MAX_ENTRIES:
            raise refusal(self.file, "its lorebook has more entries than any card")
        else:
            self.data["character_book"] = book

    def tidy_assets(self) -> None:
        """One spelling for the addresses of embedded files; the list that is meant by none, gone."""
        assets = self.data["assets"]
        if not isinstance(assets, list):
            return
        made = [tidied_asset(one) for one in cast("list[object]", assets)]
        self.data["assets"] = made
        if not made or (len(made) == 1 and is_default(made[0])):
            del self.data["assets"]

    def put_aside(self, name: str, *, keep: bool) -> None:
        """Take a field out of the card."""
        value = self.data.pop(name)
        if keep:
            self.set_aside[name] = value

    def drop_wrong(self, error: ValidationError) -> None:
        """Set aside each value that the card complains of; of our own fields, the whole field."""
        paths: set[Path] = set()
        for detail in error.errors(include_url=False, include_context=False):
            path = known_path(detail, self.data)
            whole = path[:1] if path and path[0] in OURS else path
            if whole and reaches(self.data, whole):
                paths.add(whole)
        wrong = Counter(path[0] for path in paths)
        paths = {path if wrong[path[0]] <= MAX_WRONG else path[:1] for path in paths}
        self.data = copied(self.data)
        for path in sorted(paths, key=lambda one: tuple(map(order, one)), reverse=True):
            self.drop(path)

    def drop(self, path: Path) -> None:
        """Take one value out."""
        *around, last = path
        here: Any = self.data
        for part in around:
            here = here[part]
        value = here.pop(last)
        if value not in ("", None):
            self.set_aside[dotted(path)] = value

    def with_set_aside(self) -> dict[str, Any]:
        """The fields, with what was set aside in our corner of `extensions`."""
        if not self.set_aside:
            return self.data
        extensions = dict(self.data.get("extensions", {}))
        corner = dict(extensions.get(CORNER, {}))
        before = corner.get(AS_FOUND, {})
        kept = cast("dict[str, Any]", before) if isinstance(before, dict) else {"": before}
        corner[AS_FOUND] = {**kept, **self.set_aside}
        extensions[CORNER] = corner
        return {**self.data, "extensions": extensions}


def mended(
    data: Mapping[str, Any], file: str, fallback_name: str
) -> tuple[Card, tuple[Problem, ...]]:
    """The card that another program's fields amount to, with a warning for each that doesn't fit.

    `card.data` holds all of them. Raises CardError.
    """
    return Mending(data, file).card(fallback_name)


def order(part: str | int) -> tuple[int, str]:
    """So that of a list's items the last is taken out first."""
    return (part, "") if isinstance(part, int) else (-1, part)


def copied(value: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of the fields and of all that is in them, so that nothing of the caller's is changed."""
    return {key: copied_inside(one) for key, one in value.items()}


def copied_inside(value: object) -> object:
    """A copy of one value."""
    if isinstance(value, Mapping):
        return copied(cast("Mapping[str, Any]", value))
    if isinstance(value, list):
        return [copied_inside(one) for one in cast("list[object]", value)]
    return value


def reaches(data: object, path: Path) -> bool:
    """Whether there is something at `path`."""
    here = data
    for part in path:
        if isinstance(here, Mapping) and part in here:
            here = cast("Mapping[Any, object]", here)[part]
        elif (
            isinstance(here, list)
            and isinstance(part, int)
            and part < len(cast("list[object]", here))
        ):
            here = cast("list[object]", here)[part]
        else:
            return False
    return True


def is_default(asset: object) -> bool:
    """Whether an asset says only what every card has: that its picture is its icon."""
    if not isinstance(asset, dict):
        return False
    fields = cast("dict[str, object]", asset)
    uri = str(fields.get("uri", ""))
    usual = {"type": "icon", "name": "main", "ext": fields.get("ext"), "uri": fields.get("uri")}
    picture = uri == "ccdefault:" or uri == f"{ICON}{fields.get('ext')}"
    return fields == usual and picture


def tidied_asset(asset: object) -> object:
    """An asset with its address in the specification's spelling."""
    if not isinstance(asset, dict):
        return asset
    made = cast("dict[str, object]", asset)
    uri = made.get("uri")
    for spelling in ASSET_SPELLINGS:
        if isinstance(uri, str) and uri.lower().startswith(spelling):
            return {**made, "uri": ASSET + uri[len(spelling) :]}
    return made
