"""Which program's fields a card has, and the same card under the names of the specification.

Sources: the character card specifications V1, V2 and V3; what SillyTavern, TavernAI 1,
PygmalionAI's and text-generation-webui's importers accept. Fields that nobody knows stay where
they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from tui.cards.card import Card, as_greetings
from tui.cards.formats.limits import not_a_card
from tui.cards.lorebook import as_list, as_text

SPEC_V1 = ("name", "description", "personality", "scenario", "first_mes", "mes_example")
SPEC_V2 = (
    *SPEC_V1,
    "creator_notes",
    "system_prompt",
    "post_history_instructions",
    "alternate_greetings",
    "character_book",
    "tags",
    "creator",
    "character_version",
    "extensions",
)
SPEC_V3 = (*SPEC_V2, "nickname", "group_only_greetings")
OURS = tuple(name for name in Card.model_fields if name not in SPEC_V3)
"""What a card of Fabletop has beyond the specification."""
CORNER = "fabletop"
"""Our corner in a card's `extensions`."""
BESIDE = "beside"
"""In it: what stood beside `data` in the file, where it differs from what is in `data`."""
ENVELOPE = ("spec", "spec_version", "data")
PYGMALION = {
    "char_name": "name",
    "char_persona": "description",
    "char_greeting": "first_mes",
    "world_scenario": "scenario",
    "example_dialogue": "mes_example",
}
TEXTGEN = {
    "bot": "name",
    "<|bot|>": "name",
    "char_name": "name",
    "context": "description",
    "greeting": "first_mes",
    "example_dialogue": "mes_example",
}
TEXTGEN_USER = ("your_name", "user", "<|user|>")
YOU = re.compile(r"^You:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fields:
    """A card's fields under the specification's names, and whose fields they were."""

    dialect: str
    data: dict[str, Any]


def fields_of(value: object, file: str) -> Fields:
    """The fields of whatever kind of card `value` is; nothing in them is checked yet.

    Raises:
        NotACard: It is none, or one of a program whose cards aren't read.
    """
    if not isinstance(value, Mapping):
        raise not_a_card(file, "is JSON, but not a card")
    whole = cast("Mapping[str, Any]", value)
    other = other_kind(whole)
    if other:
        raise not_a_card(file, *other)
    inner = whole.get("data")
    if isinstance(inner, Mapping) and (inner or "spec" in whole):
        found = Fields(
            version_of(whole), with_beside(dict(cast("Mapping[str, Any]", inner)), whole)
        )
    else:
        found = flat_fields({key: one for key, one in whole.items() if key not in ENVELOPE}, whole)
    if not found.data.keys() & {*SPEC_V3, *OURS}:
        raise not_a_card(file, "has none of a card's fields", "choose the card's own file")
    return Fields(found.dialect, from_corner(found.data))


def version_of(whole: Mapping[str, Any]) -> str:
    """Which specification a card with `data` follows; newer ones are read as the newest known."""
    spec = whole.get("spec")
    number = re.search(r"_v(\d)", spec) if isinstance(spec, str) else None
    return f"V{number[1]}" if number else "V2"


def flat_fields(data: dict[str, Any], whole: Mapping[str, Any]) -> Fields:
    """The fields of a card that has no `data` in it."""
    if "name" not in data and data.keys() & PYGMALION.keys() - {"example_dialogue"}:
        translated = renamed(data, PYGMALION)
        example = translated.get("mes_example")
        if isinstance(example, str):
            translated["mes_example"] = YOU.sub("{{user}}:", example)
        return Fields("Pygmalion", translated)
    if is_textgen(data):
        return Fields("text-generation-webui", textgen(data))
    if whole.get("spec") == "tavern_ai":
        return Fields("TavernAI", data)
    return Fields("Fabletop" if data.keys() & {"kind", "world"} else "V1", data)


def is_textgen(data: Mapping[str, Any]) -> bool:
    """Whether these are the fields of text-generation-webui's YAML."""
    if "kind" in data or data.keys() & set(SPEC_V1[1:]):
        return False
    return bool(data.keys() & {"context", "greeting", "<|bot|>", "example_dialogue"})


def is_foreign(data: object) -> bool:
    """Whether what a YAML file holds is another program's card."""
    if not isinstance(data, Mapping):
        return False
    fields = cast("Mapping[str, Any]", data)
    return ("spec" in fields and isinstance(fields.get("data"), Mapping)) or is_textgen(fields)


def textgen(data: dict[str, Any]) -> dict[str, Any]:
    """The fields of text-generation-webui's YAML, renamed."""
    made = renamed(data, TEXTGEN)
    for name in TEXTGEN_USER:
        user = made.get(name)
        if isinstance(user, str) and user not in ("", "You") and "persona" not in made:
            made["persona"] = {"user_name": user}
            del made[name]
    return made


def renamed(data: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The same fields, those in `names` under their new name, unless that is taken."""
    made = dict(data)
    for old, new in names.items():
        if old in made and not made.get(new):
            made[new] = made.pop(old)
    return made


def with_beside(data: dict[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    """`data`, with what differed beside it put into our corner. What `data` says counts."""
    beside: dict[str, Any] = {}
    for key, one in whole.items():
        if key in SPEC_V3 and not data.get(key):
            data[key] = one
        elif key not in ENVELOPE and not (key in data and alike(key, data[key], one)):
            beside[key] = one
    extensions = data.get("extensions")
    if not beside or not isinstance(extensions, Mapping | None):
        return data
    inside = dict(cast("Mapping[str, Any]", extensions or {}))
    corner = inside.get(CORNER, {})
    if isinstance(corner, Mapping):
        kept = cast("Mapping[str, Any]", corner)
        inside[CORNER] = {**kept, BESIDE: beside}
        data["extensions"] = inside
    return data


def alike(key: str, value: object, other: object) -> bool:
    """Whether two values of a field amount to the same."""
    form = as_list if key == "tags" else as_greetings if key.endswith("greetings") else as_text
    one, two = form(value), form(other)
    if isinstance(one, list) and isinstance(two, list):
        return [*map(as_text, cast("list[object]", one))] == [
            *map(as_text, cast("list[object]", two))
        ]
    return one == two


def from_corner(data: dict[str, Any]) -> dict[str, Any]:
    """`data` with the fields that Fabletop wrote into its corner back in their places."""
    extensions = data.get("extensions")
    corner = (
        cast("Mapping[str, Any]", extensions).get(CORNER)
        if isinstance(extensions, Mapping)
        else None
    )
    if not isinstance(corner, Mapping):
        return data
    inside = cast("Mapping[str, Any]", corner)
    ours = {key: one for key, one in inside.items() if key in OURS}
    rest = {key: one for key, one in inside.items() if key not in OURS}
    others = {
        key: one for key, one in cast("Mapping[str, Any]", extensions).items() if key != CORNER
    }
    data["extensions"] = {**others, CORNER: rest} if rest else others
    return {**data, **ours}


def other_kind(whole: Mapping[str, Any]) -> tuple[str, str] | None:
    """What else a JSON file is, and what to do with it; None where it may be a card."""
    if whole.get("kind") == "character" and isinstance(whole.get("persona"), Mapping):
        return "is a character of Agnai's own kind", "export it there as a Tavern V2 card"
    if "lorebookVersion" in whole or whole.get("spec") == "lorebook_v3" or is_world_info(whole):
        hint = "add it to a card: `fabletop card convert CARD OUT --lorebook FILE`"
        return "is a lorebook, not a card", hint
    if "scenarioVersion" in whole:
        return "is a NovelAI scenario, which Fabletop doesn't read", "export it as a card"
    if "type" in whole and str(whole["type"]).lower().startswith("risu"):
        return "is a file of RisuAI's own kind", "export it there as a V2 or V3 card"
    if "chat_metadata" in whole:
        return "is a chat, not a card", "`fabletop import` takes chats in"
    return None


def is_world_info(whole: Mapping[str, Any]) -> bool:
    """Whether this is a lorebook in a file of its own."""
    entries = whole.get("entries")
    named = whole.keys() & {*SPEC_V1[1:], "data", "character_book", "char_name"}
    return isinstance(entries, Mapping | list) and not named
