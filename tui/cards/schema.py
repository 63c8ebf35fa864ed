"""The JSON schema of cards, for editors that check YAML while it is written.

`python -m tui.cards.schema > docs/card.schema.json` writes it; a card asks for it with
`# yaml-language-server: $schema=...` in its first line.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any, cast

from tui.cards.fields import card_schema

SCHEMA_URL = "https://json-schema.org/draft/2020-12/schema"
SHORT_FORMS = frozenset({"ExitFile", "TopicFile", "WantFile", "Variant"})
"""Groups of fields that may be written as one text instead."""
CLOCKS = frozenset({"at", "start"})
CLOCK = {
    "type": "string",
    "pattern": r"^\d{1,2}:[0-5]\d$",
    "description": 'A time of day, quoted: "22:00".',
}
WORD_TYPES = ["string", "number", "boolean"]


def editor_schema() -> dict[str, Any]:
    """The schema of a card as people write it: with the short forms that the reading allows."""
    schema = cast("dict[str, Any]", loosened(card_schema(), ""))
    schema["$schema"] = SCHEMA_URL
    schema["title"] = "A Fabletop card"
    return schema


def schema_text() -> str:
    """The schema as its file holds it."""
    return json.dumps(editor_schema(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def loosened(node: object, name: str) -> object:
    """A part of the schema with what may be written shorter: one text for a list, and so on."""
    if isinstance(node, list):
        return [loosened(one, "") for one in cast("list[object]", node)]
    if not isinstance(node, Mapping):
        return node
    fields = cast("Mapping[str, object]", node)
    made = {key: loosened(value, key) for key, value in fields.items() if key != "default"}
    if name in CLOCKS and is_number(made):
        return CLOCK
    if made.get("type") == "array":
        return {"anyOf": [made.get("items", {}), made, {"type": "null"}], **described(made)}
    if made.get("type") == "string" and "enum" not in made and "pattern" not in made:
        return {**made, "type": [*WORD_TYPES, "null"]}
    if str(made.get("$ref", "")).rsplit("/", 1)[-1] in SHORT_FORMS:
        return {"anyOf": [{"type": "string"}, made]}
    return made


def is_number(node: Mapping[str, object]) -> bool:
    """Whether a field holds a whole number, or nothing."""
    members = cast("list[Mapping[str, object]]", node.get("anyOf", [node]))
    return any(member.get("type") == "integer" for member in members)


def described(node: dict[str, object]) -> dict[str, object]:
    """A field's description, moved out of it."""
    return {key: node.pop(key) for key in ("description", "title") if key in node}


if __name__ == "__main__":
    sys.stdout.write(schema_text())
